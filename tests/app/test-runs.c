/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Runs in the window: those that are kept, those that go on, and those that another process makes. */

#include <math.h>
#include <string.h>

#include <glib/gstdio.h>

#include "app-test.h"
#include "lockstep-application.h"
#include "lockstep-history-words.h"
#include "lockstep-log-view.h"
#include "lockstep-run-export.h"
#include "lockstep-sidebar.h"
#include "lockstep-solvers-page.h"
#include "lockstep-status-strip.h"
#include "lockstep-window.h"

static LockstepApplication *application;

typedef struct
{
  char            *folder; /* with the plan, and the runs it makes */
  char            *path;   /* of the plan */
  char            *list;   /* of tasks that fail */
  char            *mark;   /* in the arguments of every process of the plan */
  LockstepWindow  *window;
  LockstepSession *session;
} Fixture;

static void
open_window (Fixture *fixture)
{
  fixture->window = lockstep_window_new (GTK_APPLICATION (application));
  fixture->session = g_object_ref (lockstep_window_get_session (fixture->window));
  gtk_window_present (GTK_WINDOW (fixture->window));
}

static void
close_window (Fixture *fixture)
{
  gtk_window_destroy (GTK_WINDOW (fixture->window));
  g_assert_finalize_object (fixture->session);
}

static void
set_up (Fixture      *fixture,
        gconstpointer data)
{
  g_autofree char *runs = NULL;

  fixture->folder = g_dir_make_tmp ("lockstep-test-runs-XXXXXX", NULL);
  fixture->path = g_build_filename (fixture->folder, "test.lockstep", NULL);
  fixture->list = g_build_filename (fixture->folder, "list", NULL);
  fixture->mark = g_path_get_basename (fixture->folder);
  runs = g_build_filename (fixture->folder, "runs", NULL);
  g_setenv ("LOCKSTEP_RUNS_DIR", runs, TRUE);
  open_window (fixture);
}

static gboolean
has_no_process (gpointer data)
{
  return !app_test_has_process (((Fixture *) data)->mark);
}

static void
tear_down (Fixture      *fixture,
           gconstpointer data)
{
  g_autofree char *remove = g_strdup_printf ("rm -rf %s", fixture->folder);

  app_test_wait (has_no_process, fixture);
  close_window (fixture);
  g_assert_true (g_spawn_command_line_sync (remove, NULL, NULL, NULL, NULL));
  g_free (fixture->folder);
  g_free (fixture->path);
  g_free (fixture->list);
  g_free (fixture->mark);
}

/* A plan of 8 tasks, of which those fail that are listed. */
static void
write_sweep (Fixture    *fixture,
             const char *list)
{
  g_autofree char *text = NULL;

  text = g_strdup_printf ("{\"lockstep\":1,\"name\":\"Sweep\",\"solvers\":2,"
                          "\"solver\":{\"command\":[\"%s\",\"tally\",\"%s\",\"0.01\",\"%s\"]},"
                          "\"steps\":[{\"step\":\"work\",\"tasks\":{\"grid\":{\"seed\":{\"from\":1,\"to\":8,\"count\":8}}}}]}",
                          g_getenv ("LOCKSTEP_FAKE_SOLVER"), fixture->list, fixture->mark);
  g_assert_true (g_file_set_contents (fixture->path, text, -1, NULL));
  g_assert_true (g_file_set_contents (fixture->list, list, -1, NULL));
}

/* A plan whose solvers do what @arguments (JSON strings) say. */
static void
write_plan (Fixture    *fixture,
            const char *arguments)
{
  g_autofree char *text = NULL;

  text = g_strdup_printf ("{\"lockstep\":1,\"name\":\"Plain\",\"solvers\":2,"
                          "\"solver\":{\"command\":[\"%s\",%s,\"%s\"]},"
                          "\"steps\":[{\"step\":\"work\",\"on\":\"all\"},{\"step\":\"gather\",\"on\":\"one\"}]}",
                          g_getenv ("LOCKSTEP_FAKE_SOLVER"), arguments, fixture->mark);
  g_assert_true (g_file_set_contents (fixture->path, text, -1, NULL));
}

static gboolean
is_loaded (gpointer data)
{
  return !lockstep_session_get_loading (((Fixture *) data)->session);
}

static gboolean
is_live (gpointer data)
{
  return lockstep_session_get_live (((Fixture *) data)->session);
}

