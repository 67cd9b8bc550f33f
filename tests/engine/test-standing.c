/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-standing.h"

#include "lockstep-time-text.h"

#include "told-run.h"

static void
assert_stands (LockstepRun           *run,
               gint64                 seconds,
               const char            *text,
               const char            *aside,
               LockstepStandingAction action)
{
  g_autoptr (LockstepStanding) standing = lockstep_standing_new (run, 4, TOLD_START + seconds * G_USEC_PER_SEC);

  g_assert_cmpstr (standing->text, ==, text);
  g_assert_cmpstr (standing->aside, ==, aside);
  g_assert_cmpint (standing->action, ==, action);
}

static void
assert_headline (LockstepRun *run,
                 const char  *expected)
{
  g_autofree char *headline = lockstep_standing_dup_headline (run);

  g_assert_cmpstr (headline, ==, expected);
}

static LockstepRun *
make_loop (void)
{
  g_autoptr (LockstepPlan) plan = make_plan ("{ 'lockstep': 1, 'solvers': 4, 'solver': { 'command': ['true'] },"
                                             "  'steps': [ { 'repeat': 500, 'until': 'gap < 1e-4', 'steps': ["
                                             "    { 'step': 'assign', 'on': 'all' }, { 'step': '%s', 'on': 'one' } ] } ] }",
                                             "weigh");

  return lockstep_run_new (plan);
}

static LockstepRun *
make_sweep (const char *solver)
{
  g_autoptr (LockstepPlan) plan = make_plan ("{ 'lockstep': 1, 'solvers': 4, 'solver': { 'command': ['true'] %s },"
                                             "  'steps': [ { 'step': 'work', 'on-failure': 'continue', 'tasks': 2000 } ] }",
                                             solver);

  return lockstep_run_new (plan);
}

static void
test_idle (void)
{
  g_autoptr (LockstepRun)      loop = make_loop ();
  g_autoptr (LockstepRun)      plain = make_sweep ("");
  g_autoptr (LockstepRun)      threaded = make_sweep (", 'threads': 2");
  g_autoptr (LockstepStanding) unknown = lockstep_standing_new (plain, 0, TOLD_START);

  assert_stands (loop, 0, "Not started · at most 500 iterations, 4 solvers here", NULL, LOCKSTEP_STANDING_TRY);
  assert_stands (plain, 0, "Not started · 2,000 tasks, 4 solvers here", NULL, LOCKSTEP_STANDING_TRY);
  assert_stands (threaded, 0, "Not started · 2,000 tasks × 2 threads, 4 solvers here", NULL, LOCKSTEP_STANDING_TRY);
  g_assert_cmpstr (unknown->text, ==, "Not started · 2,000 tasks");
  assert_headline (plain, NULL);
}

/* In an iteration: the value and its target, and the way out of the loop until it was taken. */
static void
test_loop (void)
{
  g_autoptr (LockstepRun) run = make_loop ();

  tell_run (run, LOCKSTEP_EVENT_RUN_STARTED, 0, -1, -1, -1, -1, "{'solvers':4}");
  assert_stands (run, 2, "Starting 4 solvers · 2.0 s", NULL, LOCKSTEP_STANDING_NOTHING);
  tell_run (run, LOCKSTEP_EVENT_STEP_STARTED, 2, 1, 1, -1, -1, "{'tasks':4,'first':0,'iterations':[1]}");
  assert_stands (run, 4, "Iteration 1 · 4.0 s", "at most 500", LOCKSTEP_STANDING_STOP_ITERATING);
  assert_headline (run, "iteration 1");
  tell_run (run, LOCKSTEP_EVENT_STEP_ENDED, 4, 1, 1, -1, -1, "{}");
  tell_run (run, LOCKSTEP_EVENT_LOOP_ITERATED, 4, 0, 1, -1, -1, "{'repeat':500,'reached':false,'left':false,'name':'gap','value':0.00032}");
  tell_run (run, LOCKSTEP_EVENT_STEP_STARTED, 4, 1, 2, -1, -1, "{'tasks':4,'first':4,'iterations':[2]}");
  assert_stands (run, 5, "Iteration 2 · gap 0.00032 → 1e-4 · 5.0 s", "at most 500", LOCKSTEP_STANDING_STOP_ITERATING);
  assert_headline (run, "gap 0.00032");

  tell_run (run, LOCKSTEP_EVENT_RUN_PAUSED, 5, -1, -1, -1, -1, "{'now':false,'why':'Paused.'}");
  assert_stands (run, 5, "Paused · Iteration 2 · gap 0.00032 → 1e-4 · 5.0 s", "at most 500", LOCKSTEP_STANDING_CONTINUE);
  assert_headline (run, "paused · gap 0.00032");
  tell_run (run, LOCKSTEP_EVENT_RUN_CONTINUED, 5, -1, -1, -1, -1, "{}");

  tell_run (run, LOCKSTEP_EVENT_LOOP_LEAVING, 5, 0, 2, -1, -1, "{}");
  assert_stands (run, 5, "Iteration 2 · gap 0.00032 → 1e-4 · 5.0 s", "the last one", LOCKSTEP_STANDING_NOTHING);
  g_assert_false (lockstep_run_may_stop_iterating (run));

  tell_run (run, LOCKSTEP_EVENT_TASK_STARTED, 5, 1, 2, 3, 7, "{}");
  tell_run (run, LOCKSTEP_EVENT_TASK_LATE, 6, 1, 2, 3, 7, "{'median':1,'elapsed':1,'idle':3,'action':'wait'}");
  assert_headline (run, "solver 3 is late");

  tell_run (run, LOCKSTEP_EVENT_RUN_ENDED, 8, -1, -1, -1, -1, "{'state':'failed','error':'No more.'}");
  assert_stands (run, 9, "Failed in iteration 2, step assign · 8.0 s", "kept: 1 iteration", LOCKSTEP_STANDING_NOTHING);
  assert_headline (run, NULL);
}

