/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-resumption.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>

#include "lockstep-run-private.h"
#include "lockstep-task-spans.h"

G_DEFINE_QUARK (lockstep_resume_error, lockstep_resume_error)

struct _LockstepResumption
{
  LockstepRun  *run;        /* owned */
  LockstepStep *step;       /* the new plan's; NULL for its beginning */
  GArray       *iterations; /* of the loops around it */
  gboolean      behind;     /* the step is done: the run goes on behind it */
  gint64        first;      /* the first task of the step, which is done again; -1 when it is behind */
  gint64        back;       /* the task before which a loop goes on; -1 for none */
  GBytes       *last_one;   /* what untils look at on the way */
  GArray       *again;      /* of LockstepTaskSpan */
};

/* The last step of tasks, and what is wanted of it. */
typedef struct
{
  gboolean                   exists;
  LockstepPlace              place;
  const LockstepStepResults *results;
  GArray                    *again; /* of LockstepTaskSpan, sorted: tasks that have ended and are done again */
  gboolean                   grown; /* there are more tasks than there were */
} Sweep;

static LockstepResumption *
new_at (LockstepRun         *run,
        LockstepPlan        *plan,
        const LockstepPlace *place)
{
  LockstepResumption *self = g_new0 (LockstepResumption, 1);

  self->run = g_object_ref (run);
  self->step = lockstep_plan_get_step (plan, place->step);
  self->iterations = g_array_copy (place->iterations);
  self->first = -1;
  self->back = -1;
  self->again = lockstep_task_spans_new ();

  return self;
}

static gboolean
is_wanted (GArray *spans,
           gint64  task)
{
  for (guint i = 0; spans != NULL && i < spans->len; i++)
    {
      const LockstepTaskSpan *span = &g_array_index (spans, LockstepTaskSpan, i);

      if (task >= span->from && task <= span->to)
        return TRUE;
    }

  return FALSE;
}

/* Every number that is wanted has to be one of a task. */
static gboolean
check_spans (GArray       *spans,
             const Sweep  *sweep,
             LockstepStep *step,
             GError      **error)
{
  if (!sweep->exists)
    {
      g_set_error_literal (error, LOCKSTEP_RESUME_ERROR, LOCKSTEP_RESUME_ERROR_TASKS,
                           _ ("No step with “tasks” has begun in this run, so that there are none to do again."));
      return FALSE;
    }

  for (guint i = 0; i < spans->len; i++)
    {
      const LockstepTaskSpan *span = &g_array_index (spans, LockstepTaskSpan, i);
      const gint64            last = sweep->place.first + sweep->results->results->len - 1;

      if (span->from < sweep->place.first || span->to > last)
        {
          g_set_error (error, LOCKSTEP_RESUME_ERROR, LOCKSTEP_RESUME_ERROR_TASKS,
                       _ ("There is no task %" PRId64 " in step “%s”: its tasks are %" PRId64
                          " to %" PRId64 "."),
                       span->from < sweep->place.first ? span->from : span->to, step->title, sweep->place.first, last);
          return FALSE;
        }
    }

  return TRUE;
}

/* A run that failed is tried again where it failed, also in a step of tasks. */
static gboolean
is_failed_there (LockstepRun *run,
                 const Sweep *sweep)
{
  LockstepPlace place;

  return lockstep_run_get_state (run) == LOCKSTEP_RUN_FAILED && lockstep_run_get_place (run, &place) &&
         place.first == sweep->place.first;
}

static gboolean
read_sweep (Sweep                       *sweep,
            LockstepRun                 *run,
            LockstepPlan                *plan,
            const LockstepResumeOptions *options,
            GError                     **error)
{
  g_autoptr (GArray) spans = NULL;
  LockstepStep      *step;
  gboolean           failed;

  sweep->again = lockstep_task_spans_new ();
  sweep->exists = lockstep_results_get_sweep (lockstep_run_get_outcome (run), &sweep->place, &sweep->results);
  step = sweep->exists ? lockstep_plan_get_step (plan, sweep->place.step) : NULL;
  if (options->tasks != NULL &&
      (!(spans = lockstep_task_spans_parse (options->tasks, error)) || !check_spans (spans, sweep, step, error)))
    return FALSE;
  if (!sweep->exists)
    return TRUE;

  failed = options->failed || is_failed_there (run, sweep);
  for (guint i = 0; i < sweep->results->results->len; i++)
    if ((failed && g_hash_table_contains (sweep->results->failures, GUINT_TO_POINTER (i))) ||
        is_wanted (spans, sweep->place.first + i))
      lockstep_task_spans_add (sweep->again, sweep->place.first + i);
  sweep->grown = lockstep_task_list_get_count (step->tasks) > sweep->results->results->len;
  return TRUE;
}

