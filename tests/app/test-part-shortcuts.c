/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Each action of the parts of the window, which are the results, the details and the notice, by its shortcut. */

#include <string.h>

#include <glib/gstdio.h>

#include "lockstep-details.h"
#include "lockstep-log-view.h"
#include "lockstep-notice.h"
#include "lockstep-results-page.h"
#include "lockstep-scatter.h"
#include "openers.h"
#include "window-keys.h"

static gboolean
has_three_failed (gpointer data)
{
  return window_fixture_is_over (data) && window_fixture_count_tasks (data, LOCKSTEP_TASK_FAILED) == 3;
}

static gboolean
has_two_failed (gpointer data)
{
  return window_fixture_is_over (data) && window_fixture_count_tasks (data, LOCKSTEP_TASK_FAILED) == 2;
}

static gboolean
has_one_failed (gpointer data)
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

static gboolean
has_shown (WindowFixture *fixture,
           guint          n_tasks)
{
  LockstepTaskTable *table = lockstep_results_page_get_table (window_fixture_get (fixture, LOCKSTEP_TYPE_RESULTS_PAGE));

  return lockstep_task_table_is_settled (table) && g_list_model_get_n_items (G_LIST_MODEL (table)) == n_tasks;
}

static gboolean
has_three_shown (gpointer data)
{
  return has_shown (data, 3);
}

static gboolean
has_four_shown (gpointer data)
{
  return has_shown (data, 4);
}

static gboolean
tells_copied (gpointer data)
{
  return window_fixture_shows (data, LOCKSTEP_TYPE_WINDOW, "The command was copied.");
}

static gboolean
tells_task_1 (gpointer data)
{
  return window_fixture_shows (data, LOCKSTEP_TYPE_DETAILS, "Task 1 · attempt 1");
}

/* On a plan of four tasks, of which three fail for as long as the flag is there. */
static void
run_with_failures (WindowFixture *fixture)
{
  g_autofree char *flag = g_build_filename (fixture->folder, "flag", NULL);

  g_assert_true (g_file_set_contents (flag, "", 0, NULL));
  window_fixture_write_tasks (fixture, 1, "",
                              "[ {'fail': 'negative depth', 'while': 'FOLDER/flag'}, {'fail': 'negative depth', 'while': 'FOLDER/flag'},"
                              "  {'fail': 'negative depth', 'while': 'FOLDER/flag'}, {'value': 4} ]");
  window_fixture_start (fixture);
  app_test_wait (has_three_failed, fixture);
  window_keys_press_for_page (fixture, "<Alt>3", "results");
}

static void
test_results (WindowFixture *fixture,
              gconstpointer  data)
{
  run_with_failures (fixture);
  window_keys_press ("<Control>1");
  app_test_wait (has_three_shown, fixture);
  window_keys_press ("<Control>0");
  app_test_wait (has_four_shown, fixture);
  window_keys_press_for (fixture, "<Control><Alt>p", LOCKSTEP_TYPE_SCATTER, TRUE);
  window_keys_press_for (fixture, "<Control><Alt>p", LOCKSTEP_TYPE_SCATTER, FALSE);
}

static void
test_details (WindowFixture *fixture,
              gconstpointer  data)
{
  g_autofree char *command = NULL;
  g_autofree char *folder = NULL;

  run_with_failures (fixture);
  window_fixture_activate (fixture, "win.show-failure");
  app_test_wait (tells_failure, fixture);
  window_keys_press ("<Shift><Control>c");
  app_test_wait (tells_copied, fixture);
  window_keys_press ("<Shift><Control>Return");
  command = openers_dup_told ();
  g_assert_nonnull (strstr (command, "\nrerun\n"));
  window_keys_press ("<Shift><Control>d");
  folder = openers_dup_told ();
  g_assert_cmpstr (g_strchomp (folder), ==, lockstep_run_get_directory (lockstep_session_get_run (fixture->session)));
  window_keys_press_for (fixture, "<Control><Alt>l", LOCKSTEP_TYPE_LOG_VIEW, TRUE);
}

/* One by the selection, one by the details, the last by all that are shown. */
static void
test_retry (WindowFixture *fixture,
            gconstpointer  data)
{
  g_autofree char     *flag = g_build_filename (fixture->folder, "flag", NULL);
  LockstepResultsPage *page = window_fixture_get (fixture, LOCKSTEP_TYPE_RESULTS_PAGE);

  run_with_failures (fixture);
  g_assert_cmpint (g_unlink (flag), ==, 0);
  lockstep_results_page_select (page, 0);
  window_keys_press ("<Control>t");
  app_test_wait (has_two_failed, fixture);

  window_fixture_activate (fixture, "win.show-details");
  lockstep_results_page_select (page, 1);
  app_test_wait (tells_task_1, fixture);
  window_keys_press ("<Shift><Control>y");
  app_test_wait (has_one_failed, fixture);
  window_keys_press ("<Control>y");
  app_test_wait (has_none_failed, fixture);
}

static gboolean
can_wait (gpointer data)
{
  return g_action_group_get_action_enabled (lockstep_notice_get_actions (window_fixture_get (data, LOCKSTEP_TYPE_NOTICE)), "wait");
}

static gboolean
cannot_wait (gpointer data)
{
  return !can_wait (data);
}

/* The third task does not end in its first attempt, only in another one. */
static void
test_late (WindowFixture *fixture,
           gconstpointer  data)
{
  static const char *const choices[] = { "<Control><Alt>d", "<Control><Alt>r", "<Control><Alt>f" };

  window_fixture_write_tasks (fixture, 2, "",
                              "[ {'value': 1, 'seconds': 0.1}, {'value': 2, 'seconds': 0.1}, {'value': 3, 'after': 'FOLDER/never', 'until': 1} ]");
  for (guint i = 0; i < G_N_ELEMENTS (choices); i++)
    {
      window_fixture_start (fixture);
      app_test_wait (can_wait, fixture);
      window_keys_press (choices[i]);
      app_test_wait (window_fixture_is_over, fixture);
      g_assert_cmpint (window_fixture_get_state (fixture), ==, LOCKSTEP_RUN_FINISHED);
    }

  window_fixture_start (fixture);
  app_test_wait (can_wait, fixture);
  window_keys_press ("<Control><Alt>w");
  app_test_wait (cannot_wait, fixture);
  g_assert_true (window_fixture_is_live (fixture));
  lockstep_session_terminate (fixture->session, LOCKSTEP_STOP_KILL);
  app_test_wait (window_fixture_is_over, fixture);
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

  window_keys_add ("/part-shortcuts/results", test_results);
  window_keys_add ("/part-shortcuts/details", test_details);
  window_keys_add ("/part-shortcuts/retry", test_retry);
  window_keys_add ("/part-shortcuts/late", test_late);
  window_keys_add_complete ("/part-shortcuts/complete", TRUE);

  result = window_fixture_run ();
  openers_end ();

  return result;
}
