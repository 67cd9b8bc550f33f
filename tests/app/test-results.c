/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <string.h>

#include <glib/gstdio.h>

#include "app-test.h"
#include "lockstep-application.h"
#include "lockstep-details.h"
#include "lockstep-notice.h"
#include "lockstep-results-page.h"
#include "lockstep-scatter.h"
#include "lockstep-window.h"

static LockstepApplication *application;

typedef struct
{
  char                *folder; /* with the plan, and the runs it makes */
  char                *flag;   /* a file: some tasks fail while it is there */
  char                *mark;   /* in the arguments of every process of the plan */
  LockstepWindow      *window;
  LockstepSession     *session;
  LockstepResultsPage *page;
  LockstepDetails     *details;
  LockstepNotice      *notice;
} Fixture;

static gpointer
get_part (Fixture *fixture,
          GType    type)
{
  return app_test_find (GTK_WIDGET (fixture->window), type);
}

static void
set_up (Fixture      *fixture,
        gconstpointer data)
{
  g_autofree char *runs = NULL;

  fixture->folder = g_dir_make_tmp ("lockstep-test-results-XXXXXX", NULL);
  fixture->flag = g_build_filename (fixture->folder, "flag", NULL);
  fixture->mark = g_path_get_basename (fixture->folder);
  runs = g_build_filename (fixture->folder, "runs", NULL);
  g_setenv ("LOCKSTEP_RUNS_DIR", runs, TRUE);
  g_assert_true (g_file_set_contents (fixture->flag, "", 0, NULL));

  g_set_weak_pointer (&fixture->window, lockstep_window_new (GTK_APPLICATION (application)));
  fixture->session = g_object_ref (lockstep_window_get_session (fixture->window));
  fixture->page = get_part (fixture, LOCKSTEP_TYPE_RESULTS_PAGE);
  fixture->details = get_part (fixture, LOCKSTEP_TYPE_DETAILS);
  fixture->notice = get_part (fixture, LOCKSTEP_TYPE_NOTICE);
  gtk_window_present (GTK_WINDOW (fixture->window));
}

static void
tear_down (Fixture      *fixture,
           gconstpointer data)
{
  g_assert_false (app_test_has_process (fixture->mark));
  gtk_window_destroy (GTK_WINDOW (fixture->window));
  g_assert_null (fixture->window);
  g_assert_finalize_object (fixture->session);
  app_test_remove_folder (fixture->folder);
  g_free (fixture->folder);
  g_free (fixture->flag);
  g_free (fixture->mark);
}

static gboolean
is_live (gpointer data)
{
  return lockstep_session_get_live (((Fixture *) data)->session);
}

static gboolean
is_over (gpointer data)
{
  Fixture *fixture = data;

  return !lockstep_session_get_live (fixture->session) && !lockstep_session_get_busy (fixture->session) &&
         !lockstep_session_get_loading (fixture->session);
}

/* Starts a plan whose tasks are @tasks, an array in which ' stands for " and FLAG for the file, with @more in front of its steps. */
static void
start (Fixture    *fixture,
       guint       n_solvers,
       const char *more,
       const char *tasks)
{
  g_autofree char  *path = g_build_filename (fixture->folder, "test.lockstep", NULL);
  g_autofree char  *raw = NULL;
  g_auto (GStrv)    parts = NULL;
  g_autofree char  *text = NULL;
  g_autoptr (GFile) file = g_file_new_for_path (path);

  raw = g_strdup_printf ("{ 'lockstep': 1, 'name': 'Test', 'solvers': %u, 'on-failure': 'continue', 'retries': 0, %s"
                         "  'solver': { 'command': ['%s', 'obeys', '%s'] },"
                         "  'steps': [ { 'step': 'work', 'tasks': %s } ] }",
                         n_solvers, more, g_getenv ("LOCKSTEP_FAKE_SOLVER"), fixture->mark, tasks);
  parts = g_strsplit (g_strdelimit (raw, "'", '"'), "FLAG", -1);
  text = g_strjoinv (fixture->flag, parts);
  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  lockstep_window_open (fixture->window, file, TRUE);
  app_test_wait (is_live, fixture);
}

static gboolean
is_settled (gpointer data)
{
  LockstepTaskTable *table = lockstep_results_page_get_table (((Fixture *) data)->page);

  return table != NULL && lockstep_task_table_is_settled (table);
}

