/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Each action of the window by its shortcut. */

#include <glib/gstdio.h>

#include "lockstep-details.h"
#include "lockstep-log-view.h"
#include "lockstep-sidebar.h"
#include "openers.h"
#include "window-keys.h"

static gboolean
is_renamed (gpointer data)
{
  return window_fixture_shows (data, ADW_TYPE_HEADER_BAR, "Renamed");
}

static void
test_idle (WindowFixture *fixture,
           gconstpointer  data)
{
  static const char renamed[] = "{\"lockstep\":1,\"name\":\"Renamed\",\"solver\":{\"command\":[\"true\"]},"
                                "\"steps\":[{\"step\":\"work\",\"on\":\"all\"}]}";

  window_keys_press_for_window ("<Control>o", "GtkFileChooserDialog");
  window_fixture_write_plan (fixture, 1, "\"echo\"");
  window_fixture_open (fixture);

  window_keys_press_for (fixture, "F9", LOCKSTEP_TYPE_SIDEBAR, FALSE);
  window_keys_press_for (fixture, "F9", LOCKSTEP_TYPE_SIDEBAR, TRUE);
  window_keys_press_for (fixture, "<Control>l", LOCKSTEP_TYPE_LOG_VIEW, FALSE);
  window_keys_press_for (fixture, "<Control>l", LOCKSTEP_TYPE_LOG_VIEW, TRUE);
  window_keys_press_for (fixture, "<Control>i", LOCKSTEP_TYPE_DETAILS, TRUE);
  window_keys_press_for (fixture, "<Control>i", LOCKSTEP_TYPE_DETAILS, FALSE);
  window_keys_press_for (fixture, "<Control>l", LOCKSTEP_TYPE_LOG_VIEW, TRUE);
  window_keys_press_for_search (fixture, "<Shift><Control>f", LOCKSTEP_TYPE_SIDEBAR);
  window_keys_press_for_window ("<Control>question", "GtkShortcutsWindow");

  g_assert_true (g_file_set_contents (fixture->path, renamed, -1, NULL));
  window_keys_press ("<Control>r");
  app_test_wait (is_renamed, fixture);
}

static gboolean
is_paused (gpointer data)
{
  return window_fixture_get_state (data) == LOCKSTEP_RUN_PAUSED;
}

static gboolean
is_stepping (gpointer data)
{
  return window_fixture_get_state (data) == LOCKSTEP_RUN_STEPPING;
}

static gboolean
is_stopping (gpointer data)
{
  return window_fixture_get_state (data) == LOCKSTEP_RUN_STOPPING;
}

static gboolean
is_hanging (gpointer data)
{
  return window_fixture_count_tasks (data, LOCKSTEP_TASK_RUNNING) == 1 && window_fixture_count_tasks (data, LOCKSTEP_TASK_DONE) == 2;
}

static void
test_run (WindowFixture *fixture,
          gconstpointer  data)
{
  window_fixture_write_tasks (fixture, 2, "", "[ {'value': 1}, {'value': 2}, {'hang': true} ]");
  window_fixture_open (fixture);
  window_keys_press ("F5");
  app_test_wait (window_fixture_is_live, fixture);
  app_test_wait (is_hanging, fixture);

  window_keys_press ("<Control>p");
  app_test_wait (is_paused, fixture);
  window_keys_press ("Pause");
  app_test_wait (is_stepping, fixture);

  window_keys_press_for_page (fixture, "<Alt>1", "plan");
  window_keys_press_for_page (fixture, "<Alt>2", "solvers");
  window_keys_press_for_page (fixture, "<Alt>3", "results");
  window_keys_press_for_page (fixture, "<Alt>5", "timeline");
  window_keys_press_for_search (fixture, "<Control>f", LOCKSTEP_TYPE_LOG_VIEW);
  window_keys_press_for_window ("<Shift><Control>l", "LockstepWholeLog");

  window_keys_press_for_window ("<Shift>F5", "LockstepStopDialog");
  g_assert_true (is_stepping (fixture));
  window_keys_press ("<Shift>F5");
  app_test_wait (window_keys_is_shown, (gpointer) "LockstepStopDialog");
  window_fixture_respond ("stop");
  app_test_wait (is_stopping, fixture);
  window_keys_press ("<Shift><Control>F5");
  app_test_wait (window_fixture_is_over, fixture);
  g_assert_cmpint (window_fixture_get_state (fixture), ==, LOCKSTEP_RUN_TERMINATED);

  window_keys_press ("<Shift><Control>r");
  app_test_wait (window_fixture_is_live, fixture);
  app_test_wait (is_hanging, fixture);
  lockstep_session_terminate (fixture->session, LOCKSTEP_STOP_KILL);
  app_test_wait (window_fixture_is_over, fixture);
  window_keys_press ("<Control>Return");
  app_test_wait (window_fixture_is_live, fixture);
  app_test_wait (is_hanging, fixture);
  lockstep_session_terminate (fixture->session, LOCKSTEP_STOP_KILL);
  app_test_wait (window_fixture_is_over, fixture);
}

