/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Tasks that a barrier waits for longer than they should take. */

#include "lockstep-run-members.h"

#include "lockstep-run-solver-private.h"

LockstepLateTask *
lockstep_run_find_late (LockstepRun *self,
                        gint64       task)
{
  for (guint i = 0; i < self->late->len; i++)
    {
      LockstepLateTask *late = &g_array_index (self->late, LockstepLateTask, i);

      if (late->task == task)
        return late;
    }

  return NULL;
}

void
lockstep_run_fold_late (LockstepRun         *self,
                        const LockstepEvent *event)
{
  double           elapsed = 0;
  LockstepLateTask late = { .task = event->task, .solver = event->solver, .attempt = event->attempt, .n_solvers = 1 };

  if (lockstep_run_find_late (self, event->task) != NULL)
    return;

  lockstep_json_get_double (lockstep_json_get_member (lockstep_event_get_payload (event), "median"), &late.median);
  lockstep_json_get_double (lockstep_json_get_member (lockstep_event_get_payload (event), "elapsed"), &elapsed);
  late.begun = event->time - (gint64) (elapsed * G_USEC_PER_SEC);
  g_array_append_val (self->late, late);
  lockstep_run_mark_late (self);
}

/* The solver that is at @task, other than @except; @except where there is none. */
static int
find_at_work (LockstepRun *self,
              gint64       task,
              int          except)
{
  for (guint i = 0; i < self->rows->len; i++)
    {
      LockstepRunSolver *solver = g_ptr_array_index (self->rows, i);

      if ((int) i != except && lockstep_run_solver_get_task (solver) == task &&
          lockstep_run_solver_get_state (solver) == LOCKSTEP_SOLVER_BUSY)
        return (int) i;
    }

  return except;
}

void
lockstep_run_leave_late (LockstepRun         *self,
                         const LockstepEvent *event)
{
  LockstepLateTask *late = lockstep_run_find_late (self, event->task);

  if (late == NULL)
    return;

  if (event->type == LOCKSTEP_EVENT_TASK_FAILED && late->n_solvers > 1)
    {
      late->n_solvers--;
      if (late->solver == event->solver)
        late->solver = find_at_work (self, event->task, event->solver);
    }
  else
    {
      g_array_remove_index (self->late, (guint) (late - (LockstepLateTask *) (gpointer) self->late->data));
    }
  lockstep_run_mark_late (self);
}
