/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <string.h>

#include <glib/gstdio.h>

#include "lockstep-details.h"
#include "lockstep-results-page.h"
#include "lockstep-scatter.h"
#include "window-fixture.h"

static LockstepResultsPage *
get_page (WindowFixture *fixture)
{
  return window_fixture_get (fixture, LOCKSTEP_TYPE_RESULTS_PAGE);
}

static LockstepDetails *
get_details (WindowFixture *fixture)
{
  return window_fixture_get (fixture, LOCKSTEP_TYPE_DETAILS);
}

/* Some tasks fail while it is there. */
static void
set_flag (WindowFixture *fixture,
          gboolean       there)
{
  g_autofree char *flag = g_build_filename (fixture->folder, "flag", NULL);

  if (there)
    g_assert_true (g_file_set_contents (flag, "", 0, NULL));
  else
    g_assert_cmpint (g_unlink (flag), ==, 0);
}

static gboolean
is_settled (gpointer data)
{
  LockstepTaskTable *table = lockstep_results_page_get_table (get_page (data));

  return table != NULL && lockstep_task_table_is_settled (table);
}

static gboolean
is_idle (gpointer data)
{
  return window_fixture_is_over (data) && is_settled (data);
}

/* Eight tasks: 1 and 5 fail for one cause, 3 crashes; all do well when they are done again without the flag. */
static void
sweep (WindowFixture *fixture)
{
  set_flag (fixture, TRUE);
  window_fixture_write_tasks (fixture, 2, "",
                              "[ {'value': 8, 'kind': 'a'}, {'value': 7, 'fail': 'negative depth 3', 'while': 'FOLDER/flag'}, {'value': 6, 'kind': 'b'},"
                              "  {'value': 5, 'crash': true, 'while': 'FOLDER/flag'}, {'value': 4}, {'value': 3, 'fail': 'negative depth 9', 'while': 'FOLDER/flag'},"
                              "  {'value': 2}, {'value': 1.25} ]");
  window_fixture_start (fixture);
  app_test_wait (is_idle, fixture);
  g_action_group_activate_action (G_ACTION_GROUP (fixture->window), "show-page", g_variant_new_string ("results"));
}

static char *
dup_shown (WindowFixture *fixture,
           gpointer       widget)
{
  app_test_wait (is_settled, fixture);
  app_test_wait_frames (GTK_WIDGET (fixture->window), 3);

  return app_test_dup_shown (GTK_WIDGET (widget));
}

static void
assert_shows (WindowFixture *fixture,
              gpointer       widget,
              const char    *text)
{
  g_autofree char *shown = dup_shown (fixture, widget);

  if (strstr (shown, text) == NULL)
    g_error ("“%s” is not in:\n%s", text, shown);
}

/* The numbers of the tasks that the table shows, "0 1 2". */
static void
assert_tasks (WindowFixture *fixture,
              const char    *expected)
{
  GListModel         *table = G_LIST_MODEL (lockstep_results_page_get_table (get_page (fixture)));
  g_autoptr (GString) tasks = g_string_new (NULL);

  app_test_wait (is_settled, fixture);
  for (guint i = 0; i < g_list_model_get_n_items (table); i++)
    {
      g_autoptr (LockstepTaskRow) row = g_list_model_get_item (table, i);

      g_string_append_printf (tasks, "%s%d", i > 0 ? " " : "", (int) lockstep_task_row_get_task (row));
    }
  g_assert_cmpstr (tasks->str, ==, expected);
}

static GtkColumnViewColumn *
find_column (WindowFixture *fixture,
             const char    *title,
             guint          which)
{
  GtkColumnView *view = GTK_COLUMN_VIEW (app_test_find (GTK_WIDGET (get_page (fixture)), GTK_TYPE_COLUMN_VIEW));
  GListModel    *columns = gtk_column_view_get_columns (view);

  for (guint i = 0; i < g_list_model_get_n_items (columns); i++)
    {
      g_autoptr (GtkColumnViewColumn) column = g_list_model_get_item (columns, i);

      if (g_strcmp0 (gtk_column_view_column_get_title (column), title) == 0 && which-- == 0)
        return column;
    }

  return NULL;
}

