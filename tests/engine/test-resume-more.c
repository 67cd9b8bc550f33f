/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <glib/gstdio.h>

#include "resume-fixture.h"

static void
test_failed (ResumeFixture *fixture,
             gconstpointer  data)
{
  const LockstepResumeOptions what = { .failed = TRUE };
  g_autoptr (LockstepPlan)    plan = make_sweep (fixture, 2, 9);
  g_autoptr (LockstepRun)     undisturbed = run_plan (plan, fixture->folder);
  g_autoptr (LockstepRun)     run = NULL;
  g_autoptr (LockstepRun)     again = NULL;
  g_autoptr (LockstepRun)     well = NULL;
  g_autoptr (GError)          error = NULL;
  const char                 *directory;

  set_list (fixture, "2 3 7");
  run = run_plan (plan, fixture->folder);
  directory = lockstep_run_get_directory (run);
  g_assert_cmpuint (lockstep_run_get_n_failures (run), ==, 3);

  set_list (fixture, "3");
  again = resume_run (directory, NULL, &what);
  g_assert_cmpuint (lockstep_run_get_n_failures (again), ==, 1);
  g_assert_cmpint (lockstep_run_get_state (again), ==, LOCKSTEP_RUN_FINISHED);

  set_list (fixture, NULL);
  well = resume_run (directory, NULL, &what);
  assert_same_results (well, undisturbed);
  g_assert_cmpuint (count_in_journal (directory, "\"task\":3,\"attempt\":3"), ==, 2);
  g_assert_cmpuint (count_in_journal (directory, "\"task\":4,\"attempt\":2"), ==, 0);

  error = refuse_to_resume (directory, NULL, &what);
  g_assert_error (error, LOCKSTEP_RESUME_ERROR, LOCKSTEP_RESUME_ERROR_NOTHING);
}

static void
test_tasks (ResumeFixture *fixture,
            gconstpointer  data)
{
  const LockstepResumeOptions some = { .tasks = "1,4-6" };
  g_autoptr (LockstepPlan)    plan = make_sweep (fixture, 2, 9);
  g_autoptr (LockstepRun)     run = run_plan (plan, fixture->folder);
  const char                 *directory = lockstep_run_get_directory (run);
  g_autoptr (LockstepRun)     again = resume_run (directory, NULL, &some);
  const struct
  {
    const char *tasks;
    const char *words;
  } wrong[] = { { "9", "no task 9" }, { "0-20", "no task 20" }, { "x", "is no list" }, { "", "empty" }, { "5-2", "is no list" } };

  assert_same_results (again, run);
  for (guint task = 0; task < 9; task++)
    {
      g_autofree char *words = g_strdup_printf ("\"task\":%u,\"attempt\":2", task);

      g_assert_cmpuint (count_in_journal (directory, words), ==, task == 1 || (task >= 4 && task <= 6) ? 2 : 0);
    }

  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      const LockstepResumeOptions what = { .tasks = wrong[i].tasks };
      g_autoptr (GError)          error = refuse_to_resume (directory, NULL, &what);

      g_assert_nonnull (strstr (error->message, wrong[i].words));
    }
}

static void
test_append (ResumeFixture *fixture,
             gconstpointer  data)
{
  g_autoptr (LockstepPlan) few = make_sweep (fixture, 1, 4);
  g_autoptr (LockstepPlan) many = make_sweep (fixture, 2, 10);
  g_autoptr (LockstepPlan) fewer = make_sweep (fixture, 2, 7);
  g_autoptr (LockstepRun)  undisturbed = run_plan (many, fixture->folder);
  g_autoptr (LockstepRun)  run = run_plan (few, fixture->folder);
  g_autoptr (LockstepRun)  more = resume_run (lockstep_run_get_directory (run), many, NULL);
  g_autoptr (GError)       error = NULL;

  assert_same_results (more, undisturbed);
  g_assert_cmpuint (count_in_journal (lockstep_run_get_directory (run), "\"task-ended\""), ==, 4 + 1 + 6 + 1);

  /* The plan of the folder is the new one. */
  error = refuse_to_resume (lockstep_run_get_directory (run), fewer, NULL);
  g_assert_error (error, LOCKSTEP_PLAN_ERROR, LOCKSTEP_PLAN_ERROR_MEMBER);
  g_assert_true (g_str_has_prefix (error->message, "steps[0].tasks: "));
}