static gboolean
is_over (gpointer data)
{
  return !is_live (data);
}

static void
open_plan (Fixture *fixture)
{
  g_autoptr (GFile) file = g_file_new_for_path (fixture->path);

  lockstep_window_open (fixture->window, file, FALSE);
  app_test_wait (is_loaded, fixture);
}

static void
activate (Fixture    *fixture,
          const char *action)
{
  g_assert_true (g_action_group_get_action_enabled (G_ACTION_GROUP (fixture->window), action));
  g_action_group_activate_action (G_ACTION_GROUP (fixture->window), action, NULL);
}

static gboolean
is_enabled (Fixture    *fixture,
            const char *action)
{
  return g_action_group_get_action_enabled (G_ACTION_GROUP (fixture->window), action);
}

static void
run_plan (Fixture *fixture)
{
  open_plan (fixture);
  activate (fixture, "start");
  app_test_wait (is_live, fixture);
  app_test_wait (is_over, fixture);
}

static GtkWidget *
get_part (Fixture *fixture,
          GType    type)
{
  return app_test_find (GTK_WIDGET (fixture->window), type);
}

static gboolean
shows (Fixture    *fixture,
       GType       type,
       const char *text)
{
  g_autofree char *shown = app_test_dup_shown (get_part (fixture, type));

  return strstr (shown, text) != NULL;
}

static char *
dup_log (Fixture *fixture)
{
  LockstepLogBuffer *buffer = lockstep_log_view_get_buffer (LOCKSTEP_LOG_VIEW (get_part (fixture, LOCKSTEP_TYPE_LOG_VIEW)));
  GtkTextIter        start;
  GtkTextIter        end;

  gtk_text_buffer_get_bounds (GTK_TEXT_BUFFER (buffer), &start, &end);

  return gtk_text_buffer_get_text (GTK_TEXT_BUFFER (buffer), &start, &end, FALSE);
}

static guint
count_in_log (Fixture    *fixture,
              const char *text)
{
  g_autofree char *log = dup_log (fixture);
  guint            count = 0;

  for (const char *found = log; (found = strstr (found, text)) != NULL; found++)
    count++;

  return count;
}

static GtkSelectionModel *
get_rows (Fixture *fixture)
{
  GtkWidget *list = app_test_find (get_part (fixture, LOCKSTEP_TYPE_SIDEBAR), GTK_TYPE_LIST_VIEW);

  return gtk_list_view_get_model (GTK_LIST_VIEW (list));
}

static gboolean
has_row (gpointer data)
{
  return g_list_model_get_n_items (G_LIST_MODEL (get_rows (data))) > 0;
}

static guint
get_selected (Fixture *fixture)
{
  return gtk_single_selection_get_selected (GTK_SINGLE_SELECTION (get_rows (fixture)));
}

static gboolean
shows_failures (gpointer data)
{
  return shows (data, LOCKSTEP_TYPE_SIDEBAR, "\n2 of 8 failed\n");
}

static gboolean
shows_all_done (gpointer data)
{
  return shows (data, LOCKSTEP_TYPE_SIDEBAR, "\nSweep · 8 of 8\n");
}

static gboolean
has_log_end (gpointer data)
{
  return count_in_log (data, "Finished") == 1;
}

/* Chooses the newest of the runs that are listed. */
static void
choose_run (Fixture *fixture)
{
  app_test_wait (has_row, fixture);
  gtk_single_selection_set_selected (GTK_SINGLE_SELECTION (get_rows (fixture)), 0);
  app_test_wait (is_loaded, fixture);
}

static LockstepRun *
get_run (Fixture *fixture)
{
  return lockstep_session_get_run (fixture->session);
}

