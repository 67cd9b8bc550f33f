/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-task-table-private.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "lockstep-run-private.h"

/* Views are told at most four times a second (ms), below drawing. */
#define FLUSH_INTERVAL 250
#define FLUSH_PRIORITY 150

/* A run that is at work is sorted again after so long (µs). */
#define SORT_INTERVAL (G_USEC_PER_SEC)

/* Tasks that are looked at for new columns before anything is shown, and then at a time, while nothing else is to do. */
#define SCAN_FIRST 200
#define SCAN_STEP  500

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
  PROP_0,
  PROP_STEP,
  PROP_N_TASKS,
  N_PROPERTIES
};

static GParamSpec *properties[N_PROPERTIES];

enum
{
  COLUMNS_CHANGED,
  UPDATED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

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

LockstepColumns *
lockstep_task_table_get_columns (LockstepTaskTable     *self,
                                 LockstepTaskColumnKind kind)
{
  return kind == LOCKSTEP_TASK_COLUMN_RESULT ? self->results : self->params;
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
  g_autoptr (GArray) before = g_steal_pointer (&self->shown);
  const guint        n_now = shown != NULL ? shown->len : self->n_tasks;
  guint              start = 0, end = 0;

  while (start < MIN (n_before, n_now) && get_shown (before, start) == get_shown (shown, start))
    start++;
  while (end < MIN (n_before, n_now) - start && get_shown (before, n_before - end - 1) == get_shown (shown, n_now - end - 1))
    end++;

  self->shown = shown;
  if (n_before - start - end > 0 || n_now - start - end > 0)
    g_list_model_items_changed (G_LIST_MODEL (self), start, n_before - start - end, n_now - start - end);
}

/* Applies the filter to the order. */
static void
update_shown (LockstepTaskTable *self)
{
  const guint n_before = lockstep_task_table_get_n_items (G_LIST_MODEL (self));
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

static void sort (LockstepTaskTable *self);

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
  update_shown (self);
  g_signal_emit (self, signals[UPDATED], 0);
}

static void
sort (LockstepTaskTable *self)
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
      update_shown (self);
      return;
    }

  self->sorting = g_cancellable_new ();
  task = g_task_new (self, self->sorting, sort_cb, NULL);
  g_task_set_source_tag (task, sort);
  g_task_set_task_data (task, lockstep_task_order_new (self, &self->column, self->descending),
                        (GDestroyNotify) lockstep_task_order_free);
  g_task_run_in_thread (task, sort_on_thread);
}

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

/* Whether a task brought new columns. */
static gboolean
scan_task (LockstepTaskTable *self,
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
    found |= scan_task (self, self->n_scanned, TRUE);

  return found;
}

static gboolean
scan_cb (gpointer user_data)
{
  LockstepTaskTable *self = user_data;

  if (scan_some (self, SCAN_STEP))
    g_signal_emit (self, signals[COLUMNS_CHANGED], 0);
  if (self->n_scanned < self->n_tasks)
    return G_SOURCE_CONTINUE;

  self->scan_source = 0;
  return G_SOURCE_REMOVE;
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
  g_clear_pointer ((LockstepStepResults **) &self->outcome, lockstep_step_results_unref);
  self->outcome = outcome != NULL ? lockstep_step_results_ref ((LockstepStepResults *) outcome) : NULL;
  self->step = outcome != NULL ? lockstep_plan_get_step (lockstep_run_get_plan (self->run), place.step) : NULL;
  self->n_tasks = outcome != NULL ? outcome->results->len : 0;
  self->counted = FALSE;

  g_array_set_size (self->changed, 0);
  g_clear_pointer (&self->params, lockstep_columns_free);
  g_clear_pointer (&self->results, lockstep_columns_free);
  self->params = lockstep_columns_new ();
  self->results = lockstep_columns_new ();
  self->n_scanned = 0;
  scan_some (self, SCAN_FIRST);
  if (self->scan_source == 0 && self->n_scanned < self->n_tasks)
    self->scan_source = g_idle_add_full (FLUSH_PRIORITY, scan_cb, self, NULL);

  /* What is there of rows stands for other tasks from now on. */
  g_clear_pointer (&self->sorted, g_array_unref);
  g_clear_pointer (&self->shown, g_array_unref);
  g_hash_table_iter_init (&iter, self->rows);
  while (g_hash_table_iter_next (&iter, NULL, &row))
    g_ptr_array_add (rows, g_object_ref (row));
  g_ptr_array_foreach (rows, change_row, NULL);
  g_list_model_items_changed (G_LIST_MODEL (self), 0, n_before, self->n_tasks);
  sort (self);

  g_signal_emit (self, signals[COLUMNS_CHANGED], 0);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STEP]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_N_TASKS]);
  g_signal_emit (self, signals[UPDATED], 0);
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
        found |= scan_task (self, index, FALSE);
      if (row != NULL)
        lockstep_task_row_change (row);
    }
  if (self->changed->len > 0)
    self->counted = FALSE;
  g_array_set_size (self->changed, 0);
  if (found)
    g_signal_emit (self, signals[COLUMNS_CHANGED], 0);
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
    sort (self);
  else if (any && (self->states != 0 || self->causes != NULL))
    update_shown (self);
  if (self->stale)
    queue_flush (self);
  g_signal_emit (self, signals[UPDATED], 0);

  return G_SOURCE_REMOVE;
}

static void
queue_flush (LockstepTaskTable *self)
{
  if (self->flush_source == 0)
    self->flush_source = g_timeout_add_full (FLUSH_PRIORITY, FLUSH_INTERVAL, flush_cb, self, NULL);
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

  signals[COLUMNS_CHANGED] = g_signal_new ("columns-changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                           NULL, G_TYPE_NONE, 0);
  signals[UPDATED] = g_signal_new ("updated", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 0);
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
  sort (self);
}

gboolean
lockstep_task_table_is_settled (LockstepTaskTable *self)
{
  g_return_val_if_fail (LOCKSTEP_IS_TASK_TABLE (self), FALSE);

  return self->sorting == NULL && self->flush_source == 0 && self->scan_source == 0;
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
  update_shown (self);
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

  n_items = lockstep_task_table_get_n_items (G_LIST_MODEL (self));
  for (guint i = 0; i < n_items; i++)
    if (self->outcome->first + get_shown (self->shown, i) == task)
      {
        *position = i;
        return TRUE;
      }

  return FALSE;
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
