/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <string.h>

#include <adwaita.h>
#include <glib/gstdio.h>

#include "app-test.h"
#include "lockstep-resources.h"
#include "lockstep-solver-words.h"
#include "lockstep-solvers-page.h"

#define N_SOLVERS 30

typedef struct
{
  GtkWindow     *window;
  GtkWidget     *page;
  GtkColumnView *view;
  LockstepRun   *run;
} Fixture;

static void
fold (Fixture          *fixture,
      LockstepEventType type,
      int               solver,
      const char       *payload)
{
  LockstepEvent event;

  lockstep_event_init (&event, type);
  event.solver = solver;
  event.step = 0;
  event.task = solver;
  event.part = solver;
  event.parts = N_SOLVERS;
  event.attempt = 1;
  event.payload = g_bytes_new_static (payload, strlen (payload));
  lockstep_run_fold (fixture->run, &event);
  lockstep_event_clear (&event);
}

static void
open_page (Fixture *fixture)
{
  fixture->window = GTK_WINDOW (gtk_window_new ());
  fixture->page = g_object_new (LOCKSTEP_TYPE_SOLVERS_PAGE, "run", fixture->run, NULL);
  fixture->view = GTK_COLUMN_VIEW (app_test_find (fixture->page, GTK_TYPE_COLUMN_VIEW));
  gtk_window_set_default_size (fixture->window, 800, 700);
  gtk_window_set_child (fixture->window, fixture->page);
  gtk_window_present (fixture->window);
  app_test_wait_frames (GTK_WIDGET (fixture->window), 3);
}

static void
set_up (Fixture      *fixture,
        gconstpointer data)
{
  static const char        plan_text[] = "{\"lockstep\":1,\"solvers\":30,\"solver\":{\"command\":[\"true\"]},"
                                         "\"steps\":[{\"step\":\"work\",\"on\":\"all\"}]}";
  g_autoptr (LockstepPlan) plan = lockstep_plan_new_from_text (plan_text, strlen (plan_text), "/", NULL, NULL);

  fixture->run = lockstep_run_new (plan);
  fold (fixture, LOCKSTEP_EVENT_RUN_STARTED, -1, "{\"name\":\"Test\",\"solvers\":30}");
  for (int i = 0; i < N_SOLVERS; i++)
    {
      fold (fixture, LOCKSTEP_EVENT_SOLVER_LAUNCHED, i, i < 10 ? "{\"host\":\"node1\"}" : "{\"host\":\"node2\"}");
      fold (fixture, LOCKSTEP_EVENT_SOLVER_STARTED, i, "{\"pid\":1}");
      fold (fixture, LOCKSTEP_EVENT_SOLVER_READY, i, "{\"name\":\"test\",\"methods\":[]}");
    }
  fold (fixture, LOCKSTEP_EVENT_STEP_STARTED, -1, "{\"title\":\"work\",\"method\":\"work\",\"tasks\":30,\"first\":0,\"iterations\":[]}");
  for (int i = 0; i < N_SOLVERS; i++)
    fold (fixture, LOCKSTEP_EVENT_TASK_STARTED, i, "{}");
  for (int i = 0; i < 4; i++)
    fold (fixture, LOCKSTEP_EVENT_TASK_ENDED, i, "1");
  open_page (fixture);
}

static void
tear_down (Fixture      *fixture,
           gconstpointer data)
{
  g_autofree char *path = g_build_filename (g_get_user_config_dir (), "lockstep", "window.ini", NULL);

  gtk_window_destroy (fixture->window);
  g_clear_object (&fixture->run);
  g_unlink (path);
}

static guint
count_rows (Fixture *fixture)
{
  return g_list_model_get_n_items (G_LIST_MODEL (gtk_column_view_get_model (fixture->view)));
}

static GtkColumnViewColumn *
find_column (Fixture    *fixture,
             const char *title)
{
  GListModel *columns = gtk_column_view_get_columns (fixture->view);

  for (guint i = 0; i < g_list_model_get_n_items (columns); i++)
    {
      g_autoptr (GtkColumnViewColumn) column = g_list_model_get_item (columns, i);

      if (g_str_equal (gtk_column_view_column_get_title (column), title))
        return column;
    }

  return NULL;
}

static gboolean
has_column (Fixture    *fixture,
            const char *title)
{
  return find_column (fixture, title) != NULL;
}

static gboolean
has_host (gpointer data)
{
  return has_column (data, "Host");
}

static gboolean
has_no_host (gpointer data)
{
  return !has_host (data);
}

static gboolean
is_stored (gpointer data)
{
  g_autofree char *path = g_build_filename (g_get_user_config_dir (), "lockstep", "window.ini", NULL);
  g_autofree char *text = NULL;

  return g_file_get_contents (path, &text, NULL, NULL) && strstr (text, "host;") != NULL;
}

