/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Sweeps whose solvers are killed, or have to be. */

#include "lockstep-controller.h"

#include <signal.h>

#include "task-fixture.h"

#define N_KILLS 100

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

typedef struct
{
  LockstepRun *run;
  guint        n_kills;
  guint        source;
} Killer;

/* Kills one of the solvers, unless it is dead already: however many wait to be started again, each of the others lives as
 * long as it would without them. */
static gboolean
kill_one (gpointer data)
{
  Killer                       *killer = data;
  GListModel                   *solvers = lockstep_run_get_solvers (killer->run);
  const guint                   which = (guint) g_test_rand_int_range (0, (gint32) g_list_model_get_n_items (solvers));
  g_autoptr (LockstepRunSolver) solver = g_list_model_get_item (solvers, which);
  const LockstepSolverState     state = lockstep_run_solver_get_state (solver);
  const pid_t                   pid = (pid_t) lockstep_run_solver_get_pid (solver);

  if ((state == LOCKSTEP_SOLVER_BUSY || state == LOCKSTEP_SOLVER_READY) && pid > 0 && kill (pid, SIGKILL) == 0)
    killer->n_kills++;
  if (killer->n_kills < N_KILLS)
    return G_SOURCE_CONTINUE;

  killer->source = 0;
  return G_SOURCE_REMOVE;
}

/* A solver is killed now and then: every result is right, and there once. */
static void
test_killed_solvers (Fixture      *fixture,
                     gconstpointer data)
{
  const guint      n_tasks = 500;
  g_autofree char *tasks = make_tasks (n_tasks, -1, "'seconds':0.1");
  /* However slow the machine is, no task can be hit too often. */
  g_autofree char               *retries = g_strdup_printf ("'retries':%d,", N_KILLS);
  g_autoptr (LockstepPlan)       plan = make_task_plan (fixture->folder, 8, retries, tasks);
  g_autoptr (LockstepController) controller = start_task_plan (plan, fixture->folder);
  Killer                         killer = { .run = lockstep_controller_get_run (controller) };
  LockstepRun                   *run = killer.run;

  killer.source = g_timeout_add (100, kill_one, &killer);
  wait_for_end (run);
  g_clear_handle_id (&killer.source, g_source_remove);
  g_test_message ("%u kills, %u attempts failed", killer.n_kills, count_events (run, "task-failed"));
  g_assert_cmpuint (killer.n_kills, >=, N_KILLS / 3);
  g_assert_cmpint (lockstep_run_get_state (run), ==, LOCKSTEP_RUN_FINISHED);
  g_assert_cmpuint (lockstep_run_get_n_failures (run), ==, 0);
  g_assert_cmpuint (count_events (run, "task-ended"), ==, n_tasks);
  g_assert_cmpuint (count_events (run, "task-failed"), >, 0);
  assert_values (run, n_tasks, -1);
  g_assert_cmpuint (count_processes (fixture->folder), ==, 0);
}

/* The process that a solver left behind, from the first log that names one. */
static pid_t
find_daemon (LockstepRun *run)
{
  GListModel *solvers = lockstep_run_get_solvers (run);
  pid_t       pid = 0;

  for (guint i = 0; i < g_list_model_get_n_items (solvers) && pid == 0; i++)
    {
      g_autoptr (LockstepRunSolver) solver = g_list_model_get_item (solvers, i);
      g_autofree char              *log = NULL;

      if (g_file_get_contents (lockstep_run_solver_get_log (solver), &log, NULL, NULL) &&
          g_str_has_prefix (log, "daemon "))
        pid = (pid_t) g_ascii_strtoll (log + strlen ("daemon "), NULL, 10);
    }

  return pid;
}

static void
event_cb (LockstepRun         *run,
          const LockstepEvent *event,
          gpointer             user_data)
{
  if (event->type == LOCKSTEP_EVENT_TASK_ENDED && event->task == 1)
    *(gboolean *) user_data = TRUE;
}

/* A solver that burns CPU, ignores everything and has left a daemon: its task is done elsewhere while another still goes on,
 * and of its process tree nothing is left long before the run ends. */
static void
test_hanging_tree (Fixture      *fixture,
                   gconstpointer data)
{
  g_autofree char               *gate = make_gate (fixture->folder);
  g_autofree char               *tasks = NULL;
  g_autoptr (LockstepPlan)       plan = NULL;
  g_autoptr (LockstepController) controller = NULL;
  LockstepRun                   *run;
  gboolean                       retried = FALSE;
  pid_t                          daemon;

  tasks = g_strdup_printf ("[{'value':0,%s},{'value':1,'daemon':true,'hang':true,'until':1},{'value':2,'seconds':0.5}]", gate);
  plan = make_task_plan (fixture->folder, 3, "'retries':3,'stall':1.5,", tasks);
  controller = start_task_plan (plan, fixture->folder);
  run = lockstep_controller_get_run (controller);
  g_signal_connect (run, "event", G_CALLBACK (event_cb), &retried);

  while ((daemon = find_daemon (run)) == 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpint (kill (daemon, 0), ==, 0);
  while (!retried || kill (daemon, 0) == 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_false (lockstep_run_has_ended (run));
  g_assert_cmpfloat (get_member (run, 1, "attempt"), ==, 2);

  open_gate (fixture->folder);
  wait_for_end (run);
  g_assert_cmpint (lockstep_run_get_state (run), ==, LOCKSTEP_RUN_FINISHED);
  g_assert_cmpuint (lockstep_run_get_n_failures (run), ==, 0);
  assert_values (run, 3, -1);
  g_assert_cmpuint (count_processes (fixture->folder), ==, 0);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, data, test) g_test_add (path, Fixture, data, set_up, test, tear_down)
  ADD ("/sweep/killed-solvers", NULL, test_killed_solvers);
  ADD ("/sweep/hanging-tree", NULL, test_hanging_tree);
#undef ADD

  return g_test_run ();
}
