/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The window, spoken to over app.sock; and the run that it makes, over a socket of its own. */

#include <string.h>

#include <glib/gstdio.h>

#include "app-test.h"
#include "lockstep-application.h"
#include "lockstep-json.h"
#include "lockstep-live-runs.h"
#include "lockstep-service-socket.h"
#include "lockstep-window.h"

static LockstepApplication *application;
static char                *folder;

static gboolean
is_set (gpointer data)
{
  return *(gpointer *) data != NULL;
}

static void
connected_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  *(GIOStream **) user_data = lockstep_service_socket_connect_finish (result, NULL);
}

static gboolean
is_listening (gpointer data)
{
  return g_file_test (data, G_FILE_TEST_EXISTS);
}

static LockstepPeer *
connect_to_window (void)
{
  g_autofree char      *path = lockstep_service_socket_dup_path (LOCKSTEP_SERVICE_APP);
  g_autoptr (GIOStream) stream = NULL;

  app_test_wait (is_listening, path);
  lockstep_service_socket_connect_async (path, NULL, connected_cb, &stream);
  app_test_wait (is_set, &stream);

  return lockstep_peer_new (stream);
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

/* Returns the result, or the error's message. */
static char *
call (LockstepPeer *peer,
      const char   *method,
      const char   *params)
{
  g_autoptr (GBytes) bytes = g_bytes_new (params, strlen (params));
  GBytes            *pieces[] = { bytes, NULL };
  char              *answer = NULL;

  lockstep_peer_call (peer, method, pieces, NULL, called_cb, &answer);
  app_test_wait (is_set, &answer);

  return answer;
}

static LockstepSession *
get_session (void)
{
  GList *windows = gtk_application_get_windows (GTK_APPLICATION (application));

  return windows != NULL ? lockstep_window_get_session (windows->data) : NULL;
}

static gboolean
is_stepping (gpointer data)
{
  LockstepRun *run = lockstep_session_get_run (get_session ());

  return run != NULL && lockstep_run_get_state (run) == LOCKSTEP_RUN_STEPPING;
}

static gboolean
is_over (gpointer data)
{
  return !lockstep_session_get_live (get_session ()) && !lockstep_session_get_loading (get_session ());
}

static void
listed_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  *(GPtrArray **) user_data = lockstep_live_runs_list_finish (result, NULL);
}

static void
test_start (void)
{
  g_autofree char         *plan = g_build_filename (folder, "test.lockstep", NULL);
  g_autofree char         *params = g_strdup_printf ("{\"plan\":\"%s\"}", plan);
  g_autofree char         *text = NULL;
  g_autofree char         *opened = NULL;
  g_autofree char         *started = NULL;
  g_autofree char         *again = NULL;
  g_autofree char         *paused = NULL;
  g_autofree char         *terminated = NULL;
  g_autofree char         *late = NULL;
  g_autoptr (LockstepPeer) peer = connect_to_window ();
  g_autoptr (GPtrArray)    runs = NULL;

  text = g_strdup_printf ("{\"lockstep\":1,\"name\":\"Window\",\"solvers\":1,"
                          "\"solver\":{\"command\":[\"%s\",\"sleep\",\"300\"]},"
                          "\"steps\":[{\"step\":\"work\",\"on\":\"all\"}]}",
                          g_getenv ("LOCKSTEP_FAKE_SOLVER"));
  g_assert_true (g_file_set_contents (plan, text, -1, NULL));

  opened = call (peer, "open", params);
  g_assert_cmpstr (opened, ==, "{}");
  app_test_wait (is_over, NULL);
  g_assert_nonnull (lockstep_session_get_plan (get_session ()));

  started = call (peer, "start", "{}");
  g_assert_cmpstr (started, ==, "{}");
  app_test_wait (is_stepping, NULL);
  again = call (peer, "start", "{}");
  g_assert_nonnull (strstr (again, "makes a run already"));

  /* The run has a socket of its own. */
  lockstep_live_runs_list_async (NULL, listed_cb, &runs);
  app_test_wait (is_set, &runs);
  g_assert_cmpuint (runs->len, ==, 1);
  g_assert_cmpstr (((LockstepLiveRun *) g_ptr_array_index (runs, 0))->name, ==, "Window");
  paused = call (((LockstepLiveRun *) g_ptr_array_index (runs, 0))->peer, "pause", "{}");
  g_assert_cmpstr (paused, ==, "{\"state\":\"paused\"}");

  terminated = call (peer, "terminate", "{}");
  g_assert_cmpstr (terminated, ==, "{}");
  app_test_wait (is_over, NULL);
  late = call (peer, "terminate", "{}");
  g_assert_nonnull (strstr (late, "No window makes a run"));
}

static void
test_refused (void)
{
  g_autoptr (LockstepPeer) peer = connect_to_window ();
  static const char *const calls[][3] = {
    { "stop", "{}", "There is no method" },
    { "open", "{}", "whole path" },
    { "open", "{\"plan\":\"a.lockstep\"}", "whole path" },
    { "start", "{\"plan\":\"/no/such/plan\"}", "There is no plan" },
    { "terminate", "{\"plan\":\"/a\"}", "takes no params" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (calls); i++)
    {
      g_autofree char *answer = call (peer, calls[i][0], calls[i][1]);

      g_assert_nonnull (strstr (answer, calls[i][2]));
    }
}

int
main (int    argc,
      char **argv)
{
  g_autofree char *runs = NULL;
  g_autofree char *remove = NULL;
  int              result;

  g_test_init (&argc, &argv, NULL);
  folder = g_dir_make_tmp ("lockstep-test-app-XXXXXX", NULL);
  runs = g_build_filename (folder, "runs", NULL);
  g_setenv ("LOCKSTEP_RUNS_DIR", runs, TRUE);
  g_setenv ("XDG_RUNTIME_DIR", folder, TRUE);

  application = lockstep_application_new ();
  g_application_set_flags (G_APPLICATION (application),
                           g_application_get_flags (G_APPLICATION (application)) | G_APPLICATION_NON_UNIQUE);
  g_assert_true (g_application_register (G_APPLICATION (application), NULL, NULL));
  g_object_set (gtk_settings_get_default (), "gtk-enable-animations", FALSE, NULL);
  gtk_window_present (GTK_WINDOW (lockstep_window_new (GTK_APPLICATION (application))));

  g_test_add_func ("/app-service/refused", test_refused);
  g_test_add_func ("/app-service/start", test_start);

  result = g_test_run ();
  while (gtk_application_get_windows (GTK_APPLICATION (application)) != NULL)
    gtk_window_destroy (gtk_application_get_windows (GTK_APPLICATION (application))->data);
  g_object_unref (application);
  remove = g_strdup_printf ("rm -rf %s", folder);
  g_spawn_command_line_sync (remove, NULL, NULL, NULL, NULL);
  g_free (folder);

  return result;
}
