/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-task-table-private.h"

#include <math.h>
#include <string.h>

struct _LockstepTaskOrder
{
  LockstepTaskColumn column;
  gboolean           descending;
  guint              n_tasks;
  LockstepPlan      *plan;  /* owned: keeps the list of tasks */
  LockstepTaskList  *tasks; /* for params; else NULL */
  LockstepColumns   *columns;
  GPtrArray         *results; /* of GBytes or NULL; for results, else NULL */
  double            *numbers; /* of what is a number anyway; else NULL */
};

/* What a task is sorted by. */
typedef enum
{
  RANK_NUMBER,
  RANK_TEXT,
  RANK_NONE,
} Rank;

typedef struct
{
  double      number;
  const char *text;
  Rank        rank;
} Key;

/* One value on its way to a key. */
typedef struct
{
  const LockstepTaskOrder *order;
  GStringChunk            *texts; /* NULL: numbers alone are wanted */
  Key                     *key;
} Reading;

static void
bytes_free (gpointer data)
{
  if (data != NULL)
    g_bytes_unref (data);
}

static gpointer
bytes_ref (gconstpointer data,
           gpointer      user_data)
{
  return data != NULL ? g_bytes_ref ((GBytes *) data) : NULL;
}

/* What a row tells without a look at its values. States are in the order of the enumeration, failures by their group. */
static double
get_number (LockstepTaskTable         *table,
            const LockstepStepResults *outcome,
            const LockstepTaskColumn  *column,
            guint                      index)
{
  const LockstepAttempt *latest = &g_array_index (outcome->latest, LockstepAttempt, index);
  LockstepTaskState      state;
  LockstepCause         *cause;

  switch (column->kind)
    {
    case LOCKSTEP_TASK_COLUMN_DURATION:
      return latest->start > 0 && latest->seconds >= 0 ? (double) latest->seconds : NAN;
    case LOCKSTEP_TASK_COLUMN_ATTEMPTS:
      return g_array_index (outcome->attempts, guint16, index);
    case LOCKSTEP_TASK_COLUMN_STATE:
      state = lockstep_task_table_get_state (table, index);
      if (state != LOCKSTEP_TASK_FAILED ||
          (cause = lockstep_run_get_cause (lockstep_task_table_get_run (table), outcome->first + index)) == NULL)
        return state;
      return state + (double) lockstep_cause_get_task (cause) / (double) G_MAXUINT32;
    case LOCKSTEP_TASK_COLUMN_TASK:
    case LOCKSTEP_TASK_COLUMN_PARAM:
    case LOCKSTEP_TASK_COLUMN_RESULT:
    default:
      return (double) outcome->first + index;
    }
}

LockstepTaskOrder *
lockstep_task_order_new (LockstepTaskTable        *table,
                         const LockstepTaskColumn *column,
                         gboolean                  descending)
{
  LockstepTaskOrder         *self = g_new0 (LockstepTaskOrder, 1);
  const LockstepStepResults *outcome = lockstep_task_table_get_outcome (table);
  LockstepRun               *run = lockstep_task_table_get_run (table);

  self->column = *column;
  self->descending = descending;
  self->n_tasks = lockstep_task_table_get_n_tasks (table);
  self->plan = g_object_ref (lockstep_run_get_plan (run));
  if (column->kind == LOCKSTEP_TASK_COLUMN_PARAM || column->kind == LOCKSTEP_TASK_COLUMN_RESULT)
    self->columns = lockstep_columns_copy (lockstep_task_table_get_columns (table, column->kind));

  if (column->kind == LOCKSTEP_TASK_COLUMN_PARAM)
    {
      self->tasks = lockstep_task_table_get_tasks (table);
    }
  else if (column->kind == LOCKSTEP_TASK_COLUMN_RESULT && outcome != NULL)
    {
      self->results = g_ptr_array_copy (outcome->results, bytes_ref, NULL);
      g_ptr_array_set_free_func (self->results, bytes_free);
    }
  else if (outcome != NULL)
    {
      self->numbers = g_new (double, MAX (self->n_tasks, 1));
      for (guint i = 0; i < self->n_tasks; i++)
        self->numbers[i] = get_number (table, outcome, column, i);
    }

  return self;
}

