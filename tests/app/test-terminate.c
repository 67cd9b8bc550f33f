/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <string.h>

#include "lockstep-notice.h"
#include "lockstep-sidebar.h"
#include "lockstep-status-strip.h"
#include "window-fixture.h"

static gboolean
is_cancel_focused (gpointer data)
{
  GtkWidget *focus = gtk_window_get_focus (GTK_WINDOW (window_fixture_get_dialog ()));

  return GTK_IS_BUTTON (focus) && g_strcmp0 (gtk_button_get_label (GTK_BUTTON (focus)), "_Cancel") == 0;
}

static void
test_terminate (WindowFixture *fixture,
                gconstpointer  data)
{
  /* So narrow that the buttons stand above each other. */
  gtk_window_set_default_size (GTK_WINDOW (fixture->window), 640, 480);
  window_fixture_write_plan (fixture, 2, "\"sleep\", \"300\"");
  window_fixture_open (fixture);
  window_fixture_activate (fixture, "win.start");
  app_test_wait (window_fixture_is_computing, fixture);
  g_assert_true (app_test_has_process (fixture->mark));

  /* Nothing happens to a person who thinks again, or who presses Enter. */
  window_fixture_activate (fixture, "win.terminate");
  app_test_wait_frames (GTK_WIDGET (window_fixture_get_dialog ()), 4);
  app_test_wait (is_cancel_focused, NULL);
  g_assert_nonnull (strstr (adw_message_dialog_get_body (window_fixture_get_dialog ()), "2 solvers are computing"));
  window_fixture_respond ("cancel");
  app_test_wait_frames (GTK_WIDGET (fixture->window), 2);
  g_assert_cmpint (window_fixture_get_state (fixture), ==, LOCKSTEP_RUN_STEPPING);

  window_fixture_activate (fixture, "win.terminate");
  window_fixture_respond ("stop");
  app_test_wait (window_fixture_is_over, fixture);
  g_assert_cmpint (window_fixture_get_state (fixture), ==, LOCKSTEP_RUN_TERMINATED);
  g_assert_false (app_test_has_process (fixture->mark));
  g_assert_true (window_fixture_shows (fixture, ADW_TYPE_HEADER_BAR, "Test\nTerminated\n"));
  g_assert_true (window_fixture_is_enabled (fixture, "start"));

  /* And it can be run again. */
  window_fixture_write_plan (fixture, 2, "\"echo\"");
  window_fixture_activate (fixture, "win.start");
  app_test_wait (window_fixture_is_live, fixture);
  app_test_wait (window_fixture_is_over, fixture);
  g_assert_cmpint (window_fixture_get_state (fixture), ==, LOCKSTEP_RUN_FINISHED);
}

static gboolean
has_told_ends (gpointer data)
{
  return window_fixture_count_in_log (data, "killed by SIG") == 2;
}

/* Solvers that have not ended when one asks for the second time are killed at once. These do not listen, but SIGTERM, which they
 * would get after a while, would end them too: so their ends tell which of the two came. */
static void
test_kill (WindowFixture *fixture,
           gconstpointer  data)
{
  window_fixture_write_plan (fixture, 2, "\"never-answers\", \"step\"");
  window_fixture_start (fixture);
  app_test_wait (window_fixture_is_computing, fixture);

  /* Without the main loop in between, no time passes for them. */
  window_fixture_activate (fixture, "win.terminate");
  window_fixture_respond ("stop");
  g_assert_cmpint (window_fixture_get_state (fixture), ==, LOCKSTEP_RUN_STOPPING);
  g_assert_true (window_fixture_shows (fixture, ADW_TYPE_HEADER_BAR, "Test\nTerminating…\n"));
  window_fixture_activate (fixture, "win.terminate");
  g_assert_cmpstr (adw_message_dialog_get_heading (window_fixture_get_dialog ()), ==, "Kill the Solvers?");
  window_fixture_respond ("stop");

  app_test_wait (window_fixture_is_over, fixture);
  g_assert_cmpint (window_fixture_get_state (fixture), ==, LOCKSTEP_RUN_TERMINATED);
  app_test_wait (has_told_ends, fixture);
  g_assert_cmpuint (window_fixture_count_in_log (fixture, "killed by SIGKILL"), ==, 2);
}

/* Leaving the program ends its run, if one agrees. */
static void
test_quit (WindowFixture *fixture,
           gconstpointer  data)
{
  window_fixture_write_plan (fixture, 1, "\"sleep\", \"300\"");
  window_fixture_open (fixture);
  window_fixture_activate (fixture, "win.start");
  app_test_wait (window_fixture_is_computing, fixture);

  window_fixture_activate (fixture, "app.quit");
  app_test_wait_frames (GTK_WIDGET (fixture->window), 2);
  window_fixture_respond ("cancel");
  g_assert_cmpint (window_fixture_get_state (fixture), ==, LOCKSTEP_RUN_STEPPING);

  window_fixture_activate (fixture, "app.quit");
  window_fixture_respond ("stop");
  app_test_wait (window_fixture_is_closed, fixture);
  g_assert_false (lockstep_session_get_live (fixture->session));
  g_assert_false (app_test_has_process (fixture->mark));
}

static gboolean
is_at_task_1 (gpointer data)
{
  return window_fixture_count_tasks (data, LOCKSTEP_TASK_RUNNING) == 1 && window_fixture_count_tasks (data, LOCKSTEP_TASK_DONE) == 1;
}

