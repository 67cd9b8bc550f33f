/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lockstep-plan.h"
#include "lockstep-record.h"
#include "lockstep-solver.h"

G_BEGIN_DECLS

/**
 * The solvers of a live run: starts them on their host, measures them, tells what happens to them, stops them.
 */
#define LOCKSTEP_TYPE_CREW (lockstep_crew_get_type ())
G_DECLARE_FINAL_TYPE (LockstepCrew, lockstep_crew, LOCKSTEP, CREW, GObject)

/* Signals:
 *
 * ready (LockstepSolver *solver): it was initialized.
 * answered (LockstepSolver *solver, gint64 task, GBytes *result, const GError *error): see LockstepSolver::answered.
 * ended (LockstepSolver *solver, const char *reason): no process of it is left, or it could not be launched. The reason is
 *   for people: "was killed by signal 9 (SIGKILL)", or what it was stopped for.
 * gone: the last solver has ended.
 */

/* @grace is what solvers are given to go, in seconds. */
LockstepCrew *lockstep_crew_new (LockstepRecord *record,
                                 LockstepHost   *host,
                                 double          grace);

/* Starts @n_solvers solvers. */
void lockstep_crew_launch (LockstepCrew *self,
                           guint         n_solvers);

/* However many there are or were. */
guint lockstep_crew_get_n_solvers (LockstepCrew *self);

LockstepSolver *lockstep_crew_get_solver (LockstepCrew *self,
                                          guint         index);

/* Those that are not dead, and those that were initialized and can be called. */
guint lockstep_crew_get_n_alive (LockstepCrew *self);
guint lockstep_crew_get_n_ready (LockstepCrew *self);

/* Stops them all. */
void lockstep_crew_stop (LockstepCrew *self,
                         LockstepStop  how,
                         const char   *why);

G_END_DECLS
