/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "lockstep-task-table.h"

G_BEGIN_DECLS

/**
 * Two columns of a table of tasks against each other, a point for each task.
 */
#define LOCKSTEP_TYPE_TASK_PLOT (lockstep_task_plot_get_type ())
G_DECLARE_FINAL_TYPE (LockstepTaskPlot, lockstep_task_plot, LOCKSTEP, TASK_PLOT, GtkWidget)

/* @table may be NULL. */
void lockstep_task_plot_set_table (LockstepTaskPlot  *self,
                                   LockstepTaskTable *table);

G_END_DECLS
