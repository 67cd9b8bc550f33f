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

/* One solver burns CPU for ever: it is stopped, and its task is done elsewhere. */
static void
test_overdue (Fixture      *fixture,
              gconstpointer data)
{
  g_autofree char         *more = g_strdup_printf ("'retries':1,'%s':0.5,", (const char *) data);
  g_autofree char         *tasks = make_tasks (20, 3, "'hang':true,'until':1");
  g_autoptr (LockstepPlan) plan = make_task_plan (fixture->folder, 2, more, tasks);
  g_autoptr (LockstepRun)  run = run_plan (plan, fixture->folder);
  g_autofree char         *cause = g_strdup_printf ("\"cause\":\"%s\"", (const char *) data);
  g_autofree char         *path = g_build_filename (lockstep_run_get_directory (run), "journal.jsonl", NULL);
  g_autofree char         *journal = NULL;

  g_assert_cmpint (lockstep_run_get_state (run), ==, LOCKSTEP_RUN_FINISHED);
  assert_values (run, 20, -1);
  g_assert_true (g_file_get_contents (path, &journal, NULL, NULL));
  g_assert_nonnull (strstr (journal, cause));
  g_assert_cmpuint (count_processes (fixture->folder), ==, 0);
}

/* A solver that reports progress is not silent, however long it takes. */
static void
test_progress_is_life (Fixture      *fixture,
                       gconstpointer data)
{
  g_autofree char         *tasks = make_tasks (2, -1, "'seconds':2");
  g_autoptr (LockstepPlan) plan = make_task_plan (fixture->folder, 2, "'stall':1,", tasks);
  g_autoptr (LockstepRun)  run = run_plan (plan, fixture->folder);

  g_assert_cmpint (lockstep_run_get_state (run), ==, LOCKSTEP_RUN_FINISHED);
  g_assert_cmpuint (lockstep_run_get_n_failures (run), ==, 0);
}

/* The barrier waits for one task; with a second solver at it as well, it is passed. */
static void
test_late_duplicate (Fixture      *fixture,
                     gconstpointer data)
{
  g_autofree char         *tasks = make_tasks (6, 0, "'hang':true,'until':1");
  g_autoptr (LockstepPlan) plan = make_task_plan (fixture->folder, 2, "'late':'duplicate',", tasks);
  g_autoptr (LockstepRun)  run = run_plan (plan, fixture->folder);

  g_assert_cmpint (lockstep_run_get_state (run), ==, LOCKSTEP_RUN_FINISHED);
  assert_values (run, 6, -1);
  g_assert_cmpfloat (get_member (run, 0, "attempt"), ==, 2);
  g_assert_cmpuint (count_events (run, "task-late"), ==, 1);
  g_assert_cmpuint (lockstep_run_get_n_failures (run), ==, 0);
}

static void
test_late_restart (Fixture      *fixture,
                   gconstpointer data)
{
  g_autofree char         *tasks = make_tasks (6, 0, "'hang':true,'until':1");
  g_autoptr (LockstepPlan) plan = make_task_plan (fixture->folder, 2, "'late':'restart',", tasks);
  g_autoptr (LockstepRun)  run = run_plan (plan, fixture->folder);

  g_assert_cmpint (lockstep_run_get_state (run), ==, LOCKSTEP_RUN_FINISHED);
  assert_values (run, 6, -1);
  g_assert_cmpuint (lockstep_run_get_n_failures (run), ==, 0);
}

static void
event_cb (LockstepRun         *run,
          const LockstepEvent *event,
          gpointer             user_data)
{
  if (event->type == LOCKSTEP_EVENT_TASK_LATE)
    *(gint64 *) user_data = event->task;
}

