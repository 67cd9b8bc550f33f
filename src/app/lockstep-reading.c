/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-reading.h"

LockstepReading *
lockstep_reading_new (GFile      *file,
                      const char *directory)
{
  LockstepReading *self = g_new0 (LockstepReading, 1);

  g_set_object (&self->file, file);
  self->directory = g_strdup (directory);

  return self;
}

LockstepReading *
lockstep_reading_new_resume (const char                  *directory,
                             const LockstepResumeOptions *what,
                             guint                        n_solvers)
{
  LockstepReading *self = lockstep_reading_new (NULL, directory);

  self->resume = TRUE;
  self->n_solvers = n_solvers;
  if (what != NULL)
    {
      self->what = *what;
      self->what.tasks = g_strdup (what->tasks);
    }

  return self;
}

void
lockstep_reading_free (LockstepReading *self)
{
  g_clear_object (&self->file);
  g_clear_object (&self->plan);
  g_clear_pointer (&self->past, lockstep_past_run_free);
  g_free ((char *) self->what.tasks);
  g_free (self->directory);
  g_free (self);
}

static void
read_on_thread (GTask        *task,
                gpointer      source,
                gpointer      task_data,
                GCancellable *cancellable)
{
  LockstepReading *self = task_data;
  g_autofree char *solvers = g_strdup_printf ("solvers=%u", self->n_solvers);
  const char      *settings[] = { self->n_solvers > 0 ? solvers : NULL, NULL };
  GError          *error = NULL;

  if (self->file != NULL)
    {
      self->plan = lockstep_plan_load (self->file, NULL, &error);
    }
  else
    {
      self->past = lockstep_past_run_load (self->directory, self->resume, &error);
      if (self->past != NULL && (self->start || self->resume))
        self->plan = lockstep_past_run_load_plan (self->past, NULL, settings, &error);
    }

  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_boolean (task, TRUE);
}

void
lockstep_reading_read_async (LockstepReading    *self,
                             GCancellable       *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer            user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);

  g_task_set_source_tag (task, lockstep_reading_read_async);
  g_task_set_task_data (task, self, (GDestroyNotify) lockstep_reading_free);
  g_task_run_in_thread (task, read_on_thread);
}

LockstepReading *
lockstep_reading_read_finish (GAsyncResult *result,
                              GError      **error)
{
  if (!g_task_propagate_boolean (G_TASK (result), error))
    g_assert (error == NULL || *error != NULL);

  return g_task_get_task_data (G_TASK (result));
}
