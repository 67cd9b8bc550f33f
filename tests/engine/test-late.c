/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-late.h"

#include <string.h>

#include "run-fixture.h"

#define SECOND G_USEC_PER_SEC

/* Any time (UTC in µs). */
#define START (G_GINT64_CONSTANT (1700000000) * SECOND)

static void
tell (LockstepRun      *run,
      LockstepEventType type,
      gint64            seconds,
      int               solver,
      int               task,
      const char       *payload)
{
  LockstepEvent    event;
  g_autofree char *text = g_strdelimit (g_strdup (payload), "'", '"');

  lockstep_event_init (&event, type);
  event.time = START + seconds * SECOND;
  event.solver = solver;
  event.task = task;
  event.attempt = task >= 0 ? 1 : -1;
  event.step = 0;
  event.payload = g_bytes_new (text, strlen (text));
  lockstep_run_fold (run, &event);
  lockstep_event_clear (&event);
}

/* Four solvers, three of which are done after 10 s; the last is noticed after 40 s. @policy is of the step. */
static LockstepRun *
make_late_run (const char *policy)
{
  g_autoptr (LockstepPlan) plan = make_plan ("{ 'lockstep': 1, 'solvers': 4, 'solver': { 'command': ['true'] },"
                                             "  'steps': [ { 'step': 'assign', 'on': 'all' %s } ] }",
                                             policy);
  LockstepRun             *run = lockstep_run_new (plan);

  tell (run, LOCKSTEP_EVENT_RUN_STARTED, 0, -1, -1, "{}");
  tell (run, LOCKSTEP_EVENT_STEP_STARTED, 0, -1, -1, "{'title':'assign','method':'assign','tasks':4,'first':0,'iterations':[]}");
  for (int i = 0; i < 4; i++)
    tell (run, LOCKSTEP_EVENT_TASK_STARTED, 0, i, i, "{}");
  for (int i = 0; i < 3; i++)
    tell (run, LOCKSTEP_EVENT_TASK_ENDED, 10, i, i, "1");
  tell (run, LOCKSTEP_EVENT_TASK_LATE, 40, 3, 3, "{'median':10,'elapsed':40,'idle':3,'action':'wait'}");

  return run;
}

static void
assert_says (LockstepRun *run,
             gint64       seconds,
             const char  *expected,
             const char  *prospect)
{
  g_autofree char *text = lockstep_run_dup_late_text (run, START + seconds * SECOND);
  g_autofree char *said = lockstep_run_dup_late_prospect (run, START + seconds * SECOND);

  g_assert_cmpstr (text, ==, expected);
  g_assert_cmpstr (said, ==, prospect);
}

static void
test_text (void)
{
  g_autoptr (LockstepRun) run = make_late_run ("");

  g_assert_cmpuint (lockstep_run_get_late (run)->len, ==, 1);
  g_assert_cmpfloat (lockstep_run_get_waited (run, START + 40 * SECOND), ==, 90);
  assert_says (run, 40, "Solver 3 is 30 s late: 90 core-seconds lost. Silent 40 s.",
               "The plan waits for it, without a limit.");
  tell (run, LOCKSTEP_EVENT_USAGE, 60, 3, -1, "{'cpu':0.5,'memory':1000}");
  tell (run, LOCKSTEP_EVENT_PROGRESS, 70, 3, -1, "{'fraction':0.5}");
  assert_says (run, 71, "Solver 3 is 61 s late: 3 core-minutes lost. It shows signs of life, CPU 50 %.",
               "The plan waits for it, without a limit.");

  tell (run, LOCKSTEP_EVENT_TASK_ENDED, 80, 3, 3, "1");
  g_assert_cmpuint (lockstep_run_get_late (run)->len, ==, 0);
  assert_says (run, 80, NULL, NULL);
}

static void
test_prospect (void)
{
  g_autoptr (LockstepRun) stalls = make_late_run (", 'stall': '5 min', 'timeout': '1 h', 'retries': 1");
  g_autoptr (LockstepRun) times_out = make_late_run (", 'timeout': '10 min', 'retries': 0");
  g_autofree char        *stall = lockstep_run_dup_late_prospect (stalls, START + 60 * SECOND);
  g_autofree char        *timeout = lockstep_run_dup_late_prospect (times_out, START + 60 * SECOND);

  g_assert_cmpstr (stall, ==, "In 4 min: restarted (plan: silent 5 min).");
  g_assert_cmpstr (timeout, ==, "In 9 min: stopped, and the run fails (plan: 10 min a task).");
}

