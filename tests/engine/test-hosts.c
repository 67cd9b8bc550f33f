/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "run-fixture.h"

#include <string.h>

/* Runs on several hosts, each of them this machine. */

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

/* The host that a solver was launched on, as the journal has it. */
static char *
dup_host (LockstepRun *run,
          guint        solver)
{
  g_autoptr (LockstepRunSolver) row = g_list_model_get_item (lockstep_run_get_solvers (run), solver);

  return g_strdup (lockstep_run_solver_get_host (row));
}

static char *
dup_journal (LockstepRun *run)
{
  g_autofree char *path = g_build_filename (lockstep_run_get_directory (run), "journal.jsonl", NULL);
  char            *text = NULL;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  return text;
}

static guint
count_lines (const char *text,
             const char *first,
             const char *second)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  guint          count = 0;

  for (guint i = 0; lines[i] != NULL; i++)
    count += strstr (lines[i], first) != NULL && strstr (lines[i], second) != NULL;

  return count;
}

/* Solvers are numbered through the hosts, and each has the env of its own. */
static void
test_env (Fixture      *fixture,
          gconstpointer data)
{
  g_autofree char         *solver = fake_solver (fixture->folder, "environment", "PLACE", "SHARED", NULL);
  g_autoptr (LockstepPlan) plan = make_plan ("{'lockstep':1,'name':'x','solver':{%s},'hosts':["
                                             "{'host':'local','name':'a','solvers':2,'env':{'PLACE':'here'}},"
                                             "{'host':'local','name':'b','solvers':1,'env':{'PLACE':'there','SHARED':1}}],"
                                             "'steps':[{'step':'work','on':'all'}]}",
                                             solver);
  g_autoptr (LockstepRun)  run = run_plan (plan, fixture->folder);
  const char *const        hosts[] = { "a", "a", "b" };
  guint                    n_there = 0;

  g_assert_cmpint (lockstep_run_get_state (run), ==, LOCKSTEP_RUN_FINISHED);
  g_assert_cmpuint (g_list_model_get_n_items (lockstep_run_get_solvers (run)), ==, 3);
  for (guint i = 0; i < 3; i++)
    {
      g_autofree char *result = dup_result (run, i);
      g_autofree char *host = dup_host (run, i);

      g_assert_cmpstr (host, ==, hosts[i]);
      n_there += strstr (result, "\"PLACE\":\"there\",\"SHARED\":\"1\"") != NULL;
      g_assert_true (strstr (result, "\"PLACE\":\"here\",\"SHARED\":null") != NULL || strstr (result, "there") != NULL);
    }
  g_assert_cmpuint (n_there, ==, 1);
}

/* A task that failed on one host is done on another; a host that nothing works on is set aside, and said so. */
static void
test_bad_host (Fixture      *fixture,
               gconstpointer data)
{
  g_autofree char         *solver = fake_solver (fixture->folder, "fail-if-set", "NO_LICENCE", NULL);
  g_autoptr (LockstepPlan) plan = make_plan ("{'lockstep':1,'name':'x','solver':{%s},'hosts':["
                                             "{'host':'local','name':'good','solvers':2},"
                                             "{'host':'local','name':'bad','solvers':2,'env':{'NO_LICENCE':1}}],"
                                             "'steps':[{'step':'work','tasks':60,'retries':1}]}",
                                             solver);
  g_autoptr (LockstepRun)  run = run_plan (plan, fixture->folder);
  g_autofree char         *journal = dup_journal (run);
  guint                    n_failed;

  g_assert_cmpint (lockstep_run_get_state (run), ==, LOCKSTEP_RUN_FINISHED);
  for (guint i = 0; i < 60; i++)
    {
      g_autofree char *result = dup_result (run, i);

      g_assert_cmpuint (g_ascii_strtoull (result, NULL, 10), >, 0);
    }

  /* Five to find out, and what was at work then. One retry was enough for all of them: none went to the bad host twice. */
  n_failed = count_lines (journal, "\"task-failed\"", "NO_LICENCE is set");
  g_assert_cmpuint (n_failed, >=, 5);
  g_assert_cmpuint (count_lines (journal, "\"task-failed\"", "\"final\":true"), ==, 0);
  g_assert_cmpuint (count_lines (journal, "The host bad is set aside", "NO_LICENCE is set"), ==, 1);
  g_assert_cmpuint (count_lines (journal, "\"level\":\"warning\"", "The host bad is set aside"), ==, 1);
  g_assert_cmpuint (count_processes (fixture->folder), ==, 0);
}

/* Where everything fails, no host is to blame. */
static void
test_all_bad (Fixture      *fixture,
              gconstpointer data)
{
  g_autofree char         *solver = fake_solver (fixture->folder, "step-error", "no such luck", NULL);
  g_autoptr (LockstepPlan) plan = make_plan ("{'lockstep':1,'name':'x','solver':{%s},'hosts':["
                                             "{'host':'local','name':'a','solvers':1},"
                                             "{'host':'local','name':'b','solvers':1}],"
                                             "'steps':[{'step':'work','tasks':20,'retries':1}]}",
                                             solver);
  g_autoptr (LockstepRun)  run = run_plan (plan, fixture->folder);
  g_autofree char         *journal = dup_journal (run);

  g_assert_cmpint (lockstep_run_get_state (run), ==, LOCKSTEP_RUN_FINISHED);
  g_assert_cmpuint (count_lines (journal, "\"task-failed\"", "\"final\":true"), ==, 20);
  g_assert_null (strstr (journal, "set aside"));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, test) g_test_add (path, Fixture, NULL, set_up, test, tear_down)
  ADD ("/hosts/env", test_env);
  ADD ("/hosts/bad-host", test_bad_host);
  ADD ("/hosts/all-bad", test_all_bad);
#undef ADD

  return g_test_run ();
}
