/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-sighting.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "lockstep-output-reader.h"
#include "lockstep-result-file.h"

/* Of a line, what is shown. */
#define TEXT_BYTES 200

/* Read at a time. */
#define CHUNK (64 * 1024)

void
lockstep_sighting_free (LockstepSighting *self)
{
  if (self == NULL)
    return;

  lockstep_probe_free (self->probe);
  g_free (self->file);
  g_free (self->text);
  g_free (self->problem);
  g_free (self);
}

/* The number of the line that begins at @offset of the file @descriptor, as an editor counts. */
static guint64
count_lines (int     descriptor,
             goffset offset)
{
  g_autofree char *buffer = g_malloc (CHUNK);
  guint64          line = 1;
  goffset          at = 0;

  while (at < offset)
    {
      const ssize_t n = pread (descriptor, buffer, (size_t) MIN (CHUNK, offset - at), at);

      if (n <= 0)
        break;
      for (const char *newline = buffer; (newline = memchr (newline, '\n', (size_t) (buffer + n - newline))) != NULL; newline++)
        line++;
      at += n;
    }

  return line;
}

/* The line of the file @descriptor that begins at @offset. */
static char *
dup_line (int     descriptor,
          goffset offset)
{
  char          buffer[TEXT_BYTES];
  const ssize_t n = pread (descriptor, buffer, sizeof buffer, offset);
  gsize         length = 0;

  while ((ssize_t) length < n && buffer[length] != '\n' && buffer[length] != '\r')
    length++;

  return g_strstrip (lockstep_output_dup_shown (buffer, length));
}

/* Finds the line of what the probe has found. */
static void
place (LockstepSighting *self)
{
  int descriptor;

  if (self->probe->found == NULL || (descriptor = open (self->file, O_RDONLY | O_CLOEXEC | O_NOCTTY)) < 0)
    return;

  self->line = count_lines (descriptor, self->probe->offset);
  /* What is found in a document may stand anywhere in a line of it. */
  self->text = self->probe->result != NULL && self->probe->result->member != NULL ? g_strdup (self->probe->found)
                                                                                  : dup_line (descriptor, self->probe->offset);
  close (descriptor);
}

static void
look_into_file (LockstepSighting           *self,
                const LockstepPlaceholders *placeholders,
                const char                 *working_folder)
{
  g_autoptr (GError) error = NULL;
  g_autofree char   *path = lockstep_program_text_fill_path (self->probe->result->file, placeholders, working_folder, &error);

  if (path != NULL)
    {
      g_free (self->file);
      self->file = g_strdup (path);
      lockstep_result_file_read (self->probe, path, &error);
    }
  if (error != NULL)
    self->problem = g_strdup (error->message);
}

/* Looks for all that is to be in what the program printed, in one pass. */
static void
look_into_log (GPtrArray  *sightings,
               const char *log)
{
  g_autoptr (LockstepOutputReader) reader = NULL;
  const int                        descriptor = open (log, O_RDONLY | O_CLOEXEC | O_NOCTTY);

  if (descriptor < 0)
    return;

  reader = lockstep_output_reader_new (descriptor);
  for (guint i = 0; i < sightings->len; i++)
    {
      LockstepSighting *sighting = g_ptr_array_index (sightings, i);

      if (g_str_equal (sighting->file, log) && sighting->probe->pattern != NULL)
        lockstep_output_reader_add (reader, sighting->probe);
    }
  lockstep_output_reader_read (reader, G_MAXSIZE);
  lockstep_output_reader_finish (reader);
  close (descriptor);
}

GPtrArray *
lockstep_sightings_new (const LockstepProgram      *program,
                        const LockstepPlaceholders *placeholders,
                        const char                 *log,
                        const char                 *working_folder)
{
  g_autoptr (GPtrArray) probes = lockstep_probes_new (program);
  GPtrArray            *sightings = g_ptr_array_new_with_free_func ((GDestroyNotify) lockstep_sighting_free);

  g_ptr_array_set_free_func (probes, NULL);
  for (guint i = 0; i < probes->len; i++)
    {
      LockstepSighting *sighting = g_new0 (LockstepSighting, 1);

      sighting->probe = g_ptr_array_index (probes, i);
      sighting->file = g_strdup (log);
      g_ptr_array_add (sightings, sighting);
      if (sighting->probe->result != NULL && sighting->probe->result->file != NULL)
        look_into_file (sighting, placeholders, working_folder);
    }

  look_into_log (sightings, log);
  g_ptr_array_foreach (sightings, (GFunc) place, NULL);

  return sightings;
}