void
lockstep_task_order_free (LockstepTaskOrder *self)
{
  g_clear_pointer (&self->results, g_ptr_array_unref);
  g_clear_pointer (&self->columns, lockstep_columns_free);
  g_free (self->numbers);
  g_object_unref (self->plan);
  g_free (self);
}

guint
lockstep_task_order_get_n_tasks (LockstepTaskOrder *self)
{
  return self->n_tasks;
}

static void
take_key (guint        column,
          LockstepJson value,
          gpointer     user_data)
{
  Reading         *reading = user_data;
  g_autofree char *text = NULL;

  if (column != reading->order->column.number)
    return;

  if (lockstep_json_get_double (value, &reading->key->number))
    {
      reading->key->rank = RANK_NUMBER;
    }
  else if (reading->texts != NULL && lockstep_json_get_kind (value) != LOCKSTEP_JSON_NULL)
    {
      text = lockstep_json_get_kind (value) == LOCKSTEP_JSON_STRING ? lockstep_json_dup_string (value, NULL)
                                                                    : lockstep_json_dup_text (value);
      reading->key->text = g_string_chunk_insert (reading->texts, text);
      reading->key->rank = RANK_TEXT;
    }
}

static void
read_key (LockstepTaskOrder *self,
          guint              index,
          Reading           *reading)
{
  g_autoptr (GBytes) bytes = NULL;
  LockstepJson       value = { NULL, 0 };

  *reading->key = (Key){ NAN, NULL, RANK_NONE };
  if (self->numbers != NULL)
    {
      reading->key->number = self->numbers[index];
      reading->key->rank = isnan (self->numbers[index]) ? RANK_NONE : RANK_NUMBER;
      return;
    }

  if (self->tasks != NULL && index < lockstep_task_list_get_count (self->tasks))
    bytes = lockstep_task_list_dup_params (self->tasks, index);
  else if (self->results != NULL && index < self->results->len)
    bytes = bytes_ref (g_ptr_array_index (self->results, index), NULL);
  if (bytes != NULL)
    {
      value.text = g_bytes_get_data (bytes, &value.length);
      lockstep_columns_walk (self->columns, value, take_key, reading);
    }
}

double *
lockstep_task_order_read_numbers (LockstepTaskOrder *self)
{
  double *numbers = g_new (double, MAX (self->n_tasks, 1));
  Key     key;
  Reading reading = { self, NULL, &key };

  for (guint i = 0; i < self->n_tasks; i++)
    {
      read_key (self, i, &reading);
      numbers[i] = key.number;
    }

  return numbers;
}

typedef struct
{
  const Key *keys;
  gboolean   descending;
} Comparison;

/* Where there is no value, it stands last either way; of two that are alike the first task stands first. */
static int
compare (gconstpointer a,
         gconstpointer b,
         gpointer      user_data)
{
  const Comparison *comparison = user_data;
  const guint32     index_a = *(const guint32 *) a, index_b = *(const guint32 *) b;
  const Key        *key_a = &comparison->keys[index_a], *key_b = &comparison->keys[index_b];
  int               result = 0;

  if (key_a->rank != key_b->rank && (key_a->rank == RANK_NONE || key_b->rank == RANK_NONE))
    return key_a->rank < key_b->rank ? -1 : 1;

  if (key_a->rank != key_b->rank)
    result = key_a->rank < key_b->rank ? -1 : 1;
  else if (key_a->rank == RANK_NUMBER)
    result = (key_a->number > key_b->number) - (key_a->number < key_b->number);
  else if (key_a->rank == RANK_TEXT)
    result = strcmp (key_a->text, key_b->text);
  if (result == 0)
    return (index_a > index_b) - (index_a < index_b);

  return comparison->descending ? -result : result;
}

GArray *
lockstep_task_order_sort (LockstepTaskOrder *self)
{
  g_autofree Key *keys = g_new (Key, MAX (self->n_tasks, 1));
  GStringChunk   *texts = g_string_chunk_new (4096);
  GArray         *order = g_array_sized_new (FALSE, FALSE, sizeof (guint32), self->n_tasks);
  Comparison      comparison = { keys, self->descending };

  for (guint32 i = 0; i < self->n_tasks; i++)
    {
      read_key (self, i, &(Reading){ self, texts, &keys[i] });
      g_array_append_val (order, i);
    }
  g_array_sort_with_data (order, compare, &comparison);
  g_string_chunk_free (texts);

  return order;
}
