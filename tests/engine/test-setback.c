/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-setback.h"

#include "told-run.h"

/* Four solvers, one of which was killed when it needed @peak of 16 GB. */
static LockstepRun *
make_failed (const char *cause,
             const char *peak)
{
  g_autoptr (LockstepPlan) plan = make_plan ("{ 'lockstep': 1, 'solvers': 4, 'solver': { 'command': ['true'] },"
                                             "  'steps': [ { 'step': '%s', 'on': 'all' } ] }",
                                             "assign");
  LockstepRun             *run = lockstep_run_new (plan);
  g_autofree char         *failed = g_strdup_printf ("{'final':true,'cause':'%s','reason':'Killed.'}", cause);
  g_autofree char         *ended = g_strdup_printf ("{'signal':9,'peak':%s,'why':'Killed.'}", peak);

  tell_run (run, LOCKSTEP_EVENT_RUN_STARTED, 0, -1, -1, -1, -1, "{'solvers':4,'memory':16000000000}");
  tell_run (run, LOCKSTEP_EVENT_STEP_STARTED, 0, 0, 0, -1, -1, "{'tasks':4,'first':0,'iterations':[]}");
  tell_run (run, LOCKSTEP_EVENT_TASK_STARTED, 0, 0, 0, 3, 3, "{}");
  tell_run (run, LOCKSTEP_EVENT_USAGE, 1, -1, -1, 3, -1, "{'cpu':1,'memory':2000000000}");
  tell_run (run, LOCKSTEP_EVENT_SOLVER_ENDED, 2, -1, -1, 3, -1, ended);
  tell_run (run, LOCKSTEP_EVENT_TASK_FAILED, 2, 0, 0, 3, 3, failed);
  g_assert_null (lockstep_setback_new (run));
  tell_run (run, LOCKSTEP_EVENT_RUN_ENDED, 3, -1, -1, -1, -1, "{'state':'failed','error':'Solver 3 failed: Killed.'}");

  return run;
}

static void
assert_setback (const char *cause,
                const char *peak,
                const char *text,
                const char *advice,
                guint       n_solvers)
{
  g_autoptr (LockstepRun)     run = make_failed (cause, peak);
  g_autoptr (LockstepSetback) setback = lockstep_setback_new (run);

  g_assert_cmpstr (setback->text, ==, text);
  g_assert_cmpstr (setback->advice, ==, advice);
  g_assert_cmpuint (setback->n_solvers, ==, n_solvers);
}

static void
test_memory (void)
{
  g_autofree char *six = g_format_size (6000000000);
  g_autofree char *two = g_format_size (2000000000);
  g_autofree char *twenty = g_format_size (20000000000);
  g_autofree char *all = g_format_size (16000000000);
  g_autofree char *some = g_strdup_printf ("Solver 3 was killed, probably out of memory, after 3 attempts (4 × %s of %s).", six, all);
  g_autofree char *enough = g_strdup_printf ("Solver 3 was killed, probably out of memory, after 3 attempts (4 × %s of %s).", two, all);
  g_autofree char *none = g_strdup_printf ("Solver 3 was killed, probably out of memory, after 3 attempts (4 × %s of %s).", twenty, all);

  assert_setback ("memory", "6000000000", some, "2 solvers fit in memory.", 2);
  assert_setback ("memory", "20000000000", none, "Not even one solver fits in memory.", 0);
  /* What was seen while it ran counts as well. */
  assert_setback ("memory", "0", enough, "All of them would fit: something else took the memory.", 0);
}

static void
test_other (void)
{
  assert_setback ("crash", "6000000000", "Solver 3 failed: Killed.", NULL, 0);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/setback/memory", test_memory);
  g_test_add_func ("/setback/other", test_other);

  return g_test_run ();
}
