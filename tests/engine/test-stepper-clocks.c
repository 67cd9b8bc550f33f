/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-controller.h"

#include "task-fixture.h"

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

/* What the stepper does about solvers that are silent or take too long. */

/* One solver burns CPU for ever: it is stopped, and its task is done elsewhere. */
static void
test_overdue (Fixture      *fixture,
              gconstpointer data)
{
  g_autofree char         *more = g_strdup_printf ("'retries':3,'%s':0.8,", (const char *) data);
  g_autofree char         *tasks = make_tasks (20, 3, "'hang':true,'until':1");
  g_autoptr (LockstepPlan) plan = make_task_plan (fixture->folder, 2, more, tasks);
  g_autoptr (LockstepRun)  run = run_plan (plan, fixture->folder);
  g_autofree char         *cause = g_strdup_printf ("\"cause\":\"%s\"", (const char *) data);
  g_autofree char         *path = g_build_filename (lockstep_run_get_directory (run), "journal.jsonl", NULL);
  g_autofree char         *journal = NULL;

  g_assert_cmpint (lockstep_run_get_state (run), ==, LOCKSTEP_RUN_FINISHED);
  assert_values (run, 20, -1);
  g_assert_true (g_file_get_contents (path, &journal, NULL, NULL));
  g_assert_nonnull (strstr (journal, cause));
  g_assert_cmpuint (count_processes (fixture->folder), ==, 0);
}

/* A solver that reports progress is not silent, however long it takes. */
static void
test_progress_is_life (Fixture      *fixture,
                       gconstpointer data)
{
  g_autofree char               *gate = make_gate (fixture->folder);
  g_autofree char               *tasks = make_tasks (2, -1, gate);
  g_autoptr (LockstepPlan)       plan = make_task_plan (fixture->folder, 2, "'stall':2.5,", tasks);
  g_autoptr (LockstepController) controller = start_task_plan (plan, fixture->folder);
  LockstepRun                   *run = lockstep_controller_get_run (controller);

  iterate_for (3.5);
  open_gate (fixture->folder);
  wait_for_end (run);
  g_assert_cmpint (lockstep_run_get_state (run), ==, LOCKSTEP_RUN_FINISHED);
  g_assert_cmpuint (lockstep_run_get_n_failures (run), ==, 0);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, data, test) g_test_add (path, Fixture, data, set_up, test, tear_down)
  ADD ("/stepper/overdue/stall", "stall", test_overdue);
  ADD ("/stepper/overdue/timeout", "timeout", test_overdue);
  ADD ("/stepper/progress-is-life", NULL, test_progress_is_life);
#undef ADD

  return g_test_run ();
}
