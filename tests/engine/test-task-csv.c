/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <glib/gstdio.h>

#include "lockstep-plan.h"

/* A plan with one step of @tasks. Apostrophes stand for quotes. */
static char *
plan_text (const char *tasks)
{
  char *text = g_strdup_printf ("{'lockstep': 1, 'solver': {'command': ['s']},"
                                " 'steps': [{'step': 'a', 'tasks': %s}]}",
                                tasks);

  return g_strdelimit (text, "'", '"');
}

static LockstepPlan *
read_plan (const char *tasks,
           const char *directory)
{
  g_autofree char   *text = plan_text (tasks);
  g_autoptr (GError) error = NULL;
  LockstepPlan      *plan = lockstep_plan_new_from_text (text, strlen (text), directory, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpint (lockstep_plan_get_step (plan, 0)->kind, ==, LOCKSTEP_STEP_TASKS);
  return plan;
}

static LockstepTaskList *
get_tasks (LockstepPlan *plan)
{
  return lockstep_plan_get_step (plan, 0)->tasks;
}

static char *
dup_params (LockstepTaskList *tasks,
            guint64           index)
{
  g_autoptr (GBytes) bytes = lockstep_task_list_dup_params (tasks, index);
  gsize              length;
  const char        *text = g_bytes_get_data (bytes, &length);

  return g_strndup (text, length);
}

/* The params of all tasks of @tasks are the strings after it, in order, and there are no more. */
static void
assert_params (LockstepTaskList *tasks,
               ...) G_GNUC_NULL_TERMINATED;

static void
assert_params (LockstepTaskList *tasks,
               ...)
{
  const char *expected;
  guint64     index = 0;
  va_list     arguments;

  va_start (arguments, tasks);
  while ((expected = va_arg (arguments, const char *)) != NULL)
    {
      g_autofree char *text = NULL;
      g_autofree char *quoted = g_strdelimit (g_strdup (expected), "'", '"');

      g_assert_cmpuint (index, <, lockstep_task_list_get_count (tasks));
      text = dup_params (tasks, index++);
      g_assert_cmpstr (text, ==, quoted);
    }
  va_end (arguments);

  g_assert_cmpuint (lockstep_task_list_get_count (tasks), ==, index);
}

static void
assert_names (LockstepTaskList *tasks,
              const char       *expected)
{
  g_autofree char *names = g_strjoinv (" ", (char **) lockstep_task_list_get_names (tasks));

  g_assert_cmpstr (names, ==, expected);
}

/* @tasks is refused, with @code, and a message that is @prefix and then has @part in it. */
static void
assert_refused_in (const char       *directory,
                   LockstepPlanError code,
                   const char       *tasks,
                   const char       *prefix,
                   const char       *part)
{
  g_autofree char   *text = plan_text (tasks);
  g_autofree char   *quoted = g_strdelimit (g_strdup (part), "'", '"');
  g_autoptr (GError) error = NULL;

  g_assert_null (lockstep_plan_new_from_text (text, strlen (text), directory, NULL, &error));
  g_assert_error (error, LOCKSTEP_PLAN_ERROR, (int) code);
  g_test_message ("%s", error->message);
  g_assert_true (g_str_has_prefix (error->message, prefix));
  g_assert_nonnull (strstr (error->message, quoted));
}

typedef struct
{
  char *directory;
  char *file; /* designs.csv in it */
} Fixture;

static void
setup (Fixture      *fixture,
       gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fixture->directory = g_dir_make_tmp ("lockstep-tasks-XXXXXX", &error);
  g_assert_no_error (error);
  fixture->file = g_build_filename (fixture->directory, "designs.csv", NULL);
}

static void
teardown (Fixture      *fixture,
          gconstpointer data)
{
  g_remove (fixture->file);
  g_rmdir (fixture->directory);
  g_free (fixture->file);
  g_free (fixture->directory);
}

static void
write_csv (Fixture    *fixture,
           const char *text,
           gssize      length)
{
  g_autoptr (GError) error = NULL;

  g_file_set_contents (fixture->file, text, length, &error);
  g_assert_no_error (error);
}

static LockstepPlan *
read_csv (Fixture    *fixture,
          const char *text)
{
  write_csv (fixture, text, -1);
  return read_plan ("{'csv': 'designs.csv'}", fixture->directory);
}

static void
test_csv (Fixture      *fixture,
          gconstpointer data)
{
  g_autoptr (LockstepPlan) plan = read_csv (fixture, "a,b,n m\n0.10,x,1e-10\n-0,,007\n9223372036854775807,.5,1.\n");

  assert_params (get_tasks (plan), "{'a':0.10,'b':'x','n m':1e-10}", "{'a':-0,'b':'','n m':'007'}",
                 "{'a':9223372036854775807,'b':'.5','n m':'1.'}", NULL);
  assert_names (get_tasks (plan), "a b n m");
}

static void
test_csv_quotes (Fixture      *fixture,
                 gconstpointer data)
{
  g_autoptr (LockstepPlan) plan = read_csv (fixture, "\xef\xbb\xbf\"a\" , b\r\n\" x, y \","
                                                     "\"1\"\r\n\"two\nlines\" ,\"say \"\"hi\"\"\"\r\n\r\n\" \",\t é ");
  g_autofree char         *first = dup_params (get_tasks (plan), 0);
  g_autofree char         *second = dup_params (get_tasks (plan), 1);
  g_autofree char         *third = dup_params (get_tasks (plan), 2);

  g_assert_cmpuint (lockstep_task_list_get_count (get_tasks (plan)), ==, 3);
  g_assert_cmpstr (first, ==, "{\"a\":\" x, y \",\"b\":1}");
  g_assert_cmpstr (second, ==, "{\"a\":\"two\\nlines\",\"b\":\"say \\\"hi\\\"\"}");
  g_assert_cmpstr (third, ==, "{\"a\":\" \",\"b\":\"é\"}");
}

static void
test_product (Fixture      *fixture,
              gconstpointer data)
{
  g_autoptr (LockstepPlan) plan = NULL;
  g_autofree char         *params = NULL;

  write_csv (fixture, "a\n1\n2\n", -1);
  plan = read_plan ("{'sample': {'s': {'from': 5, 'to': 5}}, 'count': 2, 'seed': 1, 'grid': {'g': ['x', 'y', 'z']},"
                    " 'csv': 'designs.csv'}",
                    fixture->directory);

  assert_params (get_tasks (plan),
                 "{'a':1,'g':'x','s':5}", "{'a':1,'g':'x','s':5}", "{'a':1,'g':'y','s':5}", "{'a':1,'g':'y','s':5}",
                 "{'a':1,'g':'z','s':5}", "{'a':1,'g':'z','s':5}", "{'a':2,'g':'x','s':5}", "{'a':2,'g':'x','s':5}",
                 "{'a':2,'g':'y','s':5}", "{'a':2,'g':'y','s':5}", "{'a':2,'g':'z','s':5}", "{'a':2,'g':'z','s':5}",
                 NULL);
  assert_names (get_tasks (plan), "a g s");
}

static void
assert_csv_refused (Fixture    *fixture,
                    const char *text,
                    gssize      length,
                    const char *part)
{
  write_csv (fixture, text, length);
  assert_refused_in (fixture->directory, LOCKSTEP_PLAN_ERROR_FILE, "{'csv': 'designs.csv'}", "steps[0].tasks.csv: ",
                     fixture->file);
  assert_refused_in (fixture->directory, LOCKSTEP_PLAN_ERROR_FILE, "{'csv': 'designs.csv'}", "steps[0].tasks.csv: ",
                     part);
}

static void
test_csv_refused (Fixture      *fixture,
                  gconstpointer data)
{
  static const char with_nul[] = "a,b\n1,\0\n";

  assert_refused_in (fixture->directory, LOCKSTEP_PLAN_ERROR_FILE, "{'csv': 'designs.csv'}",
                     "steps[0].tasks.csv: there is no file ",
                     fixture->file);
  assert_refused_in (fixture->directory, LOCKSTEP_PLAN_ERROR_FILE, "{'csv': '.'}", "steps[0].tasks.csv: ",
                     fixture->directory);
  assert_refused_in (fixture->directory, LOCKSTEP_PLAN_ERROR_MEMBER, "{'csv': 5}", "steps[0].tasks.csv: ",
                     "expected a string, found the number 5");
  assert_refused_in (fixture->directory, LOCKSTEP_PLAN_ERROR_MEMBER, "{'csv': ''}", "steps[0].tasks.csv: ", "empty");

  assert_csv_refused (fixture, "", -1, "is empty");
  assert_csv_refused (fixture, "\n\r\n", -1, "is empty");
  assert_csv_refused (fixture, "a,b\n\n", -1, "no line below");
  assert_csv_refused (fixture, "a,,c\n1,2,3\n", -1, "line 1: column 2 has no name");
  assert_csv_refused (fixture, "a,b,a\n1,2,3\n", -1, "line 1: the column “a” stands twice");
  assert_csv_refused (fixture, "a,\033[31mb\n1,2\n", -1, "line 1: the name of column 2 has a control character");
  assert_csv_refused (fixture, "a\tb\n1\t2\n", -1, "line 1: the name of column 1 has a control character");
  assert_csv_refused (fixture, "a;b\n1;2\n", -1, "line 1: expected columns that are separated by commas");
  assert_csv_refused (fixture, "a,b\n1,2\n\n\"x\ny\",4\n3\n", -1,
                      "line 6: expected 2 cells, as many as there are names, found 1");
  assert_csv_refused (fixture, "a,b\n1,2\n1,2,\n", -1, "line 3: expected 2 cells, as many as there are names, found 3");
  assert_csv_refused (fixture, "a,b\n1,2\n1,\"2\n3\n", -1, "line 3: the quote that opens here is never closed");
  assert_csv_refused (fixture, "a,b\n\"1\"x,2\n", -1, "line 2: expected a comma after the closing quote");
  assert_csv_refused (fixture, "a,b\n1,1e400\n", -1, "line 2: the number 1e400 is too large");
  assert_csv_refused (fixture, "a,b\n1,2\n1,\xff\n", -1, "line 3: this is not text in UTF-8");
  assert_csv_refused (fixture, with_nul, sizeof with_nul - 1, "line 2: this is not text in UTF-8");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/task-csv/types", Fixture, NULL, setup, test_csv, teardown);
  g_test_add ("/task-csv/quotes", Fixture, NULL, setup, test_csv_quotes, teardown);
  g_test_add ("/task-csv/refused", Fixture, NULL, setup, test_csv_refused, teardown);
  g_test_add ("/task-csv/product", Fixture, NULL, setup, test_product, teardown);

  return g_test_run ();
}