/* The table is kept as it was, so that it can be edited; it may grow, but not otherwise change. */
static void
test_append_to_table (ResumeFixture *fixture,
                      gconstpointer  data)
{
  g_autofree char         *table = g_build_filename (fixture->folder, "table.csv", NULL);
  g_autofree char         *steps = g_strdup_printf ("[{'step':'work','tasks':{'csv':'%s'}},{'step':'gather','on':'one'}]", table);
  g_autoptr (LockstepPlan) plan = NULL;
  g_autoptr (LockstepPlan) grown = NULL;
  g_autoptr (LockstepPlan) changed = NULL;
  g_autoptr (LockstepRun)  run = NULL;
  g_autoptr (LockstepRun)  more = NULL;
  g_autoptr (GError)       error = NULL;

  write_file (fixture->folder, "table.csv", "a\n1\n2\n3\n", -1);
  plan = make_tally (fixture, 1, "", steps);
  run = run_plan (plan, fixture->folder);

  write_file (fixture->folder, "table.csv", "a\n1\n9\n3\n4\n", -1);
  changed = make_tally (fixture, 1, "", steps);
  error = refuse_to_resume (lockstep_run_get_directory (run), changed, NULL);
  g_assert_true (g_str_has_prefix (error->message, "steps[0].tasks: "));

  write_file (fixture->folder, "table.csv", "a\n1\n2\n3\n4\n5\n", -1);
  grown = make_tally (fixture, 1, "", steps);
  more = resume_run (lockstep_run_get_directory (run), grown, NULL);
  g_assert_cmpint (lockstep_run_get_state (more), ==, LOCKSTEP_RUN_FINISHED);
  g_assert_cmpuint (count_in_journal (lockstep_run_get_directory (run), "\"task-ended\""), ==, 3 + 1 + 2 + 1);
}

/* A loop that was used up goes on where it was left, and what follows it is done again. */
static void
test_raised_repeat (ResumeFixture *fixture,
                    gconstpointer  data)
{
  g_autoptr (LockstepPlan) few = make_loop (fixture, 2, 2, "0.002");
  g_autoptr (LockstepPlan) many = make_loop (fixture, 2, 9, "0.002");
  g_autoptr (LockstepRun)  undisturbed = run_plan (many, fixture->folder);
  g_autoptr (LockstepRun)  run = run_plan (few, fixture->folder);
  g_autoptr (LockstepRun)  more = NULL;
  g_autoptr (GError)       error = NULL;

  g_assert_false (lockstep_run_get_reached (run));
  more = resume_run (lockstep_run_get_directory (run), many, NULL);
  assert_same_results (more, undisturbed);
  g_assert_true (lockstep_run_get_reached (more));
  g_assert_cmpuint (count_in_journal (lockstep_run_get_directory (run), "\"back\":6"), ==, 1);

  error = refuse_to_resume (lockstep_run_get_directory (run), NULL, NULL);
  g_assert_error (error, LOCKSTEP_RESUME_ERROR, LOCKSTEP_RESUME_ERROR_NOTHING);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, test) \
  g_test_add (path, ResumeFixture, NULL, resume_fixture_set_up, test, resume_fixture_tear_down)
  ADD ("/resume-more/failed", test_failed);
  ADD ("/resume-more/tasks", test_tasks);
  ADD ("/resume-more/append", test_append);
  ADD ("/resume-more/append-to-table", test_append_to_table);
  ADD ("/resume-more/raised-repeat", test_raised_repeat);
#undef ADD

  return g_test_run ();
}
