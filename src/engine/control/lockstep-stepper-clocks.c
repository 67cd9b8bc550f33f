/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-stepper-private.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>

#include "lockstep-duration.h"
#include "lockstep-json-writer.h"

/* A task is late from so many times the median of those that have ended, and so many seconds over it. */
#define LATE_FACTOR  3.0
#define LATE_SECONDS 0.2

/* A task that failed waits so long (s) for another solver than the one it failed on. */
#define ELSEWHERE_WAIT 5.0

/* A solver that goes on with a task that was cancelled is stopped after so long (s). */
#define CANCEL_WAIT 5.0

void
lockstep_stepper_cancel_rival (LockstepStepper *self,
                               gint64           task,
                               guint            winner)
{
  guint   rival;
  gint64 *until;

  if (!lockstep_batch_find_rival (self->batch, task, winner, &rival))
    return;

  lockstep_solver_cancel (lockstep_crew_get_solver (self->crew, rival), task);
  until = g_new (gint64, 1);
  *until = lockstep_watch_get_time (self->watch, g_get_monotonic_time ()) + (gint64) (CANCEL_WAIT * G_USEC_PER_SEC);
  g_hash_table_insert (self->cancelled, GUINT_TO_POINTER (rival + 1), until);
}

/* Goes on without the solver, which was stopped, with the task that it had. */
static void
take_away (LockstepStepper *self,
           LockstepSolver  *solver,
           const char      *cause,
           const char      *reason,
           gboolean         charged)
{
  const guint  index = lockstep_solver_get_index (solver);
  LockstepTurn turn;

  lockstep_stepper_count_waiting (self, g_get_monotonic_time ());
  if (!lockstep_batch_pop (self->batch, index, &turn))
    return;

  lockstep_batch_give_back (self->batch, index);
  lockstep_stepper_handle_failure (self, solver, &turn, cause, 0, reason, NULL, charged);
  lockstep_stepper_check_over (self);
}

/* Stops the solver, and goes on without it with the task that it had. */
static void
stop_and_take_away (LockstepStepper *self,
                    LockstepSolver  *solver,
                    const char      *cause,
                    const char      *reason,
                    gboolean         charged)
{
  lockstep_crew_restart (self->crew, solver, LOCKSTEP_STOP_TERMINATE, reason);
  take_away (self, solver, cause, reason, charged);
}

/* Whether @solver has computed its task for too long, or was silent for too long: then it is stopped. */
static void
check_clocks (LockstepStepper *self,
              LockstepSolver  *solver)
{
  const LockstepPolicy *policy = &lockstep_batch_get_step (self->batch)->policy;
  const guint           index = lockstep_solver_get_index (solver);
  g_autofree char      *duration = NULL;
  g_autofree char      *reason = NULL;

  if (policy->timeout > 0 && lockstep_watch_get_elapsed (self->watch, index, g_get_monotonic_time ()) > policy->timeout)
    {
      duration = lockstep_duration_dup_text (policy->timeout);
      reason = g_strdup_printf (_ ("It took longer than %s (the plan's timeout)."), duration);
      stop_and_take_away (self, solver, "timeout", reason, TRUE);
    }
  else if (policy->stall > 0 && lockstep_watch_get_silence (self->watch, index, g_get_monotonic_time ()) > policy->stall)
    {
      duration = lockstep_duration_dup_text (policy->stall);
      reason = g_strdup_printf (_ ("It gave no sign of life for %s (the plan's stall)."), duration);
      stop_and_take_away (self, solver, "stall", reason, TRUE);
    }
}

static guint
count_idle (LockstepStepper *self)
{
  const guint n_solvers = lockstep_crew_get_n_solvers (self->crew);
  guint       n_idle = 0;

  for (guint i = 0; i < n_solvers; i++)
    n_idle += lockstep_solver_get_state (lockstep_crew_get_solver (self->crew, i)) == LOCKSTEP_SOLVER_READY;

  return n_idle;
}

/* Tells that the barrier waits for @turn, and does what the plan says. */
static void
notice_late (LockstepStepper    *self,
             LockstepSolver     *solver,
             const LockstepTurn *turn,
             double              median)
{
  static const char *const actions[] = {
    [LOCKSTEP_LATE_WAIT] = "wait",
    [LOCKSTEP_LATE_DUPLICATE] = "duplicate",
    [LOCKSTEP_LATE_RESTART] = "restart",
  };
  const LockstepLate late = lockstep_batch_get_step (self->batch)->policy.late;
  const guint        index = lockstep_solver_get_index (solver);
  LockstepEvent      event = lockstep_stepper_new_turn_event (self, LOCKSTEP_EVENT_TASK_LATE, index, turn);
  GString           *payload = g_string_new (NULL);

  g_hash_table_add (self->late, GINT_TO_POINTER (turn->index + 1));
  g_string_printf (payload, "{\"idle\":%u,\"action\":\"%s\"", count_idle (self), actions[late]);
  lockstep_json_append_name (payload, "median");
  lockstep_json_append_double (payload, median);
  lockstep_json_append_name (payload, "elapsed");
  lockstep_json_append_double (payload, lockstep_watch_get_elapsed (self->watch, index, g_get_monotonic_time ()));
  lockstep_record_tell_payload (self->record, &event, payload);

  if (late == LOCKSTEP_LATE_DUPLICATE && lockstep_batch_duplicate (self->batch, turn, index))
    lockstep_stepper_give_all (self);
  else if (late == LOCKSTEP_LATE_RESTART)
    stop_and_take_away (self, solver, "late", _ ("It was late at a barrier (the plan's late)."), FALSE);
}

