/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-run.h"
#include "lockstep-summary.h"
#include "run-fixture.h"

/* Folds an event whose payload is @payload, with ' for ". */
static void
fold (LockstepRun      *run,
      LockstepEventType type,
      int               solver,
      int               step,
      gint64            task,
      const char       *payload)
{
  LockstepEvent event;

  lockstep_event_init (&event, type);
  event.solver = solver;
  event.step = step;
  event.iteration = 1;
  event.task = task;
  event.attempt = task >= 0 ? 1 : -1;
  if (payload != NULL)
    {
      g_autofree char *text = g_strdelimit (g_strdup (payload), "'", '"');

      event.payload = g_bytes_new (text, strlen (text));
    }
  lockstep_run_fold (run, &event);
  lockstep_event_clear (&event);
}

/* The solver begins its part of an all step. */
static void
begin_part (LockstepRun *run,
            int          solver,
            int          step,
            gint64       task,
            int          parts)
{
  LockstepEvent event;

  lockstep_event_init (&event, LOCKSTEP_EVENT_TASK_STARTED);
  event.solver = solver;
  event.step = step;
  event.iteration = 1;
  event.task = task;
  event.attempt = 1;
  event.part = (int) task;
  event.parts = parts;
  lockstep_run_fold (run, &event);
  lockstep_event_clear (&event);
}

static LockstepPlan *
make_loop_plan (void)
{
  return make_plan ("{'lockstep':1,'name':'x','solver':{'command':['true']},'steps':["
                    "{'repeat':10,'until':'gap < 0.1','steps':["
                    "{'step':'assign','on':'all'},{'step':'combine','on':'one'}]},{'step':'report','on':'one'}]}");
}

static void
launch (LockstepRun *run,
        int          solver)
{
  fold (run, LOCKSTEP_EVENT_SOLVER_LAUNCHED, solver, -1, -1, "{'host':'here','log':'/tmp/x.log'}");
  fold (run, LOCKSTEP_EVENT_SOLVER_STARTED, solver, -1, -1, "{'pid':77}");
  fold (run, LOCKSTEP_EVENT_SOLVER_READY, solver, -1, -1, "{'name':'x','methods':[]}");
}

static LockstepRunSolver *
get_solver (LockstepRun *run,
            guint        index)
{
  g_autoptr (LockstepRunSolver) solver = g_list_model_get_item (lockstep_run_get_solvers (run), index);

  return solver;
}

static void
test_solver (void)
{
  g_autoptr (LockstepPlan) plan = make_loop_plan ();
  g_autoptr (LockstepRun)  run = lockstep_run_new (plan);
  LockstepRunSolver       *solver;

  fold (run, LOCKSTEP_EVENT_RUN_STARTED, -1, -1, -1, "{'name':'x','solvers':2}");
  g_assert_cmpint (lockstep_run_get_state (run), ==, LOCKSTEP_RUN_LAUNCHING);
  launch (run, 0);
  launch (run, 1);
  g_assert_cmpuint (g_list_model_get_n_items (lockstep_run_get_solvers (run)), ==, 2);
  solver = get_solver (run, 1);
  g_assert_cmpint (lockstep_run_solver_get_state (solver), ==, LOCKSTEP_SOLVER_READY);
  g_assert_cmpint (lockstep_run_solver_get_pid (solver), ==, 77);
  g_assert_cmpstr (lockstep_run_solver_get_host (solver), ==, "here");

  fold (run, LOCKSTEP_EVENT_STEP_STARTED, -1, 1, -1, "{'title':'assign','method':'assign','tasks':2,'first':0,'iterations':[1]}");
  g_assert_cmpint (lockstep_run_get_state (run), ==, LOCKSTEP_RUN_STEPPING);
  begin_part (run, 1, 1, 0, 2);
  g_assert_cmpint (lockstep_run_solver_get_state (solver), ==, LOCKSTEP_SOLVER_BUSY);
  g_assert_cmpint (lockstep_run_solver_get_part (solver), ==, 0);
  g_assert_cmpint (lockstep_run_solver_get_parts (solver), ==, 2);
  fold (run, LOCKSTEP_EVENT_PROGRESS, 1, 1, 0, "{'fraction':0.5,'message':'half','values':{'gap':1e-3}}");
  g_assert_cmpfloat (lockstep_run_solver_get_fraction (solver), ==, 0.5);
  g_assert_cmpstr (lockstep_run_solver_get_message (solver), ==, "half");
  g_assert_cmpstr (lockstep_run_solver_get_values (solver), ==, "{\"gap\":1e-3}");
  fold (run, LOCKSTEP_EVENT_PROGRESS, 1, 1, 0, "{'fraction':0.75}");
  g_assert_cmpstr (lockstep_run_solver_get_message (solver), ==, "half");
  /* 20 steps in the loop and one after it; of the first, one of two tasks is three quarters done. */
  g_assert_cmpfloat_with_epsilon (lockstep_run_get_fraction (run), 0.375 / 21, 1e-12);

  fold (run, LOCKSTEP_EVENT_TASK_ENDED, 1, 1, 0, "{'load':1}");
  g_assert_true (lockstep_run_solver_get_waiting (solver));
  fold (run, LOCKSTEP_EVENT_SOLVER_ENDED, 1, -1, -1, "{'signal':9,'why':'was killed'}");
  g_assert_cmpint (lockstep_run_solver_get_state (solver), ==, LOCKSTEP_SOLVER_DEAD);
  g_assert_cmpstr (lockstep_run_solver_get_reason (solver), ==, "was killed");
  g_assert_false (lockstep_run_solver_get_waiting (solver));

  /* One that is started in its place begins with nothing. */
  launch (run, 1);
  g_assert_null (lockstep_run_solver_get_reason (solver));
  g_assert_null (lockstep_run_solver_get_step (solver));
  g_assert_null (lockstep_run_solver_get_message (solver));
  g_assert_cmpfloat (lockstep_run_solver_get_fraction (solver), <, 0);
}