static gboolean
is_idle (gpointer data)
{
  return is_over (data) && is_settled (data);
}

/* Eight tasks: 1 and 5 fail for one cause, 3 crashes; all do well when they are done again without the flag. */
static void
sweep (Fixture *fixture)
{
  start (fixture, 2, "",
         "[ {'value': 8, 'kind': 'a'}, {'value': 7, 'fail': 'negative depth 3', 'while': 'FLAG'}, {'value': 6, 'kind': 'b'},"
         "  {'value': 5, 'crash': true, 'while': 'FLAG'}, {'value': 4}, {'value': 3, 'fail': 'negative depth 9', 'while': 'FLAG'},"
         "  {'value': 2}, {'value': 1.25} ]");
  app_test_wait (is_idle, fixture);
  g_action_group_activate_action (G_ACTION_GROUP (fixture->window), "show-page", g_variant_new_string ("results"));
}

static char *
dup_shown (Fixture *fixture,
           gpointer widget)
{
  app_test_wait (is_settled, fixture);
  app_test_wait_frames (GTK_WIDGET (fixture->window), 3);

  return app_test_dup_shown (GTK_WIDGET (widget));
}

static void
assert_shows (Fixture    *fixture,
              gpointer    widget,
              const char *text)
{
  g_autofree char *shown = dup_shown (fixture, widget);

  if (strstr (shown, text) == NULL)
    g_error ("“%s” is not in:\n%s", text, shown);
}

