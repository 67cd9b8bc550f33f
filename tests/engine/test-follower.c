/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-follower.h"

#include "run-fixture.h"

#include <string.h>

#include "lockstep-event-params.h"
#include "lockstep-json.h"
#include "lockstep-peer.h"
#include "lockstep-run-service.h"
#include "lockstep-service-socket.h"

/* A run of this process, its service, and what follows it. */
typedef struct
{
  char               *folder;
  LockstepController *controller;
  LockstepRun        *run;
  LockstepRunService *service;
  gboolean            opened;
  gboolean            over;
  LockstepFollower   *follower;
  GError             *error;
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
  g_clear_object (&fixture->follower);
  g_clear_object (&fixture->service);
  g_clear_object (&fixture->run);
  g_clear_object (&fixture->controller);
  g_clear_error (&fixture->error);
  remove_folder (fixture->folder);
}

static void
set_true (gboolean *flag)
{
  *flag = TRUE;
}

static void
wait_for (gboolean *flag)
{
  while (!*flag)
    g_main_context_iteration (NULL, TRUE);
}

/* Starts a run, and returns when it listens. */
static void
start (Fixture      *fixture,
       LockstepPlan *plan,
       gboolean      no_record)
{
  const LockstepControllerOptions options = { .runs_directory = fixture->folder, .grace = 2, .no_record = no_record };

  fixture->controller = lockstep_controller_new (plan, &options);
  fixture->run = g_object_ref (lockstep_controller_get_run (fixture->controller));
  fixture->service = lockstep_run_service_new (fixture->controller);
  g_signal_connect_swapped (fixture->service, "opened", G_CALLBACK (set_true), &fixture->opened);
  g_signal_connect_swapped (fixture->service, "over", G_CALLBACK (set_true), &fixture->over);
  lockstep_controller_start (fixture->controller);
  wait_for (&fixture->opened);
  g_assert_nonnull (lockstep_run_service_get_path (fixture->service));
}

static void
follower_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  Fixture *fixture = user_data;

  fixture->follower = lockstep_follower_new_finish (result, &fixture->error);
}

