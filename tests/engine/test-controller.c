/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-controller.h"

#include "run-fixture.h"

/* One folder for a test and what it makes. */
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

static LockstepRun *
run_fake (Fixture    *fixture,
          char       *solver,
          guint       n_solvers,
          const char *steps)
{
  g_autoptr (LockstepPlan) plan = make_plan ("{'lockstep':1,'name':'Fake run','solver':{%s},'solvers':%u,"
                                             "'params':{'tiny':5e-324},'steps':%s}",
                                             solver, n_solvers, steps);
  g_free (solver);

  return run_plan (plan, fixture->folder);
}

static void
test_all_and_one (Fixture      *fixture,
                  gconstpointer data)
{
  g_autoptr (LockstepRun) run = run_fake (fixture, fake_solver (fixture->folder, "sum", NULL), 3,
                                          "[{'step':'work','on':'all'},{'step':'gather','on':'one'}]");
  g_autofree char        *result = dup_result (run, 0);

  g_assert_cmpstr (lockstep_run_get_error (run), ==, NULL);
  g_assert_cmpint (lockstep_run_get_state (run), ==, LOCKSTEP_RUN_FINISHED);
  g_assert_nonnull (strstr (result, "\"sum\":6"));
  g_assert_nonnull (strstr (result, "\"count\":3"));
  g_assert_cmpuint (count_processes (fixture->folder), ==, 0);
}

static void
test_loop (Fixture      *fixture,
           gconstpointer data)
{
  g_autoptr (LockstepRun) run = run_fake (fixture, fake_solver (fixture->folder, "sum", NULL), 2,
                                          "[{'repeat':9,'until':'gap < 0.002','steps':["
                                          "{'step':'work','on':'all'},{'step':'gather','on':'one'}]}]");
  g_autofree char        *result = dup_result (run, 0);

  g_assert_cmpint (lockstep_run_get_state (run), ==, LOCKSTEP_RUN_FINISHED);
  g_assert_true (lockstep_run_get_reached (run));
  g_assert_nonnull (strstr (result, "\"iteration\":3"));
  g_assert_nonnull (strstr (result, "\"previous\":3"));
}

static void
test_input_of_all (Fixture      *fixture,
                   gconstpointer data)
{
  g_autoptr (LockstepRun) run = run_fake (fixture, fake_solver (fixture->folder, "input", NULL), 2,
                                          "[{'step':'one','on':'one'},{'step':'all','on':'all'}]");
  g_autofree char        *result = dup_result (run, 1);

  /* The first step has no input and returns null, which the second gets. */
  g_assert_cmpint (lockstep_run_get_state (run), ==, LOCKSTEP_RUN_FINISHED);
  g_assert_cmpstr (result, ==, "null");
}

/* The journal holds what happened, in order, and the summary the outcome. */
static void
test_record (Fixture      *fixture,
             gconstpointer data)
{
  g_autoptr (LockstepRun) run = run_fake (fixture, fake_solver (fixture->folder, "sum", NULL), 2, "[{'step':'work','on':'all'}]");
  g_autofree char        *journal = g_build_filename (lockstep_run_get_directory (run), "journal.jsonl", NULL);
  g_autofree char        *summary = g_build_filename (lockstep_run_get_directory (run), "summary.json", NULL);
  g_autofree char        *text = NULL;
  g_autofree char        *outcome = NULL;
  g_autoptr (LockstepRun) folded = lockstep_run_new (lockstep_run_get_plan (run));
  g_auto (GStrv)          lines = NULL;

  g_assert_true (g_file_get_contents (journal, &text, NULL, NULL));
  lines = g_strsplit (g_strchomp (text), "\n", -1);
  for (guint i = 1; lines[i] != NULL; i++)
    {
      g_autoptr (GBytes) line = g_bytes_new_static (lines[i], strlen (lines[i]));
      LockstepEvent      event;

      g_assert_true (lockstep_event_read_line (line, &event, NULL, NULL));
      lockstep_run_fold (folded, &event);
      lockstep_event_clear (&event);
    }
  g_assert_cmpint (lockstep_run_get_state (folded), ==, LOCKSTEP_RUN_FINISHED);
  g_assert_cmpint (lockstep_run_get_start (folded), ==, lockstep_run_get_start (run));
  g_assert_cmpint (lockstep_run_get_end (folded), ==, lockstep_run_get_end (run));
  for (guint i = 0; i < 2; i++)
    g_assert_true (g_bytes_equal (lockstep_run_get_result (folded, i), lockstep_run_get_result (run, i)));

  g_assert_true (g_file_get_contents (summary, &outcome, NULL, NULL));
  g_assert_nonnull (strstr (outcome, "\"state\":\"finished\""));
}

static void
assert_failed (LockstepRun *run,
               const char  *words)
{
  g_assert_cmpint (lockstep_run_get_state (run), ==, LOCKSTEP_RUN_FAILED);
  g_assert_nonnull (lockstep_run_get_error (run));
  if (strstr (lockstep_run_get_error (run), words) == NULL)
    g_error ("“%s” is not in: %s", words, lockstep_run_get_error (run));
}