/* One that has ended is as it was in the window that made it, and its failed tasks are done again. */
static void
test_kept (Fixture      *fixture,
           gconstpointer data)
{
  g_autofree char *log = NULL;
  g_autofree char *again = NULL;

  write_sweep (fixture, "3\n5\n");
  run_plan (fixture);
  app_test_wait (has_log_end, fixture);
  app_test_wait (shows_failures, fixture);
  g_assert_cmpuint (get_selected (fixture), ==, 0);
  log = dup_log (fixture);
  close_window (fixture);

  open_window (fixture);
  choose_run (fixture);
  g_assert_nonnull (get_run (fixture));
  g_assert_cmpint (lockstep_run_get_state (get_run (fixture)), ==, LOCKSTEP_RUN_FINISHED);
  g_assert_true (is_over (fixture));
  app_test_wait (has_log_end, fixture);
  again = dup_log (fixture);
  g_assert_cmpstr (again, ==, log);
  app_test_wait_frames (GTK_WIDGET (fixture->window), 2);
  g_assert_true (shows (fixture, ADW_TYPE_HEADER_BAR, "Retry 2"));
  g_assert_true (shows (fixture, LOCKSTEP_TYPE_STATUS_STRIP, "6 of 8 · 2 failed"));
  g_assert_false (is_enabled (fixture, "resume"));
  g_assert_false (is_enabled (fixture, "terminate"));
  g_assert_true (is_enabled (fixture, "export"));

  g_assert_true (g_file_set_contents (fixture->list, "", -1, NULL));
  activate (fixture, "retry");
  app_test_wait (is_live, fixture);
  app_test_wait (is_over, fixture);
  g_assert_cmpuint (lockstep_run_get_n_failures (get_run (fixture)), ==, 0);
  app_test_wait (shows_all_done, fixture);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (get_rows (fixture))), ==, 1);
  g_assert_true (shows (fixture, ADW_TYPE_HEADER_BAR, "Run Again"));

  /* Without a plan's file, the run's own plan is run again. */
  activate (fixture, "start");
  app_test_wait (is_live, fixture);
  app_test_wait (is_over, fixture);
  g_assert_cmpint (lockstep_run_get_state (get_run (fixture)), ==, LOCKSTEP_RUN_FINISHED);
}

static gboolean
is_stepping (gpointer data)
{
  LockstepRun *run = get_run (data);

  return run != NULL && lockstep_run_get_state (run) == LOCKSTEP_RUN_STEPPING;
}

static gboolean
is_paused (gpointer data)
{
  return lockstep_run_get_state (get_run (data)) == LOCKSTEP_RUN_PAUSED;
}

static gboolean
shows_terminated (gpointer data)
{
  return shows (data, LOCKSTEP_TYPE_SIDEBAR, "Terminated");
}

static gboolean
has_log_of_both (gpointer data)
{
  return count_in_log (data, "Started: ") == 1 && count_in_log (data, "Terminated: no process of the run is left") == 1 &&
         count_in_log (data, "Resumed: ") == 1 && has_log_end (data);
}

static void
test_pause_and_resume (Fixture      *fixture,
                       gconstpointer data)
{
  write_plan (fixture, "\"sleep\",\"0.5\"");
  open_plan (fixture);
  activate (fixture, "start");
  app_test_wait (is_stepping, fixture);
  activate (fixture, "pause");
  app_test_wait (is_paused, fixture);
  g_assert_true (shows (fixture, ADW_TYPE_HEADER_BAR, "Paused"));
  activate (fixture, "pause");
  app_test_wait (is_stepping, fixture);

  lockstep_session_terminate (fixture->session, LOCKSTEP_STOP_ASK);
  app_test_wait (is_over, fixture);
  app_test_wait (shows_terminated, fixture);
  g_assert_true (shows (fixture, ADW_TYPE_HEADER_BAR, "Resume"));
  activate (fixture, "resume");
  app_test_wait (is_live, fixture);
  g_assert_false (shows_terminated (fixture));
  app_test_wait (is_over, fixture);
  g_assert_cmpint (lockstep_run_get_state (get_run (fixture)), ==, LOCKSTEP_RUN_FINISHED);
  /* What was before is in the log as well, and before. */
  app_test_wait (has_log_of_both, fixture);
}

static void
test_words (Fixture      *fixture,
            gconstpointer data)
{
  g_autofree char *terminated = lockstep_history_words_dup_result (NULL, LOCKSTEP_RUN_TERMINATED, 57, 72, TRUE, 15, FALSE, NULL, NAN, NULL,
                                                                   NULL, NULL);
  g_autofree char *finished = lockstep_history_words_dup_result (NULL, LOCKSTEP_RUN_FINISHED, 72, 72, TRUE, 15, TRUE, NULL, NAN, NULL, NULL,
                                                                 NULL);
  g_autofree char *steps = lockstep_history_words_dup_result (NULL, LOCKSTEP_RUN_FINISHED, 2, 2, FALSE, 0, TRUE, NULL, NAN, NULL, NULL, NULL);

  g_assert_cmpstr (terminated, ==, "Terminated · 15 of 72 failed");
  g_assert_cmpstr (finished, ==, "15 of 72 failed");
  /* Of steps, the parts of the last say nothing. */
  g_assert_cmpstr (steps, ==, "Finished");
}