static LockstepRun *
follow (Fixture    *fixture,
        const char *directory)
{
  lockstep_follower_new_async (directory, NULL, follower_cb, fixture);
  while (fixture->follower == NULL && fixture->error == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_no_error (fixture->error);

  return lockstep_follower_get_run (fixture->follower);
}

/* All properties of @a are those of @b, but for objects. */
static void
assert_equal_properties (gpointer a,
                         gpointer b)
{
  guint                   n_specs;
  g_autofree GParamSpec **specs = g_object_class_list_properties (G_OBJECT_GET_CLASS (a), &n_specs);

  g_assert_cmpuint (n_specs, >, 4);
  for (guint i = 0; i < n_specs; i++)
    {
      g_auto (GValue)  value_a = G_VALUE_INIT;
      g_auto (GValue)  value_b = G_VALUE_INIT;
      g_autofree char *text_a = NULL;
      g_autofree char *text_b = NULL;

      g_object_get_property (a, specs[i]->name, &value_a);
      g_object_get_property (b, specs[i]->name, &value_b);
      if (G_VALUE_HOLDS_OBJECT (&value_a))
        continue;
      text_a = g_strdup_value_contents (&value_a);
      text_b = g_strdup_value_contents (&value_b);
      if (g_strcmp0 (text_a, text_b) != 0)
        g_error ("%s: %s, and %s", specs[i]->name, text_a, text_b);
    }
}

static void
assert_equal_runs (LockstepRun *a,
                   LockstepRun *b)
{
  GListModel *solvers_a = lockstep_run_get_solvers (a);
  GListModel *solvers_b = lockstep_run_get_solvers (b);
  const guint n_solvers = g_list_model_get_n_items (solvers_a);

  assert_equal_properties (a, b);
  g_assert_cmpuint (lockstep_run_get_n_failures (a), ==, lockstep_run_get_n_failures (b));
  g_assert_cmpuint (lockstep_run_get_n_tasks (a), ==, lockstep_run_get_n_tasks (b));
  g_assert_cmpuint (lockstep_run_get_n_done (a), ==, lockstep_run_get_n_done (b));
  g_assert_cmpint (lockstep_run_get_iteration (a), ==, lockstep_run_get_iteration (b));
  g_assert_cmpint (lockstep_run_get_next_task (a), ==, lockstep_run_get_next_task (b));
  g_assert_cmpint (lockstep_run_get_start (a), ==, lockstep_run_get_start (b));
  g_assert_cmpint (lockstep_run_get_end (a), ==, lockstep_run_get_end (b));
  g_assert_cmpfloat (lockstep_run_get_seconds (a, 0), ==, lockstep_run_get_seconds (b, 0));
  g_assert_true (lockstep_run_get_reached (a) == lockstep_run_get_reached (b));
  g_assert_cmpuint (g_list_model_get_n_items (lockstep_run_get_causes (a)), ==,
                    g_list_model_get_n_items (lockstep_run_get_causes (b)));
  for (guint i = 0; i < lockstep_run_get_n_tasks (a); i++)
    {
      g_autofree char *result_a = dup_result (a, i);
      g_autofree char *result_b = dup_result (b, i);

      g_assert_cmpstr (result_a, ==, result_b);
    }

  g_assert_cmpuint (n_solvers, ==, g_list_model_get_n_items (solvers_b));
  for (guint i = 0; i < n_solvers; i++)
    {
      g_autoptr (LockstepRunSolver) solver_a = g_list_model_get_item (solvers_a, i);
      g_autoptr (LockstepRunSolver) solver_b = g_list_model_get_item (solvers_b, i);

      assert_equal_properties (solver_a, solver_b);
    }
}

/* Joined in the middle, while events come as fast as they can. */
static void
test_model (Fixture      *fixture,
            gconstpointer data)
{
  g_autofree char         *solver = fake_solver ("model", "fail-on-part", "1", "once", NULL);
  g_autoptr (LockstepPlan) plan = make_plan ("{'lockstep': 1, 'name': 'Model', 'solver': {%s}, 'solvers': 2, 'steps': "
                                             "[{'repeat': 400, 'until': 'gap < 0', 'steps': "
                                             "[{'step': 'work', 'on': 'all', 'retries': 1}, {'step': 'gather', 'on': 'one'}]}, "
                                             "{'step': 'work', 'on': 'all', 'retries': 1}]}",
                                             solver);
  LockstepRun             *followed;

  start (fixture, plan, FALSE);
  while (lockstep_run_get_iteration (fixture->run) < 20)
    g_main_context_iteration (NULL, TRUE);
  followed = follow (fixture, lockstep_run_get_directory (fixture->run));
  g_assert_false (lockstep_run_has_ended (followed));

  wait_for_end (fixture->run);
  wait_for_end (followed);
  g_assert_cmpuint (lockstep_run_get_state (followed), ==, LOCKSTEP_RUN_FINISHED);
  assert_equal_runs (fixture->run, followed);
  wait_for (&fixture->over);
}

static void
acted_cb (GObject      *follower,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr (GError) error = NULL;

  lockstep_follower_act_finish (LOCKSTEP_FOLLOWER (follower), result, &error);
  g_assert_no_error (error);
  *(gboolean *) user_data = TRUE;
}

static void
refused_cb (GObject      *follower,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (lockstep_follower_act_finish (LOCKSTEP_FOLLOWER (follower), result, &error));
  g_assert_nonnull (error);
  *(gboolean *) user_data = TRUE;
}

static void
wait_for_state (LockstepRun     *run,
                LockstepRunState state)
{
  while (lockstep_run_get_state (run) != state)
    g_main_context_iteration (NULL, TRUE);
}

static void
test_control (Fixture      *fixture,
              gconstpointer data)
{
  g_autofree char         *solver = fake_solver ("control", "sleep", "300", NULL);
  g_autoptr (LockstepPlan) plan = make_plan ("{'lockstep': 1, 'name': 'Control', 'solver': {%s}, 'solvers': 1, 'steps': "
                                             "[{'step': 'work', 'on': 'all'}]}",
                                             solver);
  LockstepRun             *followed;
  gboolean                 acted[] = { FALSE, FALSE, FALSE, FALSE, FALSE, FALSE, FALSE, FALSE };

  start (fixture, plan, FALSE);
  followed = follow (fixture, lockstep_run_get_directory (fixture->run));
  wait_for_state (followed, LOCKSTEP_RUN_STEPPING);

  lockstep_follower_pause_async (fixture->follower, TRUE, acted_cb, &acted[0]);
  wait_for (&acted[0]);
  g_assert_cmpuint (lockstep_run_get_state (fixture->run), ==, LOCKSTEP_RUN_PAUSED);
  wait_for_state (followed, LOCKSTEP_RUN_PAUSED);
  lockstep_follower_continue_async (fixture->follower, acted_cb, &acted[1]);
  wait_for (&acted[1]);
  wait_for_state (followed, LOCKSTEP_RUN_STEPPING);

  lockstep_follower_stop_iterating_async (fixture->follower, refused_cb, &acted[2]);
  lockstep_follower_act_on_late_async (fixture->follower, 7, LOCKSTEP_LATE_ACTION_RESTART, refused_cb, &acted[3]);
  lockstep_follower_restart_async (fixture->follower, 9, refused_cb, &acted[6]);
  lockstep_follower_restart_async (fixture->follower, 0, acted_cb, &acted[7]);
  wait_for (&acted[2]);
  wait_for (&acted[3]);
  wait_for (&acted[6]);
  wait_for (&acted[7]);

  lockstep_follower_terminate_async (fixture->follower, LOCKSTEP_STOP_KILL, acted_cb, &acted[4]);
  wait_for (&acted[4]);
  wait_for_state (followed, LOCKSTEP_RUN_TERMINATED);
  g_assert_cmpuint (count_processes ("LOCKSTEP_TEST_MARKER=control"), ==, 0);
  assert_equal_runs (fixture->run, followed);
  wait_for (&fixture->over);

  /* There is nobody to ask any more. */
  lockstep_follower_finish_tasks_async (fixture->follower, refused_cb, &acted[5]);
  wait_for (&acted[5]);
}

/* Of a run that has ended there is the same run, and nothing to follow. */
static void
test_ended (Fixture      *fixture,
            gconstpointer data)
{
  g_autofree char         *solver = fake_solver ("ended", "sum", NULL);
  g_autoptr (LockstepPlan) plan = make_plan ("{'lockstep': 1, 'name': 'Ended', 'solver': {%s}, 'solvers': 1, 'steps': "
                                             "[{'step': 'work', 'on': 'all'}]}",
                                             solver);
  g_autoptr (LockstepRun)  run = run_plan (plan, fixture->folder);

  assert_equal_runs (run, follow (fixture, lockstep_run_get_directory (run)));
}

static void
called_cb (LockstepPeer *peer,
           GBytes       *result,
           const GError *error,
           gpointer      user_data)
{
  gsize       length = 0;
  const char *text = result != NULL ? g_bytes_get_data (result, &length) : error->message;

  *(char **) user_data = result != NULL ? g_strndup (text, length) : g_strdup (text);
}

static void
notification_cb (LockstepPeer *peer,
                 const char   *method,
                 GBytes       *params,
                 guint64      *last)
{
  LockstepEvent      event;
  g_autoptr (GError) error = NULL;
  guint64            number;

  g_assert_cmpstr (method, ==, LOCKSTEP_EVENT_METHOD);
  g_assert_true (lockstep_event_params_read (params, &event, &number, &error));
  if (number > 0)
    g_assert_cmpuint (number, ==, ++*last);
  lockstep_event_clear (&event);
}

static void
connected_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr (GError) error = NULL;

  *(GIOStream **) user_data = lockstep_service_socket_connect_finish (result, &error);
  g_assert_no_error (error);
}