/* A loop that was left because its repeat was used up, and that goes on with @plan; NULL where none does. The one that
 * was left first, since all after it is done again. */
static LockstepResumption *
find_raised (LockstepRun  *run,
             LockstepPlan *plan)
{
  LockstepResumption *raised = NULL;
  LockstepStep       *loop;

  for (guint i = 0; (loop = lockstep_plan_get_step (plan, i)) != NULL; i++)
    {
      LockstepStep *old = lockstep_plan_get_step (lockstep_run_get_plan (run), i);
      LockstepPlace place;
      GBytes       *last_one;
      guint         depth = 0;
      gboolean      reached = FALSE;
      double        value;

      if (loop->kind != LOCKSTEP_STEP_LOOP || loop->repeat <= old->repeat ||
          !lockstep_results_get_left (lockstep_run_get_outcome (run), i, &place, &last_one))
        continue;

      for (LockstepStep *outer = loop->parent; outer != NULL; outer = outer->parent)
        depth++;
      if (depth >= place.iterations->len || g_array_index (place.iterations, guint, depth) < old->repeat ||
          (loop->until != NULL && !lockstep_condition_test (loop->until, last_one, &value, &reached, NULL)) || reached ||
          (raised != NULL && raised->back <= place.first))
        continue;

      g_clear_pointer (&raised, lockstep_resumption_free);
      raised = new_at (run, plan, &place);
      raised->behind = TRUE;
      raised->back = place.first;
      raised->last_one = last_one != NULL ? g_bytes_ref (last_one) : NULL;
    }

  return raised;
}

/* Where the run stood when it ended. */
static LockstepResumption *
find_end (LockstepRun  *run,
          LockstepPlan *plan)
{
  GBytes             *last_one = lockstep_run_get_last_one (run);
  LockstepPlace       place;
  const gboolean      at_work = lockstep_run_get_place (run, &place);
  LockstepResumption *self = new_at (run, plan, &place);

  if (lockstep_run_get_step (run) == NULL)
    self->step = NULL;
  else if (at_work)
    self->first = place.first;
  else
    self->behind = TRUE;
  self->last_one = last_one != NULL ? g_bytes_ref (last_one) : NULL;

  return self;
}

static LockstepResumption *
resume_sweep (LockstepRun  *run,
              Sweep        *sweep,
              LockstepPlan *plan)
{
  LockstepResumption *self = new_at (run, plan, &sweep->place);

  self->first = sweep->place.first;
  g_array_append_vals (self->again, sweep->again->data, sweep->again->len);

  return self;
}

/* Tasks can be appended to the last step of tasks, and to those that have not begun. */
static gboolean
check_appended (LockstepRun  *run,
                LockstepPlan *plan,
                const Sweep  *sweep,
                GError      **error)
{
  LockstepStep *step;

  for (guint i = 0; sweep->exists && i < sweep->place.step && (step = lockstep_plan_get_step (plan, i)) != NULL; i++)
    {
      LockstepStep *old = lockstep_plan_get_step (lockstep_run_get_plan (run), i);

      if (step->kind != LOCKSTEP_STEP_TASKS ||
          lockstep_task_list_get_count (step->tasks) <= lockstep_task_list_get_count (old->tasks))
        continue;

      g_set_error (error, LOCKSTEP_RESUME_ERROR, LOCKSTEP_RESUME_ERROR_TASKS,
                   _ ("%s.tasks: tasks cannot be appended to step “%s” any more: the run has gone on to another step of "
                      "tasks. Start a new run."),
                   step->path, step->title);
      return FALSE;
    }

  return TRUE;
}

