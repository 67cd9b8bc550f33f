/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-task-table-members.h"

static gboolean
is_shown (LockstepTaskTable *self,
          guint              index)
{
  const LockstepTaskState state = lockstep_task_table_get_state (self, index);

  if (self->states != 0 && (self->states & (1u << state)) == 0)
    return FALSE;

  return self->causes == NULL || state != LOCKSTEP_TASK_FAILED ||
         g_ptr_array_find (self->causes, lockstep_run_get_cause (self->run, self->outcome->first + index), NULL);
}

static guint
get_shown (GArray *shown,
           guint   position)
{
  return shown != NULL ? g_array_index (shown, guint32, position) : position;
}

/* Replaces what is shown, and tells of no more than what moved. */
static void
set_shown (LockstepTaskTable *self,
           GArray            *shown,
           guint              n_before)
{
  g_autoptr (GArray) before = NULL;
  const guint        n_now = shown != NULL ? shown->len : self->n_tasks;
  guint              start = 0, end = 0;
  gboolean           moves;

  while (start < MIN (n_before, n_now) && get_shown (self->shown, start) == get_shown (shown, start))
    start++;
  while (end < MIN (n_before, n_now) - start && get_shown (self->shown, n_before - end - 1) == get_shown (shown, n_now - end - 1))
    end++;

  moves = n_before - start - end > 0 || n_now - start - end > 0;
  if (moves)
    g_signal_emit (self, lockstep_task_table_signals[LOCKSTEP_TASK_TABLE_MOVING], 0);
  before = g_steal_pointer (&self->shown);
  self->shown = shown;
  if (moves)
    g_list_model_items_changed (G_LIST_MODEL (self), start, n_before - start - end, n_now - start - end);
}

void
lockstep_task_table_update_shown (LockstepTaskTable *self)
{
  const guint n_before = g_list_model_get_n_items (G_LIST_MODEL (self));
  GArray     *shown = NULL;

  if (self->states != 0 || self->causes != NULL)
    {
      shown = g_array_new (FALSE, FALSE, sizeof (guint32));
      for (guint32 i = 0; i < self->n_tasks; i++)
        {
          const guint32 index = get_shown (self->sorted, i);

          if (is_shown (self, index))
            g_array_append_val (shown, index);
        }
    }
  else if (self->sorted != NULL)
    {
      shown = g_array_ref (self->sorted);
    }

  set_shown (self, shown, n_before);
}

static void
sort_on_thread (GTask        *task,
                gpointer      source,
                gpointer      task_data,
                GCancellable *cancellable)
{
  g_task_return_pointer (task, lockstep_task_order_sort (task_data), (GDestroyNotify) g_array_unref);
}

static void
sort_cb (GObject      *object,
         GAsyncResult *result,
         gpointer      user_data)
{
  LockstepTaskTable *self = LOCKSTEP_TASK_TABLE (object);
  g_autoptr (GArray) sorted = g_task_propagate_pointer (G_TASK (result), NULL);

  /* Cancelled: another order is wanted, or other tasks are shown. */
  if (sorted == NULL)
    return;

  g_clear_object (&self->sorting);
  g_clear_pointer (&self->sorted, g_array_unref);
  self->sorted = g_steal_pointer (&sorted);
  lockstep_task_table_update_shown (self);
  g_signal_emit (self, lockstep_task_table_signals[LOCKSTEP_TASK_TABLE_UPDATED], 0);
}

void
lockstep_task_table_sort (LockstepTaskTable *self)
{
  g_autoptr (GTask) task = NULL;

  if (self->sorting != NULL)
    g_cancellable_cancel (self->sorting);
  g_clear_object (&self->sorting);
  self->stale = FALSE;
  self->sorted_at = g_get_monotonic_time ();
  if (!self->ordered || self->outcome == NULL)
    {
      g_clear_pointer (&self->sorted, g_array_unref);
      lockstep_task_table_update_shown (self);
      return;
    }

  self->sorting = g_cancellable_new ();
  task = g_task_new (self, self->sorting, sort_cb, NULL);
  g_task_set_source_tag (task, lockstep_task_table_sort);
  g_task_set_task_data (task, lockstep_task_order_new (self, &self->column, self->descending),
                        (GDestroyNotify) lockstep_task_order_free);
  g_task_run_in_thread (task, sort_on_thread);
}