static void
check_late (LockstepStepper *self,
            LockstepSolver  *solver)
{
  const guint  index = lockstep_solver_get_index (solver);
  const double elapsed = lockstep_watch_get_elapsed (self->watch, index, g_get_monotonic_time ());
  const double median = lockstep_median_get (self->durations);
  LockstepTurn turn;

  if (elapsed > LATE_FACTOR * median && elapsed > median + LATE_SECONDS && lockstep_batch_get_turn (self->batch, index, &turn) && !g_hash_table_contains (self->late, GINT_TO_POINTER (turn.index + 1)))
    notice_late (self, solver, &turn, median);
}

/* A solver that was told that its result is not wanted, and goes on. */
static void
check_cancelled (LockstepStepper *self,
                 LockstepSolver  *solver)
{
  gint64 *until = g_hash_table_lookup (self->cancelled, GUINT_TO_POINTER (lockstep_solver_get_index (solver) + 1));

  if (until != NULL && lockstep_watch_get_time (self->watch, g_get_monotonic_time ()) > *until)
    {
      g_hash_table_remove (self->cancelled, GUINT_TO_POINTER (lockstep_solver_get_index (solver) + 1));
      lockstep_crew_restart (self->crew, solver, LOCKSTEP_STOP_TERMINATE,
                             _ ("It went on with a task that another solver had done."));
    }
}

void
lockstep_stepper_check (LockstepStepper *self)
{
  const guint n_solvers = lockstep_crew_get_n_solvers (self->crew);
  gboolean    barrier_waits;

  for (guint i = 0; i < n_solvers && self->batch != NULL && !self->stopped; i++)
    {
      LockstepSolver *solver = lockstep_crew_get_solver (self->crew, i);
      LockstepTurn    turn;

      check_cancelled (self, solver);
      if (lockstep_batch_get_turn (self->batch, i, &turn))
        check_clocks (self, solver);
      else if (lockstep_watch_get_silence (self->watch, i, g_get_monotonic_time ()) > ELSEWHERE_WAIT)
        lockstep_stepper_give_tasks (self, solver, TRUE);
    }

  if (self->batch == NULL || self->stopped || self->paused)
    return;
  barrier_waits = lockstep_batch_get_n_waiting (self->batch) == 0 && lockstep_median_get_count (self->durations) > 0 && count_idle (self) > 0;
  for (guint i = 0; i < n_solvers && barrier_waits && self->batch != NULL && !self->stopped; i++)
    {
      LockstepTurn turn;

      if (lockstep_batch_get_turn (self->batch, i, &turn))
        check_late (self, lockstep_crew_get_solver (self->crew, i));
    }
}

gboolean
lockstep_stepper_act_on_late (LockstepStepper   *self,
                              gint64             task,
                              LockstepLateAction action,
                              GError           **error)
{
  LockstepSolver *solver;
  LockstepTurn    turn;
  guint           index;

  if (self->batch == NULL || self->stopped || !lockstep_batch_find_rival (self->batch, task, G_MAXUINT, &index) || !lockstep_batch_get_turn (self->batch, index, &turn) || turn.task != task)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, _ ("No solver is at task %" PRId64 " any more."), task);
      return FALSE;
    }

  solver = lockstep_crew_get_solver (self->crew, index);
  switch (action)
    {
    case LOCKSTEP_LATE_ACTION_WAIT:
      break;
    case LOCKSTEP_LATE_ACTION_DUPLICATE:
      g_hash_table_add (self->late, GINT_TO_POINTER (turn.index + 1));
      if (!lockstep_batch_duplicate (self->batch, &turn, index))
        {
          g_set_error (error, G_IO_ERROR, G_IO_ERROR_EXISTS, _ ("A second solver is at task %" PRId64 " already."), task);
          return FALSE;
        }
      lockstep_stepper_give_all (self);
      break;
    case LOCKSTEP_LATE_ACTION_RESTART:
      stop_and_take_away (self, solver, "late", _ ("It was restarted because it was late."), FALSE);
      break;
    case LOCKSTEP_LATE_ACTION_SKIP:
      if (lockstep_batch_get_step (self->batch)->policy.stop_on_failure)
        {
          g_set_error (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED,
                       _ ("Step %s needs all its results: a task can be skipped only where the plan says \"on-failure\": \"continue\"."),
                       lockstep_batch_get_step (self->batch)->title);
          return FALSE;
        }
      stop_and_take_away (self, solver, "skipped", _ ("It was skipped because it was late."), TRUE);
      break;
    }

  return TRUE;
}

gboolean
lockstep_stepper_restart (LockstepStepper *self,
                          guint            solver,
                          GError         **error)
{
  const char     *reason = _ ("It was restarted because somebody asked for it.");
  LockstepSolver *member;

  if (solver >= lockstep_crew_get_n_solvers (self->crew))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, _ ("The run has no solver %u."), solver);
      return FALSE;
    }

  member = lockstep_crew_get_solver (self->crew, solver);
  if (!lockstep_crew_renew (self->crew, member, reason, error))
    return FALSE;

  if (self->batch != NULL && !self->stopped)
    take_away (self, member, LOCKSTEP_CAUSE_ASKED, reason, FALSE);

  return TRUE;
}