static LockstepResumption *
find (LockstepRun                 *run,
      LockstepPlan                *plan,
      const LockstepResumeOptions *options,
      Sweep                       *sweep,
      GError                     **error)
{
  g_autoptr (LockstepResumption) raised = NULL;

  if (!read_sweep (sweep, run, plan, options, error) || !check_appended (run, plan, sweep, error))
    return NULL;

  /* Whatever comes first: all after it is done again. */
  raised = find_raised (run, plan);
  if (sweep->exists && (sweep->again->len > 0 || sweep->grown) && (raised == NULL || sweep->place.first < raised->back))
    return resume_sweep (run, sweep, plan);
  if (raised != NULL)
    return g_steal_pointer (&raised);
  if (lockstep_run_get_state (run) != LOCKSTEP_RUN_FINISHED)
    return find_end (run, plan);

  if (options->failed && lockstep_run_get_n_failures (run) > 0)
    g_set_error_literal (error, LOCKSTEP_RESUME_ERROR, LOCKSTEP_RESUME_ERROR_NOTHING,
                         _ ("The run is finished, and the tasks that failed are not of its last step of tasks: only that "
                            "one's can be done again. Start a new run."));
  else if (options->failed)
    g_set_error_literal (error, LOCKSTEP_RESUME_ERROR, LOCKSTEP_RESUME_ERROR_NOTHING,
                         _ ("The run is finished, and none of its tasks failed: there is nothing to do."));
  else if (lockstep_run_get_n_failures (run) > 0)
    g_set_error_literal (error, LOCKSTEP_RESUME_ERROR, LOCKSTEP_RESUME_ERROR_NOTHING,
                         _ ("The run is finished: there is nothing to do. --failed does the tasks again that failed, "
                            "--tasks those with the numbers given."));
  else
    g_set_error_literal (error, LOCKSTEP_RESUME_ERROR, LOCKSTEP_RESUME_ERROR_NOTHING,
                         _ ("The run is finished: there is nothing to do. --tasks does the tasks again whose numbers are "
                            "given."));
  return NULL;
}

/* What the run goes on with has to be there. */
static gboolean
check_lost (LockstepResumption *self,
            LockstepPastRun    *past,
            GError            **error)
{
  const gint64 next = self->back >= 0 ? self->back : lockstep_run_get_next_task (self->run);
  const char  *lost = lockstep_past_run_find_lost (past, self->first >= 0 ? self->first : next);

  if (lost == NULL)
    return TRUE;

  g_set_error (error, LOCKSTEP_RESUME_ERROR, LOCKSTEP_RESUME_ERROR_LOST,
               _ ("The run cannot go on: a result that it needs is missing, %s. Put the file back, or start a new run."),
               lost);
  return FALSE;
}

LockstepResumption *
lockstep_resumption_new (LockstepPastRun             *past,
                         LockstepPlan                *plan,
                         const LockstepResumeOptions *options,
                         GError                     **error)
{
  const LockstepResumeOptions    nothing = { 0 };
  Sweep                          sweep = { 0 };
  g_autoptr (LockstepResumption) self = NULL;

  self = find (lockstep_past_run_get_run (past), plan, options != NULL ? options : &nothing, &sweep, error);
  g_clear_pointer (&sweep.again, g_array_unref);

  return self != NULL && check_lost (self, past, error) ? g_steal_pointer (&self) : NULL;
}

void
lockstep_resumption_free (LockstepResumption *self)
{
  if (self == NULL)
    return;

  g_object_unref (self->run);
  g_array_unref (self->iterations);
  g_array_unref (self->again);
  g_clear_pointer (&self->last_one, g_bytes_unref);
  g_free (self);
}

gboolean
lockstep_resumption_place (LockstepResumption *self,
                           LockstepSequence   *sequence,
                           LockstepLoopedFunc  looped,
                           gpointer            user_data,
                           GError            **error)
{
  if (self->step == NULL)
    return TRUE;

  lockstep_sequence_place (sequence, self->step, (const guint *) self->iterations->data, self->iterations->len);
  for (LockstepStep *loop = self->step->parent; loop != NULL; loop = loop->parent)
    if (lockstep_run_is_leaving (self->run, loop))
      lockstep_sequence_leave_loop (sequence, loop);
  return !self->behind || lockstep_sequence_advance (sequence, self->last_one, looped, user_data, error);
}

gint64
lockstep_resumption_get_first (LockstepResumption *self,
                               GArray            **again)
{
  *again = self->again;

  return self->step != NULL && !self->behind ? self->first : -1;
}

gint64
lockstep_resumption_take_back (LockstepResumption *self)
{
  const gint64 back = self->back;

  self->back = -1;
  return back;
}