static gboolean
has_no_dialog (gpointer data)
{
  return window_fixture_get_dialog () == NULL;
}

static gboolean
is_task_1_done (gpointer data)
{
  return window_fixture_count_tasks (data, LOCKSTEP_TASK_DONE) == 2;
}

static gboolean
is_task_1_named (gpointer data)
{
  g_autofree char *shown = app_test_dup_shown (GTK_WIDGET (window_fixture_get_dialog ()));

  return strstr (shown, "Solver 0: work, task 1") != NULL;
}

static gboolean
is_finishing_listed (gpointer data)
{
  return window_fixture_shows (data, LOCKSTEP_TYPE_SIDEBAR, "finishing tasks, then stopping");
}

/* Terminate names what is at work, which may be finished first. */
static void
test_finish_tasks (WindowFixture *fixture,
                   gconstpointer  data)
{
  g_autofree char *flag = g_build_filename (fixture->folder, "flag", NULL);

  window_fixture_write_tasks (fixture, 1, "", "[ {'value': 1}, {'value': 2, 'after': 'FOLDER/flag'}, {'value': 3, 'seconds': 100} ]");
  window_fixture_start (fixture);
  app_test_wait (is_at_task_1, fixture);
  window_fixture_activate (fixture, "win.terminate");
  app_test_wait (is_task_1_named, fixture);
  g_assert_true (adw_message_dialog_has_response (window_fixture_get_dialog (), "finish"));
  window_fixture_respond ("finish");
  app_test_wait (has_no_dialog, fixture);

  /* It says so wherever it says how the run stands, and can be ended at once all the same. */
  g_assert_true (window_fixture_shows (fixture, ADW_TYPE_HEADER_BAR, "Test\nFinishing 1 task, then stopping\n"));
  g_assert_true (window_fixture_shows (fixture, LOCKSTEP_TYPE_STATUS_STRIP, "Finishing 1 task, then stopping · "));
  app_test_wait (is_finishing_listed, fixture);
  window_fixture_activate (fixture, "win.terminate");
  g_assert_false (adw_message_dialog_has_response (window_fixture_get_dialog (), "finish"));
  g_assert_true (adw_message_dialog_has_response (window_fixture_get_dialog (), "stop"));
  window_fixture_respond ("cancel");
  app_test_wait (has_no_dialog, fixture);
  g_assert_true (g_file_set_contents (flag, "", 0, NULL));
  app_test_wait (window_fixture_is_over, fixture);
  app_test_wait (is_task_1_done, fixture);
  g_assert_cmpint (window_fixture_get_state (fixture), ==, LOCKSTEP_RUN_TERMINATED);
}

static gboolean
is_hanging (gpointer data)
{
  return window_fixture_count_tasks (data, LOCKSTEP_TASK_RUNNING) == 1;
}

static LockstepNotice *
get_notice (WindowFixture *fixture)
{
  return window_fixture_get (fixture, LOCKSTEP_TYPE_NOTICE);
}

static gboolean
is_counting_down (gpointer data)
{
  const char *text = lockstep_notice_get_text (get_notice (data));

  return text != NULL && strstr (text, "1 solver was asked to end. In ") != NULL;
}

/* Long enough for what was read when the window was made to be wrong by more than is rounded. */
static gboolean
is_some_seconds_old (gpointer data)
{
  return lockstep_run_get_seconds (lockstep_session_get_run (((WindowFixture *) data)->session), g_get_real_time ()) > 2;
}

/* The seconds that are told. */
static guint
get_countdown (WindowFixture *fixture)
{
  const char *found = strstr (lockstep_notice_get_text (get_notice (fixture)), "In ");

  return (guint) g_ascii_strtoull (found + strlen ("In "), NULL, 10);
}

static gboolean
is_gone_told (gpointer data)
{
  return window_fixture_shows (data, LOCKSTEP_TYPE_WINDOW, "All processes are gone.");
}

/* What does not end when it is told is counted down on, and can be killed before. */
static void
test_countdown (WindowFixture *fixture,
                gconstpointer  data)
{
  window_fixture_write_tasks (fixture, 1, "", "[ {'value': 1, 'hang': true} ]");
  window_fixture_start (fixture);
  app_test_wait (is_hanging, fixture);
  app_test_wait (is_some_seconds_old, fixture);
  window_fixture_activate (fixture, "win.terminate");
  window_fixture_respond ("stop");
  app_test_wait (is_counting_down, fixture);
  g_assert_cmpuint (get_countdown (fixture), <=, 5);
  window_fixture_activate (fixture, "win.kill");
  app_test_wait (window_fixture_is_over, fixture);
  app_test_wait (is_gone_told, fixture);
  g_assert_null (lockstep_notice_get_text (get_notice (fixture)));
}

int
main (int    argc,
      char **argv)
{
  window_fixture_init (&argc, &argv);

  window_fixture_add ("/terminate/terminate", test_terminate);
  window_fixture_add ("/terminate/kill", test_kill);
  window_fixture_add ("/terminate/quit", test_quit);
  window_fixture_add ("/terminate/finish-tasks", test_finish_tasks);
  window_fixture_add ("/terminate/countdown", test_countdown);

  return window_fixture_run ();
}
