/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a run makes of the estimates of its steps: its words, and what stands in its journal. */

#include "lockstep-journal.h"
#include "run-fixture.h"

/* Folds an event of solver 0 that happened @ago s before now. */
static void
fold (LockstepRun      *run,
      LockstepEventType type,
      gint64            task,
      const char       *payload,
      double            ago)
{
  LockstepEvent event;

  lockstep_event_init (&event, type);
  event.time -= (gint64) (ago * G_USEC_PER_SEC);
  event.solver = task >= 0 ? 0 : -1;
  event.step = 0;
  event.iteration = 1;
  event.task = task;
  event.attempt = 1;
  event.payload = g_bytes_new (payload, strlen (payload));
  lockstep_run_fold (run, &event);
  lockstep_event_clear (&event);
}

static void
assert_said (LockstepRun *run,
             gboolean     said)
{
  g_autofree char *summary = lockstep_run_dup_summary (run);
  g_autofree char *estimate = lockstep_run_dup_estimate (run);

  g_assert_true ((estimate != NULL) == said);
  g_assert_true (g_str_has_suffix (summary, " left") == said);
  g_assert_true (!said || g_str_has_suffix (summary, estimate));
}

/* The run says it in words, as long as it is at work. */
static void
test_run (void)
{
  g_autoptr (LockstepPlan) plan = make_plan ("{'lockstep':1,'name':'x','solver':{'command':['true']},'steps':[{'step':'work','tasks':40}]}");
  g_autoptr (LockstepRun)  run = lockstep_run_new (plan);
  double                   low, high;

  fold (run, LOCKSTEP_EVENT_RUN_STARTED, -1, "{}", 101);
  assert_said (run, FALSE);
  fold (run, LOCKSTEP_EVENT_STEP_STARTED, -1, "{\"tasks\":40,\"first\":0,\"iterations\":[]}", 100);
  for (int i = 0; i < 20; i++)
    {
      fold (run, LOCKSTEP_EVENT_TASK_STARTED, i, "{}", 100 - 5 * i);
      fold (run, LOCKSTEP_EVENT_TASK_ENDED, i, "1", 95 - 5 * i);
      if (i == 3)
        assert_said (run, FALSE);
    }
  g_assert_cmpint (lockstep_run_get_estimate (run, &low, &high), ==, LOCKSTEP_ESTIMATE_RUN);
  g_assert_cmpfloat (low, <=, 100);
  g_assert_cmpfloat (high, >=, 100);
  assert_said (run, TRUE);
  fold (run, LOCKSTEP_EVENT_RUN_PAUSED, -1, "{\"now\":true}", 0);
  assert_said (run, TRUE);
  fold (run, LOCKSTEP_EVENT_RUN_CONTINUED, -1, "{}", 0);
  assert_said (run, TRUE);
  fold (run, LOCKSTEP_EVENT_RUN_STOPPING, -1, "{\"towards\":\"terminated\"}", 0);
  assert_said (run, FALSE);
  fold (run, LOCKSTEP_EVENT_RUN_ENDED, -1, "{\"state\":\"terminated\"}", 0);
  assert_said (run, FALSE);
}

/* The ESTIMATE events in the journal of a run of that step, which took @seconds; all must have been right, or nearly. */
static guint
count_judged (const char *mode,
              const char *argument,
              const char *steps,
              double     *seconds)
{
  char                    *folder = make_folder ();
  g_autofree char         *solver = fake_solver (folder, mode, argument, NULL);
  g_autoptr (LockstepPlan) plan = make_plan ("{'lockstep':1,'name':'x','solver':{%s},'solvers':2,'steps':%s}", solver, steps);
  g_autoptr (LockstepRun)  run = run_plan (plan, folder);
  g_autofree char         *journal = g_build_filename (lockstep_run_get_directory (run), "journal.jsonl", NULL);
  g_autofree char         *text = NULL;
  g_auto (GStrv)           lines = NULL;
  gint64                   begun = 0;
  guint                    n_judged = 0;

  g_assert_cmpstr (lockstep_run_get_error (run), ==, NULL);
  g_assert_true (g_file_get_contents (journal, &text, NULL, NULL));
  lines = g_strsplit (g_strchomp (text), "\n", -1);
  for (guint i = 1; lines[i] != NULL; i++)
    {
      g_autoptr (GBytes) line = g_bytes_new_static (lines[i], strlen (lines[i]));
      LockstepEvent      event;

      g_assert_true (lockstep_event_read_line (line, &event, NULL, NULL));
      if (event.type == LOCKSTEP_EVENT_STEP_STARTED)
        begun = event.time;
      if (event.type == LOCKSTEP_EVENT_STEP_ENDED)
        *seconds = (double) (event.time - begun) / G_USEC_PER_SEC;
      if (event.type == LOCKSTEP_EVENT_ESTIMATE)
        {
          LockstepJson payload = { NULL, 0 };
          double       share = -1, low = -1, high = -1, actual = -1;

          payload.text = g_bytes_get_data (event.payload, &payload.length);
          g_assert_true (lockstep_json_get_double (lockstep_json_get_member (payload, "at"), &share));
          g_assert_true (lockstep_json_get_double (lockstep_json_get_member (payload, "low"), &low));
          g_assert_true (lockstep_json_get_double (lockstep_json_get_member (payload, "high"), &high));
          g_assert_true (lockstep_json_get_double (lockstep_json_get_member (payload, "actual"), &actual));
          g_assert_cmpfloat (share, >, 0);
          g_assert_cmpfloat (share, <, 1);
          g_assert_cmpfloat (low, >=, 0);
          g_assert_cmpfloat (high, >=, low);
          g_assert_cmpfloat (actual, >, 0);
          /* In the first second it was too soon. */
          g_assert_cmpfloat (*seconds - actual, >, 0.99);
          g_assert_cmpint (event.step, ==, 0);
          g_test_message ("%s: %s", steps, lines[i]);
          n_judged++;
        }
      lockstep_event_clear (&event);
    }
  remove_folder (folder);

  return n_judged;
}

static void
test_real_runs (void)
{
  double seconds;

  g_assert_cmpuint (count_judged ("sleep", "3", "[{'step':'work','on':'all'}]", &seconds), >=, 2);
  g_assert_cmpuint (count_judged ("sleep", "0.3", "[{'step':'work','tasks':20}]", &seconds), >=, 1);
  /* What takes less than 2 s is not worth a judgement; so short a step only does where the machine stands still. */
  if (count_judged ("sleep", "0.4", "[{'step':'work','on':'all'}]", &seconds) > 0)
    g_assert_cmpfloat (seconds, >=, 2);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/estimate/run", test_run);
  g_test_add_func ("/estimate/real-runs", test_real_runs);

  return g_test_run ();
}
