/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "lockstep-session.h"
#include "lockstep-task-row.h"

G_BEGIN_DECLS

/**
 * All there is to know of one solver or task of the session's run: what it does now, or what became of it; or, while the session's
 * moment is not now, what it was at then.
 *
 * Property session (LockstepSession).
 *
 * Signal said (const char *text): something was done, or could not be; a sentence for a toast.
 *
 * Actions of its group "details": show-log, open-folder, copy-command, copy-fact (all of one that is shown in part, by its
 * index: u), run-again (the task, in a terminal), retry (the task of a run that has ended; or restarts the solver that is at
 * it), now (goes back to the present).
 */
#define LOCKSTEP_TYPE_DETAILS (lockstep_details_get_type ())
G_DECLARE_FINAL_TYPE (LockstepDetails, lockstep_details, LOCKSTEP, DETAILS, GtkWidget)

void lockstep_details_set_session (LockstepDetails *self,
                                   LockstepSession *session);

/* For the window to insert as "details", so that shortcuts reach it. */
GActionGroup *lockstep_details_get_actions (LockstepDetails *self);

/* Shows a solver, a task, or neither. */
void lockstep_details_show_solver (LockstepDetails   *self,
                                   LockstepRunSolver *solver);
void lockstep_details_show_task (LockstepDetails *self,
                                 LockstepTaskRow *row);
void lockstep_details_clear (LockstepDetails *self);

/* Whether what there is to read of it is being read. */
gboolean lockstep_details_get_loading (LockstepDetails *self);

G_END_DECLS
