/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lockstep-post-mortem-text.h"
#include "lockstep-task-row.h"
#include "lockstep-trace.h"

G_BEGIN_DECLS

/* What is known of a solver or a task at present, or of a moment before, as facts (of LockstepFact), and what it is called. All texts are translated. */

/* "Solver 3 · part 3 of 4 · attempt 1 · pid 8123" */
char *lockstep_present_dup_solver_title (LockstepRunSolver *solver);

/* @now is UTC in µs. */
GPtrArray *lockstep_present_list_solver (LockstepRunSolver *solver,
                                         gint64             now);

/* "Task 137 · attempt 2 · solver 3" */
char *lockstep_present_dup_task_title (LockstepTaskRow *row);

/* Params, result, state; and what @mortem (may be NULL) says of its last attempt. */
GPtrArray *lockstep_present_list_task (LockstepTaskRow          *row,
                                       const LockstepPostMortem *mortem);

/* "Task 137" */
char *lockstep_present_dup_past_task_title (LockstepTaskRow *row);

/* What they were at @time of @trace, and what became of that. @then is the solver as it was, or NULL where it had not been started. */
GPtrArray *lockstep_present_list_past_solver (LockstepRunSolver *then,
                                              LockstepTrace     *trace,
                                              gint64             time);
GPtrArray *lockstep_present_list_past_task (LockstepTaskRow *row,
                                            LockstepTrace   *trace,
                                            gint64           time);

G_END_DECLS
