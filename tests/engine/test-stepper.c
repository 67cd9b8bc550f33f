/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-stepper.h"

#include "lockstep-controller.h"
#include "task-fixture.h"

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
test_one_that_crashes (Fixture      *fixture,
                       gconstpointer data)
{
  g_autofree char         *tasks = make_tasks (200, 77, "'crash':true");
  g_autoptr (LockstepPlan) plan = make_task_plan (fixture->folder, 2, "'retries':1,", tasks);
  g_autoptr (LockstepRun)  run = run_plan (plan, fixture->folder);

  g_assert_cmpint (lockstep_run_get_state (run), ==, LOCKSTEP_RUN_FINISHED);
  g_assert_cmpuint (lockstep_run_get_n_failures (run), ==, 1);
  assert_values (run, 200, 77);
  g_assert_cmpuint (count_events (run, "task-failed"), ==, 2);
}

static void
test_retry_elsewhere (Fixture      *fixture,
                      gconstpointer data)
{
  g_autofree char         *tasks = make_tasks (20, 3, "'fail':'no convergence','until':1");
  g_autoptr (LockstepPlan) plan = make_task_plan (fixture->folder, 2, "'retries':2,", tasks);
  g_autoptr (LockstepRun)  run = run_plan (plan, fixture->folder);

  g_assert_cmpint (lockstep_run_get_state (run), ==, LOCKSTEP_RUN_FINISHED);
  g_assert_cmpuint (lockstep_run_get_n_failures (run), ==, 0);
  assert_values (run, 20, -1);
  g_assert_cmpfloat (get_member (run, 3, "attempt"), ==, 2);
}

static void
test_stop_on_failure (Fixture      *fixture,
                      gconstpointer data)
{
  g_autofree char         *tasks = make_tasks (20, 3, "'fail':'no convergence'");
  g_autoptr (LockstepPlan) plan = make_task_plan (fixture->folder, 2, "'on-failure':'stop',", tasks);
  g_autoptr (LockstepRun)  run = run_plan (plan, fixture->folder);

  g_assert_cmpint (lockstep_run_get_state (run), ==, LOCKSTEP_RUN_FAILED);
  g_assert_nonnull (strstr (lockstep_run_get_error (run), "no convergence"));
  g_assert_nonnull (strstr (lockstep_run_get_error (run), "task 3"));
}

static void
test_give_up (Fixture      *fixture,
              gconstpointer data)
{
  g_autofree char         *tasks = make_tasks (20, -1, "'fail':'no convergence'");
  g_autoptr (LockstepPlan) plan = make_task_plan (fixture->folder, 2, "'give-up':'20 %',", tasks);
  g_autoptr (LockstepRun)  run = NULL;

  run = run_plan (plan, fixture->folder);
  g_assert_cmpint (lockstep_run_get_state (run), ==, LOCKSTEP_RUN_FAILED);
  g_assert_nonnull (strstr (lockstep_run_get_error (run), "give-up"));
  g_assert_cmpuint (lockstep_run_get_n_failures (run), ==, 5);
}

/* A failed part is null in what the next step gathers, and its reason is told. */
static void
test_failure_in_input (Fixture      *fixture,
                       gconstpointer data)
{
  g_autofree char         *solver = fake_solver (fixture->folder, "fail-on-part", "1", NULL);
  g_autoptr (LockstepPlan) plan = make_plan ("{'lockstep':1,'name':'x','solver':{%s},'solvers':3,'steps':["
                                             "{'step':'work','on':'all','on-failure':'continue'},"
                                             "{'step':'gather','on':'one'}]}",
                                             solver);
  g_autoptr (LockstepRun)  run = run_plan (plan, fixture->folder);

  g_assert_cmpint (lockstep_run_get_state (run), ==, LOCKSTEP_RUN_FINISHED);
  g_assert_cmpuint (lockstep_run_get_n_failures (run), ==, 1);
  g_assert_cmpfloat (get_member (run, 0, "sum"), ==, 4);
  g_assert_cmpfloat (get_member (run, 0, "failures"), ==, 1);
}

/* What was at work when a run was killed has not failed, and nothing of the run is touched after its end. */
static void
test_kill_and_start_again (Fixture      *fixture,
                           gconstpointer data)
{
  g_autofree char         *tasks = make_tasks (8, -1, "'seconds':5");
  g_autoptr (LockstepPlan) plan = make_task_plan (fixture->folder, 2, "", tasks);

  for (guint i = 0; i < 3; i++)
    {
      g_autoptr (LockstepController) controller = start_task_plan (plan, fixture->folder);
      g_autoptr (LockstepRun)        run = g_object_ref (lockstep_controller_get_run (controller));

      lockstep_controller_terminate (controller, LOCKSTEP_STOP_KILL);
      g_clear_object (&controller);
      wait_for_end (run);
      iterate_for (0.1);
      g_assert_cmpuint (count_events (run, "task-failed"), ==, 0);
      g_assert_cmpuint (lockstep_run_get_n_failures (run), ==, 0);
    }
}

