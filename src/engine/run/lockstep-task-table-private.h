/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lockstep-step-results.h"
#include "lockstep-task-table.h"

G_BEGIN_DECLS

/* What rows ask of their table. */

/* The task that was there when the row was made may be gone. */
gboolean lockstep_task_table_has (LockstepTaskTable *self,
                                  guint              index);

const LockstepStepResults *lockstep_task_table_get_outcome (LockstepTaskTable *self);

LockstepTaskState lockstep_task_table_get_state (LockstepTaskTable *self,
                                                 guint              index);

/* The step's, which the plan owns; NULL where there is none. */
LockstepTaskList *lockstep_task_table_get_tasks (LockstepTaskTable *self);

GBytes *lockstep_task_table_dup_params (LockstepTaskTable *self,
                                        guint              index);

/* Of params and of results. */
LockstepColumns *lockstep_task_table_get_columns (LockstepTaskTable     *self,
                                                  LockstepTaskColumnKind kind);

void lockstep_task_table_forget_row (LockstepTaskTable *self,
                                     guint              index);

LockstepTaskRow *lockstep_task_row_new (LockstepTaskTable *table,
                                        guint              index);

/* Its values are not what they were. */
void lockstep_task_row_change (LockstepTaskRow *self);

/* The values of one column as they are now, for a thread. */
typedef struct _LockstepTaskOrder LockstepTaskOrder;

LockstepTaskOrder *lockstep_task_order_new (LockstepTaskTable        *table,
                                            const LockstepTaskColumn *column,
                                            gboolean                  descending);

void lockstep_task_order_free (LockstepTaskOrder *self);

/* By index, NaN where there is no number. On any thread. */
double *lockstep_task_order_read_numbers (LockstepTaskOrder *self);

/* The indices of the tasks, sorted (of guint32). On any thread. */
GArray *lockstep_task_order_sort (LockstepTaskOrder *self);

guint lockstep_task_order_get_n_tasks (LockstepTaskOrder *self);

G_END_DECLS
