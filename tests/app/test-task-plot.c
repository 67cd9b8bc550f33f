/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <string.h>

#include "lockstep-details.h"
#include "lockstep-results-page.h"
#include "lockstep-scatter.h"
#include "lockstep-task-plot.h"
#include "window-fixture.h"

#define N_TASKS 300

/* A plot of a run whose events are told here: task i has x = i, and brings y = 2 i. */
typedef struct
{
  LockstepRun       *run;
  LockstepTaskTable *table;
  GtkWindow         *window;
  LockstepTaskPlot  *plot;
  LockstepScatter   *scatter;
} Plot;

static void
tell (LockstepRun      *run,
      LockstepEventType type,
      int               task,
      const char       *payload)
{
  LockstepEvent event;

  lockstep_event_init (&event, type);
  event.time = G_GINT64_CONSTANT (1700000000) * G_USEC_PER_SEC;
  event.task = task;
  event.solver = task >= 0 ? 0 : -1;
  event.step = 0;
  event.attempt = task >= 0 ? 1 : -1;
  event.payload = g_bytes_new (payload, strlen (payload));
  lockstep_run_fold (run, &event);
  lockstep_event_clear (&event);
}

static void
finish_task (Plot *plot,
             int   task)
{
  g_autofree char *result = g_strdup_printf ("{\"y\":%d}", 2 * task);

  tell (plot->run, LOCKSTEP_EVENT_TASK_STARTED, task, "{}");
  tell (plot->run, LOCKSTEP_EVENT_TASK_ENDED, task, result);
}

static void
set_up (Plot         *plot,
        gconstpointer data)
{
  static const char        plan_text[] = "{\"lockstep\":1,\"solver\":{\"command\":[\"true\"]},\"steps\":[{\"step\":\"work\","
                                         "\"tasks\":{\"grid\":{\"x\":{\"from\":0,\"to\":299,\"count\":300}}}}]}";
  g_autoptr (LockstepPlan) plan = lockstep_plan_new_from_text (plan_text, strlen (plan_text), "/", NULL, NULL);

  plot->run = lockstep_run_new (plan);
  tell (plot->run, LOCKSTEP_EVENT_RUN_STARTED, -1, "{}");
  tell (plot->run, LOCKSTEP_EVENT_STEP_STARTED, -1, "{\"title\":\"work\",\"method\":\"work\",\"tasks\":300,\"first\":0,\"iterations\":[]}");
  finish_task (plot, 0);
  finish_task (plot, 10);
  tell (plot->run, LOCKSTEP_EVENT_TASK_STARTED, 20, "{}");
  tell (plot->run, LOCKSTEP_EVENT_TASK_FAILED, 20, "{\"cause\":\"step-error\",\"reason\":\"negative depth\",\"final\":true}");

  plot->table = lockstep_task_table_new (plot->run);
  plot->window = GTK_WINDOW (gtk_window_new ());
  plot->plot = g_object_new (LOCKSTEP_TYPE_TASK_PLOT, NULL);
  plot->scatter = LOCKSTEP_SCATTER (app_test_find (GTK_WIDGET (plot->plot), LOCKSTEP_TYPE_SCATTER));
  lockstep_task_plot_set_table (plot->plot, plot->table);
  gtk_window_set_default_size (plot->window, 400, 400);
  gtk_window_set_child (plot->window, GTK_WIDGET (plot->plot));
  gtk_window_present (plot->window);
}

static void
tear_down (Plot         *plot,
           gconstpointer data)
{
  gtk_window_destroy (plot->window);
  g_clear_object (&plot->table);
  g_clear_object (&plot->run);
}

static gboolean
has_point (LockstepScatter *scatter,
           guint            point)
{
  double x, y;

  return lockstep_scatter_get_position (scatter, point, &x, &y);
}

static gboolean
has_point_10 (gpointer scatter)
{
  return has_point (scatter, 10);
}

static gboolean
has_point_30 (gpointer scatter)
{
  return has_point (scatter, 30);
}