/* The task is given to another one as well; whichever of them fails, the other is late. */
static void
test_duplicate (void)
{
  g_autoptr (LockstepRun)       run = make_late_run (", 'on-failure': 'continue'");
  const LockstepLateTask *const late = &g_array_index (lockstep_run_get_late (run), LockstepLateTask, 0);

  g_assert_true (lockstep_late_may_be_duplicated (run, late));
  g_assert_true (lockstep_late_may_be_skipped (run, late));
  tell (run, LOCKSTEP_EVENT_TASK_STARTED, 41, 0, 3, "{}");
  g_assert_false (lockstep_late_may_be_duplicated (run, late));
  assert_says (run, 50, "Solver 3 is 40 s late: 80 core-seconds lost. Silent 50 s.",
               "Another solver is at it as well: the first result counts.");

  tell (run, LOCKSTEP_EVENT_TASK_FAILED, 55, 3, 3, "{'cause':'crash','reason':'x','final':false}");
  g_assert_cmpuint (lockstep_run_get_late (run)->len, ==, 1);
  g_assert_cmpint (late->solver, ==, 0);
  tell (run, LOCKSTEP_EVENT_TASK_ENDED, 60, 0, 3, "1");
  g_assert_cmpuint (lockstep_run_get_late (run)->len, ==, 0);
}

/* By what the others took, or its own progress, it would be done by now. */
static void
test_estimate (void)
{
  g_autoptr (LockstepRun) run = make_late_run ("");
  double                  low, high;

  tell (run, LOCKSTEP_EVENT_PROGRESS, 41, 3, 3, "{'fraction':0.5}");
  g_assert_cmpint (lockstep_run_get_estimate (run, &low, &high), ==, LOCKSTEP_ESTIMATE_NONE);
  tell (run, LOCKSTEP_EVENT_TASK_FAILED, 50, 3, 3, "{'cause':'crash','reason':'r','final':false}");
  tell (run, LOCKSTEP_EVENT_TASK_STARTED, 50, 3, 3, "{}");
  tell (run, LOCKSTEP_EVENT_PROGRESS, 52, 3, 3, "{'fraction':0.5}");
  g_assert_cmpint (lockstep_run_get_estimate (run, &low, &high), !=, LOCKSTEP_ESTIMATE_NONE);
}

/* It says so when it comes and when it goes, and a barrier that is passed leaves nobody late. */
static void
test_notify (void)
{
  g_autoptr (LockstepRun) run = make_late_run ("");
  guint                   n_late;

  g_object_get (run, "n-late", &n_late, NULL);
  g_assert_cmpuint (n_late, ==, 1);
  tell (run, LOCKSTEP_EVENT_STEP_ENDED, 90, -1, -1, "{}");
  g_object_get (run, "n-late", &n_late, NULL);
  g_assert_cmpuint (n_late, ==, 0);
}

/* Who is late is known to its row, and a stop ends that; a task that told to be through, and did not end, is not done. */
static void
test_row (void)
{
  g_autoptr (LockstepRun) run = make_late_run ("");
  LockstepRunSolver      *solver = g_list_model_get_item (lockstep_run_get_solvers (run), 3);
  LockstepRunSolver      *other = g_list_model_get_item (lockstep_run_get_solvers (run), 0);

  g_assert_true (lockstep_run_solver_get_late (solver));
  g_assert_false (lockstep_run_solver_get_late (other));
  tell (run, LOCKSTEP_EVENT_PROGRESS, 41, 3, -1, "{'fraction':1.2}");
  g_assert_cmpfloat (lockstep_run_solver_get_fraction (solver), ==, 1);

  tell (run, LOCKSTEP_EVENT_RUN_STOPPING, 50, -1, -1, "{'towards':'terminated','grace':5}");
  tell (run, LOCKSTEP_EVENT_SOLVER_STOPPING, 50, 3, -1, "{}");
  tell (run, LOCKSTEP_EVENT_PROGRESS, 51, 3, -1, "{'fraction':1.3}");
  tell (run, LOCKSTEP_EVENT_SOLVER_ENDED, 52, 3, -1, "{'signal':15,'why':'killed'}");
  g_assert_false (lockstep_run_solver_get_late (solver));
  g_assert_cmpfloat (lockstep_run_solver_get_fraction (solver), <, 0);
  g_assert_cmpfloat (lockstep_run_solver_get_fraction (other), ==, 1);
  g_object_unref (solver);
  g_object_unref (other);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/late/text", test_text);
  g_test_add_func ("/late/prospect", test_prospect);
  g_test_add_func ("/late/duplicate", test_duplicate);
  g_test_add_func ("/late/estimate", test_estimate);
  g_test_add_func ("/late/notify", test_notify);
  g_test_add_func ("/late/row", test_row);

  return g_test_run ();
}