static gboolean
is_busy (gpointer data)
{
  return lockstep_session_get_busy (((Fixture *) data)->session);
}

static gboolean
is_idle (gpointer data)
{
  return !is_busy (data);
}

static gboolean
has_two_rows (gpointer data)
{
  return g_list_model_get_n_items (G_LIST_MODEL (get_rows (data))) == 2;
}

static gboolean
has_log_of_terminated (gpointer data)
{
  return count_in_log (data, "Terminated: no process of the run is left") == 1;
}

/* What is shown may be something else than what the window makes. */
static void
test_look_elsewhere (Fixture      *fixture,
                     gconstpointer data)
{
  GtkWidget   *plan_list;
  LockstepRun *own;

  write_plan (fixture, "\"sleep\",\"0.1\"");
  run_plan (fixture);
  write_plan (fixture, "\"sleep\",\"300\"");
  activate (fixture, "start");
  app_test_wait (is_stepping, fixture);
  own = get_run (fixture);

  plan_list = app_test_find (get_part (fixture, LOCKSTEP_TYPE_SIDEBAR), GTK_TYPE_LIST_BOX);
  gtk_list_box_select_row (GTK_LIST_BOX (plan_list), gtk_list_box_get_row_at_index (GTK_LIST_BOX (plan_list), 0));
  g_assert_true (get_run (fixture) != own);
  g_assert_cmpint (lockstep_run_get_state (get_run (fixture)), ==, LOCKSTEP_RUN_IDLE);
  g_assert_true (is_busy (fixture));
  g_assert_false (is_enabled (fixture, "terminate"));
  g_assert_false (is_enabled (fixture, "start"));

  app_test_wait (has_two_rows, fixture);
  gtk_single_selection_set_selected (GTK_SINGLE_SELECTION (get_rows (fixture)), 1);
  app_test_wait (is_loaded, fixture);
  g_assert_cmpint (lockstep_run_get_state (get_run (fixture)), ==, LOCKSTEP_RUN_FINISHED);
  g_assert_true (get_run (fixture) != own);

  gtk_single_selection_set_selected (GTK_SINGLE_SELECTION (get_rows (fixture)), 0);
  g_assert_true (get_run (fixture) == own);
  g_assert_true (is_enabled (fixture, "terminate"));
  lockstep_session_terminate (fixture->session, LOCKSTEP_STOP_ASK);
  app_test_wait (is_idle, fixture);
  app_test_wait (has_log_of_terminated, fixture);
}

static gboolean
has_flood (gpointer data)
{
  return count_in_log (data, "line 2000 of a flood") >= 3 && has_log_end (data);
}

/* One that another process makes is followed and ended like one's own, and its log has all that was before. */
static void
test_background (Fixture      *fixture,
                 gconstpointer data)
{
  write_plan (fixture, "\"sleep\",\"300\"");
  open_plan (fixture);
  activate (fixture, "start-in-background");
  app_test_wait (is_live, fixture);
  app_test_wait (is_stepping, fixture);
  g_assert_false (is_busy (fixture));
  g_assert_true (is_enabled (fixture, "terminate"));
  activate (fixture, "pause");
  app_test_wait (is_paused, fixture);

  /* Closing the window leaves it at work; another one finds it. */
  close_window (fixture);
  g_assert_true (app_test_has_process (fixture->mark));
  open_window (fixture);
  choose_run (fixture);
  app_test_wait (is_live, fixture);
  g_assert_true (is_paused (fixture));
  lockstep_session_terminate (fixture->session, LOCKSTEP_STOP_ASK);
  app_test_wait (is_over, fixture);
  g_assert_cmpint (lockstep_run_get_state (get_run (fixture)), ==, LOCKSTEP_RUN_TERMINATED);
}

