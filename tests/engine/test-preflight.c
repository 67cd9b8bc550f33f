/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-limits.h"
#include "lockstep-preflight.h"

#include "run-fixture.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/resource.h>

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

static void
preflight_cb (GObject      *plan,
              GAsyncResult *result,
              gpointer      user_data)
{
  LockstepPreflight **preflight = user_data;

  *preflight = lockstep_preflight_run_finish (result);
}

static LockstepPreflight *
make_preflight (LockstepPlan          *plan,
                const char            *runs_directory,
                LockstepPreflightFlags flags)
{
  LockstepPreflight *preflight = NULL;

  lockstep_preflight_run_async (plan, runs_directory, flags, preflight_cb, &preflight);
  while (preflight == NULL)
    g_main_context_iteration (NULL, TRUE);

  return preflight;
}

/* A look at a plan with @members, whose solver is the fake one. */
static LockstepPreflight *
look (Fixture    *fixture,
      const char *members)
{
  g_autofree char         *solver = fake_solver (fixture->folder, "echo", NULL);
  g_autoptr (LockstepPlan) plan = make_plan ("{'lockstep':1,'name':'x','solver':{%s},%s}", solver, members);

  return make_preflight (plan, fixture->folder, LOCKSTEP_PREFLIGHT_LOOK);
}

#define STEPS "'steps':[{'step':'work','on':'all'}]"

/* The first finding of that topic and level; NULL where there is none. */
static LockstepFinding *
find (LockstepPreflight   *preflight,
      const char          *topic,
      LockstepFindingLevel level)
{
  GListModel *findings = lockstep_preflight_get_findings (preflight);

  for (guint i = 0; i < g_list_model_get_n_items (findings); i++)
    {
      g_autoptr (LockstepFinding) finding = g_list_model_get_item (findings, i);

      if (g_str_equal (lockstep_finding_get_topic (finding), topic) && lockstep_finding_get_level (finding) == level)
        return finding;
    }

  return NULL;
}

static void
assert_finding (LockstepPreflight   *preflight,
                const char          *topic,
                LockstepFindingLevel level,
                const char          *words)
{
  LockstepFinding *finding = find (preflight, topic, level);
  g_autofree char *sentence = NULL;

  g_assert_nonnull (finding);
  sentence = lockstep_finding_dup_sentence (finding);
  if (strstr (sentence, words) == NULL)
    g_error ("“%s” is not in: %s", words, sentence);
}

static void
test_all_well (Fixture      *fixture,
               gconstpointer data)
{
  g_autoptr (LockstepPreflight) preflight = look (fixture, "'solvers':1," STEPS);
  GListModel                   *findings = lockstep_preflight_get_findings (preflight);

  for (guint i = 0; i < g_list_model_get_n_items (findings); i++)
    {
      g_autoptr (LockstepFinding) finding = g_list_model_get_item (findings, i);

      g_assert_cmpint (lockstep_finding_get_level (finding), <, LOCKSTEP_FINDING_WARNING);
    }
  g_assert_false (lockstep_preflight_has_problem (preflight));
  g_assert_null (lockstep_preflight_dup_problem (preflight));
  g_assert_cmpuint (lockstep_preflight_get_n_solvers (preflight)[0], ==, 1);
  assert_finding (preflight, "Program", LOCKSTEP_FINDING_OK, g_getenv ("LOCKSTEP_FAKE_SOLVER"));
  assert_finding (preflight, "Disk", LOCKSTEP_FINDING_OK, fixture->folder);
}

/* More threads than CPUs are told, and no reason not to start. */
static void
test_over_subscription (Fixture      *fixture,
                        gconstpointer data)
{
  g_autoptr (LockstepPreflight) preflight = look (fixture, "'solvers':5000," STEPS);

  g_assert_false (lockstep_preflight_has_problem (preflight));
  assert_finding (preflight, "Solvers", LOCKSTEP_FINDING_WARNING, "5,000 threads");
  assert_finding (preflight, "Solvers", LOCKSTEP_FINDING_WARNING, "auto");
}

/* The memory of all solvers against what there is. */
static void
test_memory (Fixture      *fixture,
             gconstpointer data)
{
  g_autoptr (LockstepPlan)      plan = make_plan ("{'lockstep':1,'name':'x','solver':{'command':['true'],'memory':'1 TB'},"
                                                       "'solvers':1000," STEPS "}");
  g_autoptr (LockstepPreflight) preflight = make_preflight (plan, fixture->folder, LOCKSTEP_PREFLIGHT_LOOK);

  g_assert_false (lockstep_preflight_has_problem (preflight));
  assert_finding (preflight, "Memory", LOCKSTEP_FINDING_WARNING, "1000 × 1.0 TB = 1.0 PB of ");
}

