/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <string.h>

#include <glib/gstdio.h>

#include "app-test.h"
#include "lockstep-application.h"
#include "lockstep-log-view.h"
#include "lockstep-notice.h"
#include "lockstep-plan-page.h"
#include "lockstep-solvers-page.h"
#include "lockstep-status-strip.h"
#include "lockstep-window.h"

static LockstepApplication *application;

typedef struct
{
  char            *folder; /* with the plan, and the runs it makes */
  char            *path;   /* of the plan */
  char            *mark;   /* in the arguments of every process of the plan */
  LockstepWindow  *window; /* NULL once it was closed */
  LockstepSession *session;
} Fixture;

static void
set_up (Fixture      *fixture,
        gconstpointer data)
{
  g_autofree char *runs = NULL;

  fixture->folder = g_dir_make_tmp ("lockstep-test-window-XXXXXX", NULL);
  fixture->path = g_build_filename (fixture->folder, "test.lockstep", NULL);
  fixture->mark = g_path_get_basename (fixture->folder);
  runs = g_build_filename (fixture->folder, "runs", NULL);
  g_setenv ("LOCKSTEP_RUNS_DIR", runs, TRUE);

  g_set_weak_pointer (&fixture->window, lockstep_window_new (GTK_APPLICATION (application)));
  fixture->session = g_object_ref (lockstep_window_get_session (fixture->window));
  gtk_window_present (GTK_WINDOW (fixture->window));
}

static void
tear_down (Fixture      *fixture,
           gconstpointer data)
{
  g_assert_false (lockstep_session_get_live (fixture->session));
  g_assert_false (app_test_has_process (fixture->mark));

  if (fixture->window != NULL)
    gtk_window_destroy (GTK_WINDOW (fixture->window));
  g_assert_null (fixture->window);
  g_assert_finalize_object (fixture->session);
  app_test_remove_folder (fixture->folder);
  g_free (fixture->folder);
  g_free (fixture->path);
  g_free (fixture->mark);
}

/* Writes a plan of @n_solvers fake solvers, whose arguments are @arguments (JSON strings), in two steps. */
static void
write_plan (Fixture    *fixture,
            guint       n_solvers,
            const char *arguments)
{
  g_autofree char *text = NULL;

  text = g_strdup_printf ("{ \"lockstep\": 1, \"name\": \"Test\", \"solvers\": %u,\n"
                          "  \"solver\": { \"command\": [\"%s\", %s, \"%s\"] },\n"
                          "  \"params\": { \"zones\": 400 },\n"
                          "  \"steps\": [ { \"step\": \"work\", \"on\": \"all\" }, { \"step\": \"gather\", \"on\": \"one\" } ] }",
                          n_solvers, g_getenv ("LOCKSTEP_FAKE_SOLVER"), arguments, fixture->mark);
  g_assert_true (g_file_set_contents (fixture->path, text, -1, NULL));
}

static gboolean
is_loaded (gpointer data)
{
  return !lockstep_session_get_loading (((Fixture *) data)->session);
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
  g_action_group_activate_action (G_ACTION_GROUP (fixture->window), action, NULL);
}

static gboolean
is_enabled (Fixture    *fixture,
            const char *action)
{
  return g_action_group_get_action_enabled (G_ACTION_GROUP (fixture->window), action);
}

static GtkWidget *
get_part (Fixture *fixture,
          GType    type)
{
  return app_test_find (GTK_WIDGET (fixture->window), type);
}

static char *
dup_shown (Fixture *fixture,
           GType    type)
{
  return app_test_dup_shown (get_part (fixture, type));
}

