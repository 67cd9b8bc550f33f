/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "lockstep-task-table.h"

G_BEGIN_DECLS

/**
 * Two columns of a table of tasks against each other, a point for each task. It follows a run that is at work, twice a second
 * at most. Tasks that the table's filter hides stay behind as a shadow.
 *
 * Properties: task (int64: the number of the selected one in the run; -1 for none).
 *
 * Signal activate (gint64 task): a point was clicked twice, or Enter pressed on it.
 */
#define LOCKSTEP_TYPE_TASK_PLOT (lockstep_task_plot_get_type ())
G_DECLARE_FINAL_TYPE (LockstepTaskPlot, lockstep_task_plot, LOCKSTEP, TASK_PLOT, GtkWidget)

/* @table may be NULL. */
void lockstep_task_plot_set_table (LockstepTaskPlot  *self,
                                   LockstepTaskTable *table);

void lockstep_task_plot_set_task (LockstepTaskPlot *self,
                                  gint64            task);

G_END_DECLS