static void
test_missing_program (Fixture      *fixture,
                      gconstpointer data)
{
  g_autoptr (LockstepPlan)      plan = make_plan ("{'lockstep':1,'name':'x','solver':{'command':['lockstep-no-such-program']}," STEPS "}");
  g_autoptr (LockstepPreflight) preflight = make_preflight (plan, fixture->folder, LOCKSTEP_PREFLIGHT_LOOK);
  g_autofree char              *problem = lockstep_preflight_dup_problem (preflight);

  g_assert_true (lockstep_preflight_has_problem (preflight));
  g_assert_nonnull (strstr (problem, "“lockstep-no-such-program” cannot be started: No such file"));
  g_assert_nonnull (strstr (problem, "./lockstep-no-such-program"));
}

/* Each host has a PATH of its own: here the program is on the first one only. */
static void
test_missing_on_one_host (Fixture      *fixture,
                          gconstpointer data)
{
  g_autofree char              *folder = g_path_get_dirname (g_getenv ("LOCKSTEP_FAKE_SOLVER"));
  g_autoptr (LockstepPlan)      plan = make_plan ("{'lockstep':1,'name':'x','solver':{'command':['fake-solver']},'hosts':["
                                                       "{'host':'local','name':'a','env':{'PATH':'%s'}},'local']," STEPS "}",
                                                  folder);
  g_autoptr (LockstepPreflight) preflight = make_preflight (plan, fixture->folder, LOCKSTEP_PREFLIGHT_LOOK);

  assert_finding (preflight, "Program", LOCKSTEP_FINDING_OK, folder);
  assert_finding (preflight, "Program", LOCKSTEP_FINDING_PROBLEM, "“fake-solver”");
}

static void
test_not_executable (Fixture      *fixture,
                     gconstpointer data)
{
  g_autofree char              *path = g_build_filename (fixture->folder, "solver.sh", NULL);
  g_autoptr (LockstepPlan)      plan = NULL;
  g_autoptr (LockstepPreflight) preflight = NULL;

  g_assert_true (g_file_set_contents_full (path, "#!/bin/sh\n", -1, G_FILE_SET_CONTENTS_NONE, 0600, NULL));
  plan = make_plan ("{'lockstep':1,'name':'x','solver':{'command':['%s']}," STEPS "}", path);
  preflight = make_preflight (plan, fixture->folder, LOCKSTEP_PREFLIGHT_LOOK);
  assert_finding (preflight, "Program", LOCKSTEP_FINDING_PROBLEM, "cannot be started: Permission denied. It has to be executable");

  /* Gone since the plan was read. */
  g_assert_no_errno (g_remove (path));
  g_clear_object (&preflight);
  preflight = make_preflight (plan, fixture->folder, LOCKSTEP_PREFLIGHT_LOOK);
  assert_finding (preflight, "Program", LOCKSTEP_FINDING_PROBLEM, "No such file");
}

static void
test_unwritable_folder (Fixture      *fixture,
                        gconstpointer data)
{
  g_autofree char              *file = g_build_filename (fixture->folder, "file", NULL);
  g_autofree char              *below = g_build_filename (file, "runs", NULL);
  g_autofree char              *solver = fake_solver (fixture->folder, "echo", NULL);
  g_autoptr (LockstepPlan)      plan = make_plan ("{'lockstep':1,'name':'x','solver':{%s}," STEPS "}", solver);
  g_autoptr (LockstepPreflight) preflight = NULL;

  g_assert_true (g_file_set_contents (file, "", 0, NULL));
  preflight = make_preflight (plan, below, LOCKSTEP_PREFLIGHT_LOOK);
  assert_finding (preflight, "Disk", LOCKSTEP_FINDING_PROBLEM, file);
  assert_finding (preflight, "Disk", LOCKSTEP_FINDING_PROBLEM, "Not a directory");

  /* Where nothing is kept, that does not matter. */
  g_clear_object (&preflight);
  preflight = make_preflight (plan, below, LOCKSTEP_PREFLIGHT_NO_RECORD);
  g_assert_false (lockstep_preflight_has_problem (preflight));
}

