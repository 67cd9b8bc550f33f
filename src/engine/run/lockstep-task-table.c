/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-task-table-members.h"

#include <string.h>

/* Views are told at most four times a second (ms). */
#define FLUSH_INTERVAL 250

/* A run that is at work is sorted again after so long (µs). */
#define SORT_INTERVAL (G_USEC_PER_SEC)

enum
{
  PROP_0,
  PROP_STEP,
  PROP_N_TASKS,
  N_PROPERTIES
};

static GParamSpec *properties[N_PROPERTIES];

guint lockstep_task_table_signals[LOCKSTEP_TASK_TABLE_N_SIGNALS];

static GType
lockstep_task_table_get_item_type (GListModel *model)
{
  return LOCKSTEP_TYPE_TASK_ROW;
}

static guint
lockstep_task_table_get_n_items (GListModel *model)
{
  LockstepTaskTable *self = LOCKSTEP_TASK_TABLE (model);

  return self->shown != NULL ? self->shown->len : self->n_tasks;
}

static gpointer
lockstep_task_table_get_item (GListModel *model,
                              guint       position)
{
  LockstepTaskTable *self = LOCKSTEP_TASK_TABLE (model);

  if (position >= lockstep_task_table_get_n_items (model))
    return NULL;

  return lockstep_task_table_get_row (self, self->shown != NULL ? g_array_index (self->shown, guint32, position) : position);
}

static void
list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = lockstep_task_table_get_item_type;
  iface->get_n_items = lockstep_task_table_get_n_items;
  iface->get_item = lockstep_task_table_get_item;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (LockstepTaskTable, lockstep_task_table, G_TYPE_OBJECT, G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_init))

gboolean
lockstep_task_table_has (LockstepTaskTable *self,
                         guint              index)
{
  return self->outcome != NULL && index < self->n_tasks;
}

const LockstepStepResults *
lockstep_task_table_get_outcome (LockstepTaskTable *self)
{
  return self->outcome;
}

LockstepTaskList *
lockstep_task_table_get_tasks (LockstepTaskTable *self)
{
  return self->step != NULL ? self->step->tasks : NULL;
}

void
lockstep_task_table_forget_row (LockstepTaskTable *self,
                                guint              index)
{
  g_hash_table_remove (self->rows, GUINT_TO_POINTER (index));
}

LockstepTaskState
lockstep_task_table_get_state (LockstepTaskTable *self,
                               guint              index)
{
  const LockstepAttempt *latest;

  if (!lockstep_task_table_has (self, index))
    return LOCKSTEP_TASK_WAITING;
  if (g_ptr_array_index (self->outcome->results, index) != NULL)
    return LOCKSTEP_TASK_DONE;
  if (g_hash_table_size (self->outcome->failures) > 0 &&
      g_hash_table_contains (self->outcome->failures, GUINT_TO_POINTER (index)))
    return LOCKSTEP_TASK_FAILED;

  latest = &g_array_index (self->outcome->latest, LockstepAttempt, index);
  if (latest->start == 0 || latest->seconds >= 0)
    return LOCKSTEP_TASK_WAITING;

  return lockstep_run_has_ended (self->run) ? LOCKSTEP_TASK_STOPPED : LOCKSTEP_TASK_RUNNING;
}

GBytes *
lockstep_task_table_dup_params (LockstepTaskTable *self,
                                guint              index)
{
  LockstepTaskList *tasks = lockstep_task_table_get_tasks (self);

  return tasks != NULL && index < lockstep_task_list_get_count (tasks) ? lockstep_task_list_dup_params (tasks, index) : NULL;
}

static void
change_row (gpointer data,
            gpointer user_data)
{
  lockstep_task_row_change (data);
}

/* Shows the last step of tasks, from its beginning, unless it is shown already. */
static void
begin (LockstepTaskTable *self)
{
  const guint                n_before = lockstep_task_table_get_n_items (G_LIST_MODEL (self));
  g_autoptr (GPtrArray)      rows = g_ptr_array_new_with_free_func (g_object_unref);
  const LockstepStepResults *outcome = NULL;
  LockstepPlace              place;
  GHashTableIter             iter;
  gpointer                   row;

  if (!lockstep_results_get_sweep (lockstep_run_get_outcome (self->run), &place, &outcome))
    outcome = NULL;
  if (!self->forced && outcome == self->outcome && (outcome == NULL || outcome->results->len == self->n_tasks))
    return;

  self->forced = FALSE;
  g_signal_emit (self, lockstep_task_table_signals[LOCKSTEP_TASK_TABLE_MOVING], 0);
  g_clear_pointer ((LockstepStepResults **) &self->outcome, lockstep_step_results_unref);
  self->outcome = outcome != NULL ? lockstep_step_results_ref ((LockstepStepResults *) outcome) : NULL;
  self->step = outcome != NULL ? lockstep_plan_get_step (lockstep_run_get_plan (self->run), place.step) : NULL;
  self->n_tasks = outcome != NULL ? outcome->results->len : 0;
  self->counted = FALSE;

  g_array_set_size (self->changed, 0);
  lockstep_task_table_begin_scan (self);

  /* What is there of rows stands for other tasks from now on. */
  g_clear_pointer (&self->sorted, g_array_unref);
  g_clear_pointer (&self->shown, g_array_unref);
  g_hash_table_iter_init (&iter, self->rows);
  while (g_hash_table_iter_next (&iter, NULL, &row))
    g_ptr_array_add (rows, g_object_ref (row));
  g_ptr_array_foreach (rows, change_row, NULL);
  g_list_model_items_changed (G_LIST_MODEL (self), 0, n_before, self->n_tasks);
  lockstep_task_table_sort (self);

  g_signal_emit (self, lockstep_task_table_signals[LOCKSTEP_TASK_TABLE_COLUMNS_CHANGED], 0);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STEP]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_N_TASKS]);
  g_signal_emit (self, lockstep_task_table_signals[LOCKSTEP_TASK_TABLE_UPDATED], 0);
}