/* The numbers of the tasks that the table shows, "0 1 2". */
static void
assert_tasks (Fixture    *fixture,
              const char *expected)
{
  GListModel         *table = G_LIST_MODEL (lockstep_results_page_get_table (fixture->page));
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
find_column (Fixture    *fixture,
             const char *title,
             guint       which)
{
  GtkColumnView *view = GTK_COLUMN_VIEW (app_test_find (GTK_WIDGET (fixture->page), GTK_TYPE_COLUMN_VIEW));
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
activate (Fixture    *fixture,
          const char *action)
{
  g_assert_true (gtk_widget_activate_action_variant (GTK_WIDGET (fixture->window), action, NULL));
}

static void
test_table (Fixture      *fixture,
            gconstpointer data)
{
  GtkColumnView *view;

  sweep (fixture);
  assert_tasks (fixture, "0 1 2 3 4 5 6 7");
  assert_shows (fixture, fixture->page, "5 done · 3 failed");
  assert_shows (fixture, fixture->page, "2 × negative depth #");
  assert_shows (fixture, fixture->page, "1 × crashed");
  assert_shows (fixture, fixture->page, "\n1.25\n");
  g_assert_nonnull (find_column (fixture, "kind", 0));
  g_assert_nonnull (find_column (fixture, "value", 1));

  view = GTK_COLUMN_VIEW (app_test_find (GTK_WIDGET (fixture->page), GTK_TYPE_COLUMN_VIEW));
  gtk_column_view_sort_by_column (view, find_column (fixture, "value", 1), GTK_SORT_ASCENDING);
  assert_tasks (fixture, "7 6 4 2 0 1 3 5");
  gtk_column_view_sort_by_column (view, find_column (fixture, "value", 0), GTK_SORT_DESCENDING);
  assert_tasks (fixture, "0 1 2 3 4 5 6 7");

  gtk_widget_activate_action (GTK_WIDGET (fixture->window), "results.filter", "s", "failed");
  assert_tasks (fixture, "1 3 5");
  gtk_toggle_button_set_active (find_cause (GTK_WIDGET (fixture->page), "negative"), TRUE);
  assert_tasks (fixture, "1 5");
  gtk_widget_activate_action (GTK_WIDGET (fixture->window), "results.filter", "s", "running");
  gtk_toggle_button_set_active (find_cause (GTK_WIDGET (fixture->page), "negative"), FALSE);
  assert_tasks (fixture, "");
  assert_shows (fixture, fixture->page, "No task is like that");

  /* A column goes and comes back where it was. */
  g_assert_nonnull (find_column (fixture, "kind", 0));
  gtk_widget_activate_action (GTK_WIDGET (fixture->page), "columns.3", NULL);
  g_assert_null (find_column (fixture, "kind", 0));
  gtk_widget_activate_action (GTK_WIDGET (fixture->page), "columns.3", NULL);
  g_assert_nonnull (find_column (fixture, "kind", 0));
}

static gboolean
is_plotted (gpointer data)
{
  LockstepScatter *scatter = LOCKSTEP_SCATTER (app_test_find (GTK_WIDGET (((Fixture *) data)->page), LOCKSTEP_TYPE_SCATTER));
  double           x, y;

  return lockstep_scatter_get_position (scatter, 7, &x, &y) && !lockstep_scatter_get_position (scatter, 1, &x, &y);
}

/* Two columns against each other: what failed has no result, and no point. */
static void
test_plot (Fixture      *fixture,
           gconstpointer data)
{
  sweep (fixture);
  activate (fixture, "results.show-plot");
  app_test_wait (is_plotted, fixture);
}

/* What is selected stays so when the rows move, and shortcuts reach the page's actions. */
static void
test_selection (Fixture      *fixture,
                gconstpointer data)
{
  GtkColumnView *view;
  guint          selected;

  sweep (fixture);
  lockstep_results_page_select (fixture->page, 6);
  g_assert_cmpint (lockstep_results_page_get_task (fixture->page), ==, 6);
  view = GTK_COLUMN_VIEW (app_test_find (GTK_WIDGET (fixture->page), GTK_TYPE_COLUMN_VIEW));
  gtk_column_view_sort_by_column (view, find_column (fixture, "value", 0), GTK_SORT_ASCENDING);
  assert_tasks (fixture, "7 6 5 4 3 2 1 0");
  g_assert_cmpint (lockstep_results_page_get_task (fixture->page), ==, 6);
  selected = gtk_single_selection_get_selected (GTK_SINGLE_SELECTION (gtk_column_view_get_model (view)));
  g_assert_cmpuint (selected, ==, 1);
}

static gboolean
is_retried (gpointer data)
{
  Fixture *fixture = data;

  return is_over (fixture) && lockstep_task_table_count (lockstep_results_page_get_table (fixture->page), LOCKSTEP_TASK_FAILED) == 0;
}

static guint
count_failed (Fixture *fixture)
{
  return lockstep_task_table_count (lockstep_results_page_get_table (fixture->page), LOCKSTEP_TASK_FAILED);
}

/* One, then those of a group, then all. */
static void
test_retry (Fixture      *fixture,
            gconstpointer data)
{
  sweep (fixture);
  g_unlink (fixture->flag);
  app_test_wait (is_idle, fixture);
  lockstep_results_page_select (fixture->page, 1);
  activate (fixture, "results.retry-task");
  app_test_wait (is_live, fixture);
  app_test_wait (is_idle, fixture);
  g_assert_cmpuint (count_failed (fixture), ==, 2);

  gtk_toggle_button_set_active (find_cause (GTK_WIDGET (fixture->page), "negative"), TRUE);
  activate (fixture, "results.retry-shown");
  app_test_wait (is_live, fixture);
  app_test_wait (is_idle, fixture);
  g_assert_cmpuint (count_failed (fixture), ==, 1);
  assert_shows (fixture, fixture->page, "7 done · 1 failed");

  activate (fixture, "win.retry");
  app_test_wait (is_live, fixture);
  app_test_wait (is_retried, fixture);
  g_assert_cmpuint (lockstep_run_get_n_failures (lockstep_session_get_run (fixture->session)), ==, 0);
}

static gboolean
is_read (gpointer data)
{
  return !lockstep_details_get_loading (((Fixture *) data)->details);
}

static void
got_text_cb (GObject      *clipboard,
             GAsyncResult *result,
             gpointer      user_data)
{
  char **text = user_data;

  *text = gdk_clipboard_read_text_finish (GDK_CLIPBOARD (clipboard), result, NULL);
}

static gboolean
is_set (gpointer data)
{
  return *(char **) data != NULL;
}

static char *
dup_clipboard (Fixture *fixture)
{
  char *text = NULL;

  gdk_clipboard_read_text_async (gtk_widget_get_clipboard (GTK_WIDGET (fixture->window)), NULL, got_text_cb, &text);
  app_test_wait (is_set, &text);

  return text;
}

static void
test_details (Fixture      *fixture,
              gconstpointer data)
{
  g_autofree char *command = NULL;

  sweep (fixture);
  activate (fixture, "win.show-details");
  assert_shows (fixture, fixture->details, "Select a solver or a task");

  lockstep_results_page_select (fixture->page, 3);
  app_test_wait (is_read, fixture);
  assert_shows (fixture, fixture->details, "Task 3 · attempt 1 · solver ");
  assert_shows (fixture, fixture->details, "\"value\": 5, \"crash\": true");
  assert_shows (fixture, fixture->details, "was killed by signal 11 (SIGSEGV)");
  activate (fixture, "details.copy-command");
  command = dup_clipboard (fixture);
  g_assert_nonnull (strstr (command, fixture->mark));
  g_assert_nonnull (strstr (command, " obeys "));

  lockstep_results_page_select (fixture->page, 0);
  app_test_wait (is_read, fixture);
  assert_shows (fixture, fixture->details, "Task 0 · attempt 1 · solver ");
  assert_shows (fixture, fixture->details, "done after ");

  /* The log takes the place of the details, and the other way round. */
  activate (fixture, "win.show-log");
  g_assert_false (gtk_widget_get_visible (GTK_WIDGET (fixture->details)));
  activate (fixture, "win.show-failure");
  app_test_wait (is_read, fixture);
  assert_shows (fixture, fixture->details, "negative depth 3");
}

static gboolean
is_file (gpointer path)
{
  return g_file_test (path, G_FILE_TEST_EXISTS);
}

/* The terminal is started as a list of arguments; without one, the command is copied. */
static void
test_run_again (Fixture      *fixture,
                gconstpointer data)
{
  g_autofree char *path = g_strdup (g_getenv ("PATH"));
  g_autofree char *script = g_build_filename (fixture->folder, "xdg-terminal-exec", NULL);
  g_autofree char *told = g_build_filename (fixture->folder, "told", NULL);
  g_autofree char *text = NULL;
  g_autofree char *arguments = NULL;
  g_autofree char *command = NULL;

  sweep (fixture);
  activate (fixture, "win.show-details");
  lockstep_results_page_select (fixture->page, 5);
  app_test_wait (is_read, fixture);

  text = g_strdup_printf ("#!/bin/sh\nprintf '%%s\\n' \"$@\" >'%s.new'\nexec /bin/mv '%s.new' '%s'\n", told, told, told);
  g_assert_true (g_file_set_contents_full (script, text, -1, G_FILE_SET_CONTENTS_NONE, 0755, NULL));
  g_setenv ("PATH", fixture->folder, TRUE);
  activate (fixture, "details.run-again");
  app_test_wait (is_file, told);
  g_assert_true (g_file_get_contents (told, &arguments, NULL, NULL));
  g_assert_nonnull (strstr (arguments, "/lockstep-cli\nrerun\n--wait\n"));
  g_assert_true (g_str_has_suffix (arguments, "\n5\n"));

  g_unlink (script);
  activate (fixture, "details.run-again");
  command = dup_clipboard (fixture);
  g_assert_true (g_str_has_prefix (command, "lockstep-cli rerun "));
  g_assert_true (g_str_has_suffix (command, " 5"));
  assert_shows (fixture, fixture->window, "No terminal was found");
  g_setenv ("PATH", path, TRUE);
}

static gboolean
is_late (gpointer data)
{
  const char *text = lockstep_notice_get_text (((Fixture *) data)->notice);

  return text != NULL && strstr (text, " late in step “work”") != NULL;
}

static gboolean
is_not_late (gpointer data)
{
  return !is_late (data);
}

static gboolean
is_enabled (Fixture    *fixture,
            const char *action)
{
  return g_action_group_get_action_enabled (lockstep_notice_get_actions (fixture->notice), action);
}

/* Who is late is named, and the choice helps. */
static void
test_late (Fixture      *fixture,
           gconstpointer data)
{
  start (fixture, 2, "'stall': '5 min',", "[ {'value': 1, 'seconds': 0.1}, {'value': 2, 'seconds': 0.1}, {'value': 3, 'hang': true, 'until': 1} ]");
  app_test_wait (is_late, fixture);
  g_assert_nonnull (strstr (lockstep_notice_get_text (fixture->notice), "of core time lost"));
  g_assert_nonnull (strstr (lockstep_notice_get_text (fixture->notice), "(the plan's stall: 5 min 0 s)"));
  g_assert_true (is_enabled (fixture, "duplicate"));
  g_assert_true (is_enabled (fixture, "skip"));

  /* Whoever wants to wait is left in peace. */
  activate (fixture, "late.wait");
  app_test_wait (is_not_late, fixture);
  g_assert_false (is_enabled (fixture, "duplicate"));
  lockstep_helm_terminate (lockstep_session_get_helm (fixture->session), LOCKSTEP_STOP_KILL);
  app_test_wait (is_over, fixture);

  start (fixture, 2, "", "[ {'value': 1, 'seconds': 0.1}, {'value': 2, 'seconds': 0.1}, {'value': 3, 'hang': true} ]");
  app_test_wait (is_late, fixture);
  activate (fixture, "late.skip");
  app_test_wait (is_over, fixture);
  g_assert_cmpint (lockstep_run_get_state (lockstep_session_get_run (fixture->session)), ==, LOCKSTEP_RUN_FINISHED);
  g_assert_null (lockstep_notice_get_text (fixture->notice));
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

static gboolean
is_at_task_1 (gpointer data)
{
  LockstepTaskTable *table = lockstep_results_page_get_table (((Fixture *) data)->page);

  return table != NULL && lockstep_task_table_count (table, LOCKSTEP_TASK_RUNNING) == 1 &&
         lockstep_task_table_count (table, LOCKSTEP_TASK_DONE) == 1;
}

/* Terminate names what is at work, which may be finished first. */
static void
test_finish_tasks (Fixture      *fixture,
                   gconstpointer data)
{
  start (fixture, 1, "", "[ {'value': 1}, {'value': 2, 'seconds': 1.5}, {'value': 3, 'seconds': 100} ]");
  app_test_wait (is_at_task_1, fixture);
  activate (fixture, "win.terminate");
  g_assert_nonnull (strstr (adw_message_dialog_get_body (get_dialog ()), "Solver 0: work, task 1"));
  g_assert_true (adw_message_dialog_has_response (get_dialog (), "finish"));
  adw_message_dialog_response (get_dialog (), "finish");
  app_test_wait (is_over, fixture);
  app_test_wait (is_settled, fixture);
  g_assert_cmpint (lockstep_run_get_state (lockstep_session_get_run (fixture->session)), ==, LOCKSTEP_RUN_TERMINATED);
  g_assert_cmpuint (lockstep_task_table_count (lockstep_results_page_get_table (fixture->page), LOCKSTEP_TASK_DONE), ==, 2);
}

static gboolean
is_hanging (gpointer data)
{
  LockstepTaskTable *table = lockstep_results_page_get_table (((Fixture *) data)->page);

  return table != NULL && lockstep_task_table_count (table, LOCKSTEP_TASK_RUNNING) == 1;
}

static gboolean
is_counting_down (gpointer data)
{
  const char *text = lockstep_notice_get_text (((Fixture *) data)->notice);

  return text != NULL && strstr (text, "1 solver was asked to end. In ") != NULL;
}

static gboolean
is_gone_told (gpointer data)
{
  g_autofree char *shown = app_test_dup_shown (GTK_WIDGET (((Fixture *) data)->window));

  return strstr (shown, "All processes are gone.") != NULL;
}

/* What does not end when it is told is counted down on, and can be killed before. */
static void
test_countdown (Fixture      *fixture,
                gconstpointer data)
{
  start (fixture, 1, "", "[ {'value': 1, 'hang': true} ]");
  app_test_wait (is_hanging, fixture);
  activate (fixture, "win.terminate");
  adw_message_dialog_response (get_dialog (), "stop");
  app_test_wait (is_counting_down, fixture);
  activate (fixture, "win.kill");
  app_test_wait (is_over, fixture);
  app_test_wait (is_gone_told, fixture);
  g_assert_null (lockstep_notice_get_text (fixture->notice));
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
  ADD ("/results/table", test_table);
  ADD ("/results/plot", test_plot);
  ADD ("/results/selection", test_selection);
  ADD ("/results/retry", test_retry);
  ADD ("/results/details", test_details);
  ADD ("/results/run-again", test_run_again);
  ADD ("/results/late", test_late);
  ADD ("/results/finish-tasks", test_finish_tasks);
  ADD ("/results/countdown", test_countdown);

  result = g_test_run ();
  g_object_unref (application);

  return result;
}
