/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-task-table.h"

#include <math.h>
#include <string.h>

#include "run-fixture.h"

#define SECOND G_USEC_PER_SEC

/* Any time (UTC in µs). */
#define START (G_GINT64_CONSTANT (1700000000) * SECOND)

static void
tell (LockstepRun      *run,
      LockstepEventType type,
      gint64            time,
      int               task,
      const char       *payload,
      ...)
{
  LockstepEvent    event;
  g_autofree char *text = NULL;
  va_list          arguments;

  lockstep_event_init (&event, type);
  event.time = START + time;
  event.task = task;
  event.solver = task >= 0 ? task % 2 : -1;
  event.step = 0;
  event.attempt = task >= 0 ? 1 : -1;
  if (payload != NULL)
    {
      va_start (arguments, payload);
      text = g_strdelimit (g_strdup_vprintf (payload, arguments), "'", '"');
      va_end (arguments);
      event.payload = g_bytes_new (text, strlen (text));
    }
  lockstep_run_fold (run, &event);
  lockstep_event_clear (&event);
}

/* A run whose step of @n_tasks has begun. */
static LockstepRun *
make_run (guint n_tasks)
{
  g_autoptr (LockstepPlan) plan = make_plan ("{ 'lockstep': 1, 'solver': { 'command': ['true'] },"
                                             "  'steps': [ { 'step': 'work', 'tasks': { 'grid': { 'alpha': [1, 0.5],"
                                             "               'case': { 'from': 1, 'to': %u, 'count': %u } } } } ] }",
                                             n_tasks / 2, n_tasks / 2);
  LockstepRun             *run = lockstep_run_new (plan);

  tell (run, LOCKSTEP_EVENT_RUN_STARTED, 0, -1, "{}");
  tell (run, LOCKSTEP_EVENT_STEP_STARTED, 0, -1, "{'title':'work','method':'work','tasks':%u,'first':0,'iterations':[]}", n_tasks);

  return run;
}

static LockstepRun *
make_ended_run (void)
{
  LockstepRun *run = make_run (8);

  for (int i = 0; i < 7; i++)
    tell (run, LOCKSTEP_EVENT_TASK_STARTED, i * SECOND, i, NULL);
  tell (run, LOCKSTEP_EVENT_TASK_ENDED, 10 * SECOND, 0, "{'delay':12,'net':{'los':'B'}}");
  tell (run, LOCKSTEP_EVENT_TASK_ENDED, 3 * SECOND, 1, "{'delay':-0.12345678901234,'net':{'los':'A'}}");
  tell (run, LOCKSTEP_EVENT_TASK_ENDED, 4 * SECOND, 2, "{'delay':null,'net':{'los':'C','n':[1,2]}}");
  tell (run, LOCKSTEP_EVENT_TASK_FAILED, 4 * SECOND, 3, "{'cause':'step-error','reason':'negative depth 3','final':true}");
  tell (run, LOCKSTEP_EVENT_TASK_FAILED, 5 * SECOND, 4, "{'cause':'stall','reason':'It was silent.','line':'zone 288','final':true}");
  tell (run, LOCKSTEP_EVENT_TASK_FAILED, 6 * SECOND, 5, "{'cause':'step-error','reason':'negative depth 9','final':true}");

  return run;
}

static gboolean
is_settled (LockstepTaskTable *table)
{
  return lockstep_task_table_is_settled (table);
}

static void
settle (LockstepTaskTable *table)
{
  while (!is_settled (table))
    g_main_context_iteration (NULL, TRUE);
}

/* The tasks that are shown, "0 1 2". */
static char *
dup_tasks (LockstepTaskTable *table)
{
  const guint n_rows = g_list_model_get_n_items (G_LIST_MODEL (table));
  GString    *tasks = g_string_new (NULL);

  for (guint i = 0; i < n_rows; i++)
    {
      g_autoptr (LockstepTaskRow) row = g_list_model_get_item (G_LIST_MODEL (table), i);

      g_string_append_printf (tasks, "%s%d", i > 0 ? " " : "", (int) lockstep_task_row_get_task (row));
    }

  return g_string_free (tasks, FALSE);
}

static void
assert_tasks (LockstepTaskTable *table,
              const char        *expected)
{
  g_autofree char *tasks = NULL;

  settle (table);
  tasks = dup_tasks (table);
  g_assert_cmpstr (tasks, ==, expected);
}

static void
assert_cell (LockstepTaskTable     *table,
             guint                  index,
             LockstepTaskColumnKind kind,
             guint                  number,
             const char            *expected)
{
  g_autoptr (LockstepTaskRow) row = lockstep_task_table_get_row (table, index);
  g_autofree char            *text = lockstep_task_row_dup_text (row, &(LockstepTaskColumn){ kind, number });

  g_assert_cmpstr (text, ==, expected);
}