/* One that was told to stop has a reason where it was at work, and none where it had nothing to do. */
static void
test_stopped_solver (void)
{
  g_autoptr (LockstepPlan) plan = make_loop_plan ();
  g_autoptr (LockstepRun)  run = lockstep_run_new (plan);

  for (int i = 0; i < 3; i++)
    launch (run, i);
  fold (run, LOCKSTEP_EVENT_STEP_STARTED, -1, 1, -1, "{'title':'assign','tasks':3,'first':0}");
  begin_part (run, 1, 1, 0, 2);
  fold (run, LOCKSTEP_EVENT_SOLVER_LAUNCHED, 2, -1, -1, "{'host':'here'}");
  fold (run, LOCKSTEP_EVENT_SOLVER_STARTED, 2, -1, -1, "{'pid':78}");
  for (int i = 0; i < 3; i++)
    {
      fold (run, LOCKSTEP_EVENT_SOLVER_STOPPING, i, -1, -1, "{'why':'enough'}");
      fold (run, LOCKSTEP_EVENT_SOLVER_ENDED, i, -1, -1, "{'exit':0,'why':'enough (exited)'}");
    }

  g_assert_null (lockstep_run_solver_get_reason (get_solver (run, 0)));
  g_assert_cmpstr (lockstep_run_solver_get_reason (get_solver (run, 1)), ==, "enough (exited)");
  g_assert_cmpstr (lockstep_run_solver_get_reason (get_solver (run, 2)), ==, "enough (exited)");

  /* Ready is not a reason for the next one to be forgiven. */
  launch (run, 0);
  fold (run, LOCKSTEP_EVENT_SOLVER_ENDED, 0, -1, -1, "{'signal':11,'why':'was killed'}");
  g_assert_cmpstr (lockstep_run_solver_get_reason (get_solver (run, 0)), ==, "was killed");
}

static void
test_results (void)
{
  g_autoptr (LockstepPlan) plan = make_loop_plan ();
  g_autoptr (LockstepRun)  run = lockstep_run_new (plan);
  g_autofree char         *first = NULL;

  g_assert_null (lockstep_run_get_results (run));
  launch (run, 0);
  fold (run, LOCKSTEP_EVENT_STEP_STARTED, -1, 1, -1, "{'tasks':2,'first':0,'iterations':[1]}");
  fold (run, LOCKSTEP_EVENT_TASK_STARTED, 0, 1, 1, "{}");
  fold (run, LOCKSTEP_EVENT_TASK_ENDED, 0, 1, 1, "0.10");
  fold (run, LOCKSTEP_EVENT_TASK_ENDED, 0, 1, 1, "'twice'");
  g_assert_cmpuint (lockstep_run_get_n_done (run), ==, 1);
  fold (run, LOCKSTEP_EVENT_TASK_ENDED, 0, 1, 0, "1e-10");
  g_assert_cmpuint (lockstep_run_get_n_done (run), ==, 2);
  fold (run, LOCKSTEP_EVENT_STEP_ENDED, -1, 1, -1, "{'seconds':1,'waited':0}");
  g_assert_cmpuint (lockstep_run_get_results (run)->len, ==, 2);
  first = dup_result (run, 1);
  g_assert_cmpstr (first, ==, "0.10");
  g_assert_null (lockstep_run_get_last_one (run));
  g_assert_cmpint (lockstep_run_get_next_task (run), ==, 2);

  fold (run, LOCKSTEP_EVENT_STEP_STARTED, -1, 2, -1, "{'tasks':1,'first':2,'iterations':[1]}");
  /* What the step gets as its input is still there while it works. */
  g_assert_cmpuint (lockstep_run_get_results (run)->len, ==, 2);
  fold (run, LOCKSTEP_EVENT_TASK_ENDED, 0, 2, 2, "{'gap':0.5}");
  fold (run, LOCKSTEP_EVENT_STEP_ENDED, -1, 2, -1, "{}");
  g_assert_nonnull (lockstep_run_get_last_one (run));
  g_assert_true (lockstep_run_get_previous (run, 2) == lockstep_run_get_last_one (run));
  g_assert_null (lockstep_run_get_previous (run, 3));
}

