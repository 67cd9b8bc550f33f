/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lockstep-run-private.h"
#include "lockstep-task-table-private.h"

G_BEGIN_DECLS

/* The table is written in three files: lockstep-task-table.c follows the run and has the rows,
 * lockstep-task-table-columns.c finds the columns, and lockstep-task-table-shown.c says which tasks are shown in which
 * order. */

/* Of telling views and of looking for columns: below drawing. */
#define LOCKSTEP_TASK_TABLE_PRIORITY 150

struct _LockstepTaskTable
{
  GObject                    parent_instance;
  LockstepRun               *run;
  const LockstepStepResults *outcome; /* of the step that is shown; NULL where there is none */
  LockstepStep              *step;    /* the plan's */
  guint                      n_tasks;
  LockstepColumns           *params;
  LockstepColumns           *results;
  guint                      n_scanned; /* tasks that were looked at for columns when they were all there was */
  guint                      scan_source;
  GHashTable                *rows;    /* index → LockstepTaskRow, not owned: those that somebody looks at */
  GArray                    *changed; /* of guint32: indices that views were not told of */
  gboolean                   resumed; /* the step that starts next may be the same one, and what it knows void */
  gboolean                   restart; /* there may be another step than the one that is shown, or other tasks in it */
  gboolean                   forced;  /* and it is shown anew anyway */
  guint                      flush_source;
  guint                      counts[LOCKSTEP_N_TASK_STATES]; /* tasks by state, once they were counted */
  gboolean                   counted;

  GArray            *shown;  /* of guint32, indices in their order; NULL: all in the order of the plan */
  GArray            *sorted; /* the same without the filter; NULL: the order of the plan */
  LockstepTaskColumn column; /* sorted by */
  gboolean           descending;
  gboolean           ordered;   /* there is such a column */
  GCancellable      *sorting;   /* NULL while no thread sorts */
  gboolean           stale;     /* values have changed since */
  gint64             sorted_at; /* monotonic */

  guint      states; /* that are shown; 0 for all */
  GPtrArray *causes; /* the same; NULL for all */
};

enum
{
  LOCKSTEP_TASK_TABLE_COLUMNS_CHANGED,
  LOCKSTEP_TASK_TABLE_UPDATED,
  LOCKSTEP_TASK_TABLE_MOVING,
  LOCKSTEP_TASK_TABLE_N_SIGNALS
};

extern guint lockstep_task_table_signals[LOCKSTEP_TASK_TABLE_N_SIGNALS];

/* Looks for the columns of other tasks than before: at some at once, at the others while nothing else is to do. */
void lockstep_task_table_begin_scan (LockstepTaskTable *self);

/* Whether a task brought new columns. */
gboolean lockstep_task_table_scan_task (LockstepTaskTable *self,
                                        guint              index,
                                        gboolean           params_too);

/* Applies the filter to the order. */
void lockstep_task_table_update_shown (LockstepTaskTable *self);

/* Sorts on a thread, in place of any sorting under way. */
void lockstep_task_table_sort (LockstepTaskTable *self);

G_END_DECLS