static void
assert_path (LockstepTaskTable     *table,
             LockstepTaskColumnKind kind,
             guint                  number,
             const char            *expected)
{
  g_assert_cmpstr (lockstep_task_table_get_path (table, &(LockstepTaskColumn){ kind, number }), ==, expected);
}

static void
test_cells (void)
{
  g_autoptr (LockstepRun)       run = make_ended_run ();
  g_autoptr (LockstepTaskTable) table = lockstep_task_table_new (run);

  g_assert_cmpuint (lockstep_task_table_get_n_tasks (table), ==, 8);
  g_assert_cmpuint (lockstep_task_table_get_n_params (table), ==, 2);
  assert_path (table, LOCKSTEP_TASK_COLUMN_PARAM, 0, "alpha");
  assert_path (table, LOCKSTEP_TASK_COLUMN_PARAM, 1, "case");
  g_assert_cmpuint (lockstep_task_table_get_n_results (table), ==, 3);
  assert_path (table, LOCKSTEP_TASK_COLUMN_RESULT, 0, "delay");
  assert_path (table, LOCKSTEP_TASK_COLUMN_RESULT, 1, "net.los");
  assert_path (table, LOCKSTEP_TASK_COLUMN_RESULT, 2, "net.n");

  assert_cell (table, 1, LOCKSTEP_TASK_COLUMN_PARAM, 0, "1");
  assert_cell (table, 6, LOCKSTEP_TASK_COLUMN_PARAM, 0, "0.5");
  assert_cell (table, 1, LOCKSTEP_TASK_COLUMN_PARAM, 1, "2");
  assert_cell (table, 0, LOCKSTEP_TASK_COLUMN_RESULT, 0, "12");
  assert_cell (table, 1, LOCKSTEP_TASK_COLUMN_RESULT, 0, "-0.12345678901234");
  assert_cell (table, 2, LOCKSTEP_TASK_COLUMN_RESULT, 0, "");
  assert_cell (table, 1, LOCKSTEP_TASK_COLUMN_RESULT, 1, "A");
  assert_cell (table, 2, LOCKSTEP_TASK_COLUMN_RESULT, 2, "[1,2]");
  assert_cell (table, 3, LOCKSTEP_TASK_COLUMN_RESULT, 0, "");
  assert_cell (table, 0, LOCKSTEP_TASK_COLUMN_DURATION, 0, "10 s");
  assert_cell (table, 6, LOCKSTEP_TASK_COLUMN_DURATION, 0, "");
  assert_cell (table, 0, LOCKSTEP_TASK_COLUMN_ATTEMPTS, 0, "1");
  assert_cell (table, 7, LOCKSTEP_TASK_COLUMN_ATTEMPTS, 0, "");
  assert_cell (table, 0, LOCKSTEP_TASK_COLUMN_STATE, 0, "done");
  assert_cell (table, 3, LOCKSTEP_TASK_COLUMN_STATE, 0, "negative depth #");
  assert_cell (table, 4, LOCKSTEP_TASK_COLUMN_STATE, 0, "silent for too long: zone #");
  assert_cell (table, 6, LOCKSTEP_TASK_COLUMN_STATE, 0, "running");
  assert_cell (table, 7, LOCKSTEP_TASK_COLUMN_STATE, 0, "waiting");
  g_assert_cmpuint (lockstep_task_table_count (table, LOCKSTEP_TASK_FAILED), ==, 3);
  g_assert_cmpuint (lockstep_task_table_count (table, LOCKSTEP_TASK_DONE), ==, 3);
}

/* As they were written, digit by digit. */
static void
test_long_numbers (void)
{
  static const char *const      written[] = { "12345678901234567890", "-0", "-0.0", "1.2345678901234567e-05", "1E400", "1.50" };
  g_autoptr (LockstepRun)       run = make_run (8);
  g_autoptr (LockstepTaskTable) table = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (written); i++)
    tell (run, LOCKSTEP_EVENT_TASK_ENDED, SECOND, (int) i, "{'delay':%s}", written[i]);
  table = lockstep_task_table_new (run);
  for (guint i = 0; i < G_N_ELEMENTS (written); i++)
    assert_cell (table, i, LOCKSTEP_TASK_COLUMN_RESULT, 0, written[i]);
}

static void
set_order (LockstepTaskTable     *table,
           LockstepTaskColumnKind kind,
           guint                  number,
           gboolean               descending)
{
  lockstep_task_table_set_order (table, &(LockstepTaskColumn){ kind, number }, descending);
}