static GtkToggleButton *
find_cause (GtkWidget  *widget,
            const char *text)
{
  GtkToggleButton *found = NULL;

  if (GTK_IS_TOGGLE_BUTTON (widget) && gtk_widget_has_css_class (widget, "cause"))
    {
      g_autofree char *shown = app_test_dup_shown (widget);

      return strstr (shown, text) != NULL ? GTK_TOGGLE_BUTTON (widget) : NULL;
    }
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL && found == NULL; child = gtk_widget_get_next_sibling (child))
    found = find_cause (child, text);

  return found;
}

static void
test_table (WindowFixture *fixture,
            gconstpointer  data)
{
  GtkColumnView *view;

  sweep (fixture);
  assert_tasks (fixture, "0 1 2 3 4 5 6 7");
  assert_shows (fixture, get_page (fixture), "5 done · 3 failed");
  assert_shows (fixture, get_page (fixture), "2 × negative depth #");
  assert_shows (fixture, get_page (fixture), "1 × crashed");
  assert_shows (fixture, get_page (fixture), "\n1.25\n");
  g_assert_nonnull (find_column (fixture, "kind", 0));
  g_assert_nonnull (find_column (fixture, "value", 1));

  view = GTK_COLUMN_VIEW (app_test_find (GTK_WIDGET (get_page (fixture)), GTK_TYPE_COLUMN_VIEW));
  gtk_column_view_sort_by_column (view, find_column (fixture, "value", 1), GTK_SORT_ASCENDING);
  assert_tasks (fixture, "7 6 4 2 0 1 3 5");
  gtk_column_view_sort_by_column (view, find_column (fixture, "value", 0), GTK_SORT_DESCENDING);
  assert_tasks (fixture, "0 1 2 3 4 5 6 7");

  gtk_widget_activate_action (GTK_WIDGET (fixture->window), "results.filter", "s", "failed");
  assert_tasks (fixture, "1 3 5");
  gtk_toggle_button_set_active (find_cause (GTK_WIDGET (get_page (fixture)), "negative"), TRUE);
  assert_tasks (fixture, "1 5");
  gtk_widget_activate_action (GTK_WIDGET (fixture->window), "results.filter", "s", "running");
  gtk_toggle_button_set_active (find_cause (GTK_WIDGET (get_page (fixture)), "negative"), FALSE);
  assert_tasks (fixture, "");
  assert_shows (fixture, get_page (fixture), "No task is like that");

  /* A column goes and comes back where it was. */
  g_assert_nonnull (find_column (fixture, "kind", 0));
  gtk_widget_activate_action (GTK_WIDGET (get_page (fixture)), "columns.3", NULL);
  g_assert_null (find_column (fixture, "kind", 0));
  gtk_widget_activate_action (GTK_WIDGET (get_page (fixture)), "columns.3", NULL);
  g_assert_nonnull (find_column (fixture, "kind", 0));
}

static gboolean
is_plotted (gpointer data)
{
  LockstepScatter *scatter = LOCKSTEP_SCATTER (app_test_find (GTK_WIDGET (get_page (data)), LOCKSTEP_TYPE_SCATTER));
  double           x, y;

  return lockstep_scatter_get_position (scatter, 7, &x, &y) && !lockstep_scatter_get_position (scatter, 1, &x, &y);
}

/* Two columns against each other: what failed has no result, and no point. */
static void
test_plot (WindowFixture *fixture,
           gconstpointer  data)
{
  GtkWidget *scatter;

  sweep (fixture);
  window_fixture_activate (fixture, "results.show-plot");
  app_test_wait (is_plotted, fixture);

  /* It takes its share of a wide window, and leaves the table its own. */
  scatter = app_test_find (GTK_WIDGET (get_page (fixture)), LOCKSTEP_TYPE_SCATTER);
  app_test_wait_frames (GTK_WIDGET (fixture->window), 3);
  g_assert_cmpint (gtk_widget_get_width (scatter), >, gtk_widget_get_width (GTK_WIDGET (get_page (fixture))) * 2 / 5);
  g_assert_cmpint (gtk_widget_get_width (scatter), <, gtk_widget_get_width (GTK_WIDGET (get_page (fixture))) / 2);
}

