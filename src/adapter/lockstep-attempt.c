/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-attempt-private.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lockstep-decimal.h"
#include "lockstep-number-text.h"
#include "lockstep-program-environment.h"
#include "lockstep-task-description.h"

/* Between two looks at what the program printed (ms). */
#define PACE 100

/* Read of it at a look, so that one that prints without end is not kept from computing. */
#define BYTES_A_LOOK (4 * 1024 * 1024)

/* What a program has to end by itself (s): less than a solver has that was cancelled. */
#define GRACE 2.0

/* Of the newest line, what is told. */
#define MESSAGE_BYTES 120

LockstepAttempt *
lockstep_attempt_new (const LockstepProgram      *program,
                      const LockstepPlaceholders *placeholders)
{
  LockstepAttempt *self = g_new0 (LockstepAttempt, 1);

  self->program = program;
  self->placeholders = *placeholders;
  self->probes = lockstep_probes_new (program);
  if (program->progress != NULL)
    self->progress = g_ptr_array_index (self->probes, 0);

  return self;
}

void
lockstep_attempt_free (LockstepAttempt *self)
{
  if (self == NULL)
    return;

  g_clear_pointer (&self->process, lockstep_program_process_free);
  g_clear_pointer (&self->reader, lockstep_output_reader_free);
  g_clear_pointer (&self->folder, lockstep_task_folder_free);
  g_ptr_array_unref (self->probes);
  g_free (self->working_folder);
  g_free (self->message);
  g_free (self);
}

/* The file that is the program's standard input: one of the task's own, or one beside the plan. */
static char *
dup_input (LockstepAttempt *self,
           GError         **error)
{
  const LockstepProgramText *input = self->program->input;
  g_autofree char           *own = NULL;

  own = lockstep_program_text_fill_path (input, &self->placeholders, lockstep_task_folder_get_path (self->folder), error);
  if (own == NULL || access (own, F_OK) == 0)
    return g_steal_pointer (&own);

  return lockstep_program_text_fill_path (input, &self->placeholders, self->placeholders.folder, error);
}

/* Opens the standard input; -1 where there is none, and with an error where it cannot be had. */
static int
open_input (const char *path,
            GError    **error)
{
  struct stat status;
  int         descriptor;

  if (path == NULL)
    return -1;

  /* A pipe that nobody writes to would hold up the adapter, which then could not be told to stop. A device may be read. */
  descriptor = open (path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
  if (descriptor < 0)
    g_set_error (error, LOCKSTEP_PROGRAM_ERROR, LOCKSTEP_PROGRAM_ERROR_START,
                 _ ("The standard input of the program, %s, could not be read: %s"), path, g_strerror (errno));
  else if (fstat (descriptor, &status) < 0 || S_ISFIFO (status.st_mode) || S_ISDIR (status.st_mode))
    {
      close (descriptor);
      descriptor = -1;
      g_set_error (error, LOCKSTEP_PROGRAM_ERROR, LOCKSTEP_PROGRAM_ERROR_START,
                   _ ("The standard input of the program, %s, could not be read: it is not a regular file."), path);
    }
  else
    fcntl (descriptor, F_SETFL, fcntl (descriptor, F_GETFL) & ~O_NONBLOCK);

  return descriptor;
}

static gboolean
read_progress_of (LockstepAttempt *self,
                  GError         **error)
{
  g_autofree char *text = NULL;

  if (self->progress == NULL)
    return TRUE;
  if ((text = lockstep_program_text_fill (self->program->progress_of, &self->placeholders, error)) == NULL)
    return FALSE;
  if (lockstep_decimal_read (text, strlen (text), NULL, &self->progress_of) && self->progress_of > 0)
    return TRUE;

  g_set_error (error, LOCKSTEP_PROGRAM_ERROR, LOCKSTEP_PROGRAM_ERROR_START, _ ("%s: expected a number above 0, found “%s”"),
               self->program->progress_of->path, text);
  return FALSE;
}

/* Makes the folder, puts in it what the program needs, and starts it there. */
static gboolean
start (LockstepAttempt *self,
       GError         **error)
{
  const LockstepProgram *program = self->program;
  g_auto (GStrv)         command = NULL;
  g_auto (GStrv)         env = NULL;
  g_autofree char       *input = NULL;
  g_autoptr (GError)     reason = NULL;
  LockstepProgramStart   start;

  if (!read_progress_of (self, error) ||
      (self->folder = lockstep_task_folder_new (&self->placeholders, error)) == NULL ||
      !lockstep_task_folder_place (self->folder, program, &self->placeholders, error))
    return FALSE;

  self->working_folder = program->directory != NULL
                           ? lockstep_program_text_fill_path (program->directory, &self->placeholders, self->placeholders.folder, error)
                           : g_strdup (lockstep_task_folder_get_path (self->folder));
  if (self->working_folder == NULL ||
      (program->input != NULL && (input = dup_input (self, error)) == NULL) ||
      (command = lockstep_program_dup_command (program, &self->placeholders, error)) == NULL ||
      (env = lockstep_program_environment_new (program, &self->placeholders, error)) == NULL ||
      !lockstep_task_description_write (program, &self->placeholders, lockstep_task_folder_get_path (self->folder), command,
                                        self->working_folder, input, error))
    return FALSE;

  start = (LockstepProgramStart){ command, env, self->working_folder, open_input (input, &reason),
                                  lockstep_task_folder_get_log (self->folder) };
  if (reason != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&reason));
      return FALSE;
    }
  self->process = lockstep_program_process_start (&start, error);
  if (start.input >= 0)
    close (start.input);

  return self->process != NULL;
}

