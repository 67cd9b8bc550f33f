/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lockstep-json.h"
#include "lockstep-run-solver.h"

G_BEGIN_DECLS

/* Only LockstepRun writes its LockstepRunSolvers, while it folds an event; those of a moment that is past are rows of
 * lockstep_trace_show_solvers(). */

LockstepRunSolver *lockstep_run_solver_new (guint index);

/* The only place that the state is written. */
void lockstep_run_solver_set_state (LockstepRunSolver  *self,
                                    LockstepSolverState state,
                                    gint64              time);

/* From SOLVER_LAUNCHED. */
void lockstep_run_solver_set_launched (LockstepRunSolver *self,
                                       LockstepJson       payload);

/* From SOLVER_ENDED, after the state. What had nothing to do and was told to stop did not die of anything: it gets no reason. */
void lockstep_run_solver_set_reason (LockstepRunSolver *self,
                                     const char        *reason);

void lockstep_run_solver_set_waiting (LockstepRunSolver *self,
                                      gboolean           waiting);

/* Whether the barrier waits for it. */
void lockstep_run_solver_set_late (LockstepRunSolver *self,
                                   gboolean           late);

/* From TASK_STARTED. @step is borrowed from the plan, which outlives the row; @listed where it is a list of tasks. */
void lockstep_run_solver_set_task (LockstepRunSolver *self,
                                   const char        *step,
                                   gint64             task,
                                   gboolean           listed,
                                   int                attempt,
                                   int                part,
                                   int                parts);

/* From PROGRESS; absent members leave what was. TRUE when something changed: a sign of life. */
gboolean lockstep_run_solver_set_progress (LockstepRunSolver *self,
                                           LockstepJson       payload,
                                           gint64             time);

/* Of a moment that is past. */
void lockstep_run_solver_set_host (LockstepRunSolver *self,
                                   const char        *host);
void lockstep_run_solver_set_since (LockstepRunSolver *self,
                                    gint64             time);
void lockstep_run_solver_set_fraction (LockstepRunSolver *self,
                                       double             fraction);

/* From SOLVER_STARTED. */
void lockstep_run_solver_set_pid (LockstepRunSolver *self,
                                  gint64             pid);

/* The task of this solver ended well: its progress is 1. */
void lockstep_run_solver_set_done (LockstepRunSolver *self);

void lockstep_run_solver_set_usage (LockstepRunSolver *self,
                                    double             cpu,
                                    guint64            memory);

void lockstep_run_solver_set_sign (LockstepRunSolver *self,
                                   gint64             time);

/* Emits the notifications that are due. */
void lockstep_run_solver_flush (LockstepRunSolver *self);

G_END_DECLS