/* Where in the log the match is that is selected; −1 for none. */
static int
get_match (WindowFixture *fixture)
{
  LockstepLogBuffer *buffer = lockstep_log_view_get_buffer (window_fixture_get (fixture, LOCKSTEP_TYPE_LOG_VIEW));
  GtkTextIter        start;
  GtkTextIter        end;

  return gtk_text_buffer_get_selection_bounds (GTK_TEXT_BUFFER (buffer), &start, &end) ? gtk_text_iter_get_offset (&start) : -1;
}

typedef struct
{
  WindowFixture *fixture;
  int            match;
} Match;

static gboolean
is_at_other_match (gpointer data)
{
  Match    *last = data;
  const int match = get_match (last->fixture);

  return match >= 0 && match != last->match;
}

static gboolean
is_log_finished (gpointer data)
{
  return window_fixture_count_in_log (data, "Finished") > 0;
}

/* From one match in the log to another, and back; and the charts of what was reported. */
static void
test_find (WindowFixture *fixture,
           gconstpointer  data)
{
  GtkWidget *log_view = window_fixture_get (fixture, LOCKSTEP_TYPE_LOG_VIEW);
  Match      last = { fixture, -1 };

  window_fixture_write_plan (fixture, 2, "\"reports\"");
  window_fixture_start (fixture);
  app_test_wait (window_fixture_is_over, fixture);
  app_test_wait (is_log_finished, fixture);
  window_keys_press_for_search (fixture, "<Control>f", LOCKSTEP_TYPE_LOG_VIEW);
  gtk_editable_set_text (GTK_EDITABLE (app_test_find (app_test_find (log_view, GTK_TYPE_SEARCH_BAR), GTK_TYPE_SEARCH_ENTRY)), "Launched on");
  app_test_wait (is_at_other_match, &last);
  last.match = get_match (fixture);
  window_keys_press ("<Control>g");
  app_test_wait (is_at_other_match, &last);
  last.match = get_match (fixture);
  window_keys_press ("<Shift><Control>g");
  app_test_wait (is_at_other_match, &last);

  window_keys_press_for_page (fixture, "<Alt>4", "charts");
}

static gboolean
can_stop_iterating (gpointer data)
{
  return window_fixture_is_enabled (data, "stop-iterating");
}

static void
test_loop (WindowFixture *fixture,
           gconstpointer  data)
{
  g_autofree char *text = NULL;

  text = g_strdup_printf ("{ \"lockstep\": 1, \"name\": \"Test\", \"solvers\": 1,"
                          "  \"solver\": { \"command\": [\"%s\", \"sleep\", \"0.02\", \"%s\"] },"
                          "  \"steps\": [ { \"repeat\": 1000000, \"steps\": [ { \"step\": \"work\", \"on\": \"all\" } ] } ] }",
                          g_getenv ("LOCKSTEP_FAKE_SOLVER"), fixture->mark);
  g_assert_true (g_file_set_contents (fixture->path, text, -1, NULL));
  window_fixture_start (fixture);
  app_test_wait (can_stop_iterating, fixture);
  window_keys_press ("<Control>period");
  app_test_wait (window_fixture_is_over, fixture);
  g_assert_cmpint (window_fixture_get_state (fixture), ==, LOCKSTEP_RUN_FINISHED);
}