/* By numbers, by texts, and what has no value comes last either way. */
static void
test_order (void)
{
  g_autoptr (LockstepRun)       run = make_ended_run ();
  g_autoptr (LockstepTaskTable) table = lockstep_task_table_new (run);

  assert_tasks (table, "0 1 2 3 4 5 6 7");
  set_order (table, LOCKSTEP_TASK_COLUMN_TASK, 0, TRUE);
  assert_tasks (table, "7 6 5 4 3 2 1 0");
  set_order (table, LOCKSTEP_TASK_COLUMN_PARAM, 0, FALSE);
  assert_tasks (table, "4 5 6 7 0 1 2 3");
  set_order (table, LOCKSTEP_TASK_COLUMN_RESULT, 0, FALSE);
  assert_tasks (table, "1 0 2 3 4 5 6 7");
  set_order (table, LOCKSTEP_TASK_COLUMN_RESULT, 0, TRUE);
  assert_tasks (table, "0 1 2 3 4 5 6 7");
  set_order (table, LOCKSTEP_TASK_COLUMN_RESULT, 1, TRUE);
  assert_tasks (table, "2 0 1 3 4 5 6 7");
  set_order (table, LOCKSTEP_TASK_COLUMN_DURATION, 0, FALSE);
  assert_tasks (table, "3 4 5 1 2 0 6 7");
  set_order (table, LOCKSTEP_TASK_COLUMN_STATE, 0, FALSE);
  assert_tasks (table, "7 6 0 1 2 3 5 4");
  lockstep_task_table_set_order (table, NULL, FALSE);
  assert_tasks (table, "0 1 2 3 4 5 6 7");
}

static void
test_filter (void)
{
  g_autoptr (LockstepRun)       run = make_ended_run ();
  g_autoptr (LockstepTaskTable) table = lockstep_task_table_new (run);
  g_autoptr (GPtrArray)         causes = g_ptr_array_new ();
  g_autofree char              *failed = NULL;
  g_autofree char              *failed_so = NULL;
  guint                         position;

  lockstep_task_table_set_filter (table, 1 << LOCKSTEP_TASK_FAILED, NULL);
  assert_tasks (table, "3 4 5");
  set_order (table, LOCKSTEP_TASK_COLUMN_TASK, 0, TRUE);
  assert_tasks (table, "5 4 3");
  g_assert_true (lockstep_task_table_find (table, 3, &position));
  g_assert_cmpuint (position, ==, 2);
  g_assert_false (lockstep_task_table_find (table, 0, &position));

  failed = lockstep_task_table_dup_failed (table);
  g_assert_cmpstr (failed, ==, "3-5");
  g_ptr_array_add (causes, lockstep_run_get_cause (run, 5));
  lockstep_task_table_set_filter (table, 1 << LOCKSTEP_TASK_FAILED, causes);
  assert_tasks (table, "5 3");
  failed_so = lockstep_task_table_dup_failed (table);
  g_assert_cmpstr (failed_so, ==, "3,5");
  lockstep_task_table_set_filter (table, 1 << LOCKSTEP_TASK_FAILED | 1 << LOCKSTEP_TASK_DONE, NULL);
  assert_tasks (table, "5 4 3 2 1 0");
  lockstep_task_table_set_filter (table, 0, NULL);
  assert_tasks (table, "7 6 5 4 3 2 1 0");
}

static void
count_cb (gpointer object,
          guint   *count)
{
  (*count)++;
}

