/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-task-table-members.h"

#include <glib/gi18n-lib.h>

/* Tasks that are looked at for new columns before anything is shown, and then at a time, while nothing else is to do. */
#define SCAN_FIRST 200
#define SCAN_STEP  500

static gboolean
add_columns (LockstepColumns *columns,
             GBytes          *bytes)
{
  const guint  n_before = lockstep_columns_get_count (columns);
  LockstepJson value = { NULL, 0 };

  if (bytes == NULL)
    return FALSE;

  /* What is beyond the limit of columns is left out, as a spreadsheet would. */
  value.text = g_bytes_get_data (bytes, &value.length);
  lockstep_columns_add (columns, value);

  return lockstep_columns_get_count (columns) > n_before;
}

gboolean
lockstep_task_table_scan_task (LockstepTaskTable *self,
                               guint              index,
                               gboolean           params_too)
{
  gboolean found = add_columns (self->results, g_ptr_array_index (self->outcome->results, index));

  if (params_too)
    {
      g_autoptr (GBytes) params = lockstep_task_table_dup_params (self, index);

      found |= add_columns (self->params, params);
    }

  return found;
}

static gboolean
scan_some (LockstepTaskTable *self,
           guint              n_tasks)
{
  const guint end = MIN (self->n_scanned + n_tasks, self->n_tasks);
  gboolean    found = FALSE;

  for (; self->n_scanned < end; self->n_scanned++)
    found |= lockstep_task_table_scan_task (self, self->n_scanned, TRUE);

  return found;
}

static gboolean
scan_cb (gpointer user_data)
{
  LockstepTaskTable *self = user_data;

  if (scan_some (self, SCAN_STEP))
    g_signal_emit (self, lockstep_task_table_signals[LOCKSTEP_TASK_TABLE_COLUMNS_CHANGED], 0);
  if (self->n_scanned < self->n_tasks)
    return G_SOURCE_CONTINUE;

  self->scan_source = 0;
  return G_SOURCE_REMOVE;
}

void
lockstep_task_table_begin_scan (LockstepTaskTable *self)
{
  g_clear_pointer (&self->params, lockstep_columns_free);
  g_clear_pointer (&self->results, lockstep_columns_free);
  self->params = lockstep_columns_new ();
  self->results = lockstep_columns_new ();
  self->n_scanned = 0;
  scan_some (self, SCAN_FIRST);
  if (self->scan_source == 0 && self->n_scanned < self->n_tasks)
    self->scan_source = g_idle_add_full (LOCKSTEP_TASK_TABLE_PRIORITY, scan_cb, self, NULL);
}

LockstepColumns *
lockstep_task_table_get_columns (LockstepTaskTable     *self,
                                 LockstepTaskColumnKind kind)
{
  return kind == LOCKSTEP_TASK_COLUMN_RESULT ? self->results : self->params;
}

guint
lockstep_task_table_get_n_params (LockstepTaskTable *self)
{
  g_return_val_if_fail (LOCKSTEP_IS_TASK_TABLE (self), 0);

  return lockstep_columns_get_count (self->params);
}

guint
lockstep_task_table_get_n_results (LockstepTaskTable *self)
{
  g_return_val_if_fail (LOCKSTEP_IS_TASK_TABLE (self), 0);

  return lockstep_columns_get_count (self->results);
}

const char *
lockstep_task_table_get_path (LockstepTaskTable        *self,
                              const LockstepTaskColumn *column)
{
  LockstepColumns *columns;

  g_return_val_if_fail (LOCKSTEP_IS_TASK_TABLE (self), NULL);

  if (column->kind != LOCKSTEP_TASK_COLUMN_PARAM && column->kind != LOCKSTEP_TASK_COLUMN_RESULT)
    return NULL;

  columns = lockstep_task_table_get_columns (self, column->kind);
  return column->number < lockstep_columns_get_count (columns) ? lockstep_columns_get_path (columns, column->number) : NULL;
}

char *
lockstep_task_table_dup_title (LockstepTaskTable        *self,
                               const LockstepTaskColumn *column)
{
  const char *path;

  g_return_val_if_fail (LOCKSTEP_IS_TASK_TABLE (self), NULL);

  switch (column->kind)
    {
    case LOCKSTEP_TASK_COLUMN_TASK:
      return g_strdup (_ ("Task"));
    case LOCKSTEP_TASK_COLUMN_DURATION:
      return g_strdup (_ ("Duration"));
    case LOCKSTEP_TASK_COLUMN_ATTEMPTS:
      return g_strdup (_ ("Attempts"));
    case LOCKSTEP_TASK_COLUMN_STATE:
      return g_strdup (_ ("State"));
    case LOCKSTEP_TASK_COLUMN_PARAM:
    case LOCKSTEP_TASK_COLUMN_RESULT:
    default:
      path = lockstep_task_table_get_path (self, column);
      return g_strdup (path != NULL && *path != '\0' ? path : _ ("Result"));
    }
}
