/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "lockstep-task-table.h"

G_BEGIN_DECLS

/**
 * A LockstepTaskTable to be seen: its columns, the order that their headers ask for, and one selected task, which stays
 * selected when rows move, or when the filter hides it.
 *
 * Properties: task (int64: the number of the selected one in the run; -1 for none; to set it is lockstep_task_view_select()),
 * columns-menu (GMenuModel: which columns there are, in sections; read-only).
 *
 * Signal activate (gint64 task): a task was clicked twice, or Enter pressed on it.
 */
#define LOCKSTEP_TYPE_TASK_VIEW (lockstep_task_view_get_type ())
G_DECLARE_FINAL_TYPE (LockstepTaskView, lockstep_task_view, LOCKSTEP, TASK_VIEW, GtkWidget)

/* @table may be NULL. */
void lockstep_task_view_set_table (LockstepTaskView  *self,
                                   LockstepTaskTable *table);

/* Whether each column is shown: to be inserted as "columns" around what has the menu. */
GActionGroup *lockstep_task_view_get_actions (LockstepTaskView *self);

gint64 lockstep_task_view_get_task (LockstepTaskView *self);

/* Selects a task that is in the table, and scrolls to it where it is shown; -1 for none. */
void lockstep_task_view_select (LockstepTaskView *self,
                                gint64            task);

G_END_DECLS