/* What happens is seen: in a row that somebody holds, in the order, in the filter, and as a new column. */
static void
test_live (void)
{
  g_autoptr (LockstepRun)       run = make_ended_run ();
  g_autoptr (LockstepTaskTable) table = lockstep_task_table_new (run);
  g_autoptr (LockstepTaskRow)   row = lockstep_task_table_get_row (table, 6);
  guint                         n_changes = 0, n_columns = 0;

  g_signal_connect (row, "changed", G_CALLBACK (count_cb), &n_changes);
  g_signal_connect (table, "columns-changed", G_CALLBACK (count_cb), &n_columns);
  lockstep_task_table_set_filter (table, 1 << LOCKSTEP_TASK_DONE, NULL);
  set_order (table, LOCKSTEP_TASK_COLUMN_RESULT, 0, FALSE);
  assert_tasks (table, "1 0 2");

  tell (run, LOCKSTEP_EVENT_TASK_ENDED, 8 * SECOND, 6, "{'delay':5,'extra':true}");
  tell (run, LOCKSTEP_EVENT_TASK_STARTED, 8 * SECOND, 7, NULL);
  assert_tasks (table, "1 6 0 2");
  g_assert_cmpuint (n_changes, ==, 1);
  g_assert_cmpuint (n_columns, ==, 1);
  assert_path (table, LOCKSTEP_TASK_COLUMN_RESULT, 3, "extra");
  assert_cell (table, 6, LOCKSTEP_TASK_COLUMN_RESULT, 3, "true");
  assert_cell (table, 6, LOCKSTEP_TASK_COLUMN_DURATION, 0, "2.0 s");
  assert_cell (table, 7, LOCKSTEP_TASK_COLUMN_STATE, 0, "running");

  tell (run, LOCKSTEP_EVENT_RUN_ENDED, 9 * SECOND, -1, "{'state':'terminated'}");
  settle (table);
  assert_cell (table, 7, LOCKSTEP_TASK_COLUMN_STATE, 0, "stopped");

  /* It goes on: what failed is done again, and has not failed before it has failed again. */
  tell (run, LOCKSTEP_EVENT_RUN_STARTED, 20 * SECOND, -1, "{'resumed':true}");
  tell (run, LOCKSTEP_EVENT_STEP_STARTED, 20 * SECOND, -1,
        "{'title':'work','method':'work','tasks':8,'first':0,'iterations':[],'resumed':true,'again':[[3,5]]}");
  lockstep_task_table_set_filter (table, 1 << LOCKSTEP_TASK_WAITING, NULL);
  set_order (table, LOCKSTEP_TASK_COLUMN_TASK, 0, FALSE);
  assert_tasks (table, "3 4 5 7");
}

static void
numbers_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  double **numbers = user_data;
  guint    n_tasks;

  *numbers = lockstep_task_table_read_column_finish (LOCKSTEP_TASK_TABLE (object), result, &n_tasks, NULL);
  g_assert_cmpuint (n_tasks, ==, 8);
}

static void
test_numbers (void)
{
  g_autoptr (LockstepRun)       run = make_ended_run ();
  g_autoptr (LockstepTaskTable) table = lockstep_task_table_new (run);
  g_autofree double            *numbers = NULL;

  lockstep_task_table_read_column_async (table, &(LockstepTaskColumn){ LOCKSTEP_TASK_COLUMN_RESULT, 0 }, NULL, numbers_cb, &numbers);
  while (numbers == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpfloat (numbers[0], ==, 12);
  g_assert_cmpfloat (numbers[1], ==, -0.12345678901234);
  for (guint i = 2; i < 8; i++)
    g_assert_true (isnan (numbers[i]));
}

static void
moved_cb (LockstepTaskTable *table,
          guint              position,
          guint              removed,
          guint              added,
          guint             *n_moved)
{
  *n_moved += removed + added;
}

/* A hundred thousand tasks: of those that are not looked at, there are no rows, and what moves is told alone. */
static void
test_many (void)
{
  const guint                   n_tasks = 100000;
  g_autoptr (LockstepRun)       run = make_run (n_tasks);
  g_autoptr (LockstepTaskTable) table = NULL;
  g_autoptr (LockstepTaskRow)   first = NULL;
  guint                         n_moved = 0;

  for (guint i = 0; i < n_tasks; i++)
    {
      tell (run, LOCKSTEP_EVENT_TASK_STARTED, i, (int) i, NULL);
      tell (run, LOCKSTEP_EVENT_TASK_ENDED, i + SECOND, (int) i, "{'value':%u}", (i * 7919) % n_tasks);
    }
  table = lockstep_task_table_new (run);
  set_order (table, LOCKSTEP_TASK_COLUMN_RESULT, 0, FALSE);
  settle (table);
  first = g_list_model_get_item (G_LIST_MODEL (table), 1);
  g_assert_cmpint ((lockstep_task_row_get_task (first) * 7919) % n_tasks, ==, 1);

  /* Only the filter changes, by none. */
  g_signal_connect (table, "items-changed", G_CALLBACK (moved_cb), &n_moved);
  lockstep_task_table_set_filter (table, 1 << LOCKSTEP_TASK_DONE, NULL);
  g_assert_cmpuint (n_moved, ==, 0);
  lockstep_task_table_set_filter (table, 1 << LOCKSTEP_TASK_FAILED, NULL);
  g_assert_cmpuint (n_moved, ==, n_tasks);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/task-table/cells", test_cells);
  g_test_add_func ("/task-table/order", test_order);
  g_test_add_func ("/task-table/filter", test_filter);
  g_test_add_func ("/task-table/live", test_live);
  g_test_add_func ("/task-table/long-numbers", test_long_numbers);
  g_test_add_func ("/task-table/numbers", test_numbers);
  g_test_add_func ("/task-table/many", test_many);

  return g_test_run ();
}
