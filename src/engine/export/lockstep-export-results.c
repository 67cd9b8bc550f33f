/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-export-job.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <string.h>

#include "lockstep-columns.h"
#include "lockstep-ledger.h"
#include "lockstep-table-writer.h"

/* The shares of the time that it takes to read the journal, and to look what columns there are; the rest writes. */
#define READ    0.4
#define COLUMNS 0.3

/* Rows between two looks at the clock. */
#define SOME_ROWS 256

typedef struct
{
  const LockstepExportJob *job;
  LockstepJournalReader   *reader;
  LockstepLedger          *ledger;
  LockstepTableWriter     *writer;
  LockstepColumns         *params;
  LockstepColumns         *results;
  guint64                  n_lost; /* results whose files are gone */

  /* The writer's columns. Iterations, params and results have several, from there on. */
  guint task, step, iterations, part, first_param, first_result, state, duration, solver, host, attempts, started, cause, reason,
    line;
  guint depth; /* of loops in each other */
} Results;

/* A task's row. */
typedef struct
{
  const LockstepLedgerStep *step;
  const LockstepLedgerTask *task;
  gint64                    number; /* of the task in the run */
  GBytes                   *params; /* owned; NULL for none */
  LockstepEvent             event;  /* that ended it; its payload is NULL for none */
} Row;

static LockstepJson
get_json (GBytes *bytes)
{
  LockstepJson json = { NULL, 0 };

  if (bytes != NULL)
    json.text = g_bytes_get_data (bytes, &json.length);

  return json;
}

static void
row_clear (Row *row)
{
  g_clear_pointer (&row->params, g_bytes_unref);
  lockstep_event_clear (&row->event);
}

/* Reads what the row of a task is made of. */
static void
read_row (Results                  *self,
          const LockstepLedgerStep *step,
          gint64                    number,
          Row                      *row)
{
  g_autofree char *lost = NULL;
  const guint64    index = (guint64) (number - step->first);

  *row = (Row){ .step = step, .number = number, .task = lockstep_ledger_get_task (self->ledger, number) };
  if (step->step->tasks != NULL && index < lockstep_task_list_get_count (step->step->tasks))
    row->params = lockstep_task_list_dup_params (step->step->tasks, index);
  if (row->task->length > 0 &&
      lockstep_journal_reader_read_at (self->reader, row->task->line, row->task->length, &row->event, &lost) && lost != NULL)
    self->n_lost++;
}

static gboolean
add_columns (Results *self,
             Row     *row)
{
  if (row->params != NULL && !lockstep_columns_add (self->params, get_json (row->params)))
    return FALSE;

  return row->task->state != LOCKSTEP_LEDGER_DONE || row->event.payload == NULL ||
         lockstep_columns_add (self->results, get_json (row->event.payload));
}

static void
set_param (guint        column,
           LockstepJson value,
           gpointer     user_data)
{
  Results *self = user_data;

  lockstep_table_writer_set_json (self->writer, self->first_param + column, value);
}

static void
set_result (guint        column,
            LockstepJson value,
            gpointer     user_data)
{
  Results *self = user_data;

  lockstep_table_writer_set_json (self->writer, self->first_result + column, value);
}

static void
set_values (Results *self,
            Row     *row)
{
  const gboolean done = row->task->state == LOCKSTEP_LEDGER_DONE && row->event.payload != NULL;

  if (self->job->format != LOCKSTEP_EXPORT_CSV)
    {
      lockstep_table_writer_set_json (self->writer, self->first_param, get_json (row->params));
      if (done)
        lockstep_table_writer_set_json (self->writer, self->first_result, get_json (row->event.payload));
      return;
    }

  if (row->params != NULL)
    lockstep_columns_walk (self->params, get_json (row->params), set_param, self);
  if (done)
    lockstep_columns_walk (self->results, get_json (row->event.payload), set_result, self);
}

/* Why the task has no result, or had to be tried again. */
static void
set_failure (Results *self,
             Row     *row)
{
  LockstepJson payload = get_json (row->event.payload);

  if (row->event.type != LOCKSTEP_EVENT_TASK_FAILED || payload.text == NULL)
    return;

  lockstep_table_writer_set_json (self->writer, self->cause, lockstep_json_get_member (payload, "cause"));
  lockstep_table_writer_set_json (self->writer, self->reason, lockstep_json_get_member (payload, "reason"));
  lockstep_table_writer_set_json (self->writer, self->line, lockstep_json_get_member (payload, "line"));
}

