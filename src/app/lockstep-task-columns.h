/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "lockstep-task-table.h"

G_BEGIN_DECLS

/* The columns of a GtkColumnView over a LockstepTaskTable. */

/* A column that shows @column of the rows, and can be sorted by. */
GtkColumnViewColumn *lockstep_task_columns_new_column (LockstepTaskTable        *table,
                                                       const LockstepTaskColumn *column);

/* Whether what stands in @column are numbers, as far as one sees; then it stands at the end of its cells. */
gboolean lockstep_task_columns_are_numbers (LockstepTaskTable        *table,
                                            const LockstepTaskColumn *column);

/* The column of the table that @view is sorted by now. FALSE where it is sorted by none. */
gboolean lockstep_task_columns_get_order (GtkColumnView      *view,
                                          LockstepTaskColumn *column,
                                          gboolean           *descending);

G_END_DECLS
