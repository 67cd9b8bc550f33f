/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib-object.h>

#include "lockstep-process.h"

G_BEGIN_DECLS

/**
 * A solver as a run knows it, folded from events: what a row of a view shows.
 *
 * Properties change at once; their notifications come at most 10 times a second, all together.
 */
typedef enum
{
  LOCKSTEP_SOLVER_DEAD,
  LOCKSTEP_SOLVER_LAUNCHING,
  LOCKSTEP_SOLVER_INITIALIZING,
  LOCKSTEP_SOLVER_READY,
  LOCKSTEP_SOLVER_BUSY,
  LOCKSTEP_SOLVER_TERMINATING,
} LockstepSolverState;

/* "dead", "launching", …: for files and scripts, not for people. */
const char *lockstep_solver_state_to_name (LockstepSolverState state);

#define LOCKSTEP_TYPE_RUN_SOLVER (lockstep_run_solver_get_type ())
G_DECLARE_FINAL_TYPE (LockstepRunSolver, lockstep_run_solver, LOCKSTEP, RUN_SOLVER, GObject)

/* Properties, all read-only; times are UTC in µs, 0 for none:
 *   index (uint), host (string), pid (int64), state (LockstepSolverState as uint), waiting (boolean: done with the step,
 *   at the barrier), late (boolean: the barrier waits for it), step (string: title of its last or present step),
 *   part (int, -1 for none), parts (int), task (int64, -1), listed (boolean: task is one of a list of tasks), attempt (int), fraction (double, negative for unknown), message (string), values (string, JSON),
 *   cpu (double: share of one core, negative for unknown), memory (uint64, bytes), sign (int64: last sign of life),
 *   since (int64: when the present state began), log (string: path of its output), reason (string: why it died,
 *   or was stopped while it had something to do) */

guint               lockstep_run_solver_get_index (LockstepRunSolver *self);
const char         *lockstep_run_solver_get_host (LockstepRunSolver *self);
gint64              lockstep_run_solver_get_pid (LockstepRunSolver *self);
LockstepSolverState lockstep_run_solver_get_state (LockstepRunSolver *self);
gboolean            lockstep_run_solver_get_waiting (LockstepRunSolver *self);
gboolean            lockstep_run_solver_get_late (LockstepRunSolver *self);
const char         *lockstep_run_solver_get_step (LockstepRunSolver *self);
int                 lockstep_run_solver_get_part (LockstepRunSolver *self);
int                 lockstep_run_solver_get_parts (LockstepRunSolver *self);
gint64              lockstep_run_solver_get_task (LockstepRunSolver *self);
gboolean            lockstep_run_solver_get_listed (LockstepRunSolver *self);
int                 lockstep_run_solver_get_attempt (LockstepRunSolver *self);
double              lockstep_run_solver_get_fraction (LockstepRunSolver *self);
const char         *lockstep_run_solver_get_message (LockstepRunSolver *self);
const char         *lockstep_run_solver_get_values (LockstepRunSolver *self);
double              lockstep_run_solver_get_cpu (LockstepRunSolver *self);
guint64             lockstep_run_solver_get_memory (LockstepRunSolver *self);
gint64              lockstep_run_solver_get_sign (LockstepRunSolver *self);
gint64              lockstep_run_solver_get_since (LockstepRunSolver *self);
const char         *lockstep_run_solver_get_log (LockstepRunSolver *self);
const char         *lockstep_run_solver_get_reason (LockstepRunSolver *self);

G_END_DECLS