static gboolean
has_no_process (gpointer data)
{
  return !app_test_has_process (((WindowFixture *) data)->mark);
}

static void
test_background (WindowFixture *fixture,
                 gconstpointer  data)
{
  window_fixture_write_plan (fixture, 1, "\"sleep\", \"300\"");
  window_fixture_open (fixture);
  window_keys_press ("<Control>F5");
  app_test_wait (window_fixture_is_live, fixture);
  app_test_wait (is_stepping, fixture);
  g_assert_false (lockstep_session_get_busy (fixture->session));
  lockstep_session_terminate (fixture->session, LOCKSTEP_STOP_KILL);
  app_test_wait (window_fixture_is_over, fixture);
  app_test_wait (has_no_process, fixture);
}

static gboolean
has_failed (gpointer data)
{
  return window_fixture_is_over (data) && window_fixture_count_tasks (data, LOCKSTEP_TASK_FAILED) == 1;
}

static gboolean
has_none_failed (gpointer data)
{
  return window_fixture_is_over (data) && window_fixture_count_tasks (data, LOCKSTEP_TASK_FAILED) == 0;
}

static gboolean
tells_failure (gpointer data)
{
  return window_fixture_shows (data, LOCKSTEP_TYPE_DETAILS, "negative depth");
}

/* What there is to do with a run that is over and has failures. */
static void
test_failed (WindowFixture *fixture,
             gconstpointer  data)
{
  g_autofree char *flag = g_build_filename (fixture->folder, "flag", NULL);
  g_autofree char *told = NULL;

  g_assert_true (g_file_set_contents (flag, "", 0, NULL));
  window_fixture_write_tasks (fixture, 1, "", "[ {'value': 1}, {'fail': 'negative depth', 'while': 'FOLDER/flag'} ]");
  window_fixture_start (fixture);
  app_test_wait (has_failed, fixture);
  window_keys_press ("<Alt>Return");
  app_test_wait (tells_failure, fixture);
  window_keys_press_for_window ("<Control>e", "GtkFileChooserDialog");
  window_keys_press_for_window ("<Shift><Control>e", "GtkFileChooserDialog");
  window_keys_press_for_window ("<Shift><Control>s", "GtkFileChooserDialog");
  window_keys_press ("<Control>d");
  told = openers_dup_told ();
  g_assert_cmpstr (g_strchomp (told), ==, lockstep_run_get_directory (lockstep_session_get_run (fixture->session)));

  g_assert_cmpint (g_unlink (flag), ==, 0);
  window_keys_press ("<Shift><Control>t");
  app_test_wait (has_none_failed, fixture);
}

static void
test_close (WindowFixture *fixture,
            gconstpointer  data)
{
  window_keys_press ("<Control>w");
  app_test_wait (window_fixture_is_closed, fixture);
}

static void
test_quit (WindowFixture *fixture,
           gconstpointer  data)
{
  window_keys_press ("<Control>q");
  app_test_wait (window_fixture_is_closed, fixture);
}

int
main (int    argc,
      char **argv)
{
  int result;

  if (!window_keys_can_press ())
    return 0;

  openers_init ();
  window_keys_init (&argc, &argv);

  window_keys_add ("/shortcuts/idle", test_idle);
  window_keys_add ("/shortcuts/run", test_run);
  window_keys_add ("/shortcuts/find", test_find);
  window_keys_add ("/shortcuts/loop", test_loop);
  window_keys_add ("/shortcuts/background", test_background);
  window_keys_add ("/shortcuts/failed", test_failed);
  window_keys_add ("/shortcuts/close", test_close);
  window_keys_add ("/shortcuts/quit", test_quit);
  window_keys_add_complete ("/shortcuts/complete", FALSE);

  result = window_fixture_run ();
  openers_end ();

  return result;
}
