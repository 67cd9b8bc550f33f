/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-journal-reader.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <unistd.h>

#include "lockstep-journal.h"
#include "lockstep-json.h"
#include "lockstep-regular-file.h"

#define CHUNK (256 * 1024)

/* More complaints than these tell nothing new. */
#define MAX_COMPLAINTS 100

/* A process may have some 65,000 mappings; results beyond these are read into memory. */
#define MAX_MAPPINGS 20000

struct _LockstepJournalReader
{
  char      *directory;
  int        fd;
  char      *buffer;
  gsize      size;   /* of the buffer */
  gsize      start;  /* of what was not given out yet */
  gsize      filled; /* up to where the buffer is */
  goffset    begin;  /* of the last whole line, in the file */
  goffset    end;
  goffset    length; /* of the file, at first */
  guint64    line;   /* its number, from 1 */
  guint64    n_bad;
  guint      n_mapped;
  GPtrArray *complaints;
};

static void
complain (LockstepJournalReader *self,
          char                  *text)
{
  if (self->complaints->len < MAX_COMPLAINTS)
    g_ptr_array_add (self->complaints, text);
  else
    g_free (text);
}

/* Reads more behind what is there; FALSE at the end of the file, or what is as good as that. */
static gboolean
fill (LockstepJournalReader *self)
{
  ssize_t count;

  if (self->start > 0)
    {
      memmove (self->buffer, self->buffer + self->start, self->filled - self->start);
      self->filled -= self->start;
      self->start = 0;
    }
  if (self->filled == self->size)
    {
      self->size *= 2;
      self->buffer = g_realloc (self->buffer, self->size);
    }

  do
    count = read (self->fd, self->buffer + self->filled, self->size - self->filled);
  while (count < 0 && errno == EINTR);

  if (count < 0)
    complain (self, g_strdup_printf (_ ("%s/journal.jsonl cannot be read beyond line %" PRIu64 ": %s"),
                                     self->directory, self->line, g_strerror (errno)));
  if (count <= 0)
    return FALSE;

  self->filled += (gsize) count;
  return TRUE;
}

/* The next whole line, without its newline; NULL at the end. */
static const char *
next_line (LockstepJournalReader *self,
           gsize                 *length)
{
  gsize searched = 0;

  for (;;)
    {
      const char *line = self->buffer + self->start;
      const char *newline = memchr (line + searched, '\n', self->filled - self->start - searched);

      if (newline != NULL)
        {
          *length = (gsize) (newline - line);
          self->start += *length + 1;
          self->begin = self->end;
          self->end += (goffset) *length + 1;
          self->line++;
          return line;
        }

      searched = self->filled - self->start;
      if (!fill (self))
        return NULL;
    }
}

/* The first line says how to read the others. A journal whose first line is torn has none. */
static gboolean
check_version (LockstepJournalReader *self,
               const char            *path,
               GError               **error)
{
  gsize        length;
  const char  *text = next_line (self, &length);
  LockstepJson line;
  gint64       version;

  if (text == NULL)
    return TRUE;

  if (!lockstep_json_scan (text, length, &line, NULL) ||
      !lockstep_json_get_int (lockstep_json_get_member (line, "lockstep-journal"), &version) || version < 1)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                   _ ("%s is not the journal of a run: its first line does not say {\"lockstep-journal\":%d}"),
                   path, LOCKSTEP_JOURNAL_VERSION);
      return FALSE;
    }
  if (version > LOCKSTEP_JOURNAL_VERSION)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                   _ ("%s was written by a newer Lockstep: it is of version %lld of the format, and this Lockstep reads "
                      "version %d. Open it with a newer Lockstep."),
                   path, (long long) version, LOCKSTEP_JOURNAL_VERSION);
      return FALSE;
    }

  return TRUE;
}

LockstepJournalReader *
lockstep_journal_reader_new (const char *directory,
                             GError    **error)
{
  g_autoptr (LockstepJournalReader) self = g_new0 (LockstepJournalReader, 1);
  g_autofree char                  *path = g_build_filename (directory, "journal.jsonl", NULL);
  g_autoptr (GError)                reason = NULL;

  self->directory = g_strdup (directory);
  self->size = CHUNK;
  self->buffer = g_malloc (self->size);
  self->complaints = g_ptr_array_new_with_free_func (g_free);
  self->fd = lockstep_regular_file_open (path, &self->length, &reason);
  if (self->fd < 0)
    {
      g_set_error (error, G_IO_ERROR, reason->code, _ ("The journal of the run cannot be opened: %s"), reason->message);
      return NULL;
    }

  return check_version (self, path, error) ? g_steal_pointer (&self) : NULL;
}

