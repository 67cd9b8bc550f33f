/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Keeps those of a list of LockstepRunSolver that a person looks for. */
#define LOCKSTEP_TYPE_SOLVER_FILTER (lockstep_solver_filter_get_type ())
G_DECLARE_FINAL_TYPE (LockstepSolverFilter, lockstep_solver_filter, LOCKSTEP, SOLVER_FILTER, GtkFilter)

LockstepSolverFilter *lockstep_solver_filter_new (void);

/* Part of a host, a step, a message or a reason, in any case, or the whole of a number; empty for any. */
void lockstep_solver_filter_set_text (LockstepSolverFilter *self,
                                      const char           *text);

/* A LockstepDoing, or −1 for any. */
void lockstep_solver_filter_set_doing (LockstepSolverFilter *self,
                                       int                   doing);

/* The solvers have changed, so that it may keep others of them now. */
void lockstep_solver_filter_refresh (LockstepSolverFilter *self);

G_END_DECLS
