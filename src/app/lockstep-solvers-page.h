/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "lockstep-chronicle.h"
#include "lockstep-moment.h"

G_BEGIN_DECLS

/**
 * What every solver of a run is doing, or was doing at the moment that is set.
 *
 * Properties: run (LockstepRun), chronicle (LockstepChronicle: of the run), moment (LockstepMoment), selected
 * (LockstepRunSolver: of the run, read-only).
 */
#define LOCKSTEP_TYPE_SOLVERS_PAGE (lockstep_solvers_page_get_type ())
G_DECLARE_FINAL_TYPE (LockstepSolversPage, lockstep_solvers_page, LOCKSTEP, SOLVERS_PAGE, GtkWidget)

void lockstep_solvers_page_set_run (LockstepSolversPage *self,
                                    LockstepRun         *run);

void lockstep_solvers_page_set_chronicle (LockstepSolversPage *self,
                                          LockstepChronicle   *chronicle);
void lockstep_solvers_page_set_moment (LockstepSolversPage *self,
                                       LockstepMoment      *moment);

/* NULL for none. */
LockstepRunSolver *lockstep_solvers_page_get_selected (LockstepSolversPage *self);

G_END_DECLS