static gboolean
write_row (Results *self,
           Row     *row,
           GError **error)
{
  LockstepTableWriter      *writer = self->writer;
  const LockstepLedgerTask *task = row->task;
  const guint              *iterations = lockstep_ledger_get_iterations (self->ledger, row->step);

  lockstep_table_writer_set_int (writer, self->task, row->number);
  lockstep_table_writer_set_text (writer, self->step, row->step->step->title, -1);
  for (guint i = 0; i < MIN (row->step->n_iterations, self->depth); i++)
    lockstep_table_writer_set_int (writer, self->iterations + i, iterations[i]);
  if (row->step->step->kind == LOCKSTEP_STEP_ALL)
    lockstep_table_writer_set_int (writer, self->part, row->number - row->step->first);
  set_values (self, row);
  lockstep_table_writer_set_text (writer, self->state, lockstep_ledger_state_to_name (task->state), -1);
  if (task->start > 0 && task->end > 0)
    lockstep_table_writer_set_seconds (writer, self->duration, MAX (task->end - task->start, 0));
  lockstep_table_writer_set_int (writer, self->solver, task->solver);
  lockstep_table_writer_set_text (writer, self->host, lockstep_ledger_get_host (self->ledger, task->host), -1);
  lockstep_table_writer_set_int (writer, self->attempts, task->attempts);
  lockstep_table_writer_set_time (writer, self->started, task->start);
  set_failure (self, row);

  return lockstep_table_writer_end_row (writer, error);
}

/* Does @visit for the rows of all tasks, which is the share of the export between @from and @to. */
static gboolean
visit_rows (Results *self,
            gboolean (*visit) (Results *self, Row *row, GError **error),
            double   from,
            double   to,
            GError **error)
{
  const double  n_tasks = MAX (lockstep_ledger_get_n_tasks (self->ledger), 1);
  const guint   n_steps = lockstep_ledger_get_n_steps (self->ledger);
  const guint64 lost = self->n_lost;

  for (guint i = 0; i < n_steps; i++)
    {
      const LockstepLedgerStep *step = lockstep_ledger_get_step (self->ledger, i);

      for (gint64 number = step->first; number < step->first + step->n_tasks; number++)
        {
          Row      row;
          gboolean ok;

          if (number % SOME_ROWS == 0 &&
              !lockstep_export_job_advance (self->job, from + (to - from) * (double) number / n_tasks, error))
            return FALSE;
          read_row (self, step, number, &row);
          ok = visit (self, &row, error);
          row_clear (&row);
          if (!ok)
            return FALSE;
        }
    }

  /* Of the last time only. */
  self->n_lost -= lost;
  return TRUE;
}

static gboolean
visit_columns (Results *self,
               Row     *row,
               GError **error)
{
  if (add_columns (self, row))
    return TRUE;

  g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
               _ ("The results have more than %d different members, and no table has so many columns: export them as jsonl "
                  "or json, an object for each task."),
               LOCKSTEP_COLUMNS_MAX);
  return FALSE;
}

/* Adds a column that is called @path, unless another is called so: then @prefix stands in front. Names that differ in case
 * only are the same to a database. */
static guint
add_named (Results    *self,
           GHashTable *taken,
           const char *prefix,
           const char *path)
{
  g_autofree char *name = *path != '\0' ? g_strdup (path) : g_strdup (prefix);
  char            *key = g_utf8_casefold (name, -1);

  for (guint i = 1; g_hash_table_contains (taken, key); i++)
    {
      g_free (name);
      g_free (key);
      name = i == 1 ? g_strdup_printf ("%s.%s", prefix, path) : g_strdup_printf ("%s.%s.%u", prefix, path, i);
      key = g_utf8_casefold (name, -1);
    }

  g_hash_table_add (taken, key);
  return lockstep_table_writer_add_column (self->writer, name);
}

static gboolean
has_parts (LockstepPlan *plan)
{
  LockstepStep *step;

  for (guint i = 0; (step = lockstep_plan_get_step (plan, i)) != NULL; i++)
    if (step->kind == LOCKSTEP_STEP_ALL)
      return TRUE;

  return FALSE;
}

