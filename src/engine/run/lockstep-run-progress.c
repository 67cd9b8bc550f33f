/* SPDX-License-Identifier: GPL-3.0-or-later */

/* How far a run is, how long it will take, and what may be done with it meanwhile. */

#include "lockstep-run-members.h"

#include "lockstep-run-fraction.h"

/* The share of the step at work that is done. */
static double
get_step_fraction (LockstepRun *self)
{
  const guint n_solvers = g_list_model_get_n_items (G_LIST_MODEL (self->solvers));
  double      done = lockstep_results_get_n_ended (self->results);

  if (!self->at_work)
    return 1;
  if (lockstep_results_get_n_tasks (self->results) == 0)
    return 0;

  for (guint i = 0; i < n_solvers; i++)
    {
      LockstepRunSolver *solver = lockstep_run_get_solver (self, (int) i);

      if (lockstep_run_solver_get_state (solver) == LOCKSTEP_SOLVER_BUSY)
        done += MAX (lockstep_run_solver_get_fraction (solver), 0);
    }

  return MIN (done / lockstep_results_get_n_tasks (self->results), 1);
}

double
lockstep_run_get_fraction (LockstepRun *self)
{
  if (self->state == LOCKSTEP_RUN_FINISHED)
    return 1;
  if (self->step == NULL)
    return self->state == LOCKSTEP_RUN_IDLE ? 0 : -1;

  return lockstep_run_fraction (self->plan, self->step, (const guint *) self->iterations->data, self->iterations->len,
                                get_step_fraction (self));
}

gboolean
lockstep_run_is_finishing (LockstepRun *self)
{
  return self->finishing;
}

LockstepEstimateScope
lockstep_run_get_estimate (LockstepRun *self,
                           double      *low,
                           double      *high)
{
  if (self->state != LOCKSTEP_RUN_STEPPING && self->state != LOCKSTEP_RUN_PAUSED)
    return LOCKSTEP_ESTIMATE_NONE;
  /* What the barrier waits for takes longer than all that could be gone by; what is not begun any more takes no time. */
  if (self->late->len > 0 || self->finishing)
    return LOCKSTEP_ESTIMATE_NONE;

  return lockstep_estimate_get (self->estimate, g_get_real_time (), low, high);
}

const LockstepEstimateMade *
lockstep_run_get_estimates_made (LockstepRun *self,
                                 guint       *n_made)
{
  return lockstep_estimate_get_made (self->estimate, n_made);
}

LockstepStep *
lockstep_run_get_step (LockstepRun *self)
{
  return self->step;
}

int
lockstep_run_get_iteration (LockstepRun *self)
{
  return self->iteration;
}

guint64
lockstep_run_get_n_tasks (LockstepRun *self)
{
  return lockstep_results_get_n_tasks (self->results);
}

guint64
lockstep_run_get_n_done (LockstepRun *self)
{
  return lockstep_results_get_n_ended (self->results);
}

LockstepStep *
lockstep_run_get_loop (LockstepRun *self)
{
  return self->loop;
}

gboolean
lockstep_run_get_loop_value (LockstepRun *self,
                             double      *value)
{
  if (self->loop == NULL || self->loop->until == NULL)
    return FALSE;

  *value = self->loop_value;
  return TRUE;
}

gboolean
lockstep_run_may_stop_iterating (LockstepRun *self)
{
  const LockstepStep *step = self->step;

  return (self->state == LOCKSTEP_RUN_STEPPING || self->state == LOCKSTEP_RUN_PAUSED) && step != NULL &&
         !self->finishing && step->parent != NULL && !lockstep_run_is_leaving (self, step->parent);
}

gboolean
lockstep_run_may_restart (LockstepRun *self,
                          guint        solver)
{
  LockstepSolverState state;

  if ((self->state != LOCKSTEP_RUN_LAUNCHING && self->state != LOCKSTEP_RUN_STEPPING && self->state != LOCKSTEP_RUN_PAUSED) ||
      self->finishing || solver >= self->rows->len)
    return FALSE;

  state = lockstep_run_solver_get_state (g_ptr_array_index (self->rows, solver));
  return state != LOCKSTEP_SOLVER_DEAD && state != LOCKSTEP_SOLVER_TERMINATING;
}
