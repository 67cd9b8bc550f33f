/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lockstep-task-row.h"

G_BEGIN_DECLS

/**
 * The tasks of the last step of tasks of a run as a table: a GListModel of LockstepTaskRow that are made when they are looked
 * at, sorted and filtered here, so that a hundred thousand of them cost no more than what is seen of them. It follows a run
 * that is at work, four times a second at most.
 *
 * Columns of params and results are found while it is idle: what lies in objects is flattened as in an export.
 *
 * Properties: step (string: title of the step; NULL where there is none), n-tasks (uint: without the filter).
 *
 * Signals: columns-changed: there are more, or others. updated: any values changed, and with them the counts. moving: right
 * before items-changed, while all is as it was.
 */
#define LOCKSTEP_TYPE_TASK_TABLE (lockstep_task_table_get_type ())
G_DECLARE_FINAL_TYPE (LockstepTaskTable, lockstep_task_table, LOCKSTEP, TASK_TABLE, GObject)

LockstepTaskTable *lockstep_task_table_new (LockstepRun *run);

LockstepRun *lockstep_task_table_get_run (LockstepTaskTable *self);

/* Without the filter. */
guint lockstep_task_table_get_n_tasks (LockstepTaskTable *self);

/* Tasks in that state. */
guint lockstep_task_table_count (LockstepTaskTable *self,
                                 LockstepTaskState  state);

/* Dotted paths, "network.los"; empty for values that are no objects. */
guint       lockstep_task_table_get_n_params (LockstepTaskTable *self);
guint       lockstep_task_table_get_n_results (LockstepTaskTable *self);
const char *lockstep_task_table_get_path (LockstepTaskTable        *self,
                                          const LockstepTaskColumn *column);

/* What a column is called; translated where it is not a path. */
char *lockstep_task_table_dup_title (LockstepTaskTable        *self,
                                     const LockstepTaskColumn *column);

/* Sorts by @column (NULL: in the order of the plan): on a thread, so that it takes effect a moment later. Tasks without a value
 * come last. */
void lockstep_task_table_set_order (LockstepTaskTable        *self,
                                    const LockstepTaskColumn *column,
                                    gboolean                  descending);

/* Whether all is as it was asked for, and every column is known. */
gboolean lockstep_task_table_is_settled (LockstepTaskTable *self);

/* Shows tasks in one of @states (1 << LockstepTaskState; 0 for all), and, of those that failed, where @causes is not NULL, those
 * of one of these causes alone (of LockstepCause). */
void lockstep_task_table_set_filter (LockstepTaskTable *self,
                                     guint              states,
                                     GPtrArray         *causes);

/* The tasks that failed among those that are shown, "17,33-40", as LockstepResumeOptions has them; NULL where none did. */
char *lockstep_task_table_dup_failed (LockstepTaskTable *self);

/* Where the task with that number in the run stands. FALSE where it is not shown. */
gboolean lockstep_task_table_find (LockstepTaskTable *self,
                                   gint64             task,
                                   guint             *position);

/* Whether each task is shown, by index from 0 (1 or 0); NULL where the filter shows all. Free with g_free(). */
guint8 *lockstep_task_table_dup_shown (LockstepTaskTable *self);

/* The row of the task @index of the step, from 0, shown or not. */
LockstepTaskRow *lockstep_task_table_get_row (LockstepTaskTable *self,
                                              guint              index);

/* The same of the task with that number in the run; NULL where it is none of the step's. */
LockstepTaskRow *lockstep_task_table_get_row_of (LockstepTaskTable *self,
                                                 gint64             task);

/* The numbers of @column by index, NaN where a task has none; on a thread. Free with g_free(). */
void    lockstep_task_table_read_column_async (LockstepTaskTable        *self,
                                               const LockstepTaskColumn *column,
                                               GCancellable             *cancellable,
                                               GAsyncReadyCallback       callback,
                                               gpointer                  user_data);
double *lockstep_task_table_read_column_finish (LockstepTaskTable *self,
                                                GAsyncResult      *result,
                                                guint             *n_tasks,
                                                GError           **error);

G_END_DECLS
