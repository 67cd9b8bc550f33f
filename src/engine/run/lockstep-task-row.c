/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-task-table-private.h"

#include <math.h>
#include <string.h>

#include <glib/gi18n-lib.h>

#include "lockstep-duration.h"

/* Bytes of a value that a cell shows: no column is wider. */
#define MAX_CELL 120

struct _LockstepTaskRow
{
  GObject            parent_instance;
  LockstepTaskTable *table; /* owned */
  guint              index;
  GBytes            *params; /* looked at by cells; NULL until then */
  GBytes            *result;
  GArray            *cells[2]; /* of LockstepJson, by number: of params, of results; NULL until one is asked for */
};

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (LockstepTaskRow, lockstep_task_row, G_TYPE_OBJECT)

const char *
lockstep_task_state_to_text (LockstepTaskState state)
{
  switch (state)
    {
    case LOCKSTEP_TASK_RUNNING:
      return _ ("running");
    case LOCKSTEP_TASK_STOPPED:
      return _ ("stopped");
    case LOCKSTEP_TASK_DONE:
      return _ ("done");
    case LOCKSTEP_TASK_FAILED:
      return _ ("failed");
    case LOCKSTEP_TASK_WAITING:
    case LOCKSTEP_N_TASK_STATES:
    default:
      return _ ("waiting");
    }
}

static void
forget_values (LockstepTaskRow *self)
{
  g_clear_pointer (&self->cells[0], g_array_unref);
  g_clear_pointer (&self->cells[1], g_array_unref);
  g_clear_pointer (&self->params, g_bytes_unref);
  g_clear_pointer (&self->result, g_bytes_unref);
}

static void
lockstep_task_row_finalize (GObject *object)
{
  LockstepTaskRow *self = LOCKSTEP_TASK_ROW (object);

  lockstep_task_table_forget_row (self->table, self->index);
  forget_values (self);
  g_object_unref (self->table);

  G_OBJECT_CLASS (lockstep_task_row_parent_class)->finalize (object);
}

static void
lockstep_task_row_class_init (LockstepTaskRowClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = lockstep_task_row_finalize;

  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 0);
}

static void
lockstep_task_row_init (LockstepTaskRow *self)
{
}

LockstepTaskRow *
lockstep_task_row_new (LockstepTaskTable *table,
                       guint              index)
{
  LockstepTaskRow *self = g_object_new (LOCKSTEP_TYPE_TASK_ROW, NULL);

  self->table = g_object_ref (table);
  self->index = index;

  return self;
}

void
lockstep_task_row_change (LockstepTaskRow *self)
{
  forget_values (self);
  g_signal_emit (self, signals[CHANGED], 0);
}

guint
lockstep_task_row_get_index (LockstepTaskRow *self)
{
  g_return_val_if_fail (LOCKSTEP_IS_TASK_ROW (self), 0);

  return self->index;
}

gint64
lockstep_task_row_get_task (LockstepTaskRow *self)
{
  g_return_val_if_fail (LOCKSTEP_IS_TASK_ROW (self), -1);

  return lockstep_task_table_has (self->table, self->index) ? lockstep_task_table_get_outcome (self->table)->first + self->index : -1;
}

LockstepTaskState
lockstep_task_row_get_state (LockstepTaskRow *self)
{
  g_return_val_if_fail (LOCKSTEP_IS_TASK_ROW (self), LOCKSTEP_TASK_WAITING);

  return lockstep_task_table_get_state (self->table, self->index);
}

int
lockstep_task_row_get_attempts (LockstepTaskRow *self)
{
  g_return_val_if_fail (LOCKSTEP_IS_TASK_ROW (self), 0);

  if (!lockstep_task_table_has (self->table, self->index))
    return 0;

  return g_array_index (lockstep_task_table_get_outcome (self->table)->attempts, guint16, self->index);
}

static LockstepAttempt
get_latest (LockstepTaskRow *self)
{
  if (!lockstep_task_table_has (self->table, self->index))
    return (LockstepAttempt){ 0, -1, -1 };

  return g_array_index (lockstep_task_table_get_outcome (self->table)->latest, LockstepAttempt, self->index);
}

int
lockstep_task_row_get_solver (LockstepTaskRow *self)
{
  LockstepAttempt latest;

  g_return_val_if_fail (LOCKSTEP_IS_TASK_ROW (self), -1);

  latest = get_latest (self);
  return latest.start > 0 ? latest.solver : -1;
}

double
lockstep_task_row_get_seconds (LockstepTaskRow *self)
{
  LockstepAttempt latest;

  g_return_val_if_fail (LOCKSTEP_IS_TASK_ROW (self), -1);

  latest = get_latest (self);
  return latest.start > 0 ? (double) latest.seconds : -1;
}

const char *
lockstep_task_row_get_reason (LockstepTaskRow *self)
{
  g_return_val_if_fail (LOCKSTEP_IS_TASK_ROW (self), NULL);

  if (!lockstep_task_table_has (self->table, self->index))
    return NULL;

  return g_hash_table_lookup (lockstep_task_table_get_outcome (self->table)->failures, GUINT_TO_POINTER (self->index));
}

GBytes *
lockstep_task_row_dup_params (LockstepTaskRow *self)
{
  g_return_val_if_fail (LOCKSTEP_IS_TASK_ROW (self), NULL);

  return lockstep_task_table_dup_params (self->table, self->index);
}

