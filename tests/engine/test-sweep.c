/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-controller.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "task-fixture.h"

/* Of the long sweep; the durations of its tasks are this long and up to 100 times as long, in seconds. */
#define N_TASKS  10000
#define SHORTEST 2e-5

typedef struct
{
  char *folder;
} Fixture;

static void
set_up (Fixture      *fixture,
        gconstpointer data)
{
  fixture->folder = make_folder ();
}

static void
tear_down (Fixture      *fixture,
           gconstpointer data)
{
  remove_folder (fixture->folder);
}

/* What task @i of the long sweep returns: no two the same, and none its own number by a rule that a solver could guess. */
static guint
get_value (guint i)
{
  return (i * 7919 + 4711) % 10007;
}

/* As many tasks between 1 and 10 times the shortest as between 10 and 100 times, the long ones anywhere among them. */
static char *
make_varied_tasks (void)
{
  GString *out = g_string_new ("[");

  for (guint i = 0; i < N_TASKS; i++)
    g_string_append_printf (out, "%s{'value':%u,'seconds':%.7f}", i > 0 ? "," : "", get_value (i),
                            SHORTEST * pow (100, (i * 7919 % N_TASKS) / (N_TASKS - 1.0)));
  g_string_append_c (out, ']');

  return g_string_free (out, FALSE);
}

/* Whether some task ended before one with a smaller number. */
static gboolean
is_out_of_order (LockstepRun *run)
{
  g_autofree char *path = g_build_filename (lockstep_run_get_directory (run), "journal.jsonl", NULL);
  g_autofree char *text = NULL;
  gint64           last = -1;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  for (const char *at = text; (at = strstr (at, "{\"event\":\"task-ended\"")) != NULL; at++)
    {
      const gint64 task = g_ascii_strtoll (strstr (at, "\"task\":") + strlen ("\"task\":"), NULL, 10);

      if (task < last)
        return TRUE;
      last = task;
    }

  return FALSE;
}

/* Whoever did them, and in whatever order they ended: results are in the order of the tasks. */
static void
test_long (Fixture      *fixture,
           gconstpointer data)
{
  const guint              n_solvers = GPOINTER_TO_UINT (data);
  g_autofree char         *tasks = make_varied_tasks ();
  g_autoptr (LockstepPlan) plan = make_task_plan (fixture->folder, n_solvers, "", tasks);
  g_autoptr (LockstepRun)  run = run_plan (plan, fixture->folder);

  g_assert_cmpint (lockstep_run_get_state (run), ==, LOCKSTEP_RUN_FINISHED);
  g_assert_cmpuint (lockstep_run_get_n_failures (run), ==, 0);
  g_assert_cmpuint (lockstep_run_get_n_tasks (run), ==, N_TASKS);
  for (guint i = 0; i < N_TASKS; i++)
    {
      g_assert_cmpfloat (get_member (run, i, "task"), ==, i);
      g_assert_cmpfloat (get_member (run, i, "value"), ==, get_value (i));
    }
  g_assert_cmpuint (count_events (run, "task-ended"), ==, N_TASKS);
  g_assert_true (is_out_of_order (run) == (n_solvers > 1));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, data, test) g_test_add (path, Fixture, data, set_up, test, tear_down)
  ADD ("/sweep/long/1", GUINT_TO_POINTER (1), test_long);
  ADD ("/sweep/long/2", GUINT_TO_POINTER (2), test_long);
  ADD ("/sweep/long/8", GUINT_TO_POINTER (8), test_long);
#undef ADD

  return g_test_run ();
}