static gboolean
shows (Fixture    *fixture,
       GType       type,
       const char *text)
{
  g_autofree char *shown = dup_shown (fixture, type);

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

/* How often the log says @text. */
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

static gboolean
is_computing (gpointer data)
{
  return shows (data, LOCKSTEP_TYPE_SOLVERS_PAGE, "computing\n");
}

/* Views are told with a delay. */
static gboolean
has_no_live_row (gpointer data)
{
  return shows (data, LOCKSTEP_TYPE_SOLVERS_PAGE, "\nended\n") && !is_computing (data) &&
         !shows (data, LOCKSTEP_TYPE_SOLVERS_PAGE, "\nstopping\n") && !shows (data, LOCKSTEP_TYPE_SOLVERS_PAGE, "\nready\n");
}

static gboolean
is_strip_finished (gpointer data)
{
  g_autofree char *strip = dup_shown (data, LOCKSTEP_TYPE_STATUS_STRIP);

  return g_str_has_prefix (strip, "Finished in ");
}

static gboolean
is_log_finished (gpointer data)
{
  return count_in_log (data, "Finished") > 0;
}

static LockstepRunState
get_state (Fixture *fixture)
{
  return lockstep_run_get_state (lockstep_session_get_run (fixture->session));
}

static gboolean
is_stopping (gpointer data)
{
  return get_state (data) == LOCKSTEP_RUN_STOPPING;
}

static AdwMessageDialog *
get_dialog (void)
{
  GListModel *windows = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (windows); i++)
    {
      g_autoptr (GtkWidget) window = g_list_model_get_item (windows, i);

      if (ADW_IS_MESSAGE_DIALOG (window) && gtk_widget_get_visible (window))
        return ADW_MESSAGE_DIALOG (window);
    }

  return NULL;
}

static void
respond (const char *response)
{
  AdwMessageDialog *dialog = get_dialog ();

  g_assert_nonnull (dialog);
  adw_message_dialog_response (dialog, response);
}

static void
test_empty (Fixture      *fixture,
            gconstpointer data)
{
  app_test_wait_frames (GTK_WIDGET (fixture->window), 2);

  g_assert_true (shows (fixture, ADW_TYPE_STATUS_PAGE, "No Plan Open"));
  g_assert_true (is_enabled (fixture, "open"));
  g_assert_false (is_enabled (fixture, "start"));
  g_assert_false (is_enabled (fixture, "reload"));
  g_assert_false (is_enabled (fixture, "terminate"));
}

/* How often a row of the page says @text. */
static guint
count_rows (const char *shown,
            const char *text)
{
  g_autofree char *line = g_strdup_printf ("\n%s\n", text);
  guint            count = 0;

  for (const char *found = shown; (found = strstr (found, line)) != NULL; found++)
    count++;

  return count;
}

/* Whether the totals are those of the rows above them, of which there are two, at work in one way or another. */
static void
assert_totals (Fixture *fixture)
{
  static const char *const words[] = { "computing", "waiting", "ready", "initializing", "starting", "stopping", "ended" };
  g_autofree char         *shown = dup_shown (fixture, LOCKSTEP_TYPE_SOLVERS_PAGE);
  g_autoptr (GString)      expected = g_string_new ("\n2 solvers");

  if (strstr (shown, "2 solvers") == NULL)
    return;

  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    {
      guint n_rows = count_rows (shown, words[i]);

      if (n_rows > 0)
        g_string_append_printf (expected, " · %u %s", n_rows, words[i]);
    }
  if (strstr (shown, expected->str) == NULL)
    g_error ("“%s” is not in:\n%s", expected->str, shown);
}

static gboolean
is_over_with_totals (gpointer data)
{
  assert_totals (data);

  return has_no_live_row (data) && is_over (data);
}

/* At no moment do the totals say anything else than the rows. */
static void
test_totals (Fixture      *fixture,
             gconstpointer data)
{
  write_plan (fixture, 2, "\"sleep-by-part\", \"0.3\"");
  open_plan (fixture);
  activate (fixture, "start");
  app_test_wait (is_over_with_totals, fixture);
  g_assert_true (shows (fixture, LOCKSTEP_TYPE_SOLVERS_PAGE, "\n2 solvers · 2 ended\n"));
}