/* What was printed stands in the log of a kept run where it was printed. */
static void
test_printed (Fixture      *fixture,
              gconstpointer data)
{
  g_autofree char *log = NULL;

  write_plan (fixture, "\"flood\",\"2000\"");
  run_plan (fixture);
  close_window (fixture);
  open_window (fixture);
  choose_run (fixture);
  app_test_wait (has_flood, fixture);
  g_assert_cmpuint (count_in_log (fixture, "line 1 of a flood"), ==, 3);
  log = dup_log (fixture);
  g_assert_true (strstr (log, "Ready") < strstr (log, "line 1 of a flood"));
  g_assert_true (strstr (log, "line 2000 of a flood") < strstr (log, "Finished"));
}

static gboolean
file_exists (gpointer data)
{
  return g_file_test (data, G_FILE_TEST_EXISTS);
}

static gboolean
shows_exported (gpointer data)
{
  return shows (data, ADW_TYPE_TOAST_OVERLAY, "Exported “results.csv”");
}

static void
test_export (Fixture      *fixture,
             gconstpointer data)
{
  AdwToastOverlay *toasts = ADW_TOAST_OVERLAY (get_part (fixture, ADW_TYPE_TOAST_OVERLAY));
  g_autofree char *path = g_build_filename (fixture->folder, "results.csv", NULL);
  g_autofree char *text = NULL;

  write_sweep (fixture, "");
  run_plan (fixture);
  lockstep_run_export_write (GTK_WINDOW (fixture->window), toasts, get_run (fixture), LOCKSTEP_EXPORT_RESULTS, LOCKSTEP_EXPORT_CSV, path);
  app_test_wait (file_exists, path);
  app_test_wait (shows_exported, fixture);
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_assert_nonnull (strstr (text, "seed"));
}

static void
test_search (Fixture      *fixture,
             gconstpointer data)
{
  GtkWidget  *entry = app_test_find (get_part (fixture, LOCKSTEP_TYPE_SIDEBAR), GTK_TYPE_SEARCH_ENTRY);
  GListModel *rows;

  write_sweep (fixture, "");
  run_plan (fixture);
  write_plan (fixture, "\"echo\"");
  run_plan (fixture);
  rows = G_LIST_MODEL (get_rows (fixture));
  app_test_wait (has_row, fixture);

  /* Those of the plan, until one asks for all. */
  g_assert_cmpuint (g_list_model_get_n_items (rows), ==, 1);
  gtk_widget_activate_action (get_part (fixture, LOCKSTEP_TYPE_SIDEBAR), "sidebar.scope", "s", "all");
  g_assert_cmpuint (g_list_model_get_n_items (rows), ==, 2);
  g_assert_true (is_enabled (fixture, "search-runs"));
  gtk_editable_set_text (GTK_EDITABLE (entry), "swEEp");
  g_signal_emit_by_name (entry, "search-changed");
  g_assert_cmpuint (g_list_model_get_n_items (rows), ==, 1);
  gtk_editable_set_text (GTK_EDITABLE (entry), "nothing");
  g_signal_emit_by_name (entry, "search-changed");
  g_assert_cmpuint (g_list_model_get_n_items (rows), ==, 0);
  app_test_wait_frames (GTK_WIDGET (fixture->window), 2);
  g_assert_true (shows (fixture, LOCKSTEP_TYPE_SIDEBAR, "No Such Run"));
}

int
main (int    argc,
      char **argv)
{
  int result;

  g_test_init (&argc, &argv, NULL);

  application = lockstep_application_new ();
  g_application_set_flags (G_APPLICATION (application), g_application_get_flags (G_APPLICATION (application)) | G_APPLICATION_NON_UNIQUE);
  g_assert_true (g_application_register (G_APPLICATION (application), NULL, NULL));
  g_application_hold (G_APPLICATION (application));
  g_object_set (gtk_settings_get_default (), "gtk-enable-animations", FALSE, NULL);

#define ADD(path, test) g_test_add (path, Fixture, NULL, set_up, test, tear_down)
  ADD ("/runs/kept", test_kept);
  ADD ("/runs/pause-and-resume", test_pause_and_resume);
  ADD ("/runs/words", test_words);
  ADD ("/runs/look-elsewhere", test_look_elsewhere);
  ADD ("/runs/background", test_background);
  ADD ("/runs/printed", test_printed);
  ADD ("/runs/export", test_export);
  ADD ("/runs/search", test_search);

  result = g_test_run ();
  g_object_unref (application);

  return result;
}
