/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-digest.h"

struct _LockstepDigest
{
  LockstepPastRun *past;
  LockstepInquest *inquest;
  GArray          *steps; /* of LockstepDigestStep, by index */
  gboolean         results;
};

static void
step_clear (gpointer data)
{
  LockstepDigestStep *step = data;

  g_clear_pointer (&step->results, g_ptr_array_unref);
}

static LockstepDigestStep *
get_step (LockstepDigest *self,
          LockstepRun    *run,
          int             index)
{
  const LockstepDigestStep none = { 0 };

  if (index < 0 || lockstep_plan_get_step (lockstep_run_get_plan (run), (guint) index) == NULL)
    return NULL;

  while (self->steps->len <= (guint) index)
    g_array_append_val (self->steps, none);

  return &g_array_index (self->steps, LockstepDigestStep, index);
}

static double
get_number (const LockstepEvent *event,
            const char          *name)
{
  LockstepJson payload = { NULL, 0 };
  double       number = 0;

  if (event->payload != NULL)
    payload.text = g_bytes_get_data (event->payload, &payload.length);
  lockstep_json_get_double (lockstep_json_get_member (payload, name), &number);

  return number;
}

static void
take_step_ended (LockstepDigest      *self,
                 LockstepRun         *run,
                 const LockstepEvent *event)
{
  LockstepDigestStep *step = get_step (self, run, event->step);
  GPtrArray          *results = lockstep_run_get_results (run);

  if (step == NULL)
    return;

  step->n_times++;
  step->seconds += get_number (event, "seconds");
  step->waited += get_number (event, "waited");
  if (self->results && results != NULL)
    {
      g_clear_pointer (&step->results, g_ptr_array_unref);
      step->results = g_ptr_array_ref (results);
    }
}

static gboolean
take_event (LockstepRun         *run,
            const LockstepEvent *event,
            gpointer             user_data)
{
  LockstepDigest     *self = user_data;
  LockstepDigestStep *step;

  lockstep_inquest_take (self->inquest, lockstep_run_get_plan (run), event);
  if (event->type == LOCKSTEP_EVENT_STEP_ENDED)
    take_step_ended (self, run, event);
  else if (event->type == LOCKSTEP_EVENT_LOOP_ITERATED && (step = get_step (self, run, event->step)) != NULL)
    step->n_times++;

  return TRUE;
}

LockstepDigest *
lockstep_digest_load (const char *directory,
                      gboolean    results,
                      GError    **error)
{
  g_autoptr (LockstepDigest) self = g_new0 (LockstepDigest, 1);

  self->inquest = lockstep_inquest_new ();
  self->steps = g_array_new (FALSE, FALSE, sizeof (LockstepDigestStep));
  g_array_set_clear_func (self->steps, step_clear);
  self->results = results;
  if ((self->past = lockstep_past_run_load_with (directory, take_event, self, error)) == NULL)
    return NULL;

  return g_steal_pointer (&self);
}

/* What is to be read. */
typedef struct
{
  char    *directory;
  gboolean results;
} Reading;

static void
reading_free (gpointer data)
{
  Reading *reading = data;

  g_free (reading->directory);
  g_free (reading);
}

static void
load (GTask        *task,
      gpointer      source,
      gpointer      task_data,
      GCancellable *cancellable)
{
  const Reading  *reading = task_data;
  GError         *error = NULL;
  LockstepDigest *self = lockstep_digest_load (reading->directory, reading->results, &error);

  if (self == NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, self, (GDestroyNotify) lockstep_digest_free);
}

void
lockstep_digest_load_async (const char         *directory,
                            gboolean            results,
                            GAsyncReadyCallback callback,
                            gpointer            user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, NULL, callback, user_data);
  Reading          *reading = g_new0 (Reading, 1);

  reading->directory = g_strdup (directory);
  reading->results = results;
  g_task_set_source_tag (task, lockstep_digest_load_async);
  g_task_set_task_data (task, reading, reading_free);
  g_task_run_in_thread (task, load);
}

LockstepDigest *
lockstep_digest_load_finish (GAsyncResult *result,
                             GError      **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

void
lockstep_digest_free (LockstepDigest *self)
{
  g_clear_pointer (&self->past, lockstep_past_run_free);
  lockstep_inquest_free (self->inquest);
  g_array_unref (self->steps);
  g_free (self);
}

LockstepPastRun *
lockstep_digest_get_past (LockstepDigest *self)
{
  return self->past;
}

LockstepRun *
lockstep_digest_get_run (LockstepDigest *self)
{
  return lockstep_past_run_get_run (self->past);
}

LockstepInquest *
lockstep_digest_get_inquest (LockstepDigest *self)
{
  return self->inquest;
}

const LockstepDigestStep *
lockstep_digest_get_step (LockstepDigest *self,
                          guint           step)
{
  return get_step (self, lockstep_digest_get_run (self), (int) step);
}