GBytes *
lockstep_task_row_dup_result (LockstepTaskRow *self)
{
  GBytes *result;

  g_return_val_if_fail (LOCKSTEP_IS_TASK_ROW (self), NULL);

  if (!lockstep_task_table_has (self->table, self->index))
    return NULL;

  result = g_ptr_array_index (lockstep_task_table_get_outcome (self->table)->results, self->index);
  return result != NULL ? g_bytes_ref (result) : NULL;
}

static void
take_value (guint        column,
            LockstepJson value,
            gpointer     user_data)
{
  g_array_index ((GArray *) user_data, LockstepJson, column) = value;
}

/* The values in the columns of @kind; columns that were found since are found now. */
static LockstepJson
get_value (LockstepTaskRow          *self,
           const LockstepTaskColumn *column)
{
  const gboolean   is_result = column->kind == LOCKSTEP_TASK_COLUMN_RESULT;
  LockstepColumns *columns = lockstep_task_table_get_columns (self->table, column->kind);
  GArray         **cells = &self->cells[is_result];
  GBytes         **bytes = is_result ? &self->result : &self->params;
  LockstepJson     value = { NULL, 0 };

  if (*cells != NULL && column->number >= (*cells)->len)
    {
      g_clear_pointer (cells, g_array_unref);
      g_clear_pointer (bytes, g_bytes_unref);
    }
  if (*cells == NULL)
    {
      *cells = g_array_new (FALSE, TRUE, sizeof (LockstepJson));
      g_array_set_size (*cells, MAX (lockstep_columns_get_count (columns), column->number + 1));
      *bytes = is_result ? lockstep_task_row_dup_result (self) : lockstep_task_row_dup_params (self);
      if (*bytes != NULL)
        {
          value.text = g_bytes_get_data (*bytes, &value.length);
          lockstep_columns_walk (columns, value, take_value, *cells);
        }
    }

  return g_array_index (*cells, LockstepJson, column->number);
}

/* At most MAX_CELL bytes of @text, whole characters of one line. */
static char *
dup_cut (const char *text,
         gsize       length)
{
  g_autofree char *valid = g_utf8_make_valid (text, (gssize) MIN (length, MAX_CELL));

  g_strdelimit (valid, "\n\r\t", ' ');
  return length > MAX_CELL ? g_strconcat (valid, "…", NULL) : g_steal_pointer (&valid);
}

static char *
dup_json_text (LockstepJson value)
{
  g_autofree char *string = NULL;

  switch (lockstep_json_get_kind (value))
    {
    case LOCKSTEP_JSON_ABSENT:
    case LOCKSTEP_JSON_NULL:
      return g_strdup ("");
    case LOCKSTEP_JSON_STRING:
      string = lockstep_json_dup_string (value, NULL);
      return dup_cut (string, strlen (string));
    /* A number as well as it came: who reads it may have to compare its last digit. */
    case LOCKSTEP_JSON_NUMBER:
    case LOCKSTEP_JSON_BOOLEAN:
    case LOCKSTEP_JSON_ARRAY:
    case LOCKSTEP_JSON_OBJECT:
    default:
      return dup_cut (value.text, value.length);
    }
}

/* Tasks may be short. */
static char *
dup_duration (double seconds)
{
  if (seconds < 0)
    return g_strdup ("");
  if (seconds < 0.1)
    return g_strdup_printf (_ ("%.0f ms"), seconds * 1000);

  return lockstep_duration_dup_text (seconds);
}

/* A cause says more than that it failed. */
static char *
dup_state_text (LockstepTaskRow *self)
{
  const LockstepTaskState state = lockstep_task_row_get_state (self);
  LockstepCause          *cause = NULL;

  if (state == LOCKSTEP_TASK_FAILED)
    cause = lockstep_run_get_cause (lockstep_task_table_get_run (self->table), lockstep_task_row_get_task (self));
  if (cause != NULL)
    return lockstep_cause_dup_title (cause);

  return g_strdup (lockstep_task_state_to_text (state));
}

char *
lockstep_task_row_dup_text (LockstepTaskRow          *self,
                            const LockstepTaskColumn *column)
{
  int attempts;

  g_return_val_if_fail (LOCKSTEP_IS_TASK_ROW (self), NULL);

  if (!lockstep_task_table_has (self->table, self->index))
    return g_strdup ("");

  switch (column->kind)
    {
    case LOCKSTEP_TASK_COLUMN_TASK:
      return g_strdup_printf ("%" G_GINT64_FORMAT, lockstep_task_row_get_task (self));
    case LOCKSTEP_TASK_COLUMN_PARAM:
    case LOCKSTEP_TASK_COLUMN_RESULT:
      return dup_json_text (get_value (self, column));
    case LOCKSTEP_TASK_COLUMN_DURATION:
      return dup_duration (lockstep_task_row_get_seconds (self));
    case LOCKSTEP_TASK_COLUMN_ATTEMPTS:
      attempts = lockstep_task_row_get_attempts (self);
      return attempts > 0 ? g_strdup_printf ("%d", attempts) : g_strdup ("");
    case LOCKSTEP_TASK_COLUMN_STATE:
    default:
      return dup_state_text (self);
    }
}