/* What comes while the run is at work is drawn, and what was selected stays so. */
static void
test_follow (Plot         *plot,
             gconstpointer data)
{
  app_test_wait (has_point_10, plot->scatter);
  g_assert_true (has_point (plot->scatter, 0));
  g_assert_false (has_point (plot->scatter, 20));
  g_assert_false (has_point (plot->scatter, 30));
  lockstep_task_plot_set_task (plot->plot, 10);
  g_assert_cmpint (lockstep_scatter_get_selected (plot->scatter), ==, 10);

  finish_task (plot, 30);
  app_test_wait (has_point_30, plot->scatter);
  g_assert_cmpint (lockstep_scatter_get_selected (plot->scatter), ==, 10);
}

static GtkDropDown *
get_drop_down (Plot    *plot,
               gboolean vertical)
{
  GtkWidget *first = app_test_find (GTK_WIDGET (plot->plot), GTK_TYPE_DROP_DOWN);

  return GTK_DROP_DOWN (vertical ? gtk_widget_get_next_sibling (first) : first);
}

static const char *
get_chosen (Plot    *plot,
            gboolean vertical)
{
  return gtk_string_object_get_string (gtk_drop_down_get_selected_item (get_drop_down (plot, vertical)));
}

static gboolean
has_more_columns (gpointer plot)
{
  return g_list_model_get_n_items (gtk_drop_down_get_model (get_drop_down (plot, FALSE))) == 5;
}

static gboolean
is_over_itself (gpointer data)
{
  double x, y, x_30, y_30;

  return lockstep_scatter_get_position (data, 0, &x, &y) && lockstep_scatter_get_position (data, 30, &x_30, &y_30) &&
         lockstep_scatter_get_position (data, 250, &x, &y);
}

/* An axis stays what a person chose when tasks bring columns that none brought before. */
static void
test_choice (Plot         *plot,
             gconstpointer data)
{
  app_test_wait (has_point_10, plot->scatter);
  g_assert_cmpstr (get_chosen (plot, FALSE), ==, "x");
  g_assert_cmpstr (get_chosen (plot, TRUE), ==, "y");
  gtk_drop_down_set_selected (get_drop_down (plot, TRUE), 0);
  g_assert_cmpstr (get_chosen (plot, TRUE), ==, "x");

  tell (plot->run, LOCKSTEP_EVENT_TASK_STARTED, 40, "{}");
  tell (plot->run, LOCKSTEP_EVENT_TASK_ENDED, 40, "{\"a\":1,\"y\":80}");
  app_test_wait (has_more_columns, plot);
  g_assert_cmpstr (get_chosen (plot, FALSE), ==, "x");
  g_assert_cmpstr (get_chosen (plot, TRUE), ==, "x");

  /* Params are known of tasks that are not done. */
  app_test_wait (is_over_itself, plot->scatter);
}

static gboolean
is_reachable (LockstepScatter *scatter,
              guint            point)
{
  double x, y;

  return lockstep_scatter_get_position (scatter, point, &x, &y) && lockstep_scatter_find_point (scatter, x, y) == (int) point;
}

/* What the filter hides stays in its place, but nothing selects it. */
static void
test_filter (Plot         *plot,
             gconstpointer data)
{
  app_test_wait (has_point_10, plot->scatter);
  gtk_drop_down_set_selected (get_drop_down (plot, TRUE), 0);
  app_test_wait (is_over_itself, plot->scatter);
  g_assert_true (is_reachable (plot->scatter, 10));
  g_assert_true (is_reachable (plot->scatter, 20));
  g_assert_true (is_reachable (plot->scatter, 250));

  lockstep_task_table_set_filter (plot->table, 1 << LOCKSTEP_TASK_FAILED, NULL);
  g_assert_false (is_reachable (plot->scatter, 10));
  g_assert_true (is_reachable (plot->scatter, 20));
  g_assert_true (has_point (plot->scatter, 250));
  g_assert_false (is_reachable (plot->scatter, 250));

  lockstep_task_table_set_filter (plot->table, 0, NULL);
  g_assert_true (is_reachable (plot->scatter, 250));
}

static GtkGesture *
find_click (GtkWidget *widget)
{
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (widget);

  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++)
    {
      g_autoptr (GtkEventController) controller = g_list_model_get_item (controllers, i);

      if (GTK_IS_GESTURE_CLICK (controller))
        return GTK_GESTURE (controller);
    }

  return NULL;
}

