/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <glib/gstdio.h>

#include "resume-fixture.h"

/* What is read from the folder of a run is what the run itself was, also where its program is gone. */
static void
test_past_is_as_live (ResumeFixture *fixture,
                      gconstpointer  data)
{
  g_autoptr (LockstepPlan)    plan = make_sweep (fixture, 2, 6);
  g_autoptr (LockstepRun)     run = NULL;
  g_autoptr (LockstepPastRun) past = NULL;
  g_autofree char            *text = NULL;
  g_autofree char            *live_summary = NULL;
  g_autofree char            *past_summary = NULL;
  g_auto (GStrv)              parts = NULL;
  g_autofree char            *gone = NULL;
  LockstepRun                *read;

  set_list (fixture, "3");
  run = run_plan (plan, fixture->folder);
  text = read_file (lockstep_run_get_directory (run), "plan.lockstep");
  parts = g_strsplit (text, g_getenv ("LOCKSTEP_FAKE_SOLVER"), 2);
  gone = g_strjoinv ("/nowhere/at/all", parts);
  write_file (lockstep_run_get_directory (run), "plan.lockstep", gone, -1);

  past = load_past (lockstep_run_get_directory (run), FALSE);
  read = lockstep_past_run_get_run (past);
  live_summary = lockstep_run_dup_summary (run);
  past_summary = lockstep_run_dup_summary (read);
  g_assert_false (lockstep_past_run_is_live (past));
  g_assert_cmpuint (lockstep_past_run_get_complaints (past)->len, ==, 0);
  g_assert_cmpint (lockstep_run_get_state (read), ==, LOCKSTEP_RUN_FINISHED);
  g_assert_cmpstr (past_summary, ==, live_summary);
  g_assert_cmpstr (lockstep_run_get_directory (read), ==, lockstep_run_get_directory (run));
  g_assert_cmpint (lockstep_run_get_start (read), ==, lockstep_run_get_start (run));
  g_assert_cmpint (lockstep_run_get_end (read), ==, lockstep_run_get_end (run));
  g_assert_cmpuint (lockstep_run_get_n_failures (read), ==, 1);
  g_assert_cmpfloat (lockstep_run_get_fraction (read), ==, 1);
  g_assert_cmpuint (g_list_model_get_n_items (lockstep_run_get_solvers (read)), ==, 2);
  g_assert_cmpstr (lockstep_plan_get_name (lockstep_run_get_plan (read)), ==, "Tally");
  assert_same_results (read, run);
}

typedef struct
{
  LockstepPastRun *past;
  GError          *error;
} Loaded;

static void
loaded_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  Loaded *loaded = user_data;

  loaded->past = lockstep_past_run_load_finish (result, &loaded->error);
}