static void
test_ends (void)
{
  g_autoptr (LockstepPlan) plan = make_loop_plan ();
  g_autoptr (LockstepRun)  run = lockstep_run_new (plan);
  g_autoptr (GBytes)       summary = NULL;
  g_autofree char         *words = NULL;
  LockstepJson             json;

  fold (run, LOCKSTEP_EVENT_RUN_STARTED, -1, -1, -1, "{'name':'x','solvers':1}");
  fold (run, LOCKSTEP_EVENT_STEP_STARTED, -1, 2, -1, "{'tasks':1,'first':0,'iterations':[10]}");
  fold (run, LOCKSTEP_EVENT_TASK_ENDED, 0, 2, 0, "{'gap':0.5}");
  fold (run, LOCKSTEP_EVENT_STEP_ENDED, -1, 2, -1, "{}");
  fold (run, LOCKSTEP_EVENT_LOOP_ITERATED, -1, 0, -1, "{'name':'gap','value':0.5,'repeat':10,'reached':false,'left':true}");
  fold (run, LOCKSTEP_EVENT_RUN_STOPPING, -1, -1, -1, "{'towards':'finished','why':''}");
  g_assert_cmpint (lockstep_run_get_state (run), ==, LOCKSTEP_RUN_STOPPING);
  g_assert_cmpint (lockstep_run_get_towards (run), ==, LOCKSTEP_RUN_FINISHED);
  g_assert_false (lockstep_run_has_ended (run));
  fold (run, LOCKSTEP_EVENT_RUN_ENDED, -1, -1, -1, "{'state':'finished','reached':false}");
  g_assert_cmpint (lockstep_run_get_state (run), ==, LOCKSTEP_RUN_FINISHED);
  g_assert_true (lockstep_run_has_ended (run));
  g_assert_false (lockstep_run_get_reached (run));
  words = lockstep_run_dup_summary (run);
  g_assert_nonnull (strstr (words, "gap < 0.1"));

  summary = lockstep_summary_new (run, NULL, G_MAXSIZE);
  g_assert_true (lockstep_json_scan (g_bytes_get_data (summary, NULL), g_bytes_get_size (summary), &json, NULL));
  g_assert_true (lockstep_json_is_string (lockstep_json_get_member (json, "state"), "finished"));
  g_assert_cmpint (lockstep_json_get_kind (lockstep_json_get_path (json, "result.gap")), ==, LOCKSTEP_JSON_NUMBER);
}

/* Views are told at once of the state, and of solvers a little later, all together. */
static void
count_cb (guint *count)
{
  (*count)++;
}

static void
test_notifications (void)
{
  g_autoptr (LockstepPlan) plan = make_loop_plan ();
  g_autoptr (LockstepRun)  run = lockstep_run_new (plan);
  LockstepRunSolver       *solver;
  guint                    n_states = 0, n_fractions = 0, n_events = 0;

  g_signal_connect_swapped (run, "notify::state", G_CALLBACK (count_cb), &n_states);
  g_signal_connect_swapped (run, "event", G_CALLBACK (count_cb), &n_events);
  fold (run, LOCKSTEP_EVENT_RUN_STARTED, -1, -1, -1, "{}");
  g_assert_cmpuint (n_states, ==, 1);
  launch (run, 0);
  solver = get_solver (run, 0);
  g_signal_connect_swapped (solver, "notify::fraction", G_CALLBACK (count_cb), &n_fractions);
  for (guint i = 0; i < 1000; i++)
    {
      g_autofree char *payload = g_strdup_printf ("{'fraction':0.%03u}", i);

      fold (run, LOCKSTEP_EVENT_PROGRESS, 0, -1, -1, payload);
    }
  g_assert_cmpuint (n_events, ==, 1004);
  g_assert_cmpuint (n_fractions, ==, 0);
  while (n_fractions == 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (n_fractions, ==, 1);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/run/solver", test_solver);
  g_test_add_func ("/run/stopped-solver", test_stopped_solver);
  g_test_add_func ("/run/results", test_results);
  g_test_add_func ("/run/ends", test_ends);
  g_test_add_func ("/run/notifications", test_notifications);

  return g_test_run ();
}