static void
test_run (Fixture      *fixture,
          gconstpointer data)
{
  g_autofree char *plan = NULL;
  g_autofree char *rows = NULL;

  write_plan (fixture, 2, "\"sleep\", \"0.5\"");
  open_plan (fixture);
  app_test_wait_frames (GTK_WIDGET (fixture->window), 2);

  plan = dup_shown (fixture, LOCKSTEP_TYPE_PLAN_PAGE);
  g_assert_nonnull (strstr (plan, "work\nOn all solvers, a part each\n"));
  g_assert_nonnull (strstr (plan, "gather\nOn one solver\n"));
  g_assert_nonnull (strstr (plan, "zones\n400\n"));
  g_assert_true (shows (fixture, LOCKSTEP_TYPE_STATUS_STRIP, "Not started"));
  g_assert_true (shows (fixture, ADW_TYPE_HEADER_BAR, "Test\nNot started\n"));
  g_assert_true (is_enabled (fixture, "start"));
  g_assert_false (is_enabled (fixture, "terminate"));

  activate (fixture, "start");
  g_assert_false (is_enabled (fixture, "start"));
  app_test_wait (is_computing, fixture);
  g_assert_true (is_enabled (fixture, "terminate"));
  g_assert_true (shows (fixture, ADW_TYPE_HEADER_BAR, "Test\nRunning\n"));
  g_assert_true (shows (fixture, LOCKSTEP_TYPE_SOLVERS_PAGE, "0\ncomputing\nwork · 1 of 2\n"));

  app_test_wait (is_over, fixture);
  app_test_wait (is_log_finished, fixture);
  app_test_wait (has_no_live_row, fixture);
  g_assert_cmpint (get_state (fixture), ==, LOCKSTEP_RUN_FINISHED);
  rows = dup_shown (fixture, LOCKSTEP_TYPE_SOLVERS_PAGE);
  g_assert_nonnull (strstr (rows, "0\nended\n"));
  g_assert_nonnull (strstr (rows, "1\nended\nwork · 2 of 2\n"));
  app_test_wait (is_strip_finished, fixture);
  g_assert_true (shows (fixture, ADW_TYPE_HEADER_BAR, "Test\nFinished\n"));
  g_assert_true (shows (fixture, ADW_TYPE_HEADER_BAR, "Run Again"));
  g_assert_true (is_enabled (fixture, "start"));
  g_assert_false (is_enabled (fixture, "terminate"));
  g_assert_null (lockstep_notice_get_text (LOCKSTEP_NOTICE (get_part (fixture, LOCKSTEP_TYPE_NOTICE))));

  g_assert_cmpuint (count_in_log (fixture, "Step “work” started, 2 tasks"), ==, 1);
  g_assert_cmpuint (count_in_log (fixture, "Step “gather” started, 1 task"), ==, 1);
  g_assert_cmpuint (count_in_log (fixture, "Step “work” done in "), ==, 1);
  g_assert_cmpuint (count_in_log (fixture, "Launched on "), ==, 2);
}

static gboolean
is_output_shown (gpointer data)
{
  return count_in_log (data, "line 20000 of a flood") > 0 && is_log_finished (data);
}

/* Start works any number of times, and reads the plan again. */
static void
test_again (Fixture      *fixture,
            gconstpointer data)
{
  write_plan (fixture, 1, "\"echo\"");
  open_plan (fixture);

  for (guint i = 1; i <= 3; i++)
    {
      LockstepRun *before = lockstep_session_get_run (fixture->session);
      GListModel  *solvers;

      write_plan (fixture, i, "\"echo\"");
      activate (fixture, "start");
      app_test_wait (is_live, fixture);
      app_test_wait (is_over, fixture);
      g_assert_true (before != lockstep_session_get_run (fixture->session));
      g_assert_cmpint (get_state (fixture), ==, LOCKSTEP_RUN_FINISHED);
      solvers = lockstep_run_get_solvers (lockstep_session_get_run (fixture->session));
      g_assert_cmpuint (g_list_model_get_n_items (solvers), ==, i);
    }
}

/* What solvers print is in the log, too, the newest of it. */
static void
test_output (Fixture      *fixture,
             gconstpointer data)
{
  LockstepLogView *view = LOCKSTEP_LOG_VIEW (get_part (fixture, LOCKSTEP_TYPE_LOG_VIEW));

  write_plan (fixture, 1, "\"flood\", \"20000\"");
  open_plan (fixture);
  activate (fixture, "start");
  app_test_wait (is_live, fixture);
  app_test_wait (is_output_shown, fixture);
  app_test_wait (is_over, fixture);

  g_assert_cmpuint (lockstep_log_buffer_get_n_lines (lockstep_log_view_get_buffer (view)), <=, 10000);
  g_assert_true (lockstep_log_view_get_following (view));
}