static void
test_load_async (ResumeFixture *fixture,
                 gconstpointer  data)
{
  g_autoptr (LockstepPlan) plan = make_sweep (fixture, 1, 3);
  g_autoptr (LockstepRun)  run = run_plan (plan, fixture->folder);
  Loaded                   loaded = { NULL, NULL };

  lockstep_past_run_load_async (lockstep_run_get_directory (run), FALSE, NULL, loaded_cb, &loaded);
  while (loaded.past == NULL && loaded.error == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_no_error (loaded.error);
  assert_same_results (lockstep_past_run_get_run (loaded.past), run);
  lockstep_past_run_free (loaded.past);

  lockstep_past_run_load_async (fixture->folder, FALSE, NULL, loaded_cb, &loaded);
  while (loaded.error == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_error (loaded.error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_assert_nonnull (strstr (loaded.error->message, "there is no plan.lockstep in it"));
  g_error_free (loaded.error);
}

/* A line of garbage is passed over and told, and what it said is done again. */
static void
test_garbage (ResumeFixture *fixture,
              gconstpointer  data)
{
  g_autoptr (LockstepPlan) plan = make_sweep (fixture, 1, 5);
  g_autoptr (LockstepRun)  undisturbed = run_plan (plan, fixture->folder);
  const char              *directory = lockstep_run_get_directory (undisturbed);
  g_autofree char         *journal = read_file (directory, "journal.jsonl");
  char                    *third = strstr (strstr (strstr (journal, "\"task-ended\"") + 1, "\"task-ended\"") + 1, "\"task-ended\"");
  const char              *end = strchr (third, '\n');
  g_autofree char         *copy = NULL;
  g_autoptr (LockstepRun)  run = NULL;

  memset (third, '#', 12);
  copy = make_interrupted (fixture, directory, journal, (gsize) (strchr (end + 1, '\n') - journal) + 1);
  run = resume_run (copy, NULL, NULL);
  assert_same_results (run, undisturbed);
  g_assert_cmpuint (count_in_journal (copy, "cannot be read and is passed over"), ==, 1);
  g_assert_cmpuint (count_in_journal (copy, "\"task\":2,\"attempt\":2"), ==, 2);
}

/* Results in files of their own are read from there; a task whose file is gone was not done. */
static void
test_large_results (ResumeFixture *fixture,
                    gconstpointer  data)
{
  const LockstepResumeOptions what = { .tasks = "0" };
  g_autofree char            *digits = g_strnfill (70000, '7');
  g_autofree char            *result = g_strdup_printf ("[%.300s,\\\"%s\\\"]", digits, digits);
  g_autofree char            *solver = NULL;
  g_autoptr (LockstepPlan)    plan = NULL;
  g_autoptr (LockstepRun)     run = NULL;
  g_autoptr (LockstepRun)     again = NULL;
  g_autoptr (LockstepPastRun) past = NULL;
  g_autofree char            *file = NULL;

  solver = fake_solver (fixture->folder, "returns", result, NULL);
  plan = make_plan ("{'lockstep':1,'name':'Large','solver':{%s},'solvers':1,'steps':[{'step':'work','tasks':3}]}", solver);
  run = run_plan (plan, fixture->folder);
  file = g_build_filename (lockstep_run_get_directory (run), "results", "000001.json", NULL);
  g_assert_true (g_file_test (file, G_FILE_TEST_EXISTS));

  past = load_past (lockstep_run_get_directory (run), FALSE);
  assert_same_results (lockstep_past_run_get_run (past), run);
  g_clear_pointer (&past, lockstep_past_run_free);

  g_assert_cmpint (g_remove (file), ==, 0);
  past = load_past (lockstep_run_get_directory (run), FALSE);
  g_assert_cmpuint (lockstep_past_run_get_complaints (past)->len, ==, 1);
  g_assert_nonnull (strstr (g_ptr_array_index (lockstep_past_run_get_complaints (past), 0), file));
  g_clear_pointer (&past, lockstep_past_run_free);

  again = resume_run (lockstep_run_get_directory (run), NULL, &what);
  assert_same_results (again, run);
  g_assert_true (g_file_test (file, G_FILE_TEST_EXISTS));
}

/* A result that a later step needs has to be there. */
static void
test_lost_result (ResumeFixture *fixture,
                  gconstpointer  data)
{
  g_autofree char         *digits = g_strnfill (70000, '7');
  g_autofree char         *result = g_strdup_printf ("[\\\"%s\\\"]", digits);
  g_autofree char         *solver = fake_solver (fixture->folder, "returns", result, NULL);
  g_autoptr (LockstepPlan) plan = make_plan ("{'lockstep':1,'name':'Lost','solver':{%s},'solvers':1,'steps':["
                                             "{'step':'work','tasks':3},{'step':'gather','on':'one'}]}",
                                             solver);
  g_autoptr (LockstepRun)  run = run_plan (plan, fixture->folder);
  g_autofree char         *journal = read_file (lockstep_run_get_directory (run), "journal.jsonl");
  const char              *end = strstr (journal, "{\"event\":\"step-ended\"");
  g_autofree char         *copy = make_interrupted (fixture, lockstep_run_get_directory (run), journal,
                                                    (gsize) (strchr (end, '\n') - journal) + 1);
  g_autoptr (GError)       error = refuse_to_resume (copy, NULL, NULL);

  g_assert_error (error, LOCKSTEP_RESUME_ERROR, LOCKSTEP_RESUME_ERROR_LOST);
  g_assert_nonnull (strstr (error->message, "results/00000"));
}

static void
test_newer (ResumeFixture *fixture,
            gconstpointer  data)
{
  g_autoptr (LockstepPlan) plan = make_sweep (fixture, 1, 2);
  g_autoptr (LockstepRun)  run = run_plan (plan, fixture->folder);
  g_autofree char         *copy = make_interrupted (fixture, lockstep_run_get_directory (run), "{\"lockstep-journal\":7}\n", 23);
  g_autoptr (GError)       error = NULL;

  g_assert_null (lockstep_past_run_load (copy, TRUE, &error));
  g_assert_nonnull (strstr (error->message, "version 7"));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, test) \
  g_test_add (path, ResumeFixture, NULL, resume_fixture_set_up, test, resume_fixture_tear_down)
  ADD ("/past-run/past-is-as-live", test_past_is_as_live);
  ADD ("/past-run/load-async", test_load_async);
  ADD ("/past-run/garbage", test_garbage);
  ADD ("/past-run/large-results", test_large_results);
  ADD ("/past-run/lost-result", test_lost_result);
  ADD ("/past-run/newer", test_newer);
#undef ADD

  return g_test_run ();
}