/* What is selected stays so when the rows move, and shortcuts reach the page's actions. */
static void
test_selection (WindowFixture *fixture,
                gconstpointer  data)
{
  GtkColumnView *view;
  guint          selected;

  sweep (fixture);
  lockstep_results_page_select (get_page (fixture), 6);
  g_assert_cmpint (lockstep_results_page_get_task (get_page (fixture)), ==, 6);
  view = GTK_COLUMN_VIEW (app_test_find (GTK_WIDGET (get_page (fixture)), GTK_TYPE_COLUMN_VIEW));
  gtk_column_view_sort_by_column (view, find_column (fixture, "value", 0), GTK_SORT_ASCENDING);
  assert_tasks (fixture, "7 6 5 4 3 2 1 0");
  g_assert_cmpint (lockstep_results_page_get_task (get_page (fixture)), ==, 6);
  selected = gtk_single_selection_get_selected (GTK_SINGLE_SELECTION (gtk_column_view_get_model (view)));
  g_assert_cmpuint (selected, ==, 1);

  /* Its place may be one that there is none of any more. */
  gtk_column_view_sort_by_column (view, find_column (fixture, "value", 0), GTK_SORT_DESCENDING);
  assert_tasks (fixture, "0 1 2 3 4 5 6 7");
  gtk_widget_activate_action (GTK_WIDGET (get_page (fixture)), "results.filter", "s", "failed");
  assert_tasks (fixture, "1 3 5");
  g_assert_cmpint (lockstep_results_page_get_task (get_page (fixture)), ==, 6);
  gtk_widget_activate_action (GTK_WIDGET (get_page (fixture)), "results.filter", "s", "all");
  assert_tasks (fixture, "0 1 2 3 4 5 6 7");
  g_assert_true (gtk_selection_model_is_selected (gtk_column_view_get_model (view), 6));
}

static gboolean
is_retried (gpointer data)
{
  WindowFixture *fixture = data;

  return window_fixture_is_over (fixture) && lockstep_task_table_count (lockstep_results_page_get_table (get_page (fixture)), LOCKSTEP_TASK_FAILED) == 0;
}

static guint
count_failed (WindowFixture *fixture)
{
  return lockstep_task_table_count (lockstep_results_page_get_table (get_page (fixture)), LOCKSTEP_TASK_FAILED);
}

/* One, then those of a group, then all. */
static void
test_retry (WindowFixture *fixture,
            gconstpointer  data)
{
  sweep (fixture);
  set_flag (fixture, FALSE);
  app_test_wait (is_idle, fixture);
  lockstep_results_page_select (get_page (fixture), 1);
  window_fixture_activate (fixture, "results.retry-task");
  app_test_wait (window_fixture_is_live, fixture);
  app_test_wait (is_idle, fixture);
  g_assert_cmpuint (count_failed (fixture), ==, 2);

  gtk_toggle_button_set_active (find_cause (GTK_WIDGET (get_page (fixture)), "negative"), TRUE);
  window_fixture_activate (fixture, "results.retry-shown");
  app_test_wait (window_fixture_is_live, fixture);
  app_test_wait (is_idle, fixture);
  g_assert_cmpuint (count_failed (fixture), ==, 1);
  assert_shows (fixture, get_page (fixture), "7 done · 1 failed");

  window_fixture_activate (fixture, "win.retry");
  app_test_wait (window_fixture_is_live, fixture);
  app_test_wait (is_retried, fixture);
  g_assert_cmpuint (lockstep_run_get_n_failures (lockstep_session_get_run (fixture->session)), ==, 0);
}

static gboolean
is_read (gpointer data)
{
  return !lockstep_details_get_loading (get_details (data));
}