static void
test_finish_tasks (Fixture      *fixture,
                   gconstpointer data)
{
  g_autofree char               *gate = make_gate (fixture->folder);
  g_autofree char               *tasks = make_tasks (50, -1, gate);
  g_autoptr (LockstepPlan)       plan = make_task_plan (fixture->folder, 2, "", tasks);
  g_autoptr (LockstepController) controller = start_task_plan (plan, fixture->folder);
  LockstepRun                   *run = lockstep_controller_get_run (controller);

  lockstep_controller_finish_tasks (controller);
  open_gate (fixture->folder);
  wait_for_end (run);
  g_assert_cmpint (lockstep_run_get_state (run), ==, LOCKSTEP_RUN_TERMINATED);
  g_assert_cmpuint (count_events (run, "task-started"), ==, 2);
  g_assert_cmpuint (count_events (run, "task-ended"), ==, 2);
}

/* Where the tasks at work are the last ones, the run is not cut short. */
static void
test_finish_last_tasks (Fixture      *fixture,
                        gconstpointer data)
{
  g_autofree char               *gate = make_gate (fixture->folder);
  g_autofree char               *tasks = make_tasks (2, -1, gate);
  g_autoptr (LockstepPlan)       plan = make_task_plan (fixture->folder, 2, "", tasks);
  g_autoptr (LockstepController) controller = start_task_plan (plan, fixture->folder);
  LockstepRun                   *run = lockstep_controller_get_run (controller);

  lockstep_controller_finish_tasks (controller);
  open_gate (fixture->folder);
  wait_for_end (run);
  g_assert_cmpint (lockstep_run_get_state (run), ==, LOCKSTEP_RUN_FINISHED);
  assert_values (run, 2, -1);
}

static void
loop_cb (LockstepRun         *run,
         const LockstepEvent *event,
         gpointer             user_data)
{
  if (event->type == LOCKSTEP_EVENT_LOOP_ITERATED && event->iteration == 3)
    lockstep_controller_stop_iterating (user_data);
}

/* Out at the barrier of the fourth iteration, then what follows the loop. */
static void
test_stop_iterating (Fixture      *fixture,
                     gconstpointer data)
{
  g_autofree char                *solver = fake_solver (fixture->folder, "sum", NULL);
  g_autoptr (LockstepPlan)        plan = make_plan ("{'lockstep':1,'name':'x','solver':{%s},'solvers':2,'steps':["
                                                           "{'repeat':1000,'until':'gap < 1e-300','steps':["
                                                           "{'step':'work','on':'all'},{'step':'gather','on':'one'}]},"
                                                           "{'step':'report','on':'one'}]}",
                                                    solver);
  const LockstepControllerOptions options = { .runs_directory = fixture->folder };
  g_autoptr (LockstepController)  controller = lockstep_controller_new (plan, &options);
  LockstepRun                    *run = lockstep_controller_get_run (controller);

  g_signal_connect (run, "event", G_CALLBACK (loop_cb), controller);
  lockstep_controller_start (controller);
  wait_for_end (run);
  g_assert_cmpint (lockstep_run_get_state (run), ==, LOCKSTEP_RUN_FINISHED);
  g_assert_cmpuint (count_events (run, "loop-iterated"), ==, 4);
  g_assert_cmpuint (count_events (run, "step-started"), ==, 9);
  g_assert_cmpuint (count_events (run, "loop-leaving"), ==, 1);
  g_assert_false (lockstep_run_get_reached (run));
  g_assert_true (lockstep_run_get_left_early (run));
}

/* An `all` step with a solver that crashes: the part is done by another, and the loop goes on with all of them. */
static void
test_crash_in_all (Fixture      *fixture,
                   gconstpointer data)
{
  g_autofree char         *solver = fake_solver (fixture->folder, "crash-on-part", "1", "once", NULL);
  g_autoptr (LockstepPlan) plan = make_plan ("{'lockstep':1,'name':'x','solver':{%s},'solvers':3,'retries':2,'steps':["
                                             "{'repeat':3,'steps':["
                                             "{'step':'work','on':'all'},{'step':'gather','on':'one'}]}]}",
                                             solver);
  g_autoptr (LockstepRun)  run = run_plan (plan, fixture->folder);

  g_assert_cmpstr (lockstep_run_get_error (run), ==, NULL);
  g_assert_cmpint (lockstep_run_get_state (run), ==, LOCKSTEP_RUN_FINISHED);
  g_assert_cmpfloat (get_member (run, 0, "sum"), ==, 6);
  g_assert_cmpfloat (get_member (run, 0, "previous"), ==, 6);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, data, test) g_test_add (path, Fixture, data, set_up, test, tear_down)
  ADD ("/stepper/one-that-crashes", NULL, test_one_that_crashes);
  ADD ("/stepper/retry-elsewhere", NULL, test_retry_elsewhere);
  ADD ("/stepper/stop-on-failure", NULL, test_stop_on_failure);
  ADD ("/stepper/give-up", NULL, test_give_up);
  ADD ("/stepper/failure-in-input", NULL, test_failure_in_input);
  ADD ("/stepper/kill-and-start-again", NULL, test_kill_and_start_again);
  ADD ("/stepper/finish-tasks", NULL, test_finish_tasks);
  ADD ("/stepper/finish-last-tasks", NULL, test_finish_last_tasks);
  ADD ("/stepper/stop-iterating", NULL, test_stop_iterating);
  ADD ("/stepper/crash-in-all", NULL, test_crash_in_all);
#undef ADD

  return g_test_run ();
}