static void
test_steps (Fixture      *fixture,
            gconstpointer data)
{
  g_autoptr (LockstepPreflight) preflight = look (fixture, "'solvers':3,'steps':[{'step':'sweep','tasks':1234567},"
                                                           "{'repeat':500,'until':'gap < 1','steps':[{'step':'a','on':'all'},"
                                                           "{'step':'b','on':'one'}]}]");

  assert_finding (preflight, "Tasks", LOCKSTEP_FINDING_OK, "1,234,567 in step “sweep”");
  assert_finding (preflight, "In all", LOCKSTEP_FINDING_OK, "At most: steps 1,001, tasks 1,236,567");
}

/* Loops in loops can come to more than there are numbers for. */
static void
test_endless_steps (Fixture      *fixture,
                    gconstpointer data)
{
  g_autoptr (LockstepPreflight) preflight = look (fixture, "'solvers':3,'steps':[{'repeat':2000000000,'steps':[{'repeat':2000000000,"
                                                           "'steps':[{'repeat':2000000000,'steps':[{'step':'a','on':'all'}]}]}]}]");

  assert_finding (preflight, "In all", LOCKSTEP_FINDING_OK, "Steps: 18,446,744,073,709,551,615");
}

/* What another run holds is not there for this one. */
static void
test_other_runs (Fixture      *fixture,
                 gconstpointer data)
{
  g_autofree char              *solver = fake_solver (fixture->folder, "echo", NULL);
  g_autoptr (LockstepPlan)      large = make_plan ("{'lockstep':1,'name':'Large one','solver':{%s},'solvers':1000," STEPS "}", solver);
  g_autoptr (LockstepPlan)      automatic = make_plan ("{'lockstep':1,'name':'x','solver':{%s}," STEPS "}", solver);
  g_autoptr (LockstepPreflight) first = make_preflight (large, fixture->folder, LOCKSTEP_PREFLIGHT_RESERVE);
  g_autoptr (LockstepPreflight) second = make_preflight (automatic, fixture->folder, LOCKSTEP_PREFLIGHT_LOOK);

  g_assert_cmpuint (lockstep_preflight_get_n_solvers (second)[0], ==, 1);
  assert_finding (second, "CPUs", LOCKSTEP_FINDING_NOTE, "1000 are held by other runs of yours: Large one (process ");
  assert_finding (second, "Solvers", LOCKSTEP_FINDING_WARNING, "other runs are over");

  g_clear_object (&first);
  g_clear_object (&second);
  second = make_preflight (automatic, fixture->folder, LOCKSTEP_PREFLIGHT_LOOK);
  g_assert_cmpuint (lockstep_preflight_get_n_solvers (second)[0], ==, lockstep_preflight_get_cpus (second)->allowed);
  g_assert_null (find (second, "Solvers", LOCKSTEP_FINDING_WARNING));
}

static void
set_descriptors (rlim_t soft,
                 rlim_t hard)
{
  const struct rlimit limit = { soft, hard };

  g_assert_no_errno (setrlimit (RLIMIT_NOFILE, &limit));
}

/* In a process of its own, which cannot raise its hard limit again. */
static void
test_descriptors (Fixture      *fixture,
                  gconstpointer data)
{
  if (g_test_subprocess ())
    {
      g_autoptr (LockstepPreflight) enough = NULL;
      g_autoptr (LockstepPreflight) raised = NULL;
      g_autoptr (LockstepPreflight) too_few = NULL;

      set_descriptors (120, 400);
      enough = look (fixture, "'solvers':5," STEPS);
      raised = look (fixture, "'solvers':50," STEPS);
      too_few = look (fixture, "'solvers':500," STEPS);
      assert_finding (enough, "Open files", LOCKSTEP_FINDING_OK, "120 allowed");
      assert_finding (raised, "Open files", LOCKSTEP_FINDING_NOTE, "raised");
      assert_finding (too_few, "Open files", LOCKSTEP_FINDING_WARNING, "400");
      assert_finding (too_few, "Open files", LOCKSTEP_FINDING_WARNING, "of 500 solvers");
      return;
    }

  g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_INHERIT_STDERR);
  g_test_trap_assert_passed ();
}

/* A run raises the limit as far as it has to. */
static void
test_descriptors_are_raised (Fixture      *fixture,
                             gconstpointer data)
{
  if (g_test_subprocess ())
    {
      g_autofree char         *solver = fake_solver (fixture->folder, "echo", NULL);
      g_autoptr (LockstepPlan) plan = make_plan ("{'lockstep':1,'name':'x','solver':{%s},'solvers':20," STEPS "}", solver);
      g_autoptr (LockstepRun)  run = NULL;
      LockstepDescriptors      descriptors;

      set_descriptors (40, 1000);
      run = run_plan (plan, fixture->folder);
      g_assert_cmpstr (lockstep_run_get_error (run), ==, NULL);
      g_assert_cmpint (lockstep_run_get_state (run), ==, LOCKSTEP_RUN_FINISHED);
      lockstep_limits_read_descriptors (&descriptors);
      g_assert_cmpuint (descriptors.soft, >=, 80);
      g_assert_cmpuint (descriptors.soft, <, 200);
      return;
    }

  g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_INHERIT_STDERR);
  g_test_trap_assert_passed ();
}