static void
tell_changed (LockstepTaskTable *self)
{
  gboolean found = FALSE;

  for (guint i = 0; i < self->changed->len; i++)
    {
      const guint32    index = g_array_index (self->changed, guint32, i);
      LockstepTaskRow *row = g_hash_table_lookup (self->rows, GUINT_TO_POINTER (index));

      if (index >= self->n_tasks)
        continue;
      if (index < self->n_scanned)
        found |= lockstep_task_table_scan_task (self, index, FALSE);
      if (row != NULL)
        lockstep_task_row_change (row);
    }
  if (self->changed->len > 0)
    self->counted = FALSE;
  g_array_set_size (self->changed, 0);
  if (found)
    g_signal_emit (self, lockstep_task_table_signals[LOCKSTEP_TASK_TABLE_COLUMNS_CHANGED], 0);
}

static void queue_flush (LockstepTaskTable *self);

static gboolean
flush_cb (gpointer user_data)
{
  LockstepTaskTable *self = user_data;
  const gboolean     any = self->changed->len > 0;

  self->flush_source = 0;
  if (self->restart)
    begin (self);
  self->restart = FALSE;
  tell_changed (self);
  self->stale |= any && self->ordered;
  if (self->stale && self->sorting == NULL && g_get_monotonic_time () > self->sorted_at + SORT_INTERVAL)
    lockstep_task_table_sort (self);
  else if (any && (self->states != 0 || self->causes != NULL))
    lockstep_task_table_update_shown (self);
  if (self->stale)
    queue_flush (self);
  g_signal_emit (self, lockstep_task_table_signals[LOCKSTEP_TASK_TABLE_UPDATED], 0);

  return G_SOURCE_REMOVE;
}

static void
queue_flush (LockstepTaskTable *self)
{
  if (self->flush_source == 0)
    self->flush_source = g_timeout_add_full (LOCKSTEP_TASK_TABLE_PRIORITY, FLUSH_INTERVAL, flush_cb, self, NULL);
}

static void
event_cb (LockstepTaskTable   *self,
          const LockstepEvent *event)
{
  guint32 index;

  switch (event->type)
    {
    case LOCKSTEP_EVENT_RUN_STARTED:
      self->resumed = TRUE;
      break;
    case LOCKSTEP_EVENT_STEP_STARTED:
      self->forced |= self->resumed;
      self->resumed = FALSE;
      self->restart = TRUE;
      queue_flush (self);
      break;
    case LOCKSTEP_EVENT_LOOP_ITERATED:
      self->restart = TRUE;
      queue_flush (self);
      break;
    case LOCKSTEP_EVENT_TASK_STARTED:
    case LOCKSTEP_EVENT_TASK_ENDED:
    case LOCKSTEP_EVENT_TASK_FAILED:
      if (self->outcome == NULL || event->task < self->outcome->first)
        break;
      index = (guint32) (event->task - self->outcome->first);
      g_array_append_val (self->changed, index);
      queue_flush (self);
      break;
    default:
      break;
    }
}

/* What was running has stopped, or the other way round. */
static void
state_cb (LockstepTaskTable *self)
{
  for (guint32 i = 0; i < self->n_tasks; i++)
    {
      const LockstepAttempt *latest = &g_array_index (self->outcome->latest, LockstepAttempt, i);

      if (latest->start > 0 && latest->seconds < 0)
        g_array_append_val (self->changed, i);
    }
  queue_flush (self);
}

