/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <string.h>

#include <glib/gstdio.h>

#include "lockstep-log-view.h"
#include "lockstep-notice.h"
#include "lockstep-plan-page.h"
#include "lockstep-sidebar.h"
#include "lockstep-solvers-page.h"
#include "lockstep-status-strip.h"
#include "lockstep-timeline-page.h"
#include "lockstep-timeline.h"
#include "window-fixture.h"

/* Views are told with a delay. */
static gboolean
has_no_live_row (gpointer data)
{
  return window_fixture_shows (data, LOCKSTEP_TYPE_SOLVERS_PAGE, "\nended\n") && !window_fixture_is_computing (data) &&
         !window_fixture_shows (data, LOCKSTEP_TYPE_SOLVERS_PAGE, "\nstopping\n") && !window_fixture_shows (data, LOCKSTEP_TYPE_SOLVERS_PAGE, "\nready\n");
}

static gboolean
is_strip_finished (gpointer data)
{
  g_autofree char *strip = window_fixture_dup_shown (data, LOCKSTEP_TYPE_STATUS_STRIP);

  return g_str_has_prefix (strip, "Finished ");
}

static gboolean
is_log_finished (gpointer data)
{
  return window_fixture_count_in_log (data, "Finished") > 0;
}

static void
test_empty (WindowFixture *fixture,
            gconstpointer  data)
{
  app_test_wait_frames (GTK_WIDGET (fixture->window), 2);

  g_assert_true (window_fixture_shows (fixture, ADW_TYPE_STATUS_PAGE, "No Plan Open"));
  g_assert_true (window_fixture_is_enabled (fixture, "open"));
  g_assert_false (window_fixture_is_enabled (fixture, "start"));
  g_assert_false (window_fixture_is_enabled (fixture, "reload"));
  g_assert_false (window_fixture_is_enabled (fixture, "terminate"));
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
assert_totals (WindowFixture *fixture)
{
  static const char *const words[] = { "computing", "waiting", "ready", "initializing", "starting", "stopping", "ended" };
  g_autofree char         *shown = window_fixture_dup_shown (fixture, LOCKSTEP_TYPE_SOLVERS_PAGE);
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

  return has_no_live_row (data) && window_fixture_is_over (data);
}

/* At no moment do the totals say anything else than the rows. */
static void
test_totals (WindowFixture *fixture,
             gconstpointer  data)
{
  window_fixture_write_plan (fixture, 2, "\"sleep-by-part\", \"0.3\"");
  window_fixture_open (fixture);
  window_fixture_activate (fixture, "win.start");
  app_test_wait (is_over_with_totals, fixture);
  g_assert_true (window_fixture_shows (fixture, LOCKSTEP_TYPE_SOLVERS_PAGE, "\n2 solvers · 2 ended\n"));
}

/* Replaces @text in the plan at @path, and writes it where the fixture's is. */
static void
write_changed_plan (WindowFixture *fixture,
                    const char    *path,
                    const char    *text,
                    const char    *replacement)
{
  g_autoptr (GString) plan = NULL;
  g_autofree char    *contents = NULL;

  g_assert_true (g_file_get_contents (path, &contents, NULL, NULL));
  plan = g_string_new (contents);
  g_assert_cmpuint (g_string_replace (plan, text, replacement, 0), ==, 1);
  g_assert_true (g_file_set_contents (fixture->path, plan->str, -1, NULL));
}

/* Views are told with a delay. */
static gboolean
is_first_row_computing (gpointer data)
{
  return window_fixture_shows (data, LOCKSTEP_TYPE_SOLVERS_PAGE, "0\ncomputing\nwork\n1 of 2\n") &&
         window_fixture_shows (data, ADW_TYPE_HEADER_BAR, "Test\nRunning\n");
}

static void
test_run (WindowFixture *fixture,
          gconstpointer  data)
{
  g_autofree char *gate = g_build_filename (fixture->folder, "gate", NULL);
  g_autofree char *step = g_strdup_printf ("\"on\": \"all\", \"params\": { \"value\": 1, \"after\": \"%s\" }", gate);
  g_autofree char *plan = NULL;
  g_autofree char *rows = NULL;

  /* Its solvers compute until they have been seen to. */
  window_fixture_write_plan (fixture, 2, "\"obeys\"");
  write_changed_plan (fixture, fixture->path, "\"on\": \"all\"", step);
  window_fixture_open (fixture);
  app_test_wait_frames (GTK_WIDGET (fixture->window), 2);

  plan = window_fixture_dup_shown (fixture, LOCKSTEP_TYPE_PLAN_PAGE);
  g_assert_nonnull (strstr (plan, "work\nOn all solvers, a part each\n"));
  g_assert_nonnull (strstr (plan, "gather\nOn one solver\n"));
  g_assert_nonnull (strstr (plan, "zones\n400\n"));
  g_assert_true (window_fixture_shows (fixture, LOCKSTEP_TYPE_STATUS_STRIP, "Not started"));
  g_assert_true (window_fixture_shows (fixture, ADW_TYPE_HEADER_BAR, "Test\nNot started\n"));
  g_assert_true (window_fixture_is_enabled (fixture, "start"));
  g_assert_false (window_fixture_is_enabled (fixture, "terminate"));

  window_fixture_activate (fixture, "win.start");
  g_assert_false (window_fixture_is_enabled (fixture, "start"));
  app_test_wait (is_first_row_computing, fixture);
  g_assert_true (window_fixture_is_enabled (fixture, "terminate"));
  g_assert_true (g_file_set_contents (gate, "", 0, NULL));

  app_test_wait (window_fixture_is_over, fixture);
  app_test_wait (is_log_finished, fixture);
  app_test_wait (has_no_live_row, fixture);
  g_assert_cmpint (window_fixture_get_state (fixture), ==, LOCKSTEP_RUN_FINISHED);
  rows = window_fixture_dup_shown (fixture, LOCKSTEP_TYPE_SOLVERS_PAGE);
  g_assert_nonnull (strstr (rows, "0\nended\n"));
  g_assert_nonnull (strstr (rows, "1\nended\nwork\n2 of 2\n"));
  app_test_wait (is_strip_finished, fixture);
  g_assert_true (window_fixture_shows (fixture, ADW_TYPE_HEADER_BAR, "Test\nFinished\n"));
  g_assert_true (window_fixture_shows (fixture, ADW_TYPE_HEADER_BAR, "Run Again"));
  g_assert_true (window_fixture_is_enabled (fixture, "start"));
  g_assert_false (window_fixture_is_enabled (fixture, "terminate"));
  g_assert_null (lockstep_notice_get_text (LOCKSTEP_NOTICE (window_fixture_get (fixture, LOCKSTEP_TYPE_NOTICE))));

  g_assert_cmpuint (window_fixture_count_in_log (fixture, "Step “work” started, 2 tasks"), ==, 1);
  g_assert_cmpuint (window_fixture_count_in_log (fixture, "Step “gather” started, 1 task"), ==, 1);
  g_assert_cmpuint (window_fixture_count_in_log (fixture, "Step “work” done in "), ==, 1);
  g_assert_cmpuint (window_fixture_count_in_log (fixture, "Launched on "), ==, 2);
}

static gboolean
is_output_shown (gpointer data)
{
  return window_fixture_count_in_log (data, "line 20000 of a flood") > 0 && is_log_finished (data);
}

/* Start works any number of times, and reads the plan again. */
static void
test_again (WindowFixture *fixture,
            gconstpointer  data)
{
  window_fixture_write_plan (fixture, 1, "\"echo\"");
  window_fixture_open (fixture);

  for (guint i = 1; i <= 3; i++)
    {
      LockstepRun *before = lockstep_session_get_run (fixture->session);
      GListModel  *solvers;

      window_fixture_write_plan (fixture, i, "\"echo\"");
      window_fixture_activate (fixture, "win.start");
      app_test_wait (window_fixture_is_live, fixture);
      app_test_wait (window_fixture_is_over, fixture);
      g_assert_true (before != lockstep_session_get_run (fixture->session));
      g_assert_cmpint (window_fixture_get_state (fixture), ==, LOCKSTEP_RUN_FINISHED);
      solvers = lockstep_run_get_solvers (lockstep_session_get_run (fixture->session));
      g_assert_cmpuint (g_list_model_get_n_items (solvers), ==, i);
    }
}

/* What solvers print is in the log, too, the newest of it. */
static void
test_output (WindowFixture *fixture,
             gconstpointer  data)
{
  LockstepLogView *view = LOCKSTEP_LOG_VIEW (window_fixture_get (fixture, LOCKSTEP_TYPE_LOG_VIEW));

  window_fixture_write_plan (fixture, 1, "\"flood\", \"20000\"");
  window_fixture_open (fixture);
  window_fixture_activate (fixture, "win.start");
  app_test_wait (window_fixture_is_live, fixture);
  app_test_wait (is_output_shown, fixture);
  app_test_wait (window_fixture_is_over, fixture);

  g_assert_cmpuint (lockstep_log_buffer_get_n_lines (lockstep_log_view_get_buffer (view)), <=, 10000);
  g_assert_true (lockstep_log_view_get_following (view));
}

/* Times never go back, and only what happened at a known time has one. */
static void
test_log_times (WindowFixture *fixture,
                gconstpointer  data)
{
  g_autofree char *log = NULL;
  g_auto (GStrv)   lines = NULL;
  const char      *last = "";
  guint            n_outputs = 0;

  window_fixture_write_plan (fixture, 2, "\"flood\", \"300\"");
  window_fixture_open (fixture);
  window_fixture_activate (fixture, "win.start");
  app_test_wait (window_fixture_is_live, fixture);
  app_test_wait (window_fixture_is_over, fixture);
  app_test_wait (is_log_finished, fixture);

  log = window_fixture_dup_log (fixture);
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
test_bad_plan (WindowFixture *fixture,
               gconstpointer  data)
{
  LockstepNotice  *notice = LOCKSTEP_NOTICE (window_fixture_get (fixture, LOCKSTEP_TYPE_NOTICE));
  g_autofree char *unreadable = NULL;

  g_assert_true (g_file_set_contents (fixture->path, "{ \"lockstep\": 1,\n  \"solvr\": {} }", -1, NULL));
  window_fixture_open (fixture);
  g_assert_null (lockstep_session_get_plan (fixture->session));
  g_assert_nonnull (strstr (lockstep_notice_get_text (notice), "solvr"));
  app_test_wait_frames (GTK_WIDGET (fixture->window), 2);
  g_assert_true (window_fixture_shows (fixture, LOCKSTEP_TYPE_NOTICE, "Reload"));
  unreadable = window_fixture_dup_shown (fixture, LOCKSTEP_TYPE_WINDOW);
  g_assert_nonnull (strstr (unreadable, "The Plan Cannot Be Read"));
  g_assert_nonnull (strstr (unreadable, fixture->path));
  g_assert_false (window_fixture_is_enabled (fixture, "start"));
  g_assert_true (window_fixture_is_enabled (fixture, "reload"));

  /* Mended and read again, it is fine. */
  window_fixture_write_plan (fixture, 1, "\"echo\"");
  window_fixture_activate (fixture, "win.reload");
  app_test_wait (window_fixture_is_loaded, fixture);
  g_assert_nonnull (lockstep_session_get_plan (fixture->session));
  g_assert_null (lockstep_notice_get_text (notice));
  g_assert_true (window_fixture_is_enabled (fixture, "start"));

  /* Broken before the start: nothing starts, and the error is told. */
  g_assert_true (g_file_set_contents (fixture->path, "{ \"lockstep\": 1,\n  \"name\" }", -1, NULL));
  window_fixture_activate (fixture, "win.start");
  app_test_wait (window_fixture_is_loaded, fixture);
  g_assert_false (lockstep_session_get_live (fixture->session));
  g_assert_nonnull (strstr (lockstep_notice_get_text (notice), "line 2"));

  g_assert_cmpint (g_unlink (fixture->path), ==, 0);
  window_fixture_activate (fixture, "win.reload");
  app_test_wait (window_fixture_is_loaded, fixture);
  g_assert_nonnull (strstr (lockstep_notice_get_text (notice), fixture->path));
}

static void
test_failed_run (WindowFixture *fixture,
                 gconstpointer  data)
{
  LockstepNotice *notice = LOCKSTEP_NOTICE (window_fixture_get (fixture, LOCKSTEP_TYPE_NOTICE));

  window_fixture_write_plan (fixture, 2, "\"step-error\", \"negative depth at link 8812\"");
  window_fixture_open (fixture);
  window_fixture_activate (fixture, "win.start");
  app_test_wait (window_fixture_is_live, fixture);
  app_test_wait (window_fixture_is_over, fixture);

  g_assert_cmpint (window_fixture_get_state (fixture), ==, LOCKSTEP_RUN_FAILED);
  g_assert_nonnull (strstr (lockstep_notice_get_text (notice), "negative depth at link 8812"));
  g_assert_true (window_fixture_shows (fixture, ADW_TYPE_HEADER_BAR, "Test\nFailed\n"));

  /* The next run takes it away. */
  window_fixture_write_plan (fixture, 2, "\"echo\"");
  window_fixture_activate (fixture, "win.start");
  app_test_wait (window_fixture_is_live, fixture);
  g_assert_null (lockstep_notice_get_text (notice));
  app_test_wait (window_fixture_is_over, fixture);
  g_assert_cmpint (window_fixture_get_state (fixture), ==, LOCKSTEP_RUN_FINISHED);
}

/* Each cell is told in its own time. */
static gboolean
is_dead_row_shown (gpointer data)
{
  return window_fixture_shows (data, LOCKSTEP_TYPE_SOLVERS_PAGE, "was killed by SIGSEGV (segmentation fault)") &&
         window_fixture_shows (data, LOCKSTEP_TYPE_SOLVERS_PAGE, "\n0\nended\n");
}

/* The row of a solver that crashed says so. */
static void
test_dead_solver (WindowFixture *fixture,
                  gconstpointer  data)
{
  window_fixture_write_plan (fixture, 1, "\"dies\", \"segv\"");
  window_fixture_open (fixture);
  window_fixture_activate (fixture, "win.start");
  app_test_wait (window_fixture_is_live, fixture);
  app_test_wait (window_fixture_is_over, fixture);
  app_test_wait (is_dead_row_shown, fixture);
}

static GtkDropTarget *
get_drop_target (WindowFixture *fixture)
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
test_drop (WindowFixture *fixture,
           gconstpointer  data)
{
  g_autoptr (GFile) file = g_file_new_for_path (fixture->path);
  GFile            *files[] = { file };
  GValue            value = G_VALUE_INIT;
  gboolean          taken = FALSE;

  window_fixture_write_plan (fixture, 1, "\"echo\"");
  g_value_init (&value, GDK_TYPE_FILE_LIST);
  g_value_take_boxed (&value, gdk_file_list_new_from_array (files, 1));
  g_signal_emit_by_name (get_drop_target (fixture), "drop", &value, 0.0, 0.0, &taken);
  g_value_unset (&value);

  g_assert_true (taken);
  app_test_wait (window_fixture_is_loaded, fixture);
  g_assert_nonnull (lockstep_session_get_plan (fixture->session));
}

static gboolean
is_log_shown (gpointer data)
{
  return gtk_widget_get_mapped (window_fixture_get (data, GTK_TYPE_TEXT_VIEW));
}

static gboolean
is_log_hidden (gpointer data)
{
  return !is_log_shown (data);
}

static void
test_show_log (WindowFixture *fixture,
               gconstpointer  data)
{
  window_fixture_write_plan (fixture, 1, "\"echo\"");
  window_fixture_open (fixture);
  app_test_wait (is_log_shown, fixture);

  window_fixture_activate (fixture, "win.show-log");
  app_test_wait (is_log_hidden, fixture);

  /* What happens meanwhile is not missed. */
  window_fixture_activate (fixture, "win.start");
  app_test_wait (window_fixture_is_live, fixture);
  app_test_wait (window_fixture_is_over, fixture);
  window_fixture_activate (fixture, "win.show-log");
  app_test_wait (is_log_shown, fixture);
  app_test_wait (is_log_finished, fixture);
}

static gboolean
is_demonstration_over (gpointer data)
{
  return window_fixture_is_over (data) && is_log_finished (data);
}

static void
test_demonstration (WindowFixture *fixture,
                    gconstpointer  data)
{
  g_autofree char *path = g_build_filename (g_getenv ("LOCKSTEP_SOURCE_ROOT"), "data", "demonstration.lockstep", NULL);

  /* For a person it goes through its angles as often as gives them something to watch. */
  write_changed_plan (fixture, path, "\"steps\": [", "\"params\": { \"repeat\": 1 },\n  \"steps\": [");
  window_fixture_start (fixture);
  app_test_wait (is_demonstration_over, fixture);

  g_assert_cmpint (window_fixture_get_state (fixture), ==, LOCKSTEP_RUN_FINISHED);
  app_test_wait (has_no_live_row, fixture);
  g_assert_true (window_fixture_shows (fixture, LOCKSTEP_TYPE_SOLVERS_PAGE, "ended\nstep3\n1 of "));
  g_assert_cmpuint (window_fixture_count_in_log (fixture, "started, "), ==, 3);
  g_assert_cmpuint (window_fixture_count_in_log (fixture, "done in "), ==, 3);
}

static gboolean
has_failed (gpointer data)
{
  return window_fixture_is_over (data) && window_fixture_get_state (data) == LOCKSTEP_RUN_FAILED;
}

static gboolean
has_timeline (gpointer data)
{
  gboolean has_data;

  g_object_get (window_fixture_get (data, LOCKSTEP_TYPE_TIMELINE_PAGE), "has-data", &has_data, NULL);

  return has_data;
}

/* What could not be kept is started again, for there is nothing to go on with; and one comes back to its plan. */
static void
test_not_kept (WindowFixture *fixture,
               gconstpointer  data)
{
  g_autofree char *runs = g_build_filename (fixture->path, "runs", NULL);
  GtkListBox      *plan_list;

  window_fixture_write_plan (fixture, 1, "\"echo\"");
  g_setenv ("LOCKSTEP_RUNS_DIR", runs, TRUE);
  window_fixture_open (fixture);
  window_fixture_activate (fixture, "win.start");
  app_test_wait (has_failed, fixture);
  g_assert_true (window_fixture_is_enabled (fixture, "start"));
  g_assert_true (window_fixture_shows (fixture, ADW_TYPE_HEADER_BAR, "Start"));
  g_assert_false (window_fixture_shows (fixture, LOCKSTEP_TYPE_NOTICE, "Resume"));

  plan_list = GTK_LIST_BOX (app_test_find (window_fixture_get (fixture, LOCKSTEP_TYPE_SIDEBAR), GTK_TYPE_LIST_BOX));
  g_signal_emit_by_name (gtk_list_box_get_row_at_index (plan_list, 0), "activate");
  g_assert_cmpint (window_fixture_get_state (fixture), ==, LOCKSTEP_RUN_IDLE);
}

/* Keys move in the timeline once one has gone to it. */
static void
test_focus (WindowFixture *fixture,
            gconstpointer  data)
{
  window_fixture_write_plan (fixture, 1, "\"echo\"");
  window_fixture_start (fixture);
  app_test_wait (window_fixture_is_over, fixture);
  app_test_wait (has_timeline, fixture);
  window_fixture_activate (fixture, "win.show-page::timeline");
  g_assert_true (LOCKSTEP_IS_TIMELINE (gtk_window_get_focus (GTK_WINDOW (fixture->window))));
}

static void
collect_listed (GtkWidget  *widget,
                GHashTable *listed)
{
  if (GTK_IS_SHORTCUTS_SHORTCUT (widget))
    {
      g_autofree char *action = NULL;

      g_object_get (widget, "action-name", &action, NULL);
      if (action != NULL)
        g_hash_table_add (listed, g_steal_pointer (&action));
    }
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    collect_listed (child, listed);
}

/* The window of the shortcuts names those that there are, all of them. */
static void
test_shortcuts (WindowFixture *fixture,
                gconstpointer  data)
{
  GtkApplication        *application = window_fixture_get_application ();
  g_auto (GStrv)         described = gtk_application_list_action_descriptions (application);
  g_autoptr (GHashTable) listed = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  GtkShortcutsWindow    *help = gtk_application_window_get_help_overlay (GTK_APPLICATION_WINDOW (fixture->window));
  GHashTableIter         iter;
  gpointer               action;

  collect_listed (GTK_WIDGET (help), listed);
  g_assert_cmpuint (g_hash_table_size (listed), >, 30);

  g_hash_table_iter_init (&iter, listed);
  while (g_hash_table_iter_next (&iter, &action, NULL))
    {
      g_auto (GStrv) accels = gtk_application_get_accels_for_action (application, action);

      if (accels[0] == NULL)
        g_error ("“%s” has no shortcut to show", (char *) action);
    }
  for (guint i = 0; described[i] != NULL; i++)
    if (!g_hash_table_contains (listed, described[i]))
      g_error ("“%s” is not among the shortcuts that are shown", described[i]);
}

int
main (int    argc,
      char **argv)
{
  window_fixture_init (&argc, &argv);

  window_fixture_add ("/window/empty", test_empty);
  window_fixture_add ("/window/totals", test_totals);
  window_fixture_add ("/window/run", test_run);
  window_fixture_add ("/window/again", test_again);
  window_fixture_add ("/window/output", test_output);
  window_fixture_add ("/window/log-times", test_log_times);
  window_fixture_add ("/window/bad-plan", test_bad_plan);
  window_fixture_add ("/window/failed-run", test_failed_run);
  window_fixture_add ("/window/dead-solver", test_dead_solver);
  window_fixture_add ("/window/drop", test_drop);
  window_fixture_add ("/window/show-log", test_show_log);
  window_fixture_add ("/window/demonstration", test_demonstration);
  window_fixture_add ("/window/not-kept", test_not_kept);
  window_fixture_add ("/window/focus", test_focus);
  window_fixture_add ("/window/shortcuts", test_shortcuts);

  return window_fixture_run ();
}
