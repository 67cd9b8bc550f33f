/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-controller.h"

#include <string.h>

#include "lockstep-json.h"
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

/* How often solvers have been launched, were ready and have ended, and how often it was said why one is out. */
typedef struct
{
  guint n_launched;
  guint n_ready;
  guint n_ended;
  guint n_logged;
} Lives;

static void
event_cb (LockstepRun         *run,
          const LockstepEvent *event,
          gpointer             user_data)
{
  Lives *lives = user_data;

  lives->n_launched += event->type == LOCKSTEP_EVENT_SOLVER_LAUNCHED;
  lives->n_ready += event->type == LOCKSTEP_EVENT_SOLVER_READY;
  lives->n_ended += event->type == LOCKSTEP_EVENT_SOLVER_ENDED;
  lives->n_logged += event->type == LOCKSTEP_EVENT_LOG && event->solver >= 0;
}

static void
wait_for (const guint *count,
          guint        wanted)
{
  while (*count < wanted)
    g_main_context_iteration (NULL, TRUE);
}

/* The solver that is at that task; -1 for none. */
static int
find_solver (LockstepRun *run,
             gint64       task)
{
  GListModel *solvers = lockstep_run_get_solvers (run);

  for (guint i = 0; i < g_list_model_get_n_items (solvers); i++)
    {
      g_autoptr (LockstepRunSolver) solver = g_list_model_get_item (solvers, i);

      if (lockstep_run_solver_get_state (solver) == LOCKSTEP_SOLVER_BUSY && lockstep_run_solver_get_task (solver) == task)
        return (int) i;
    }

  return -1;
}

/* Starts the plan, and returns when a solver is at its first task, which does not end by itself. */
static LockstepController *
start (LockstepPlan *plan,
       const char   *folder,
       Lives        *lives)
{
  const LockstepControllerOptions options = { .runs_directory = folder, .grace = 1 };
  LockstepController             *controller = lockstep_controller_new (plan, &options);
  LockstepRun                    *run = lockstep_controller_get_run (controller);

  g_signal_connect (run, "event", G_CALLBACK (event_cb), lives);
  lockstep_controller_start (controller);
  while (find_solver (run, 0) < 0)
    g_main_context_iteration (NULL, TRUE);

  return controller;
}

static void
assert_refused (LockstepController *controller,
                guint               solver,
                int                 code)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (lockstep_controller_restart (controller, solver, &error));
  g_assert_error (error, G_IO_ERROR, code);
}

static void
assert_restarts (LockstepController *controller,
                 guint               solver)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (lockstep_controller_restart (controller, solver, &error));
  g_assert_no_error (error);
}

/* A task that never ends is done by a fresh process, though it may not fail once; with one solver by that solver's own. */
static void
test_busy (Fixture      *fixture,
           gconstpointer data)
{
  const guint                    n_solvers = GPOINTER_TO_UINT (data);
  g_autofree char               *tasks = make_tasks (6, 0, "'hang':true,'until':1");
  g_autoptr (LockstepPlan)       plan = make_task_plan (fixture->folder, n_solvers, "'on-failure':'stop',", tasks);
  Lives                          lives = { 0 };
  g_autoptr (LockstepController) controller = start (plan, fixture->folder, &lives);
  LockstepRun                   *run = lockstep_controller_get_run (controller);
  const guint                    solver = (guint) find_solver (run, 0);
  g_autofree char               *path = g_build_filename (lockstep_run_get_directory (run), "journal.jsonl", NULL);
  g_autofree char               *journal = NULL;

  g_assert_true (lockstep_run_may_restart (run, solver));
  assert_restarts (controller, solver);
  g_assert_false (lockstep_run_may_restart (run, solver));
  assert_refused (controller, solver, G_IO_ERROR_EXISTS);
  wait_for_end (run);

  g_assert_cmpint (lockstep_run_get_state (run), ==, LOCKSTEP_RUN_FINISHED);
  assert_values (run, 6, -1);
  g_assert_cmpfloat (get_member (run, 0, "attempt"), ==, 2);
  g_assert_cmpuint (lockstep_run_get_n_failures (run), ==, 0);
  g_assert_cmpuint (count_events (run, "task-failed"), ==, 1);
  g_assert_true (g_file_get_contents (path, &journal, NULL, NULL));
  g_assert_nonnull (strstr (journal, "\"final\":false,\"cause\":\"asked\""));
  g_assert_cmpuint (count_processes (fixture->folder), ==, 0);
  assert_refused (controller, solver, G_IO_ERROR_CLOSED);
  g_assert_false (lockstep_run_may_restart (run, solver));
}

/* One that waits at the barrier loses nothing. */
static void
test_idle (Fixture      *fixture,
           gconstpointer data)
{
  g_autofree char               *gate = make_gate (fixture->folder);
  g_autofree char               *tasks = make_tasks (2, 0, gate);
  g_autoptr (LockstepPlan)       plan = make_task_plan (fixture->folder, 2, "", tasks);
  Lives                          lives = { 0 };
  g_autoptr (LockstepController) controller = start (plan, fixture->folder, &lives);
  LockstepRun                   *run = lockstep_controller_get_run (controller);
  const guint                    idle = 1 - (guint) find_solver (run, 0);

  while (lockstep_run_get_n_done (run) < 1)
    g_main_context_iteration (NULL, TRUE);
  assert_restarts (controller, idle);
  wait_for (&lives.n_ready, 3);
  g_assert_cmpuint (lives.n_ended, ==, 1);
  open_gate (fixture->folder);
  wait_for_end (run);
  g_assert_cmpint (lockstep_run_get_state (run), ==, LOCKSTEP_RUN_FINISHED);
  assert_values (run, 2, -1);
  g_assert_cmpuint (count_events (run, "task-failed"), ==, 0);
}