static void
click (LockstepScatter *scatter,
       guint            point)
{
  double x, y;

  g_assert_true (lockstep_scatter_get_position (scatter, point, &x, &y));
  g_signal_emit_by_name (find_click (GTK_WIDGET (scatter)), "pressed", 1, x, y);
}

static LockstepResultsPage *
get_page (WindowFixture *fixture)
{
  return window_fixture_get (fixture, LOCKSTEP_TYPE_RESULTS_PAGE);
}

static LockstepScatter *
get_scatter (WindowFixture *fixture)
{
  return window_fixture_get (fixture, LOCKSTEP_TYPE_SCATTER);
}

static GtkColumnView *
get_view (WindowFixture *fixture)
{
  return GTK_COLUMN_VIEW (app_test_find (GTK_WIDGET (get_page (fixture)), GTK_TYPE_COLUMN_VIEW));
}

/* The page is shown to nobody before it has a table with something in it. */
static gboolean
has_all_done (gpointer data)
{
  LockstepTaskTable *table = lockstep_results_page_get_table (get_page (data));

  return table != NULL && lockstep_task_table_is_settled (table) &&
         lockstep_task_table_count (table, LOCKSTEP_TASK_DONE) == N_TASKS;
}

static gboolean
is_plotted (gpointer data)
{
  return has_point (get_scatter (data), N_TASKS - 1);
}

static gboolean
is_scrolled (gpointer data)
{
  return gtk_adjustment_get_value (gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (get_view (data)))) > 0;
}

static gboolean
is_read (gpointer data)
{
  return !lockstep_details_get_loading (window_fixture_get (data, LOCKSTEP_TYPE_DETAILS));
}

static gboolean
tells_of_290 (gpointer data)
{
  return is_read (data) && window_fixture_shows (data, LOCKSTEP_TYPE_DETAILS, "Task 290 · attempt 1");
}

static gboolean
tells_of_3 (gpointer data)
{
  return is_read (data) && window_fixture_shows (data, LOCKSTEP_TYPE_DETAILS, "Task 3 · attempt 1");
}

/* A click on a point selects its row, wherever it stands, and the details follow; a row marks its point. */
static void
test_click (WindowFixture *fixture,
            gconstpointer  data)
{
  g_autoptr (GString) tasks = g_string_new ("[");
  GtkSelectionModel  *selection;

  for (guint i = 0; i < N_TASKS; i++)
    g_string_append_printf (tasks, "%s{'value':%u}", i > 0 ? "," : "", i * 7 % N_TASKS);
  g_string_append (tasks, "]");
  window_fixture_write_tasks (fixture, 2, "", tasks->str);
  window_fixture_start (fixture);
  app_test_wait (window_fixture_is_over, fixture);
  app_test_wait (has_all_done, fixture);
  window_fixture_activate (fixture, "win.show-page::results");
  window_fixture_activate (fixture, "win.show-details");
  window_fixture_activate (fixture, "results.show-plot");
  app_test_wait (is_plotted, fixture);
  app_test_wait_frames (GTK_WIDGET (fixture->window), 3);

  g_assert_false (is_scrolled (fixture));
  click (get_scatter (fixture), 290);
  g_assert_cmpint (lockstep_scatter_get_selected (get_scatter (fixture)), ==, 290);
  g_assert_cmpint (lockstep_results_page_get_task (get_page (fixture)), ==, 290);
  selection = gtk_column_view_get_model (get_view (fixture));
  g_assert_true (gtk_selection_model_is_selected (selection, 290));
  app_test_wait (is_scrolled, fixture);
  app_test_wait (tells_of_290, fixture);

  gtk_selection_model_select_item (selection, 3, TRUE);
  g_assert_cmpint (lockstep_scatter_get_selected (get_scatter (fixture)), ==, 3);
  app_test_wait (tells_of_3, fixture);
}

int
main (int    argc,
      char **argv)
{
  window_fixture_init (&argc, &argv);

#define ADD(path, test) g_test_add (path, Plot, NULL, set_up, test, tear_down)
  ADD ("/task-plot/follow", test_follow);
  ADD ("/task-plot/choice", test_choice);
  ADD ("/task-plot/filter", test_filter);
  window_fixture_add ("/task-plot/click", test_click);

  return window_fixture_run ();
}