static LockstepPeer *
connect_to (const char *path)
{
  g_autoptr (GIOStream) stream = NULL;

  lockstep_service_socket_connect_async (path, NULL, connected_cb, &stream);
  while (stream == NULL)
    g_main_context_iteration (NULL, TRUE);

  return lockstep_peer_new (stream);
}

static char *
subscribe (LockstepPeer *peer,
           const char   *params)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static (params, strlen (params));
  GBytes            *pieces[] = { bytes, NULL };
  char              *answer = NULL;

  lockstep_peer_call (peer, "subscribe", pieces, NULL, called_cb, &answer);
  while (answer == NULL)
    g_main_context_iteration (NULL, TRUE);

  return answer;
}

/* A run without a record tells what it keeps, and says so where that is not enough. */
static void
test_no_record (Fixture      *fixture,
                gconstpointer data)
{
  g_autofree char         *solver = fake_solver ("no-record", "echo", NULL);
  g_autoptr (LockstepPlan) plan = make_plan ("{'lockstep': 1, 'name': 'None', 'solver': {%s}, 'solvers': 1, 'steps': "
                                             "[{'repeat': 100000, 'steps': [{'step': 'work', 'on': 'all'}]}]}",
                                             solver);
  g_autoptr (LockstepPeer) first = NULL;
  g_autoptr (LockstepPeer) second = NULL;
  g_autofree char         *answer = NULL;
  g_autofree char         *refusal = NULL;
  guint64                  last = 0;

  start (fixture, plan, TRUE);
  lockstep_controller_pause (fixture->controller, FALSE);
  first = connect_to (lockstep_run_service_get_path (fixture->service));
  g_signal_connect (first, "notification", G_CALLBACK (notification_cb), &last);
  answer = subscribe (first, "{\"from\":1}");
  g_assert_true (g_str_has_prefix (answer, "{\"next\":1,"));
  lockstep_controller_continue (fixture->controller);

  while (last < 2000)
    g_main_context_iteration (NULL, TRUE);
  second = connect_to (lockstep_run_service_get_path (fixture->service));
  refusal = subscribe (second, "{\"from\":1}");
  g_assert_nonnull (strstr (refusal, "keeps no record"));

  lockstep_controller_terminate (fixture->controller, LOCKSTEP_STOP_KILL);
  wait_for (&fixture->over);
  while (!lockstep_peer_is_closed (first))
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (last, ==, lockstep_record_get_n_events (lockstep_controller_get_record (fixture->controller)));
}

#define ADD(name, function) g_test_add ("/follower/" name, Fixture, NULL, set_up, function, tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ADD ("model", test_model);
  ADD ("control", test_control);
  ADD ("ended", test_ended);
  ADD ("no-record", test_no_record);

  return g_test_run ();
}
