/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lockstep-post-mortem-text.h"
#include "lockstep-task-row.h"

G_BEGIN_DECLS

/* What is known of a solver or a task at present, as facts (of LockstepFact), and what it is called. All texts are translated. */

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

G_END_DECLS