/* Processes that stand still can be ended, and what comes in their place begins with the run. */
static void
test_paused (Fixture      *fixture,
             gconstpointer data)
{
  g_autofree char               *tasks = make_tasks (4, 0, "'hang':true,'until':1");
  g_autoptr (LockstepPlan)       plan = make_task_plan (fixture->folder, 2, "", tasks);
  Lives                          lives = { 0 };
  g_autoptr (LockstepController) controller = start (plan, fixture->folder, &lives);
  LockstepRun                   *run = lockstep_controller_get_run (controller);
  guint                          n_launched;

  wait_for (&lives.n_ready, 2);
  n_launched = lives.n_launched;
  lockstep_controller_pause (controller, TRUE);
  assert_restarts (controller, (guint) find_solver (run, 0));
  wait_for (&lives.n_ended, 1);
  g_assert_cmpuint (lives.n_launched, ==, n_launched);
  lockstep_controller_continue (controller);
  wait_for_end (run);
  g_assert_cmpint (lockstep_run_get_state (run), ==, LOCKSTEP_RUN_FINISHED);
  assert_values (run, 4, -1);
}

static void
test_refused (Fixture      *fixture,
              gconstpointer data)
{
  g_autofree char               *gate = make_gate (fixture->folder);
  g_autofree char               *tasks = make_tasks (3, -1, gate);
  g_autoptr (LockstepPlan)       plan = make_task_plan (fixture->folder, 2, "", tasks);
  g_autoptr (LockstepController) idle = lockstep_controller_new (plan, NULL);
  Lives                          lives = { 0 };
  g_autoptr (LockstepController) controller = start (plan, fixture->folder, &lives);
  LockstepRun                   *run = lockstep_controller_get_run (controller);

  assert_refused (idle, 0, G_IO_ERROR_NOT_FOUND);
  assert_refused (controller, 2, G_IO_ERROR_NOT_FOUND);
  g_assert_false (lockstep_run_may_restart (run, 2));
  lockstep_controller_finish_tasks (controller);
  lockstep_controller_finish_tasks (controller);
  g_assert_true (lockstep_run_is_finishing (run));
  assert_refused (controller, 0, G_IO_ERROR_CLOSED);
  g_assert_false (lockstep_run_may_restart (run, 0));
  lockstep_controller_terminate (controller, LOCKSTEP_STOP_KILL);
  assert_refused (controller, 0, G_IO_ERROR_CLOSED);
  g_assert_false (lockstep_run_is_finishing (run));
  g_assert_false (lockstep_run_may_restart (run, 0));
  wait_for_end (run);
  g_assert_cmpuint (count_events (run, "run-finishing"), ==, 1);
}

/* One of the two solvers never comes up: while it waits to be tried again it can be tried at once; when it is out, it cannot. */
static void
test_out (Fixture      *fixture,
          gconstpointer data)
{
  const char                    *fake = g_getenv ("LOCKSTEP_FAKE_SOLVER");
  g_autofree char               *gate = make_gate (fixture->folder);
  g_autoptr (LockstepPlan)       plan = make_plan ("{'lockstep':1,'name':'x','solver':{'command':['sh','-c',"
                                                         "'mkdir %s/first && exec %s obeys; exit 7']},'solvers':2,"
                                                         "'steps':[{'step':'work','tasks':[{'value':0,%s}]}]}",
                                                   fixture->folder, fake, gate);
  Lives                          lives = { 0 };
  g_autoptr (LockstepController) controller = start (plan, fixture->folder, &lives);
  LockstepRun                   *run = lockstep_controller_get_run (controller);
  const guint                    broken = 1 - (guint) find_solver (run, 0);

  wait_for (&lives.n_ended, 2);
  assert_restarts (controller, broken);
  wait_for (&lives.n_logged, 1);
  assert_refused (controller, broken, G_IO_ERROR_PERMISSION_DENIED);
  g_assert_false (lockstep_run_may_restart (run, broken));
  open_gate (fixture->folder);
  wait_for_end (run);
  g_assert_cmpint (lockstep_run_get_state (run), ==, LOCKSTEP_RUN_FINISHED);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, data, test) g_test_add (path, Fixture, data, set_up, test, tear_down)
  ADD ("/restart/busy/one-of-two", GUINT_TO_POINTER (2), test_busy);
  ADD ("/restart/busy/the-only-one", GUINT_TO_POINTER (1), test_busy);
  ADD ("/restart/idle", NULL, test_idle);
  ADD ("/restart/paused", NULL, test_paused);
  ADD ("/restart/refused", NULL, test_refused);
  ADD ("/restart/out", NULL, test_out);
#undef ADD

  return g_test_run ();
}