/* Times never go back, and only what happened at a known time has one. */
static void
test_log_times (Fixture      *fixture,
                gconstpointer data)
{
  g_autofree char *log = NULL;
  g_auto (GStrv)   lines = NULL;
  const char      *last = "";
  guint            n_outputs = 0;

  write_plan (fixture, 2, "\"flood\", \"300\"");
  open_plan (fixture);
  activate (fixture, "start");
  app_test_wait (is_live, fixture);
  app_test_wait (is_over, fixture);
  app_test_wait (is_log_finished, fixture);

  log = dup_log (fixture);
  lines = g_strsplit (log, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    {
      if (strstr (lines[i], "of a flood") != NULL)
        {
          g_assert_true (g_str_has_prefix (lines[i], "          solver "));
          n_outputs++;
        }
      else
        {
          g_assert_true (g_ascii_isdigit (lines[i][0]));
          g_assert_cmpint (strncmp (last, lines[i], 8), <=, 0);
          last = lines[i];
        }
    }
  g_assert_cmpuint (n_outputs, ==, 900);
}

static void
test_terminate (Fixture      *fixture,
                gconstpointer data)
{
  write_plan (fixture, 2, "\"sleep\", \"300\"");
  open_plan (fixture);
  activate (fixture, "start");
  app_test_wait (is_computing, fixture);
  g_assert_true (app_test_has_process (fixture->mark));

  /* Nothing happens to a person who thinks again. */
  activate (fixture, "terminate");
  g_assert_nonnull (strstr (adw_message_dialog_get_body (get_dialog ()), "2 solvers are computing"));
  respond ("cancel");
  app_test_wait_frames (GTK_WIDGET (fixture->window), 2);
  g_assert_cmpint (get_state (fixture), ==, LOCKSTEP_RUN_STEPPING);

  activate (fixture, "terminate");
  respond ("stop");
  app_test_wait (is_over, fixture);
  g_assert_cmpint (get_state (fixture), ==, LOCKSTEP_RUN_TERMINATED);
  g_assert_false (app_test_has_process (fixture->mark));
  g_assert_true (shows (fixture, ADW_TYPE_HEADER_BAR, "Test\nTerminated\n"));
  g_assert_true (is_enabled (fixture, "start"));

  /* And it can be run again. */
  write_plan (fixture, 2, "\"echo\"");
  activate (fixture, "start");
  app_test_wait (is_live, fixture);
  app_test_wait (is_over, fixture);
  g_assert_cmpint (get_state (fixture), ==, LOCKSTEP_RUN_FINISHED);
}

/* Solvers that do not obey are killed the second time that one asks. */
static void
test_kill (Fixture      *fixture,
           gconstpointer data)
{
  gint64 asked;

  write_plan (fixture, 2, "\"ignores-sigterm-in-step\"");
  open_plan (fixture);
  activate (fixture, "start");
  app_test_wait (is_computing, fixture);

  activate (fixture, "terminate");
  respond ("stop");
  app_test_wait (is_stopping, fixture);
  g_assert_true (shows (fixture, ADW_TYPE_HEADER_BAR, "Test\nTerminating…\n"));
  asked = g_get_monotonic_time ();
  activate (fixture, "terminate");
  g_assert_cmpstr (adw_message_dialog_get_heading (get_dialog ()), ==, "Kill the Solvers?");
  respond ("stop");
  app_test_wait (is_over, fixture);

  /* The grace period, after which they would have been killed anyway, is 5 s. */
  g_assert_cmpint (g_get_monotonic_time () - asked, <, 3 * G_USEC_PER_SEC);
  g_assert_cmpint (get_state (fixture), ==, LOCKSTEP_RUN_TERMINATED);
}

static gboolean
is_closed (gpointer data)
{
  return ((Fixture *) data)->window == NULL;
}

static void
test_close (Fixture      *fixture,
            gconstpointer data)
{
  write_plan (fixture, 1, "\"sleep\", \"300\"");
  open_plan (fixture);
  activate (fixture, "start");
  app_test_wait (is_computing, fixture);

  gtk_window_close (GTK_WINDOW (fixture->window));
  app_test_wait_frames (GTK_WIDGET (fixture->window), 2);
  respond ("cancel");
  g_assert_cmpint (get_state (fixture), ==, LOCKSTEP_RUN_STEPPING);

  gtk_window_close (GTK_WINDOW (fixture->window));
  respond ("stop");
  app_test_wait (is_closed, fixture);
  g_assert_false (lockstep_session_get_live (fixture->session));
  g_assert_false (app_test_has_process (fixture->mark));
}

static void
test_bad_plan (Fixture      *fixture,
               gconstpointer data)
{
  LockstepNotice  *notice = LOCKSTEP_NOTICE (get_part (fixture, LOCKSTEP_TYPE_NOTICE));
  g_autofree char *unreadable = NULL;

  g_assert_true (g_file_set_contents (fixture->path, "{ \"lockstep\": 1,\n  \"solvr\": {} }", -1, NULL));
  open_plan (fixture);
  g_assert_null (lockstep_session_get_plan (fixture->session));
  g_assert_nonnull (strstr (lockstep_notice_get_text (notice), "solvr"));
  app_test_wait_frames (GTK_WIDGET (fixture->window), 2);
  g_assert_true (shows (fixture, LOCKSTEP_TYPE_NOTICE, "Reload"));
  unreadable = dup_shown (fixture, LOCKSTEP_TYPE_WINDOW);
  g_assert_nonnull (strstr (unreadable, "The Plan Cannot Be Read"));
  g_assert_nonnull (strstr (unreadable, fixture->path));
  g_assert_false (is_enabled (fixture, "start"));
  g_assert_true (is_enabled (fixture, "reload"));

  /* Mended and read again, it is fine. */
  write_plan (fixture, 1, "\"echo\"");
  activate (fixture, "reload");
  app_test_wait (is_loaded, fixture);
  g_assert_nonnull (lockstep_session_get_plan (fixture->session));
  g_assert_null (lockstep_notice_get_text (notice));
  g_assert_true (is_enabled (fixture, "start"));

  /* Broken before the start: nothing starts, and the error is told. */
  g_assert_true (g_file_set_contents (fixture->path, "{ \"lockstep\": 1,\n  \"name\" }", -1, NULL));
  activate (fixture, "start");
  app_test_wait (is_loaded, fixture);
  g_assert_false (lockstep_session_get_live (fixture->session));
  g_assert_nonnull (strstr (lockstep_notice_get_text (notice), "line 2"));

  g_assert_cmpint (g_unlink (fixture->path), ==, 0);
  activate (fixture, "reload");
  app_test_wait (is_loaded, fixture);
  g_assert_nonnull (strstr (lockstep_notice_get_text (notice), fixture->path));
}

static void
test_failed_run (Fixture      *fixture,
                 gconstpointer data)
{
  LockstepNotice *notice = LOCKSTEP_NOTICE (get_part (fixture, LOCKSTEP_TYPE_NOTICE));

  write_plan (fixture, 2, "\"step-error\", \"negative depth at link 8812\"");
  open_plan (fixture);
  activate (fixture, "start");
  app_test_wait (is_live, fixture);
  app_test_wait (is_over, fixture);

  g_assert_cmpint (get_state (fixture), ==, LOCKSTEP_RUN_FAILED);
  g_assert_nonnull (strstr (lockstep_notice_get_text (notice), "negative depth at link 8812"));
  g_assert_true (shows (fixture, ADW_TYPE_HEADER_BAR, "Test\nFailed\n"));

  /* The next run takes it away. */
  write_plan (fixture, 2, "\"echo\"");
  activate (fixture, "start");
  app_test_wait (is_live, fixture);
  g_assert_null (lockstep_notice_get_text (notice));
  app_test_wait (is_over, fixture);
  g_assert_cmpint (get_state (fixture), ==, LOCKSTEP_RUN_FINISHED);
}

static gboolean
is_reason_shown (gpointer data)
{
  return shows (data, LOCKSTEP_TYPE_SOLVERS_PAGE, "was killed by signal 11 (SIGSEGV)");
}

/* The row of a solver that crashed says so. */
static void
test_dead_solver (Fixture      *fixture,
                  gconstpointer data)
{
  write_plan (fixture, 1, "\"dies\", \"segv\"");
  open_plan (fixture);
  activate (fixture, "start");
  app_test_wait (is_live, fixture);
  app_test_wait (is_over, fixture);
  app_test_wait (is_reason_shown, fixture);
  g_assert_true (shows (fixture, LOCKSTEP_TYPE_SOLVERS_PAGE, "\n0\nended\n"));
}

static GtkDropTarget *
get_drop_target (Fixture *fixture)
{
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (GTK_WIDGET (fixture->window));

  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++)
    {
      g_autoptr (GtkEventController) controller = g_list_model_get_item (controllers, i);

      if (GTK_IS_DROP_TARGET (controller))
        return GTK_DROP_TARGET (controller);
    }

  return NULL;
}

