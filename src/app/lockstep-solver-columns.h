/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "lockstep-clock.h"

G_BEGIN_DECLS

/**
 * Which columns the table of solvers has: those that a person chose, which is kept, else those that fit and have something to
 * tell. They are offered by a menu, which every header has.
 */
#define LOCKSTEP_TYPE_SOLVER_COLUMNS (lockstep_solver_columns_get_type ())
G_DECLARE_FINAL_TYPE (LockstepSolverColumns, lockstep_solver_columns, LOCKSTEP, SOLVER_COLUMNS, GObject)

/* @view has all of them, as in the template, and is not kept alive. @clock: for what is told relative to now. */
LockstepSolverColumns *lockstep_solver_columns_new (GtkColumnView *view,
                                                    LockstepClock *clock);

/* Whether the solvers are gone, so that they have other things to tell; and whether what is shown is a moment that is past. */
void lockstep_solver_columns_set_scene (LockstepSolverColumns *self,
                                        gboolean               ended,
                                        gboolean               past);

/* To be inserted as "columns", which the menu names. */
GActionGroup *lockstep_solver_columns_get_actions (LockstepSolverColumns *self);
GMenuModel   *lockstep_solver_columns_get_menu (LockstepSolverColumns *self);

G_END_DECLS
