/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "lockstep-run.h"

G_BEGIN_DECLS

/**
 * What every solver of a run is doing.
 *
 * Properties: run (LockstepRun), selected (LockstepRunSolver, read-only).
 */
#define LOCKSTEP_TYPE_SOLVERS_PAGE (lockstep_solvers_page_get_type ())
G_DECLARE_FINAL_TYPE (LockstepSolversPage, lockstep_solvers_page, LOCKSTEP, SOLVERS_PAGE, GtkWidget)

void lockstep_solvers_page_set_run (LockstepSolversPage *self,
                                    LockstepRun         *run);

/* NULL for none. */
LockstepRunSolver *lockstep_solvers_page_get_selected (LockstepSolversPage *self);

G_END_DECLS