static void
test_drop (Fixture      *fixture,
           gconstpointer data)
{
  g_autoptr (GFile) file = g_file_new_for_path (fixture->path);
  GFile            *files[] = { file };
  GValue            value = G_VALUE_INIT;
  gboolean          taken = FALSE;

  write_plan (fixture, 1, "\"echo\"");
  g_value_init (&value, GDK_TYPE_FILE_LIST);
  g_value_take_boxed (&value, gdk_file_list_new_from_array (files, 1));
  g_signal_emit_by_name (get_drop_target (fixture), "drop", &value, 0.0, 0.0, &taken);
  g_value_unset (&value);

  g_assert_true (taken);
  app_test_wait (is_loaded, fixture);
  g_assert_nonnull (lockstep_session_get_plan (fixture->session));
}

static gboolean
is_log_shown (gpointer data)
{
  return gtk_widget_get_mapped (get_part (data, GTK_TYPE_TEXT_VIEW));
}

static gboolean
is_log_hidden (gpointer data)
{
  return !is_log_shown (data);
}

static void
test_show_log (Fixture      *fixture,
               gconstpointer data)
{
  write_plan (fixture, 1, "\"echo\"");
  open_plan (fixture);
  app_test_wait (is_log_shown, fixture);

  activate (fixture, "show-log");
  app_test_wait (is_log_hidden, fixture);

  /* What happens meanwhile is not missed. */
  activate (fixture, "start");
  app_test_wait (is_live, fixture);
  app_test_wait (is_over, fixture);
  activate (fixture, "show-log");
  app_test_wait (is_log_shown, fixture);
  app_test_wait (is_log_finished, fixture);
}