void
lockstep_journal_reader_free (LockstepJournalReader *self)
{
  if (self->fd >= 0)
    close (self->fd);
  g_ptr_array_unref (self->complaints);
  g_free (self->buffer);
  g_free (self->directory);
  g_free (self);
}

/* The result in the file @path; NULL when it is gone, or no JSON. */
static GBytes *
read_result (LockstepJournalReader *self,
             const char            *path)
{
  const int               fd = self->n_mapped < MAX_MAPPINGS ? lockstep_regular_file_open (path, NULL, NULL) : -1;
  g_autoptr (GMappedFile) mapped = fd >= 0 ? g_mapped_file_new_from_fd (fd, FALSE, NULL) : NULL;
  char                   *contents;
  gsize                   length;

  if (fd >= 0)
    close (fd);
  if (mapped != NULL)
    {
      self->n_mapped++;
      return g_mapped_file_get_bytes (mapped);
    }

  contents = lockstep_regular_file_read (path, G_MAXSIZE, &length, NULL);
  return contents != NULL ? g_bytes_new_take (contents, length) : NULL;
}

/* Reads a line as lockstep_event_read_line(), and the file of its result. */
static gboolean
read_event (LockstepJournalReader *self,
            GBytes                *line,
            LockstepEvent         *event,
            char                 **lost,
            GError               **error)
{
  g_autofree char *file = NULL;
  g_autofree char *path = NULL;

  if (lost != NULL)
    *lost = NULL;
  if (!lockstep_event_read_line (line, event, &file, error))
    return FALSE;

  if (file != NULL)
    {
      path = g_build_filename (self->directory, file, NULL);
      event->payload = strstr (file, "..") == NULL ? read_result (self, path) : NULL;
      if (event->payload == NULL && lost != NULL)
        *lost = g_steal_pointer (&path);
    }

  return TRUE;
}

gboolean
lockstep_journal_reader_next (LockstepJournalReader *self,
                              LockstepEvent         *event,
                              char                 **lost)
{
  const char *text;
  gsize       length;

  if (lost != NULL)
    *lost = NULL;
  while ((text = next_line (self, &length)) != NULL)
    {
      g_autoptr (GBytes) line = g_bytes_new (text, length);
      g_autoptr (GError) error = NULL;

      if (read_event (self, line, event, lost, &error))
        return TRUE;

      self->n_bad++;
      complain (self, g_strdup_printf (_ ("Line %" PRIu64 " of %s/journal.jsonl cannot be read and is passed "
                                          "over: %s"),
                                       self->line, self->directory, error->message));
    }

  return FALSE;
}

gboolean
lockstep_journal_reader_read_at (LockstepJournalReader *self,
                                 goffset                start,
                                 gsize                  length,
                                 LockstepEvent         *event,
                                 char                 **lost)
{
  g_autofree char   *text = g_malloc (length + 1);
  g_autoptr (GBytes) line = NULL;
  gsize              filled = 0;
  ssize_t            count = 1;

  if (lost != NULL)
    *lost = NULL;
  while (filled < length && count > 0)
    {
      do
        count = pread (self->fd, text + filled, length - filled, start + (goffset) filled);
      while (count < 0 && errno == EINTR);
      filled += (gsize) MAX (count, 0);
    }
  if (filled < length || length == 0)
    return FALSE;

  line = g_bytes_new_take (g_steal_pointer (&text), length - 1);
  return read_event (self, line, event, lost, NULL);
}

goffset
lockstep_journal_reader_get_start (LockstepJournalReader *self)
{
  return self->begin;
}

goffset
lockstep_journal_reader_get_end (LockstepJournalReader *self)
{
  return self->end;
}

goffset
lockstep_journal_reader_get_size (LockstepJournalReader *self)
{
  return self->length;
}

guint64
lockstep_journal_reader_get_number (LockstepJournalReader *self)
{
  return self->line > 0 ? self->line - 1 : 0;
}

void
lockstep_journal_reader_skip (LockstepJournalReader *self,
                              guint64                n_events)
{
  gsize length;

  for (guint64 i = 0; i < n_events && next_line (self, &length) != NULL; i++)
    continue;
}

GPtrArray *
lockstep_journal_reader_get_complaints (LockstepJournalReader *self)
{
  return self->complaints;
}

guint64
lockstep_journal_reader_get_n_bad (LockstepJournalReader *self)
{
  return self->n_bad;
}
