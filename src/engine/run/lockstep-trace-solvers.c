/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-trace-solvers.h"

#include "lockstep-run-solver-private.h"

static void
show_solver (LockstepTrace     *self,
             gint64             time,
             LockstepRunSolver *solver)
{
  const guint             index = lockstep_run_solver_get_index (solver);
  const LockstepTraceRow *row = lockstep_trace_get_row (self, index);
  const int               found = lockstep_trace_row_find (row, time);
  const LockstepSpan     *last = found >= 0 ? lockstep_trace_row_get_span (row, (guint) found) : NULL;
  LockstepStep           *step = last != NULL ? lockstep_plan_get_step (lockstep_trace_get_plan (self), last->step) : NULL;
  LockstepSight           sight;
  int                     part = -1;

  lockstep_trace_look (self, index, time, &sight);

  /* The tasks of a step on all are its parts. */
  if (sight.span != NULL && sight.step != NULL && step != NULL && step->kind == LOCKSTEP_STEP_ALL && last->n_tasks == 1 && sight.step->n_steps == 1)
    part = (int) (last->task - sight.step->first);

  lockstep_run_solver_set_host (solver, row->host);
  lockstep_run_solver_set_state (solver, sight.state, 0);
  lockstep_run_solver_set_since (solver, lockstep_trace_to_clock (self, sight.since));
  lockstep_run_solver_set_waiting (solver, sight.waiting);
  lockstep_run_solver_set_task (solver, step != NULL ? step->title : NULL, last != NULL ? last->task : -1,
                                step != NULL && step->kind == LOCKSTEP_STEP_TASKS, last != NULL ? last->attempt : 0,
                                part, part >= 0 ? (int) sight.step->n_tasks : 0);
  lockstep_run_solver_set_fraction (solver, sight.span == NULL && last != NULL && last->outcome == LOCKSTEP_SPAN_DONE ? 1 : sight.fraction);
  lockstep_run_solver_set_usage (solver, sight.cpu, sight.memory > 0 ? (guint64) sight.memory : 0);
  lockstep_run_solver_flush (solver);
}

void
lockstep_trace_show_solvers (LockstepTrace *self,
                             gint64         time,
                             GListStore    *rows)
{
  const guint n_rows = lockstep_trace_get_n_rows (self);
  const guint n_there = g_list_model_get_n_items (G_LIST_MODEL (rows));

  if (n_there > n_rows)
    g_list_store_splice (rows, n_rows, n_there - n_rows, NULL, 0);
  for (guint i = 0; i < n_rows; i++)
    {
      g_autoptr (LockstepRunSolver) solver = i < n_there ? g_list_model_get_item (G_LIST_MODEL (rows), i) : lockstep_run_solver_new (i);

      show_solver (self, time, solver);
      if (i >= n_there)
        g_list_store_append (rows, solver);
    }
}

LockstepRunSolver *
lockstep_trace_dup_solver (LockstepTrace *self,
                           gint64         time,
                           guint          index)
{
  LockstepRunSolver *solver;

  if (index >= lockstep_trace_get_n_rows (self))
    return NULL;

  solver = lockstep_run_solver_new (index);
  show_solver (self, time, solver);

  return solver;
}