static void
test_details (WindowFixture *fixture,
              gconstpointer  data)
{
  g_autofree char *command = NULL;

  sweep (fixture);
  window_fixture_activate (fixture, "win.show-details");
  assert_shows (fixture, get_details (fixture), "Select a solver or a task");

  lockstep_results_page_select (get_page (fixture), 3);
  app_test_wait (is_read, fixture);
  assert_shows (fixture, get_details (fixture), "Task 3 · attempt 1 · solver ");
  assert_shows (fixture, get_details (fixture), "value 5 · crash true");
  assert_shows (fixture, get_details (fixture), "was killed by SIGSEGV (segmentation fault)");
  window_fixture_activate (fixture, "details.copy-command");
  command = window_fixture_dup_clipboard (fixture);
  g_assert_nonnull (strstr (command, fixture->mark));
  g_assert_nonnull (strstr (command, " obeys "));

  lockstep_results_page_select (get_page (fixture), 0);
  app_test_wait (is_read, fixture);
  assert_shows (fixture, get_details (fixture), "Task 0 · attempt 1 · solver ");
  assert_shows (fixture, get_details (fixture), "done after ");

  /* The log takes the place of the details, and the other way round. */
  window_fixture_activate (fixture, "win.show-log");
  g_assert_false (gtk_widget_get_visible (GTK_WIDGET (get_details (fixture))));
  window_fixture_activate (fixture, "win.show-failure");
  app_test_wait (is_read, fixture);
  assert_shows (fixture, get_details (fixture), "negative depth 3");
}

static gboolean
is_file (gpointer path)
{
  return g_file_test (path, G_FILE_TEST_EXISTS);
}

/* The terminal is started as a list of arguments; without one, the command is copied. */
static void
test_run_again (WindowFixture *fixture,
                gconstpointer  data)
{
  g_autofree char *path = g_strdup (g_getenv ("PATH"));
  g_autofree char *script = g_build_filename (fixture->folder, "xdg-terminal-exec", NULL);
  g_autofree char *told = g_build_filename (fixture->folder, "told", NULL);
  g_autofree char *text = NULL;
  g_autofree char *arguments = NULL;
  g_autofree char *command = NULL;

  sweep (fixture);
  window_fixture_activate (fixture, "win.show-details");
  lockstep_results_page_select (get_page (fixture), 5);
  app_test_wait (is_read, fixture);

  text = g_strdup_printf ("#!/bin/sh\nprintf '%%s\\n' \"$@\" >'%s.new'\nexec /bin/mv '%s.new' '%s'\n", told, told, told);
  g_assert_true (g_file_set_contents_full (script, text, -1, G_FILE_SET_CONTENTS_NONE, 0755, NULL));
  g_setenv ("PATH", fixture->folder, TRUE);
  window_fixture_activate (fixture, "details.run-again");
  app_test_wait (is_file, told);
  g_assert_true (g_file_get_contents (told, &arguments, NULL, NULL));
  g_assert_nonnull (strstr (arguments, "/lockstep-cli\nrerun\n--wait\n"));
  g_assert_true (g_str_has_suffix (arguments, "\n5\n"));

  g_unlink (script);
  window_fixture_activate (fixture, "details.run-again");
  command = window_fixture_dup_clipboard (fixture);
  g_assert_true (g_str_has_prefix (command, "lockstep-cli rerun "));
  g_assert_true (g_str_has_suffix (command, " 5"));
  assert_shows (fixture, fixture->window, "No terminal was found");
  g_setenv ("PATH", path, TRUE);
}

int
main (int    argc,
      char **argv)
{
  window_fixture_init (&argc, &argv);

  window_fixture_add ("/results/table", test_table);
  window_fixture_add ("/results/plot", test_plot);
  window_fixture_add ("/results/selection", test_selection);
  window_fixture_add ("/results/retry", test_retry);
  window_fixture_add ("/results/details", test_details);
  window_fixture_add ("/results/run-again", test_run_again);

  return window_fixture_run ();
}
