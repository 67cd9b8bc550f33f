/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "assignment-files.h"
#include "lockstep-controller.h"
#include "run-fixture.h"

#include <signal.h>
#include <string.h>

typedef struct
{
  guint  every; /* in every so many iterations a solver is killed; 0 means never */
  guint  n_kills;
  gint64 last; /* the iteration of the last kill */
  gint64 n_iterations;
} Watcher;

/* Kills the solver that has just been given a part of an iteration, or the combining of all parts in every other one. */
static void
event_cb (LockstepRun         *run,
          const LockstepEvent *event,
          gpointer             user_data)
{
  Watcher                      *watcher = user_data;
  const LockstepStepKind        kind = watcher->n_kills % 2 == 0 ? LOCKSTEP_STEP_ALL : LOCKSTEP_STEP_ONE;
  g_autoptr (LockstepRunSolver) solver = NULL;

  if (event->type != LOCKSTEP_EVENT_TASK_STARTED)
    return;

  watcher->n_iterations = MAX (watcher->n_iterations, event->iteration);
  if (watcher->every == 0 || event->iteration % watcher->every != watcher->every / 2 || event->iteration == watcher->last ||
      lockstep_plan_get_step (lockstep_run_get_plan (run), (guint) event->step)->kind != kind)
    return;

  solver = g_list_model_get_item (lockstep_run_get_solvers (run), (guint) event->solver);
  g_assert_cmpint (kill ((pid_t) lockstep_run_solver_get_pid (solver), SIGKILL), ==, 0);
  watcher->last = event->iteration;
  watcher->n_kills++;
}

/* Runs @most iterations, fewer where the gap is reached before. Returns flows.csv. */
static char *
run_assignment (const char *folder,
                const char *network_path,
                const char *trips_path,
                guint       most,
                Watcher    *watcher)
{
  const LockstepControllerOptions options = { .runs_directory = folder, .grace = 2 };
  g_autoptr (LockstepPlan)        plan = NULL;
  g_autoptr (LockstepController)  controller = NULL;
  g_autofree char                *file = NULL;
  g_autofree char                *result = NULL;
  char                           *flows = NULL;
  LockstepRun                    *run;
  LockstepJson                    json;

  plan = make_plan ("{'lockstep':1,'name':'Assignment','solver':{'command':['%s']},'solvers':2,'retries':2,"
                    "'params':{'network':'%s','trips':'%s'},'steps':["
                    "{'repeat':%u,'until':'gap <= 1e-6','otherwise':'continue','steps':["
                    "{'step':'assign','on':'all'},{'step':'combine','on':'one'}]},"
                    "{'step':'report','on':'one'}]}",
                    TEST_ASSIGNMENT_SOLVER, network_path, trips_path, most);
  controller = lockstep_controller_new (plan, &options);
  run = lockstep_controller_get_run (controller);
  g_signal_connect (run, "event", G_CALLBACK (event_cb), watcher);
  lockstep_controller_start (controller);
  wait_for_end (run);

  g_assert_cmpstr (lockstep_run_get_error (run), ==, NULL);
  g_assert_cmpint (lockstep_run_get_state (run), ==, LOCKSTEP_RUN_FINISHED);
  g_assert_cmpuint (lockstep_run_get_n_failures (run), ==, 0);
  result = dup_result (run, 0);
  g_test_message ("%s", result);
  json = (LockstepJson){ result, strlen (result) };
  file = lockstep_json_dup_string (lockstep_json_get_member (json, "file"), NULL);
  g_assert_nonnull (file);
  g_assert_true (g_file_get_contents (file, &flows, NULL, NULL));

  return flows;
}

/* Killed as often as it goes, the flows are those of an undisturbed run, bit for bit: the table has numbers that read back
 * the same. */
static void
assert_kills_change_nothing (const char *network_path,
                             const char *trips_path,
                             guint       most,
                             guint       every)
{
  char            *folder = make_folder ();
  Watcher          undisturbed = { 0 };
  Watcher          disturbed = { every };
  g_autofree char *flows = run_assignment (folder, network_path, trips_path, most, &undisturbed);
  g_autofree char *with_kills = run_assignment (folder, network_path, trips_path, most, &disturbed);

  g_test_message ("%u kills in %" G_GINT64_FORMAT " iterations", disturbed.n_kills, disturbed.n_iterations);
  g_assert_cmpint (disturbed.n_iterations, ==, undisturbed.n_iterations);
  g_assert_cmpint (disturbed.n_kills, ==, (undisturbed.n_iterations + every / 2) / every);
  g_assert_cmpstr (with_kills, ==, flows);

  remove_folder (folder);
}

static void
test_tntp (gconstpointer data)
{
  g_autofree char *network = g_strdup_printf ("%s_net.tntp", (const char *) data);
  g_autofree char *trips = g_strdup_printf ("%s_trips.tntp", (const char *) data);
  g_autofree char *network_path = assignment_files_find_tntp (network);
  g_autofree char *trips_path = network_path ? assignment_files_find_tntp (trips) : NULL;

  if (trips_path)
    assert_kills_change_nothing (network_path, trips_path, 500, 10);
}

static void
test_city (void)
{
  g_autofree char *network_path = assignment_files_find_city ("city_net.tntp");
  g_autofree char *trips_path = assignment_files_find_city ("city_trips.tntp");

  assert_kills_change_nothing (network_path, trips_path, 30, 10);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_data_func ("/assignment/killed/sioux-falls", "SiouxFalls", test_tntp);
  g_test_add_data_func ("/assignment/killed/anaheim", "Anaheim", test_tntp);
  g_test_add_func ("/assignment/killed/city", test_city);

  return g_test_run ();
}