/* Seven, until one chooses; and what one chose is kept. */
static void
test_columns (Fixture      *fixture,
              gconstpointer data)
{
  g_assert_cmpuint (g_list_model_get_n_items (gtk_column_view_get_columns (fixture->view)), ==, 7);
  g_assert_false (has_host (fixture));
  gtk_widget_activate_action (fixture->page, "columns.host", NULL);
  app_test_wait (has_host, fixture);
  g_assert_cmpuint (g_list_model_get_n_items (gtk_column_view_get_columns (fixture->view)), ==, 8);
  app_test_wait (is_stored, fixture);

  gtk_window_destroy (fixture->window);
  open_page (fixture);
  app_test_wait (has_host, fixture);
  gtk_widget_activate_action (fixture->page, "columns.waiting", NULL);
  gtk_widget_activate_action (fixture->page, "columns.reset", NULL);
  app_test_wait (has_no_host, fixture);
  g_assert_cmpuint (g_list_model_get_n_items (gtk_column_view_get_columns (fixture->view)), ==, 7);
}

static void
test_filter (Fixture      *fixture,
             gconstpointer data)
{
  GtkDropDown *states = GTK_DROP_DOWN (app_test_find (fixture->page, GTK_TYPE_DROP_DOWN));
  GtkEditable *entry = GTK_EDITABLE (app_test_find (app_test_find (fixture->page, GTK_TYPE_SEARCH_BAR), GTK_TYPE_SEARCH_ENTRY));

  g_assert_cmpuint (count_rows (fixture), ==, N_SOLVERS);
  gtk_drop_down_set_selected (states, 2);
  g_assert_cmpuint (count_rows (fixture), ==, 4);
  gtk_drop_down_set_selected (states, 1);
  g_assert_cmpuint (count_rows (fixture), ==, N_SOLVERS - 4);
  gtk_drop_down_set_selected (states, 0);

  gtk_widget_activate_action (fixture->page, "solvers.search", NULL);
  gtk_editable_set_text (entry, "NODE1");
  g_signal_emit_by_name (entry, "search-changed");
  g_assert_cmpuint (count_rows (fixture), ==, 10);
  gtk_editable_set_text (entry, "29");
  g_signal_emit_by_name (entry, "search-changed");
  g_assert_cmpuint (count_rows (fixture), ==, 1);
}

static gboolean
shows_late (gpointer data)
{
  g_autofree char *shown = app_test_dup_shown (GTK_WIDGET (((Fixture *) data)->view));

  return strstr (shown, "\nlate\n") != NULL;
}

/* By step, which those do not have that were only launched; and who is late is told, at the place of what it does. */
static void
test_state (Fixture      *fixture,
            gconstpointer data)
{
  gtk_column_view_sort_by_column (fixture->view, find_column (fixture, "Step"), GTK_SORT_DESCENDING);
  fold (fixture, LOCKSTEP_EVENT_SOLVER_LAUNCHED, 5, "{}");
  fold (fixture, LOCKSTEP_EVENT_SOLVER_LAUNCHED, N_SOLVERS, "{}");
  fold (fixture, LOCKSTEP_EVENT_TASK_LATE, 29, "{\"median\":1,\"elapsed\":9}");
  app_test_wait (shows_late, fixture);
  fold (fixture, LOCKSTEP_EVENT_TASK_ENDED, 29, "1");
  g_assert_cmpuint (count_rows (fixture), ==, N_SOLVERS + 1);
}

/* Of a list, a solver tells which task it is at. */
static void
test_words (void)
{
  g_autofree char *task = lockstep_solver_words_dup_step (NULL, "Runs", -1, 0, 53, TRUE);
  g_autofree char *part = lockstep_solver_words_dup_step (NULL, "assign", 1, 4, 53, FALSE);
  g_autofree char *alone = lockstep_solver_words_dup_part (NULL, -1, 0, 7, FALSE);

  g_assert_cmpstr (task, ==, "Runs · task 53");
  g_assert_cmpstr (part, ==, "assign · 2 of 4");
  g_assert_cmpstr (alone, ==, "");
}

/* Every control has a name, and every bar a text. */
static void
test_accessible (Fixture      *fixture,
                 gconstpointer data)
{
  GtkWidget *bar = app_test_find (GTK_WIDGET (fixture->view), GTK_TYPE_PROGRESS_BAR);

  g_assert_nonnull (bar);
  gtk_test_accessible_assert_property (bar, GTK_ACCESSIBLE_PROPERTY_LABEL, "Progress");
  gtk_test_accessible_assert_property (bar, GTK_ACCESSIBLE_PROPERTY_VALUE_TEXT, "done");
  gtk_test_accessible_assert_property (fixture->view, GTK_ACCESSIBLE_PROPERTY_LABEL, "Solvers");
}

int
main (int    argc,
      char **argv)
{
  g_setenv ("GTK_A11Y", "test", TRUE);
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();
  g_resources_register (lockstep_get_resource ());
  g_object_set (gtk_settings_get_default (), "gtk-enable-animations", FALSE, NULL);

#define ADD(path, test) g_test_add (path, Fixture, NULL, set_up, test, tear_down)
  ADD ("/solvers/columns", test_columns);
  ADD ("/solvers/filter", test_filter);
  ADD ("/solvers/state", test_state);
  ADD ("/solvers/accessible", test_accessible);
  g_test_add_func ("/solvers/words", test_words);

  return g_test_run ();
}