static void
lockstep_task_table_get_property (GObject    *object,
                                  guint       property_id,
                                  GValue     *value,
                                  GParamSpec *pspec)
{
  LockstepTaskTable *self = LOCKSTEP_TASK_TABLE (object);

  switch (property_id)
    {
    case PROP_STEP:
      g_value_set_string (value, self->step != NULL ? self->step->title : NULL);
      break;
    case PROP_N_TASKS:
      g_value_set_uint (value, self->n_tasks);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
lockstep_task_table_dispose (GObject *object)
{
  LockstepTaskTable *self = LOCKSTEP_TASK_TABLE (object);

  if (self->sorting != NULL)
    g_cancellable_cancel (self->sorting);
  g_clear_object (&self->sorting);
  g_clear_handle_id (&self->flush_source, g_source_remove);
  g_clear_handle_id (&self->scan_source, g_source_remove);
  g_clear_object (&self->run);

  G_OBJECT_CLASS (lockstep_task_table_parent_class)->dispose (object);
}

static void
lockstep_task_table_finalize (GObject *object)
{
  LockstepTaskTable *self = LOCKSTEP_TASK_TABLE (object);

  g_clear_pointer ((LockstepStepResults **) &self->outcome, lockstep_step_results_unref);
  g_clear_pointer (&self->shown, g_array_unref);
  g_clear_pointer (&self->sorted, g_array_unref);
  g_clear_pointer (&self->causes, g_ptr_array_unref);
  g_array_unref (self->changed);
  g_hash_table_unref (self->rows);
  lockstep_columns_free (self->params);
  lockstep_columns_free (self->results);

  G_OBJECT_CLASS (lockstep_task_table_parent_class)->finalize (object);
}

static void
lockstep_task_table_class_init (LockstepTaskTableClass *klass)
{
  GObjectClass     *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = lockstep_task_table_get_property;
  object_class->dispose = lockstep_task_table_dispose;
  object_class->finalize = lockstep_task_table_finalize;

  properties[PROP_STEP] = g_param_spec_string ("step", NULL, NULL, NULL, flags);
  properties[PROP_N_TASKS] = g_param_spec_uint ("n-tasks", NULL, NULL, 0, G_MAXUINT, 0, flags);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);

  lockstep_task_table_signals[LOCKSTEP_TASK_TABLE_COLUMNS_CHANGED] =
    g_signal_new ("columns-changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  lockstep_task_table_signals[LOCKSTEP_TASK_TABLE_UPDATED] =
    g_signal_new ("updated", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  lockstep_task_table_signals[LOCKSTEP_TASK_TABLE_MOVING] =
    g_signal_new ("moving", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
lockstep_task_table_init (LockstepTaskTable *self)
{
  self->rows = g_hash_table_new (NULL, NULL);
  self->changed = g_array_new (FALSE, FALSE, sizeof (guint32));
}

LockstepTaskTable *
lockstep_task_table_new (LockstepRun *run)
{
  LockstepTaskTable *self;

  g_return_val_if_fail (LOCKSTEP_IS_RUN (run), NULL);

  self = g_object_new (LOCKSTEP_TYPE_TASK_TABLE, NULL);
  self->run = g_object_ref (run);
  self->forced = TRUE;
  begin (self);
  g_signal_connect_object (run, "event", G_CALLBACK (event_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (run, "notify::state", G_CALLBACK (state_cb), self, G_CONNECT_SWAPPED);

  return self;
}

LockstepRun *
lockstep_task_table_get_run (LockstepTaskTable *self)
{
  g_return_val_if_fail (LOCKSTEP_IS_TASK_TABLE (self), NULL);

  return self->run;
}

guint
lockstep_task_table_get_n_tasks (LockstepTaskTable *self)
{
  g_return_val_if_fail (LOCKSTEP_IS_TASK_TABLE (self), 0);

  return self->n_tasks;
}

guint
lockstep_task_table_count (LockstepTaskTable *self,
                           LockstepTaskState  state)
{
  g_return_val_if_fail (LOCKSTEP_IS_TASK_TABLE (self), 0);
  g_return_val_if_fail (state < LOCKSTEP_N_TASK_STATES, 0);

  if (!self->counted)
    {
      memset (self->counts, 0, sizeof self->counts);
      for (guint i = 0; i < self->n_tasks; i++)
        self->counts[lockstep_task_table_get_state (self, i)]++;
      self->counted = TRUE;
    }

  return self->counts[state];
}

gboolean
lockstep_task_table_is_settled (LockstepTaskTable *self)
{
  g_return_val_if_fail (LOCKSTEP_IS_TASK_TABLE (self), FALSE);

  return self->sorting == NULL && self->flush_source == 0 && self->scan_source == 0;
}

LockstepTaskRow *
lockstep_task_table_get_row (LockstepTaskTable *self,
                             guint              index)
{
  LockstepTaskRow *row;

  g_return_val_if_fail (LOCKSTEP_IS_TASK_TABLE (self), NULL);

  if ((row = g_hash_table_lookup (self->rows, GUINT_TO_POINTER (index))) != NULL)
    return g_object_ref (row);

  row = lockstep_task_row_new (self, index);
  g_hash_table_insert (self->rows, GUINT_TO_POINTER (index), row);
  return row;
}

LockstepTaskRow *
lockstep_task_table_get_row_of (LockstepTaskTable *self,
                                gint64             task)
{
  g_return_val_if_fail (LOCKSTEP_IS_TASK_TABLE (self), NULL);

  if (self->outcome == NULL || task < self->outcome->first || task >= self->outcome->first + self->n_tasks)
    return NULL;

  return lockstep_task_table_get_row (self, (guint) (task - self->outcome->first));
}