/* The writer's columns: what comes before the values, the values, and what comes behind. Their own names are taken first. */
static void
declare_columns (Results *self)
{
  static const char *const behind[] = { "state", "duration", "solver", "host", "attempts", "started", "cause", "reason", "line" };
  guint *const             columns[] = { &self->state, &self->duration, &self->solver, &self->host, &self->attempts, &self->started,
                                         &self->cause, &self->reason, &self->line };
  g_autoptr (GPtrArray)    before = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray)    iterations = NULL;
  g_autoptr (GHashTable)   taken = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  self->task = 0;
  g_ptr_array_add (before, g_strdup ("task"));
  self->step = before->len;
  g_ptr_array_add (before, g_strdup ("step"));
  iterations = lockstep_export_job_dup_iteration_names (self->job);
  self->iterations = before->len;
  self->depth = iterations->len;
  g_ptr_array_extend_and_steal (before, g_steal_pointer (&iterations));
  self->part = before->len;
  if (has_parts (self->job->plan))
    g_ptr_array_add (before, g_strdup ("part"));

  for (guint i = 0; i < before->len; i++)
    {
      lockstep_table_writer_add_column (self->writer, g_ptr_array_index (before, i));
      g_hash_table_add (taken, g_strdup (g_ptr_array_index (before, i)));
    }
  for (guint i = 0; i < G_N_ELEMENTS (behind); i++)
    g_hash_table_add (taken, g_strdup (behind[i]));

  self->first_param = before->len;
  if (self->job->format == LOCKSTEP_EXPORT_CSV)
    {
      for (guint i = 0; i < lockstep_columns_get_count (self->params); i++)
        add_named (self, taken, "params", lockstep_columns_get_path (self->params, i));
      self->first_result = self->first_param + lockstep_columns_get_count (self->params);
      for (guint i = 0; i < lockstep_columns_get_count (self->results); i++)
        add_named (self, taken, "result", lockstep_columns_get_path (self->results, i));
    }
  else
    {
      lockstep_table_writer_add_column (self->writer, "params");
      self->first_result = lockstep_table_writer_add_column (self->writer, "result");
    }

  for (guint i = 0; i < G_N_ELEMENTS (behind); i++)
    *columns[i] = lockstep_table_writer_add_column (self->writer, behind[i]);
}

static gboolean
read_journal (Results *self,
              GError **error)
{
  LockstepEvent event;

  while (lockstep_journal_reader_next (self->reader, &event, NULL))
    {
      const goffset start = lockstep_journal_reader_get_start (self->reader);

      lockstep_ledger_take (self->ledger, &event, start,
                            (gsize) (lockstep_journal_reader_get_end (self->reader) - start));
      lockstep_event_clear (&event);
      if (!lockstep_export_job_advance_reader (self->job, self->reader, 0, READ, error))
        return FALSE;
    }

  lockstep_ledger_end (self->ledger, self->job->live);
  return TRUE;
}

static void
warn (Results *self)
{
  lockstep_export_job_warn_of (self->job, self->reader);
  if (self->n_lost > 0)
    g_ptr_array_add (self->job->warnings,
                     g_strdup_printf (ngettext ("%" PRIu64 " task has no result in it: its file is gone.",
                                                "%" PRIu64 " tasks have no result in it: their files are gone.", self->n_lost),
                                      self->n_lost));
  lockstep_export_job_warn_of_left_out (self->job, lockstep_table_writer_get_n_left_out (self->writer));
}

gboolean
lockstep_export_write_results (const LockstepExportJob *job,
                               GError                 **error)
{
  g_autoptr (LockstepJournalReader) reader = lockstep_journal_reader_new (job->directory, error);
  g_autoptr (LockstepLedger)        ledger = lockstep_ledger_new (job->plan);
  g_autoptr (LockstepTableWriter)   writer = lockstep_table_writer_new (job->file, job->format);
  g_autoptr (LockstepColumns)       params = lockstep_columns_new ();
  g_autoptr (LockstepColumns)       results = lockstep_columns_new ();
  Results                           self = { job, reader, ledger, writer, params, results };

  if (reader == NULL || !read_journal (&self, error) ||
      (job->format == LOCKSTEP_EXPORT_CSV && !visit_rows (&self, visit_columns, READ, READ + COLUMNS, error)))
    return FALSE;

  declare_columns (&self);
  if (!visit_rows (&self, write_row, READ + COLUMNS, 1, error) || !lockstep_table_writer_finish (writer, error))
    return FALSE;

  warn (&self);
  return TRUE;
}