/* Looks for patterns in what is printed; those of results that are in files wait for the end. */
static void
begin_reading (LockstepAttempt *self)
{
  self->reader = lockstep_output_reader_new (lockstep_task_folder_get_log (self->folder));
  for (guint i = 0; i < self->probes->len; i++)
    {
      LockstepProbe *probe = g_ptr_array_index (self->probes, i);

      if (probe->pattern != NULL && (probe->result == NULL || probe->result->file == NULL))
        lockstep_output_reader_add (self->reader, probe);
    }
}

/* The newest line. What is printed is a sign of life, also where it is the same again. */
static void
take_message (LockstepAttempt *self)
{
  g_autofree char *newest = lockstep_output_reader_dup_newest (self->reader, MESSAGE_BYTES);

  if (newest != NULL && g_strcmp0 (newest, self->message) == 0)
    {
      g_autofree char *size = lockstep_number_dup_text ((guint64) lockstep_output_reader_get_offset (self->reader));
      g_autofree char *same = g_steal_pointer (&newest);

      newest = g_strdup_printf (_ ("%s (%s bytes printed)"), same, size);
    }
  g_free (self->message);
  self->message = g_steal_pointer (&newest);
}

/* Tells what is new. */
static void
tell (LockstepAttempt              *self,
      const LockstepAttemptWatcher *watcher)
{
  double fraction = -1;

  for (guint i = 0; i < self->probes->len; i++)
    {
      LockstepProbe *probe = g_ptr_array_index (self->probes, i);

      if (probe->kind != LOCKSTEP_PROBE_VALUE || !probe->is_new)
        continue;
      probe->is_new = FALSE;
      if (probe->is_number && watcher->value != NULL)
        watcher->value (watcher->data, probe->name, probe->number);
    }

  take_message (self);
  if (self->progress != NULL && self->progress->is_number)
    fraction = CLAMP (self->progress->number / self->progress_of, 0, 1);
  if (watcher->progress != NULL)
    watcher->progress (watcher->data, fraction, self->message);
}

static gboolean
is_cancelled (const LockstepAttemptWatcher *watcher,
              GError                      **error)
{
  if (watcher->is_cancelled == NULL || !watcher->is_cancelled (watcher->data))
    return FALSE;

  g_set_error (error, LOCKSTEP_PROGRAM_ERROR, LOCKSTEP_PROGRAM_ERROR_CANCELLED, _ ("The task was cancelled."));
  return TRUE;
}

/* Watches the program until it has ended, or is not wanted any more. */
static gboolean
watch (LockstepAttempt              *self,
       const LockstepAttemptWatcher *watcher,
       GError                      **error)
{
  while (!lockstep_program_process_wait (self->process, PACE))
    {
      if (is_cancelled (watcher, error))
        return FALSE;
      if (lockstep_output_reader_read (self->reader, BYTES_A_LOOK) > 0)
        tell (self, watcher);
      /* What has failed need not go on for hours. */
      if (lockstep_attempt_find_failure (self) != NULL)
        break;
    }

  return TRUE;
}

/* Reads what the program printed since the last look. */
static gboolean
read_rest (LockstepAttempt              *self,
           const LockstepAttemptWatcher *watcher,
           GError                      **error)
{
  gsize n_read;
  gsize n_all = 0;

  do
    {
      if (is_cancelled (watcher, error))
        return FALSE;
      n_read = lockstep_output_reader_read (self->reader, BYTES_A_LOOK);
      n_all += n_read;
    }
  while (n_read == BYTES_A_LOOK);

  lockstep_output_reader_finish (self->reader);
  if (n_all > 0)
    tell (self, watcher);
  return TRUE;
}

char *
lockstep_attempt_run (LockstepAttempt              *self,
                      const LockstepAttemptWatcher *watcher,
                      GError                      **error)
{
  const gint64     started_at = g_get_monotonic_time ();
  g_autofree char *result = NULL;
  gboolean         wanted;

  g_return_val_if_fail (self->folder == NULL, NULL);

  if (!start (self, error))
    return NULL;

  begin_reading (self);
  wanted = watch (self, watcher, error);
  lockstep_program_process_end (self->process, GRACE);
  self->seconds = (double) (g_get_monotonic_time () - started_at) / G_USEC_PER_SEC;
  self->has_ended = wanted;
  if (self->program->keep != LOCKSTEP_KEEP_NONE)
    lockstep_task_description_add_usage (lockstep_task_folder_get_path (self->folder),
                                         lockstep_program_process_get_status (self->process), self->seconds,
                                         lockstep_program_process_get_usage (self->process));
  if (!wanted || !read_rest (self, watcher, error))
    return NULL;

  result = lockstep_attempt_judge (self, error);
  self->succeeded = result != NULL;
  return g_steal_pointer (&result);
}

void
lockstep_attempt_tidy (LockstepAttempt *self)
{
  const LockstepKeep keep = self->program->keep;

  if (self->folder == NULL || keep == LOCKSTEP_KEEP_ALL)
    return;

  /* One that was cancelled did not fail. */
  if (keep == LOCKSTEP_KEEP_NONE || self->succeeded || (self->process != NULL && !self->has_ended))
    lockstep_task_folder_remove (self->folder);
}

const char *
lockstep_attempt_get_folder (const LockstepAttempt *self)
{
  return self->folder != NULL ? lockstep_task_folder_get_path (self->folder) : NULL;
}

const char *
lockstep_attempt_get_working_folder (const LockstepAttempt *self)
{
  return self->working_folder;
}

GPtrArray *
lockstep_attempt_get_probes (const LockstepAttempt *self)
{
  return self->probes;
}

double
lockstep_attempt_get_seconds (const LockstepAttempt *self)
{
  return self->seconds;
}

const struct rusage *
lockstep_attempt_get_usage (const LockstepAttempt *self)
{
  return self->has_ended ? lockstep_program_process_get_usage (self->process) : NULL;
}