static gboolean
is_demonstration_over (gpointer data)
{
  return is_over (data) && is_log_finished (data);
}

static void
test_demonstration (Fixture      *fixture,
                    gconstpointer data)
{
  g_autofree char  *path = g_build_filename (g_getenv ("LOCKSTEP_SOURCE_ROOT"), "data", "demonstration.lockstep", NULL);
  g_autoptr (GFile) file = g_file_new_for_path (path);

  lockstep_window_open (fixture->window, file, TRUE);
  app_test_wait (is_live, fixture);
  app_test_wait (is_demonstration_over, fixture);

  g_assert_cmpint (get_state (fixture), ==, LOCKSTEP_RUN_FINISHED);
  app_test_wait (has_no_live_row, fixture);
  g_assert_true (shows (fixture, LOCKSTEP_TYPE_SOLVERS_PAGE, "ended\nstep3 · 1 of "));
  g_assert_cmpuint (count_in_log (fixture, "started, "), ==, 3);
  g_assert_cmpuint (count_in_log (fixture, "done in "), ==, 3);
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
  /* GTK 4.8 complains when a page is hidden while it scrolls by itself. */
  g_object_set (gtk_settings_get_default (), "gtk-enable-animations", FALSE, NULL);

#define ADD(path, test) g_test_add (path, Fixture, NULL, set_up, test, tear_down)
  ADD ("/window/empty", test_empty);
  ADD ("/window/run", test_run);
  ADD ("/window/totals", test_totals);
  ADD ("/window/again", test_again);
  ADD ("/window/output", test_output);
  ADD ("/window/log-times", test_log_times);
  ADD ("/window/terminate", test_terminate);
  ADD ("/window/kill", test_kill);
  ADD ("/window/close", test_close);
  ADD ("/window/bad-plan", test_bad_plan);
  ADD ("/window/failed-run", test_failed_run);
  ADD ("/window/dead-solver", test_dead_solver);
  ADD ("/window/drop", test_drop);
  ADD ("/window/show-log", test_show_log);
  ADD ("/window/demonstration", test_demonstration);

  result = g_test_run ();
  g_object_unref (application);

  return result;
}
