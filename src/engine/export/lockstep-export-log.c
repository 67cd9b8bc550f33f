/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-export-job.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "lockstep-event-text.h"
#include "lockstep-log-text.h"
#include "lockstep-run-folder.h"
#include "lockstep-table-writer.h"

/* Files of solvers that are open at once. */
#define MAX_OPEN 128

#define CHUNK (64 * 1024)

/* What a solver printed: the journal says when, to a quarter of a second, its file had how many bytes. */
typedef struct
{
  int     fd;       /* -1 while it is not open */
  goffset done;     /* what stands in the log (bytes) */
  goffset last_end; /* in the journal: of the event that says that the solver has ended, for the last time; or -1 */
} Output;

typedef struct
{
  const LockstepExportJob *job;
  gboolean                 with_output;
  GArray                  *outputs; /* of Output, by solver */
  guint                    n_open;
  char                    *chunk;  /* of CHUNK bytes */
  LockstepTableWriter     *writer; /* NULL for text */
  GString                 *line;
  GString                 *text;
  time_t                   second; /* that the stamp is of */
  char                     stamp[32];
  char                     zone[16];
} Log;

static Output *
get_output (Log *self,
            int  solver)
{
  const Output closed = { -1, 0, -1 };

  while (self->outputs->len <= (guint) solver)
    g_array_append_val (self->outputs, closed);

  return &g_array_index (self->outputs, Output, solver);
}

static void
close_outputs (Log *self)
{
  for (guint i = 0; i < self->outputs->len; i++)
    {
      Output *output = &g_array_index (self->outputs, Output, i);

      if (output->fd >= 0)
        close (output->fd);
      output->fd = -1;
    }
  self->n_open = 0;
}

/* FALSE when the solver has no file: it never printed, or somebody took it away. */
static gboolean
open_output (Log    *self,
             Output *output,
             int     solver)
{
  g_autofree char *path = NULL;

  if (output->fd >= 0)
    return TRUE;
  if (self->n_open == MAX_OPEN)
    close_outputs (self);

  path = lockstep_run_folder_dup_solver_log (self->job->directory, (guint) solver);
  output->fd = open (path, O_RDONLY | O_CLOEXEC);
  self->n_open += output->fd >= 0;
  return output->fd >= 0;
}

/* "2026-11-22T14:20:31.782+01:00": local, since it is read beside a clock. */
static void
append_time (Log   *self,
             gint64 time)
{
  const time_t second = time / G_USEC_PER_SEC;
  struct tm    parts;

  if (second != self->second || self->stamp[0] == '\0')
    {
      localtime_r (&second, &parts);
      strftime (self->stamp, sizeof self->stamp, "%Y-%m-%dT%H:%M:%S", &parts);
      strftime (self->zone, sizeof self->zone, "%z", &parts);
      self->second = second;
    }

  g_string_append_printf (self->line, "%s.%03d%.3s:%s", self->stamp, (int) (time % G_USEC_PER_SEC / 1000), self->zone, self->zone + 3);
}

/* One line of the log. What a solver printed has a bar in front. */
static gboolean
write_line (Log        *self,
            gint64      time,
            int         solver,
            const char *kind,
            const char *text,
            gsize       length,
            GError    **error)
{
  const gboolean printed = g_str_equal (kind, "output");

  if (self->writer != NULL)
    {
      lockstep_table_writer_set_time (self->writer, 0, time);
      lockstep_table_writer_set_int (self->writer, 1, solver);
      lockstep_table_writer_set_text (self->writer, 2, kind, -1);
      lockstep_table_writer_set_text (self->writer, 3, text, (gssize) length);
      return lockstep_table_writer_end_row (self->writer, error);
    }

  g_string_truncate (self->line, 0);
  append_time (self, time);
  if (solver >= 0)
    g_string_append_printf (self->line, "  solver %-4d %s ", solver, printed ? "|" : " ");
  else
    g_string_append (self->line, "  run           ");
  g_string_append_len (self->line, text, (gssize) length);
  g_string_append_c (self->line, '\n');
  return lockstep_export_file_write (self->job->file, self->line->str, self->line->len, error);
}