/* Of tasks those count that were done; those that failed are said. */
static void
test_sweep (void)
{
  g_autoptr (LockstepRun) run = make_sweep ("");
  g_autofree char        *end = NULL;
  g_autofree char        *finished = NULL;

  tell_run (run, LOCKSTEP_EVENT_RUN_STARTED, 0, -1, -1, -1, -1, "{'solvers':4}");
  tell_run (run, LOCKSTEP_EVENT_STEP_STARTED, 0, 0, 0, -1, -1, "{'tasks':2000,'first':0,'iterations':[]}");
  for (int task = 0; task < 3; task++)
    {
      tell_run (run, LOCKSTEP_EVENT_TASK_STARTED, 1, 0, 0, 0, task, "{}");
      if (task == 1)
        tell_run (run, LOCKSTEP_EVENT_TASK_FAILED, 1, 0, 0, 0, task, "{'final':true,'cause':'step-error','reason':'Bad.'}");
      else
        tell_run (run, LOCKSTEP_EVENT_TASK_ENDED, 1, 0, 0, 0, task, "1");
    }
  assert_stands (run, 1, "work · 3 of 2,000 · 1 failed · 1.0 s", NULL, LOCKSTEP_STANDING_NOTHING);
  assert_headline (run, "3 of 2,000 · 1 failed");

  lockstep_run_set_directory (run, "/nowhere");
  tell_run (run, LOCKSTEP_EVENT_RUN_ENDED, 4, -1, -1, -1, -1, "{'state':'finished'}");
  end = lockstep_time_dup_text (TOLD_START + 4 * G_USEC_PER_SEC);
  finished = g_strdup_printf ("Finished %s · 2 of 2,000 · 1 failed · 4.0 s", end);
  assert_stands (run, 9, finished, NULL, LOCKSTEP_STANDING_EXPORT);
}

static void
assert_summary (LockstepRun *run,
                const char  *expected)
{
  g_autofree char *summary = lockstep_run_dup_summary (run);

  g_assert_cmpstr (summary, ==, expected);
}

/* Tasks are counted once, however many solvers are at them; and what is not begun any more is neither estimated nor left. */
static void
test_finishing (void)
{
  g_autoptr (LockstepRun) run = make_loop ();

  tell_run (run, LOCKSTEP_EVENT_RUN_STARTED, 0, -1, -1, -1, -1, "{'solvers':4}");
  tell_run (run, LOCKSTEP_EVENT_STEP_STARTED, 0, 1, 1, -1, -1, "{'tasks':4,'first':0,'iterations':[1]}");
  tell_run (run, LOCKSTEP_EVENT_TASK_STARTED, 0, 1, 1, 0, 0, "{}");
  tell_run (run, LOCKSTEP_EVENT_TASK_STARTED, 0, 1, 1, 1, 1, "{}");
  tell_run (run, LOCKSTEP_EVENT_TASK_STARTED, 0, 1, 1, 2, 1, "{}");
  g_assert_true (lockstep_run_may_restart (run, 0));
  tell_run (run, LOCKSTEP_EVENT_RUN_FINISHING, 1, -1, -1, -1, -1, "{}");
  assert_stands (run, 2, "Finishing 2 tasks, then stopping · Iteration 1 · 2.0 s", "at most 500", LOCKSTEP_STANDING_NOTHING);
  assert_headline (run, "finishing tasks, then stopping");
  assert_summary (run, "Finishing 2 tasks, then stopping · Iteration 1 of at most 500 · assign · 0 of 4 parts");
  g_assert_false (lockstep_run_may_restart (run, 0));
  g_assert_false (lockstep_run_may_stop_iterating (run));

  tell_run (run, LOCKSTEP_EVENT_TASK_ENDED, 3, 1, 1, 1, 1, "1");
  assert_stands (run, 3, "Finishing 2 tasks, then stopping · Iteration 1 · 3.0 s", "at most 500", LOCKSTEP_STANDING_NOTHING);
  tell_run (run, LOCKSTEP_EVENT_TASK_ENDED, 3, 1, 1, 2, 1, "1");
  assert_stands (run, 3, "Finishing 1 task, then stopping · Iteration 1 · 3.0 s", "at most 500", LOCKSTEP_STANDING_NOTHING);

  tell_run (run, LOCKSTEP_EVENT_RUN_STOPPING, 4, -1, -1, -1, -1, "{'towards':'terminated'}");
  assert_stands (run, 4, "Terminating… · Iteration 1 · 4.0 s", "at most 500", LOCKSTEP_STANDING_NOTHING);
  assert_headline (run, "ending");
  tell_run (run, LOCKSTEP_EVENT_RUN_ENDED, 4, -1, -1, -1, -1, "{'state':'terminated'}");
  g_assert_false (lockstep_run_is_finishing (run));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/standing/idle", test_idle);
  g_test_add_func ("/standing/loop", test_loop);
  g_test_add_func ("/standing/sweep", test_sweep);
  g_test_add_func ("/standing/finishing", test_finishing);

  return g_test_run ();
}