/* Each row: the fake's mode and its argument, and words that the run's error must have. */
static const char *const failures[][3] = {
  { "step-error", "no convergence", "no convergence" },
  { "initialize-error", "no network", "no network" },
  { "exits-at-once", "7", "exited with code 7" },
  { "exits-in-step", "3", "exited with code 3" },
  { "dies", "segv", "SIGSEGV" },
  { "dies", "kill", "SIGKILL" },
  { "garbage", "step", "broke the protocol" },
  { "nan", "step", "broke the protocol" },
  { "huge-number", "step", "broke the protocol" },
  { "lone-surrogate", "step", "broke the protocol" },
  { "nested", "step", "broke the protocol" },
  { "long-line", "step", "broke the protocol" },
  { "closes-stream", "step", "closed its connection" },
};

static void
test_failure (Fixture      *fixture,
              gconstpointer data)
{
  const char *const      *row = data;
  g_autoptr (LockstepRun) run = run_fake (fixture, fake_solver (fixture->folder, row[0], row[1], NULL), 2,
                                          "[{'step':'work','on':'all'}]");

  assert_failed (run, row[2]);
  g_assert_cmpuint (count_processes (fixture->folder), ==, 0);
}

static void
test_last_lines (Fixture      *fixture,
                 gconstpointer data)
{
  g_autoptr (LockstepRun) run = run_fake (fixture, fake_solver (fixture->folder, "exits-at-once", NULL), 1,
                                          "[{'step':'work','on':'all'}]");

  assert_failed (run, "The last lines it printed:");
}

static void
test_missing_program (Fixture      *fixture,
                      gconstpointer data)
{
  g_autoptr (LockstepPlan) plan = make_plan ("{'lockstep':1,'name':'x','solver':{'command':['lockstep-no-such-program']},"
                                             "'solvers':2,'steps':[{'step':'work','on':'all'}]}");
  g_autoptr (LockstepRun)  run = run_plan (plan, fixture->folder);

  assert_failed (run, "lockstep-no-such-program");
}

static void
test_never_answers (Fixture      *fixture,
                    gconstpointer data)
{
  g_autofree char         *solver = fake_solver (fixture->folder, "never-answers", "initialize", NULL);
  g_autoptr (LockstepPlan) plan = make_plan ("{'lockstep':1,'name':'x','solver':{%s},'solvers':1,"
                                             "'initialize':{'timeout':0.3},'steps':[{'step':'work','on':'all'}]}",
                                             solver);
  g_autoptr (LockstepRun)  run = run_plan (plan, fixture->folder);

  assert_failed (run, "initialize.timeout");
  g_assert_cmpuint (count_processes (fixture->folder), ==, 0);
}

/* A reply to a call that was never made is dropped, and said so. */
static void
test_stray_reply (Fixture      *fixture,
                  gconstpointer data)
{
  g_autoptr (LockstepRun) run = run_fake (fixture, fake_solver (fixture->folder, "stray-id", NULL), 1, "[{'step':'work','on':'all'}]");
  g_autofree char        *path = g_build_filename (lockstep_run_get_directory (run), "journal.jsonl", NULL);
  g_autofree char        *text = NULL;

  g_assert_cmpint (lockstep_run_get_state (run), ==, LOCKSTEP_RUN_FINISHED);
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_assert_nonnull (strstr (text, "\"level\":\"warning\""));
}

static void
test_unwritable_folder (Fixture      *fixture,
                        gconstpointer data)
{
  g_autofree char         *file = g_build_filename (fixture->folder, "file", NULL);
  g_autofree char         *solver = fake_solver (fixture->folder, "sum", NULL);
  g_autoptr (LockstepPlan) plan = make_plan ("{'lockstep':1,'name':'x','solver':{%s},'steps':[{'step':'work','on':'all'}]}",
                                             solver);
  g_autoptr (LockstepRun)  run = NULL;

  g_assert_true (g_file_set_contents (file, "", 0, NULL));
  run = run_plan (plan, file);
  assert_failed (run, file);
}

/* What a plan says over several lines arrives in one message. */
static void
test_params_over_lines (Fixture      *fixture,
                        gconstpointer data)
{
  g_autofree char         *solver = fake_solver (fixture->folder, "echo", NULL);
  g_autoptr (LockstepPlan) plan = make_plan ("{'lockstep':1,'name':'x','solver':{%s},'solvers':1,'steps':["
                                             "{'step':'work','on':'one','params':{\n'tiny':\r\n5e-324\n}}]}",
                                             solver);
  g_autoptr (LockstepRun)  run = run_plan (plan, fixture->folder);
  g_autofree char         *result = dup_result (run, 0);

  g_assert_cmpint (lockstep_run_get_state (run), ==, LOCKSTEP_RUN_FINISHED);
  g_assert_nonnull (strstr (result, "5e-324"));
}

