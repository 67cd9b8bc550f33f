/* SPDX-License-Identifier: GPL-3.0-or-later */

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

/* What the stepper does about tasks that are late, by the plan and by hand. */

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
  g_autofree char               *gate = make_gate (fixture->folder);
  g_autofree char               *tasks = make_tasks (2, -1, gate);
  g_autoptr (LockstepPlan)       plan = make_task_plan (fixture->folder, 2, "'on-failure':'stop',", tasks);
  g_autoptr (LockstepController) controller = start_task_plan (plan, fixture->folder);
  g_autoptr (GError)             error = NULL;

  g_assert_false (lockstep_controller_act_on_late (controller, 0, LOCKSTEP_LATE_ACTION_SKIP, &error));
  g_assert_nonnull (strstr (error->message, "on-failure"));
  g_clear_error (&error);
  g_assert_false (lockstep_controller_act_on_late (controller, 99, LOCKSTEP_LATE_ACTION_SKIP, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  open_gate (fixture->folder);
  wait_for_end (lockstep_controller_get_run (controller));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, data, test) g_test_add (path, Fixture, data, set_up, test, tear_down)
  ADD ("/stepper/late/duplicate", NULL, test_late_duplicate);
  ADD ("/stepper/late/restart", NULL, test_late_restart);
  ADD ("/stepper/late/by-hand/duplicate", GUINT_TO_POINTER (LOCKSTEP_LATE_ACTION_DUPLICATE), test_late_by_hand);
  ADD ("/stepper/late/by-hand/restart", GUINT_TO_POINTER (LOCKSTEP_LATE_ACTION_RESTART), test_late_by_hand);
  ADD ("/stepper/late/by-hand/skip", GUINT_TO_POINTER (LOCKSTEP_LATE_ACTION_SKIP), test_late_by_hand);
  ADD ("/stepper/late/refused", NULL, test_late_refused);
#undef ADD

  return g_test_run ();
}
