/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-replay.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>

#include "lockstep-call-text.h"
#include "lockstep-journal-reader.h"
#include "lockstep-run-private.h"

/* Sets @request to the number of the event that began the last attempt at @task. */
static gboolean
find_request (const char *directory,
              gint64      task,
              guint64    *request,
              GError    **error)
{
  g_autoptr (LockstepJournalReader) reader = lockstep_journal_reader_new (directory, error);
  LockstepEvent                     event;

  *request = 0;
  if (reader == NULL)
    return FALSE;

  for (guint64 number = 1; lockstep_journal_reader_next (reader, &event, NULL); number++)
    {
      if (event.type == LOCKSTEP_EVENT_TASK_STARTED && event.task == task)
        *request = number;
      lockstep_event_clear (&event);
    }
  if (*request > 0)
    return TRUE;

  g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
               _ ("No task with the number %" PRId64 " was begun in the run in %s. Tasks are counted through the run, "
                  "from 0."),
               task, directory);
  return FALSE;
}

/* The moment that is looked for. */
typedef struct
{
  guint64       request;
  guint64       n_events;
  LockstepEvent event; /* that one, without its payload */
  gboolean      found;
} Moment;

static gboolean
take_event (LockstepRun         *run,
            const LockstepEvent *event,
            gpointer             user_data)
{
  Moment *moment = user_data;

  if (++moment->n_events < moment->request)
    return TRUE;

  moment->event = *event;
  moment->event.payload = NULL;
  moment->found = event->type == LOCKSTEP_EVENT_TASK_STARTED;
  return FALSE;
}

/* Whether all that the call is made from could be read. */
static gboolean
check_input (LockstepReplay *self,
             GError        **error)
{
  LockstepRun  *run = lockstep_past_run_get_run (self->past);
  LockstepPlan *plan = lockstep_run_get_plan (run);
  GPtrArray    *results = lockstep_run_get_results (run);
  gboolean      lost = FALSE;
  LockstepStep *step;

  /* Every call may get the result of a `one` step; one of a `one` step gets those of the step before it. */
  for (guint i = 0; (step = lockstep_plan_get_step (plan, i)) != NULL; i++)
    lost = lost || (step->kind == LOCKSTEP_STEP_ONE && step != self->step && lockstep_past_run_has_lost (self->past, i));
  if (self->step->kind == LOCKSTEP_STEP_ONE)
    for (guint i = 0; results != NULL && i < results->len; i++)
      lost = lost || (g_ptr_array_index (results, i) == NULL &&
                      !g_hash_table_contains (lockstep_run_get_failures (run), GUINT_TO_POINTER (i)));

  if (lost)
    {
      const char *path = lockstep_past_run_find_lost (self->past, self->task);

      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                   _ ("What task %" PRId64 " was given is not in the run's folder any more: %s is missing. "
                      "Results that later ones of a loop have replaced are not kept."),
                   self->task, path != NULL ? path : lockstep_run_get_directory (run));
    }

  return !lost;
}

static gboolean
make_params (LockstepReplay      *self,
             const LockstepEvent *event,
             GError             **error)
{
  LockstepRun                 *run = lockstep_past_run_get_run (self->past);
  g_autoptr (LockstepCallText) text = NULL;
  LockstepTurn                 turn;

  self->step = lockstep_plan_get_step (lockstep_run_get_plan (run), (guint) event->step);
  if (self->step == NULL || self->step->kind == LOCKSTEP_STEP_LOOP || self->step != lockstep_run_get_step (run))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                   _ ("The journal of the run in %s tells of a task of step %d, which was not at work."),
                   lockstep_run_get_directory (run), event->step);
      return FALSE;
    }
  if (!check_input (self, error))
    return FALSE;

  turn.task = self->task;
  turn.index = (guint) (self->task - lockstep_results_get_first (lockstep_run_get_outcome (run)));
  turn.attempt = self->attempt;
  text = lockstep_call_text_new (run, self->step, (guint) MAX (event->iteration, 0), (guint) MAX (event->parts, 0));
  self->params = lockstep_call_text_join (lockstep_call_text_get (text, &turn));
  return TRUE;
}

LockstepReplay *
lockstep_replay_load (const char *directory,
                      gint64      task,
                      guint64     request,
                      GError    **error)
{
  g_autoptr (LockstepReplay) self = g_new0 (LockstepReplay, 1);
  Moment                     moment = { .request = request };

  if (request == 0 && !find_request (directory, task, &moment.request, error))
    return NULL;
  if ((self->past = lockstep_past_run_load_with (directory, take_event, &moment, error)) == NULL)
    return NULL;
  if (!moment.found)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                   _ ("The journal of the run in %s has changed while it was read."), directory);
      return NULL;
    }

  self->task = moment.event.task;
  self->attempt = (guint) MAX (moment.event.attempt, 1);
  self->solver = moment.event.solver;
  self->iteration = MAX (moment.event.iteration, 0);
  return make_params (self, &moment.event, error) ? g_steal_pointer (&self) : NULL;
}

/* What is to be put together. */
typedef struct
{
  char  *directory;
  gint64 task;
} Wanted;

static void
wanted_free (gpointer data)
{
  Wanted *wanted = data;

  g_free (wanted->directory);
  g_free (wanted);
}

static void
load (GTask        *task,
      gpointer      source,
      gpointer      task_data,
      GCancellable *cancellable)
{
  const Wanted   *wanted = task_data;
  GError         *error = NULL;
  LockstepReplay *self = lockstep_replay_load (wanted->directory, wanted->task, 0, &error);

  if (self == NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, self, (GDestroyNotify) lockstep_replay_free);
}

void
lockstep_replay_load_async (const char         *directory,
                            gint64              task,
                            GAsyncReadyCallback callback,
                            gpointer            user_data)
{
  g_autoptr (GTask) job = g_task_new (NULL, NULL, callback, user_data);
  Wanted           *wanted = g_new0 (Wanted, 1);

  wanted->directory = g_strdup (directory);
  wanted->task = task;
  g_task_set_source_tag (job, lockstep_replay_load_async);
  g_task_set_task_data (job, wanted, wanted_free);
  g_task_run_in_thread (job, load);
}

LockstepReplay *
lockstep_replay_load_finish (GAsyncResult *result,
                             GError      **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

void
lockstep_replay_free (LockstepReplay *self)
{
  g_clear_pointer (&self->past, lockstep_past_run_free);
  g_clear_pointer (&self->params, g_bytes_unref);
  g_free (self);
}