/* Terminates a run as soon as a solver is busy. */
static void
test_terminate (Fixture      *fixture,
                gconstpointer data)
{
  const char                     *mode = data;
  g_autofree char                *solver = fake_solver (fixture->folder, mode, g_str_equal (mode, "sleep") ? "100" : NULL, NULL);
  g_autoptr (LockstepPlan)        plan = make_plan ("{'lockstep':1,'name':'x','solver':{%s},'solvers':2,"
                                                           "'steps':[{'step':'work','on':'all'}]}",
                                                    solver);
  const LockstepControllerOptions options = { .runs_directory = fixture->folder, .grace = 1 };
  g_autoptr (LockstepController)  controller = lockstep_controller_new (plan, &options);
  LockstepRun                    *run = lockstep_controller_get_run (controller);

  lockstep_controller_start (controller);
  while (lockstep_run_get_state (run) != LOCKSTEP_RUN_STEPPING)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (count_processes (fixture->folder), >=, 2);

  lockstep_controller_terminate (controller, LOCKSTEP_STOP_ASK);
  g_assert_cmpint (lockstep_run_get_state (run), ==, LOCKSTEP_RUN_STOPPING);
  wait_for_end (run);
  g_assert_cmpint (lockstep_run_get_state (run), ==, LOCKSTEP_RUN_TERMINATED);
  g_assert_cmpuint (count_processes (fixture->folder), ==, 0);
}

static void
test_terminate_before_start (Fixture      *fixture,
                             gconstpointer data)
{
  g_autofree char                *solver = fake_solver (fixture->folder, "sum", NULL);
  g_autoptr (LockstepPlan)        plan = make_plan ("{'lockstep':1,'name':'x','solver':{%s},'steps':[{'step':'work','on':'all'}]}",
                                                    solver);
  const LockstepControllerOptions options = { .runs_directory = fixture->folder };
  g_autoptr (LockstepController)  controller = lockstep_controller_new (plan, &options);
  LockstepRun                    *run = lockstep_controller_get_run (controller);

  lockstep_controller_start (controller);
  lockstep_controller_terminate (controller, LOCKSTEP_STOP_ASK);
  wait_for_end (run);
  g_assert_cmpint (lockstep_run_get_state (run), ==, LOCKSTEP_RUN_TERMINATED);
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

/* Each run is its own: the same plan twice, at the same time. */
static void
test_two_at_once (Fixture      *fixture,
                  gconstpointer data)
{
  g_autofree char                *solver = fake_solver (fixture->folder, "sum", NULL);
  g_autoptr (LockstepPlan)        plan = make_plan ("{'lockstep':1,'name':'x','solver':{%s},'solvers':2,"
                                                           "'steps':[{'step':'work','on':'all'}]}",
                                                    solver);
  const LockstepControllerOptions options = { .runs_directory = fixture->folder };
  g_autoptr (LockstepController)  first = lockstep_controller_new (plan, &options);
  g_autoptr (LockstepController)  second = lockstep_controller_new (plan, &options);

  lockstep_controller_start (first);
  lockstep_controller_start (second);
  wait_for_end (lockstep_controller_get_run (first));
  wait_for_end (lockstep_controller_get_run (second));
  g_assert_cmpint (lockstep_run_get_state (lockstep_controller_get_run (first)), ==, LOCKSTEP_RUN_FINISHED);
  g_assert_cmpint (lockstep_run_get_state (lockstep_controller_get_run (second)), ==, LOCKSTEP_RUN_FINISHED);
  g_assert_cmpstr (lockstep_run_get_directory (lockstep_controller_get_run (first)), !=,
                   lockstep_run_get_directory (lockstep_controller_get_run (second)));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, data, test) g_test_add (path, Fixture, data, set_up, test, tear_down)
  ADD ("/controller/all-and-one", NULL, test_all_and_one);
  ADD ("/controller/loop", NULL, test_loop);
  ADD ("/controller/input-of-all", NULL, test_input_of_all);
  ADD ("/controller/params-over-lines", NULL, test_params_over_lines);
  ADD ("/controller/record", NULL, test_record);
  for (guint i = 0; i < G_N_ELEMENTS (failures); i++)
    {
      g_autofree char *path = g_strdup_printf ("/controller/failure/%s-%s", failures[i][0], failures[i][1]);

      ADD (path, failures[i], test_failure);
    }
  ADD ("/controller/last-lines", NULL, test_last_lines);
  ADD ("/controller/missing-program", NULL, test_missing_program);
  ADD ("/controller/never-answers", NULL, test_never_answers);
  ADD ("/controller/stray-reply", NULL, test_stray_reply);
  ADD ("/controller/unwritable-folder", NULL, test_unwritable_folder);
  ADD ("/controller/terminate/cooperative", "sleep", test_terminate);
  ADD ("/controller/terminate/deaf", "ignores-sigterm-in-step", test_terminate);
  ADD ("/controller/terminate/double-fork", "double-fork-deaf", test_terminate);
  ADD ("/controller/terminate/before-start", NULL, test_terminate_before_start);
  ADD ("/controller/two-at-once", NULL, test_two_at_once);
#undef ADD

  return g_test_run ();
}