/* A problem ends a run before anything of it is there; a warning is told in its log. */
static void
test_start (Fixture      *fixture,
            gconstpointer data)
{
  g_autofree char         *runs = g_build_filename (fixture->folder, "runs", NULL);
  g_autofree char         *solver = fake_solver (fixture->folder, "echo", NULL);
  g_autoptr (LockstepPlan) missing = make_plan ("{'lockstep':1,'name':'x','solver':{'command':['lockstep-no-such-program']}," STEPS "}");
  g_autoptr (LockstepPlan) many = make_plan ("{'lockstep':1,'name':'x','solver':{%s,'threads':1000},'solvers':2," STEPS "}", solver);
  g_autoptr (LockstepRun)  first = run_plan (missing, runs);
  g_autoptr (LockstepRun)  second = NULL;
  g_autofree char         *path = NULL;
  g_autofree char         *journal = NULL;

  g_assert_cmpint (lockstep_run_get_state (first), ==, LOCKSTEP_RUN_FAILED);
  g_assert_cmpstr (lockstep_run_get_directory (first), ==, NULL);
  g_assert_false (g_file_test (runs, G_FILE_TEST_EXISTS));

  second = run_plan (many, runs);
  g_assert_cmpint (lockstep_run_get_state (second), ==, LOCKSTEP_RUN_FINISHED);
  path = g_build_filename (lockstep_run_get_directory (second), "journal.jsonl", NULL);
  g_assert_true (g_file_get_contents (path, &journal, NULL, NULL));
  g_assert_nonnull (strstr (journal, "\"level\":\"warning\",\"text\":\"2,000 threads"));
}

/* While a run is at work its CPUs are reserved, and no longer. */
static void
test_run_reserves (Fixture      *fixture,
                   gconstpointer data)
{
  const LockstepControllerOptions options = { .runs_directory = fixture->folder, .grace = 2 };
  g_autofree char                *solver = fake_solver (fixture->folder, "sleep", "100", NULL);
  g_autoptr (LockstepPlan)        plan = make_plan ("{'lockstep':1,'name':'x','solver':{%s,'threads':3},'solvers':2," STEPS "}", solver);
  g_autoptr (LockstepController)  controller = lockstep_controller_new (plan, &options);
  LockstepRun                    *run = lockstep_controller_get_run (controller);
  g_auto (LockstepHeld)           held = { 0 };

  lockstep_controller_start (controller);
  while (lockstep_run_get_state (run) != LOCKSTEP_RUN_STEPPING)
    g_main_context_iteration (NULL, TRUE);
  g_assert_true (lockstep_reservation_read_held (&held, NULL));
  g_assert_cmpuint (held.n_cpus, ==, 6);

  lockstep_controller_terminate (controller, LOCKSTEP_STOP_ASK);
  wait_for_end (run);
  lockstep_held_clear (&held);
  g_assert_true (lockstep_reservation_read_held (&held, NULL));
  g_assert_cmpuint (held.n_runs, ==, 0);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, test) g_test_add (path, Fixture, NULL, set_up, test, tear_down)
  ADD ("/preflight/all-well", test_all_well);
  ADD ("/preflight/over-subscription", test_over_subscription);
  ADD ("/preflight/memory", test_memory);
  ADD ("/preflight/missing-program", test_missing_program);
  ADD ("/preflight/missing-on-one-host", test_missing_on_one_host);
  ADD ("/preflight/not-executable", test_not_executable);
  ADD ("/preflight/unwritable-folder", test_unwritable_folder);
  ADD ("/preflight/steps", test_steps);
  ADD ("/preflight/endless-steps", test_endless_steps);
  ADD ("/preflight/other-runs", test_other_runs);
  ADD ("/preflight/descriptors/told", test_descriptors);
  ADD ("/preflight/descriptors/raised", test_descriptors_are_raised);
  ADD ("/preflight/start", test_start);
  ADD ("/preflight/run-reserves", test_run_reserves);
#undef ADD

  return g_test_run ();
}
