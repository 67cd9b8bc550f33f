/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-export-job.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <string.h>
#include <unistd.h>

#include "lockstep-regular-file.h"
#include "lockstep-table-writer.h"

#define CHUNK (256 * 1024)

/* As it is, but for a last line that is not whole (yet). */
static gboolean
copy_lines (const LockstepExportJob *job,
            int                      fd,
            goffset                  size,
            const char              *path,
            GError                 **error)
{
  g_autofree char    *chunk = g_malloc (CHUNK);
  g_autoptr (GString) rest = g_string_new (NULL); /* of a line */
  goffset             done = 0;
  ssize_t             count = 1;

  while (count > 0)
    {
      const char *newline;

      do
        count = read (fd, chunk, CHUNK);
      while (count < 0 && errno == EINTR);
      if (count < 0)
        {
          int saved = errno;

          g_set_error (error, G_IO_ERROR, g_io_error_from_errno (saved), _ ("The journal of the run, %s, cannot be read: %s"),
                       path, g_strerror (saved));
          return FALSE;
        }

      newline = memrchr (chunk, '\n', (gsize) count);
      if (newline != NULL)
        {
          if (!lockstep_export_file_write (job->file, rest->str, rest->len, error) ||
              !lockstep_export_file_write (job->file, chunk, (gsize) (newline + 1 - chunk), error))
            return FALSE;
          g_string_truncate (rest, 0);
        }
      else
        {
          newline = chunk - 1;
        }
      g_string_append_len (rest, newline + 1, chunk + count - (newline + 1));
      done += count;
      if (!lockstep_export_job_advance (job, (double) done / (double) MAX (size, 1), error))
        return FALSE;
    }

  return TRUE;
}

static gboolean
write_as_is (const LockstepExportJob *job,
             GError                 **error)
{
  /* It says whether this is a journal that we know. */
  g_autoptr (LockstepJournalReader) reader = lockstep_journal_reader_new (job->directory, error);
  g_autofree char                  *path = g_build_filename (job->directory, "journal.jsonl", NULL);
  int                               fd;
  gboolean                          ok;

  if (reader == NULL)
    return FALSE;
  if ((fd = lockstep_regular_file_open (path, NULL, error)) < 0)
    return FALSE;

  ok = copy_lines (job, fd, lockstep_journal_reader_get_size (reader), path, error);
  close (fd);
  /* The reader has not been through it: one event is enough to know that there is something to say. */
  lockstep_journal_reader_skip (reader, 1);
  if (ok)
    lockstep_export_job_warn_of (job, reader);
  return ok;
}

static gboolean
write_row (LockstepTableWriter *writer,
           LockstepPlan        *plan,
           const LockstepEvent *event,
           GError             **error)
{
  LockstepStep *step = event->step >= 0 ? lockstep_plan_get_step (plan, (guint) event->step) : NULL;
  LockstepJson  payload = { NULL, 0 };

  if (event->payload != NULL)
    payload.text = g_bytes_get_data (event->payload, &payload.length);

  lockstep_table_writer_set_time (writer, 0, event->time);
  lockstep_table_writer_set_text (writer, 1, lockstep_event_type_to_name (event->type), -1);
  lockstep_table_writer_set_int (writer, 2, event->solver);
  lockstep_table_writer_set_text (writer, 3, step != NULL ? step->title : NULL, -1);
  lockstep_table_writer_set_int (writer, 4, event->iteration);
  lockstep_table_writer_set_int (writer, 5, event->task);
  lockstep_table_writer_set_int (writer, 6, event->attempt);
  lockstep_table_writer_set_int (writer, 7, event->part);
  lockstep_table_writer_set_json (writer, 8, payload);
  return lockstep_table_writer_end_row (writer, error);
}

static gboolean
write_table (const LockstepExportJob *job,
             GError                 **error)
{
  static const char *const          columns[] = { "time", "event", "solver", "step", "iteration", "task", "attempt", "part", "data" };
  g_autoptr (LockstepJournalReader) reader = lockstep_journal_reader_new (job->directory, error);
  g_autoptr (LockstepTableWriter)   writer = lockstep_table_writer_new (job->file, job->format);
  LockstepEvent                     event;
  gboolean                          ok = reader != NULL;

  for (guint i = 0; i < G_N_ELEMENTS (columns); i++)
    lockstep_table_writer_add_column (writer, columns[i]);

  while (ok && lockstep_journal_reader_next (reader, &event, NULL))
    {
      ok = write_row (writer, job->plan, &event, error) && lockstep_export_job_advance_reader (job, reader, 0, 1, error);
      lockstep_event_clear (&event);
    }
  if (!ok || !lockstep_table_writer_finish (writer, error))
    return FALSE;

  lockstep_export_job_warn_of (job, reader);
  lockstep_export_job_warn_of_left_out (job, lockstep_table_writer_get_n_left_out (writer));
  return TRUE;
}

gboolean
lockstep_export_write_events (const LockstepExportJob *job,
                              GError                 **error)
{
  switch (job->format)
    {
    case LOCKSTEP_EXPORT_TEXT:
      return lockstep_export_write_events_text (job, error);
    case LOCKSTEP_EXPORT_CSV:
      return write_table (job, error);
    default:
      return write_as_is (job, error);
    }
}