/* A line that a solver printed. */
static gboolean
write_output_line (Log        *self,
                   gint64      time,
                   int         solver,
                   const char *text,
                   gsize       length,
                   GError    **error)
{
  g_string_truncate (self->text, 0);
  lockstep_log_text_append (self->text, text, length);
  return write_line (self, time, solver, "output", self->text->str, self->text->len, error);
}

/* How much of @text, which has no newline, is a line: all of it, or so much as is not cut. */
static gsize
get_piece (const char *text,
           gsize       length)
{
  gsize piece = MIN (length, LOCKSTEP_LOG_TEXT_MAX_LINE);

  if (piece < length)
    for (guint i = 0; i < 3 && (text[piece] & 0xc0) == 0x80; i++)
      piece--;

  return piece;
}

/* Writes the lines of @text, and with @all a last one that is not ended. Returns how many bytes that were, or -1. */
static gssize
write_output_lines (Log        *self,
                    gint64      time,
                    int         solver,
                    const char *text,
                    gsize       length,
                    gboolean    all,
                    GError    **error)
{
  gsize done = 0;

  while (done < length)
    {
      const char *newline = memchr (text + done, '\n', length - done);
      const gsize line = newline != NULL ? (gsize) (newline - text) - done : length - done;
      const gsize piece = get_piece (text + done, line);

      if (newline == NULL && !all && piece == line)
        break;
      if (!write_output_line (self, time, solver, text + done, piece, error))
        return -1;
      done += piece + (newline != NULL && piece == line);
    }

  return (gssize) done;
}

/* The solver's file had @size bytes at @time (negative: all that it has): what is new of it was printed then. Of a line that
 * is not ended, the rest is waited for, unless this is @all. */
static gboolean
write_output (Log     *self,
              gint64   time,
              int      solver,
              goffset  size,
              gboolean all,
              GError **error)
{
  Output *output = get_output (self, solver);

  if (!self->with_output || !open_output (self, output, solver))
    return TRUE;

  for (;;)
    {
      gsize   wanted = size < 0 ? CHUNK : (gsize) CLAMP (size - output->done, 0, CHUNK);
      ssize_t count;
      gssize  done;

      do
        count = pread (output->fd, self->chunk, wanted, output->done);
      while (count < 0 && errno == EINTR);
      if (count <= 0)
        return TRUE;

      done = write_output_lines (self, time, solver, self->chunk, (gsize) count, all && count < CHUNK, error);
      if (done < 0)
        return FALSE;
      if (done == 0)
        return TRUE;
      output->done += done;
      if (g_cancellable_set_error_if_cancelled (self->job->cancellable, error))
        return FALSE;
    }
}

/* What happened, if it is anything for a log. */
static gboolean
write_event (Log                 *self,
             const LockstepEvent *event,
             GError             **error)
{
  g_autofree char *text = lockstep_event_dup_text (event, self->job->plan);
  g_auto (GStrv)   lines = NULL;

  if (text == NULL)
    return TRUE;

  lines = g_strsplit (g_strchomp (text), "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    {
      g_string_truncate (self->text, 0);
      lockstep_log_text_append (self->text, lines[i], strlen (lines[i]));
      if (!write_line (self, event->time, event->solver, lockstep_event_type_to_name (event->type), self->text->str,
                       self->text->len, error))
        return FALSE;
    }

  return TRUE;
}