void
lockstep_task_table_set_order (LockstepTaskTable        *self,
                               const LockstepTaskColumn *column,
                               gboolean                  descending)
{
  const gboolean ordered = column != NULL && (column->kind != LOCKSTEP_TASK_COLUMN_TASK || descending);

  g_return_if_fail (LOCKSTEP_IS_TASK_TABLE (self));

  if (ordered == self->ordered &&
      (!ordered || (column->kind == self->column.kind && column->number == self->column.number && descending == self->descending)))
    return;

  self->ordered = ordered;
  if (ordered)
    self->column = *column;
  self->descending = descending;
  lockstep_task_table_sort (self);
}

void
lockstep_task_table_set_filter (LockstepTaskTable *self,
                                guint              states,
                                GPtrArray         *causes)
{
  g_return_if_fail (LOCKSTEP_IS_TASK_TABLE (self));

  self->states = states;
  g_clear_pointer (&self->causes, g_ptr_array_unref);
  self->causes = causes != NULL ? g_ptr_array_ref (causes) : NULL;
  lockstep_task_table_update_shown (self);
}

char *
lockstep_task_table_dup_failed (LockstepTaskTable *self)
{
  GString *tasks = g_string_new (NULL);

  g_return_val_if_fail (LOCKSTEP_IS_TASK_TABLE (self), NULL);

  for (guint i = 0; i < self->n_tasks; i++)
    {
      const guint start = i;

      while (i < self->n_tasks && lockstep_task_table_get_state (self, i) == LOCKSTEP_TASK_FAILED && is_shown (self, i))
        i++;
      if (i == start)
        continue;
      g_string_append_printf (tasks, "%s%" G_GINT64_FORMAT, tasks->len > 0 ? "," : "", self->outcome->first + start);
      if (i > start + 1)
        g_string_append_printf (tasks, "-%" G_GINT64_FORMAT, self->outcome->first + i - 1);
    }

  return g_string_free (tasks, tasks->len == 0);
}

gboolean
lockstep_task_table_find (LockstepTaskTable *self,
                          gint64             task,
                          guint             *position)
{
  guint n_items;

  g_return_val_if_fail (LOCKSTEP_IS_TASK_TABLE (self), FALSE);

  n_items = g_list_model_get_n_items (G_LIST_MODEL (self));
  for (guint i = 0; i < n_items; i++)
    if (self->outcome->first + get_shown (self->shown, i) == task)
      {
        *position = i;
        return TRUE;
      }

  return FALSE;
}

guint8 *
lockstep_task_table_dup_shown (LockstepTaskTable *self)
{
  guint8 *shown;

  g_return_val_if_fail (LOCKSTEP_IS_TASK_TABLE (self), NULL);

  if (self->states == 0 && self->causes == NULL)
    return NULL;

  shown = g_new (guint8, MAX (self->n_tasks, 1));
  for (guint i = 0; i < self->n_tasks; i++)
    shown[i] = is_shown (self, i) ? 1 : 0;

  return shown;
}

static void
read_on_thread (GTask        *task,
                gpointer      source,
                gpointer      task_data,
                GCancellable *cancellable)
{
  g_task_return_pointer (task, lockstep_task_order_read_numbers (task_data), g_free);
}

void
lockstep_task_table_read_column_async (LockstepTaskTable        *self,
                                       const LockstepTaskColumn *column,
                                       GCancellable             *cancellable,
                                       GAsyncReadyCallback       callback,
                                       gpointer                  user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (LOCKSTEP_IS_TASK_TABLE (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, lockstep_task_table_read_column_async);
  g_task_set_task_data (task, lockstep_task_order_new (self, column, FALSE), (GDestroyNotify) lockstep_task_order_free);
  g_task_run_in_thread (task, read_on_thread);
}

double *
lockstep_task_table_read_column_finish (LockstepTaskTable *self,
                                        GAsyncResult      *result,
                                        guint             *n_tasks,
                                        GError           **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  *n_tasks = lockstep_task_order_get_n_tasks (g_task_get_task_data (G_TASK (result)));
  return g_task_propagate_pointer (G_TASK (result), error);
}
