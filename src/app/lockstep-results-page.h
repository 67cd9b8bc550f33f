/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "lockstep-session.h"
#include "lockstep-task-table.h"

G_BEGIN_DECLS

/**
 * The tasks of a sweep: what each was given, what it brought, how long it took, and why it failed.
 *
 * Properties: session (LockstepSession), task (int64: the number of the selected one in the run; -1 for none, read-only),
 * filled (boolean: there are tasks to show, read-only).
 *
 * Signal activate (gint64 task): a task was clicked twice, or Enter pressed on it.
 *
 * Actions of its group "results": filter::STATE (all, failed, done, running, waiting), retry-task (the selected one), retry-shown
 * (those that failed and are shown), show-plot.
 */
#define LOCKSTEP_TYPE_RESULTS_PAGE (lockstep_results_page_get_type ())
G_DECLARE_FINAL_TYPE (LockstepResultsPage, lockstep_results_page, LOCKSTEP, RESULTS_PAGE, GtkWidget)

void lockstep_results_page_set_session (LockstepResultsPage *self,
                                        LockstepSession     *session);

/* For the window to insert as "results", so that shortcuts reach it. */
GActionGroup *lockstep_results_page_get_actions (LockstepResultsPage *self);

gboolean lockstep_results_page_get_filled (LockstepResultsPage *self);

/* The selected task; -1 for none. */
gint64 lockstep_results_page_get_task (LockstepResultsPage *self);

/* Its row, shown or not; NULL for none. */
LockstepTaskRow *lockstep_results_page_dup_row (LockstepResultsPage *self);

/* Selects a task and scrolls to it; -1 for none. */
void lockstep_results_page_select (LockstepResultsPage *self,
                                   gint64               task);

/* Its table; NULL without a run. */
LockstepTaskTable *lockstep_results_page_get_table (LockstepResultsPage *self);

G_END_DECLS