static void
test_late_by_hand (Fixture      *fixture,
                   gconstpointer data)
{
  const LockstepLateAction       action = GPOINTER_TO_UINT (data);
  g_autofree char               *tasks = make_tasks (6, 0, "'hang':true,'until':1");
  g_autoptr (LockstepPlan)       plan = make_task_plan (fixture->folder, 2, "", tasks);
  g_autoptr (LockstepController) controller = start_task_plan (plan, fixture->folder);
  LockstepRun                   *run = lockstep_controller_get_run (controller);
  g_autoptr (GError)             error = NULL;
  gint64                         late = -1;

  g_signal_connect (run, "event", G_CALLBACK (event_cb), &late);
  while (late < 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpint (late, ==, 0);
  g_assert_true (lockstep_controller_act_on_late (controller, late, action, &error));
  g_assert_no_error (error);
  wait_for_end (run);
  g_assert_cmpint (lockstep_run_get_state (run), ==, LOCKSTEP_RUN_FINISHED);
  assert_values (run, 6, action == LOCKSTEP_LATE_ACTION_SKIP ? 0 : -1);
}

static void
test_late_refused (Fixture      *fixture,
                   gconstpointer data)
{
  g_autofree char               *tasks = make_tasks (2, -1, "'seconds':0.6");
  g_autoptr (LockstepPlan)       plan = make_task_plan (fixture->folder, 2, "'on-failure':'stop',", tasks);
  g_autoptr (LockstepController) controller = start_task_plan (plan, fixture->folder);
  g_autoptr (GError)             error = NULL;

  g_assert_false (lockstep_controller_act_on_late (controller, 0, LOCKSTEP_LATE_ACTION_SKIP, &error));
  g_assert_nonnull (strstr (error->message, "on-failure"));
  g_clear_error (&error);
  g_assert_false (lockstep_controller_act_on_late (controller, 99, LOCKSTEP_LATE_ACTION_SKIP, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  wait_for_end (lockstep_controller_get_run (controller));
}

static void
iterate_for (double seconds)
{
  const gint64 end = g_get_monotonic_time () + (gint64) (seconds * G_USEC_PER_SEC);

  while (g_get_monotonic_time () < end)
    {
      g_main_context_iteration (NULL, FALSE);
      g_usleep (5000);
    }
}

/* Ticks of CPU that the processes with the fixture's marker have used. */
static gint64
count_ticks (Fixture *fixture)
{
  g_autoptr (GDir) proc = g_dir_open ("/proc", 0, NULL);
  const char      *name;
  gint64           ticks = 0;

  while ((name = g_dir_read_name (proc)) != NULL)
    {
      g_autofree char *environment = g_build_filename ("/proc", name, "environ", NULL);
      g_autofree char *stat = g_build_filename ("/proc", name, "stat", NULL);
      g_autofree char *text = NULL;
      g_auto (GStrv)   fields = NULL;
      gsize            length;

      if (!g_ascii_isdigit (*name) || !g_file_get_contents (environment, &text, &length, NULL) || memmem (text, length, fixture->folder, strlen (fixture->folder)) == NULL)
        continue;
      g_clear_pointer (&text, g_free);
      if (!g_file_get_contents (stat, &text, NULL, NULL))
        continue;
      fields = g_strsplit (strrchr (text, ')') + 2, " ", -1);
      ticks += g_ascii_strtoll (fields[11], NULL, 10) + g_ascii_strtoll (fields[12], NULL, 10);
    }

  return ticks;
}

/* Paused with its processes, whatever they do: they use no CPU, no clock runs out, and afterwards the results are the same. */
static void
test_pause_now (Fixture      *fixture,
                gconstpointer data)
{
  const gboolean                 computes = GPOINTER_TO_INT (data);
  g_autofree char               *tasks = make_tasks (8, -1, computes ? "'burn':0.4" : "'seconds':0.6");
  g_autoptr (LockstepPlan)       plan = make_task_plan (fixture->folder, 2, computes ? "" : "'timeout':2,", tasks);
  g_autoptr (LockstepController) controller = start_task_plan (plan, fixture->folder);
  LockstepRun                   *run = lockstep_controller_get_run (controller);
  gint64                         ticks;
  guint64                        n_done;

  iterate_for (0.2);
  lockstep_controller_pause (controller, TRUE);
  g_assert_cmpint (lockstep_run_get_state (run), ==, LOCKSTEP_RUN_PAUSED);
  iterate_for (0.3);
  ticks = count_ticks (fixture);
  g_assert_cmpint (ticks, >, computes ? 0 : -1);
  n_done = lockstep_run_get_n_done (run);
  iterate_for (2.5);
  g_assert_cmpint (count_ticks (fixture), ==, ticks);
  g_assert_cmpuint (lockstep_run_get_n_done (run), ==, n_done);

  lockstep_controller_continue (controller);
  wait_for_end (run);
  g_assert_cmpint (lockstep_run_get_state (run), ==, LOCKSTEP_RUN_FINISHED);
  g_assert_cmpuint (lockstep_run_get_n_failures (run), ==, 0);
  assert_values (run, 8, -1);
}

/* Paused without them: what is at work is finished, and nothing new begins. */
static void
test_pause (Fixture      *fixture,
            gconstpointer data)
{
  g_autofree char               *tasks = make_tasks (8, -1, "'seconds':0.4");
  g_autoptr (LockstepPlan)       plan = make_task_plan (fixture->folder, 2, "", tasks);
  g_autoptr (LockstepController) controller = start_task_plan (plan, fixture->folder);
  LockstepRun                   *run = lockstep_controller_get_run (controller);

  lockstep_controller_pause (controller, FALSE);
  iterate_for (1.2);
  g_assert_cmpint (lockstep_run_get_state (run), ==, LOCKSTEP_RUN_PAUSED);
  g_assert_cmpuint (lockstep_run_get_n_done (run), ==, 2);
  lockstep_controller_continue (controller);
  wait_for_end (run);
  assert_values (run, 8, -1);
}

static void
test_terminate_paused (Fixture      *fixture,
                       gconstpointer data)
{
  g_autofree char               *tasks = make_tasks (8, -1, "'seconds':5");
  g_autoptr (LockstepPlan)       plan = make_task_plan (fixture->folder, 2, "", tasks);
  g_autoptr (LockstepController) controller = start_task_plan (plan, fixture->folder);
  LockstepRun                   *run = lockstep_controller_get_run (controller);

  lockstep_controller_pause (controller, TRUE);
  iterate_for (0.2);
  lockstep_controller_terminate (controller, LOCKSTEP_STOP_ASK);
  wait_for_end (run);
  g_assert_cmpint (lockstep_run_get_state (run), ==, LOCKSTEP_RUN_TERMINATED);
  g_assert_cmpuint (count_processes (fixture->folder), ==, 0);
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
  g_autofree char               *tasks = make_tasks (50, -1, "'seconds':0.3");
  g_autoptr (LockstepPlan)       plan = make_task_plan (fixture->folder, 2, "", tasks);
  g_autoptr (LockstepController) controller = start_task_plan (plan, fixture->folder);
  LockstepRun                   *run = lockstep_controller_get_run (controller);

  lockstep_controller_finish_tasks (controller);
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
  g_autofree char               *tasks = make_tasks (2, -1, "'seconds':0.3");
  g_autoptr (LockstepPlan)       plan = make_task_plan (fixture->folder, 2, "", tasks);
  g_autoptr (LockstepController) controller = start_task_plan (plan, fixture->folder);
  LockstepRun                   *run = lockstep_controller_get_run (controller);

  lockstep_controller_finish_tasks (controller);
  wait_for_end (run);
  g_assert_cmpint (lockstep_run_get_state (run), ==, LOCKSTEP_RUN_FINISHED);
  assert_values (run, 2, -1);
}

static void
waited_cb (LockstepRun         *run,
           const LockstepEvent *event,
           double              *waited)
{
  LockstepJson payload;

  if (event->type != LOCKSTEP_EVENT_STEP_ENDED)
    return;

  payload.text = g_bytes_get_data (event->payload, &payload.length);
  g_assert_true (lockstep_json_get_double (lockstep_json_get_member (payload, "waited"), waited));
}

/* Who has nothing to do because of a pause does not wait at a barrier. */
static void
test_pause_is_no_wait (Fixture      *fixture,
                       gconstpointer data)
{
  g_autofree char               *tasks = make_tasks (4, -1, "'seconds':0.2");
  g_autoptr (LockstepPlan)       plan = make_task_plan (fixture->folder, 2, "", tasks);
  g_autoptr (LockstepController) controller = start_task_plan (plan, fixture->folder);
  LockstepRun                   *run = lockstep_controller_get_run (controller);
  double                         waited = -1;

  g_signal_connect (run, "event", G_CALLBACK (waited_cb), &waited);
  lockstep_controller_pause (controller, FALSE);
  while (lockstep_run_get_n_done (run) < 2)
    g_main_context_iteration (NULL, TRUE);
  iterate_for (1.5);
  lockstep_controller_continue (controller);
  wait_for_end (run);
  g_assert_cmpfloat (waited, >=, 0);
  g_assert_cmpfloat (waited, <, 2 * 1.5);
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
  ADD ("/stepper/overdue/stall", "stall", test_overdue);
  ADD ("/stepper/overdue/timeout", "timeout", test_overdue);
  ADD ("/stepper/progress-is-life", NULL, test_progress_is_life);
  ADD ("/stepper/late/duplicate", NULL, test_late_duplicate);
  ADD ("/stepper/late/restart", NULL, test_late_restart);
  ADD ("/stepper/late/by-hand/duplicate", GUINT_TO_POINTER (LOCKSTEP_LATE_ACTION_DUPLICATE), test_late_by_hand);
  ADD ("/stepper/late/by-hand/restart", GUINT_TO_POINTER (LOCKSTEP_LATE_ACTION_RESTART), test_late_by_hand);
  ADD ("/stepper/late/by-hand/skip", GUINT_TO_POINTER (LOCKSTEP_LATE_ACTION_SKIP), test_late_by_hand);
  ADD ("/stepper/late/refused", NULL, test_late_refused);
  ADD ("/stepper/pause/now/asleep", GINT_TO_POINTER (FALSE), test_pause_now);
  ADD ("/stepper/pause/now/computing", GINT_TO_POINTER (TRUE), test_pause_now);
  ADD ("/stepper/pause/finish", NULL, test_pause);
  ADD ("/stepper/pause/terminate", NULL, test_terminate_paused);
  ADD ("/stepper/kill-and-start-again", NULL, test_kill_and_start_again);
  ADD ("/stepper/finish-tasks", NULL, test_finish_tasks);
  ADD ("/stepper/finish-last-tasks", NULL, test_finish_last_tasks);
  ADD ("/stepper/pause/is-no-wait", NULL, test_pause_is_no_wait);
  ADD ("/stepper/stop-iterating", NULL, test_stop_iterating);
  ADD ("/stepper/crash-in-all", NULL, test_crash_in_all);
#undef ADD

  return g_test_run ();
}