static gboolean
take_event (Log                   *self,
            LockstepJournalReader *reader,
            const LockstepEvent   *event,
            GError               **error)
{
  LockstepJson payload = { NULL, 0 };
  gint64       size;

  if (event->payload != NULL)
    payload.text = g_bytes_get_data (event->payload, &payload.length);

  if (event->type == LOCKSTEP_EVENT_OUTPUT && event->solver >= 0 &&
      lockstep_json_get_int (lockstep_json_get_member (payload, "size"), &size) && size >= 0)
    return write_output (self, event->time, event->solver, size, FALSE, error);

  /* The words of one that dies stand before its death. */
  if (event->type == LOCKSTEP_EVENT_SOLVER_ENDED && event->solver >= 0 &&
      get_output (self, event->solver)->last_end == lockstep_journal_reader_get_start (reader) &&
      !write_output (self, event->time, event->solver, -1, TRUE, error))
    return FALSE;

  return write_event (self, event, error);
}

/* Which of a solver's ends is its last: what its file holds then was printed before. */
static gboolean
find_last_ends (Log     *self,
                double   to,
                GError **error)
{
  g_autoptr (LockstepJournalReader) reader = lockstep_journal_reader_new (self->job->directory, error);
  LockstepEvent                     event;
  gboolean                          ok = reader != NULL;

  while (ok && lockstep_journal_reader_next (reader, &event, NULL))
    {
      if (event.solver >= 0 && event.type == LOCKSTEP_EVENT_SOLVER_ENDED)
        get_output (self, event.solver)->last_end = lockstep_journal_reader_get_start (reader);
      else if (event.solver >= 0 && event.type == LOCKSTEP_EVENT_SOLVER_LAUNCHED)
        get_output (self, event.solver)->last_end = -1;
      lockstep_event_clear (&event);
      ok = lockstep_export_job_advance_reader (self->job, reader, 0, to, error);
    }

  return ok;
}

static gboolean
write_journal (Log     *self,
               double   from,
               GError **error)
{
  g_autoptr (LockstepJournalReader) reader = lockstep_journal_reader_new (self->job->directory, error);
  LockstepEvent                     event;
  gint64                            time = 0;
  gboolean                          ok = reader != NULL;

  while (ok && lockstep_journal_reader_next (reader, &event, NULL))
    {
      time = MAX (time, event.time);
      ok = take_event (self, reader, &event, error) &&
           lockstep_export_job_advance_reader (self->job, reader, from, 1, error);
      lockstep_event_clear (&event);
    }
  for (guint i = 0; ok && i < self->outputs->len; i++)
    ok = write_output (self, time, (int) i, -1, TRUE, error);

  if (ok)
    lockstep_export_job_warn_of (self->job, reader);
  return ok;
}

static gboolean
write_log (const LockstepExportJob *job,
           gboolean                 with_output,
           GError                 **error)
{
  static const char *const        columns[] = { "time", "solver", "kind", "text" };
  const double                    first = with_output ? 0.4 : 0; /* the share of the time that looking for ends takes */
  g_autoptr (LockstepTableWriter) writer = NULL;
  Log                             self = { .job = job, .with_output = with_output };
  gboolean                        ok;

  if (job->format != LOCKSTEP_EXPORT_TEXT)
    {
      writer = self.writer = lockstep_table_writer_new (job->file, job->format);
      for (guint i = 0; i < G_N_ELEMENTS (columns); i++)
        lockstep_table_writer_add_column (writer, columns[i]);
    }
  self.outputs = g_array_new (FALSE, FALSE, sizeof (Output));
  self.chunk = g_malloc (CHUNK);
  self.line = g_string_new (NULL);
  self.text = g_string_new (NULL);

  ok = (!with_output || find_last_ends (&self, first, error)) && write_journal (&self, first, error) &&
       (writer == NULL || lockstep_table_writer_finish (writer, error));

  close_outputs (&self);
  g_array_unref (self.outputs);
  g_free (self.chunk);
  g_string_free (self.line, TRUE);
  g_string_free (self.text, TRUE);
  return ok;
}

gboolean
lockstep_export_write_log (const LockstepExportJob *job,
                           GError                 **error)
{
  return write_log (job, TRUE, error);
}

gboolean
lockstep_export_write_events_text (const LockstepExportJob *job,
                                   GError                 **error)
{
  return write_log (job, FALSE, error);
}
