/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <string.h>

#include "app-test.h"
#include "lockstep-application.h"
#include "lockstep-chart-card.h"
#include "lockstep-charts-page.h"
#include "lockstep-picture-file.h"
#include "lockstep-scatter.h"
#include "lockstep-solvers-page.h"
#include "lockstep-span-list.h"
#include "lockstep-timeline-page.h"
#include "lockstep-timeline-private.h"
#include "lockstep-window.h"

#include <adwaita.h>
#include <glib/gstdio.h>
#include <math.h>

static LockstepApplication *application;

typedef struct
{
  char            *folder;
  LockstepWindow  *window;
  LockstepSession *session;
} Fixture;

static void
set_up (Fixture      *fixture,
        gconstpointer data)
{
  g_autofree char *runs = NULL;

  fixture->folder = g_dir_make_tmp ("lockstep-test-timeline-XXXXXX", NULL);
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
  g_autofree char *command = g_strdup_printf ("rm -rf %s", fixture->folder);

  gtk_window_destroy (GTK_WINDOW (fixture->window));
  g_assert_null (fixture->window);
  g_assert_finalize_object (fixture->session);
  g_assert_cmpint (system (command), ==, 0);
  g_free (fixture->folder);
}

static gboolean
is_over (gpointer data)
{
  LockstepRun *run = lockstep_session_get_run (((Fixture *) data)->session);

  return run != NULL && lockstep_run_has_ended (run);
}

/* Runs three solvers whose work takes 0.1, 0.2 and 0.3 s, twice, with a sum after each. */
static void
run (Fixture    *fixture,
     const char *arguments)
{
  g_autofree char  *path = g_build_filename (fixture->folder, "test.lockstep", NULL);
  g_autofree char  *text = NULL;
  g_autoptr (GFile) file = g_file_new_for_path (path);

  text = g_strdup_printf ("{ \"lockstep\": 1, \"name\": \"Test\", \"solvers\": 3,\n"
                          "  \"solver\": { \"command\": [\"%s\", %s] },\n"
                          "  \"steps\": [ { \"repeat\": 2, \"until\": \"gap < 1e-9\", \"steps\": [\n"
                          "    { \"step\": \"work\", \"on\": \"all\" }, { \"step\": \"gather\", \"on\": \"one\" } ] } ] }",
                          g_getenv ("LOCKSTEP_FAKE_SOLVER"), arguments);
  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  lockstep_window_open (fixture->window, file, TRUE);
  app_test_wait (is_over, fixture);
}

static GtkWidget *
get_part (Fixture *fixture,
          GType    type)
{
  return app_test_find (GTK_WIDGET (fixture->window), type);
}

static gboolean
is_visible (Fixture *fixture,
            GType    type)
{
  AdwViewStack *stack = ADW_VIEW_STACK (get_part (fixture, ADW_TYPE_VIEW_STACK));

  return adw_view_stack_page_get_visible (adw_view_stack_get_page (stack, get_part (fixture, type)));
}

static gboolean
has_timeline (gpointer data)
{
  return is_visible (data, LOCKSTEP_TYPE_TIMELINE_PAGE);
}

static gboolean
is_timeline_mapped (gpointer data)
{
  return gtk_widget_get_mapped (get_part (data, LOCKSTEP_TYPE_TIMELINE)) && gtk_widget_get_width (get_part (data, LOCKSTEP_TYPE_TIMELINE)) > 0;
}

static LockstepTimeline *
show_timeline (Fixture *fixture)
{
  app_test_wait (has_timeline, fixture);
  g_action_group_activate_action (G_ACTION_GROUP (fixture->window), "show-page", g_variant_new_string ("timeline"));
  app_test_wait (is_timeline_mapped, fixture);
  app_test_wait_frames (GTK_WIDGET (fixture->window), 2);

  return LOCKSTEP_TIMELINE (get_part (fixture, LOCKSTEP_TYPE_TIMELINE));
}

static void
activate (Fixture    *fixture,
          const char *action)
{
  gtk_widget_activate_action (get_part (fixture, LOCKSTEP_TYPE_TIMELINE), action, NULL);
}

static void
test_hidden (Fixture      *fixture,
             gconstpointer data)
{
  g_assert_false (is_visible (fixture, LOCKSTEP_TYPE_TIMELINE_PAGE));
  g_assert_false (is_visible (fixture, LOCKSTEP_TYPE_CHARTS_PAGE));
}

/* The cursor is the session's moment, and says what was at work. */
static void
test_cursor (Fixture      *fixture,
             gconstpointer data)
{
  LockstepTimeline             *timeline;
  const LockstepTimelineLayout *layout;
  LockstepMoment               *moment = lockstep_session_get_moment (fixture->session);
  LockstepTrace                *trace;
  const LockstepTraceStep      *step;
  double                        x;

  run (fixture, "\"fail-on-part\", \"99\"");
  timeline = show_timeline (fixture);
  layout = lockstep_timeline_get_layout (timeline);
  trace = lockstep_chronicle_get_trace (lockstep_session_get_chronicle (fixture->session));
  g_assert_cmpuint (layout->n_rows, ==, 3);
  g_assert_cmpuint (lockstep_trace_get_n_steps (trace), ==, 4);
  g_assert_true (lockstep_timeline_get_fitting (timeline));
  g_assert_null (lockstep_timeline_get_text (timeline));

  x = layout->left + lockstep_timeline_layout_get_times_width (layout) / 2;
  lockstep_timeline_point (timeline, x);
  g_assert_cmpint (lockstep_moment_get_time (moment), >, 0);
  g_assert_cmpfloat_with_epsilon (lockstep_timeline_layout_to_x (layout, lockstep_trace_from_clock (trace, lockstep_moment_get_time (moment))), x, 1);
  g_assert_nonnull (strstr (lockstep_timeline_get_text (timeline), "of 3 solvers computing"));

  /* From barrier to barrier, and no further. */
  for (guint i = 0; i < 10; i++)
    lockstep_timeline_move (timeline, -1, TRUE);
  g_assert_cmpint (lockstep_trace_from_clock (trace, lockstep_moment_get_time (moment)), ==, 0);
  lockstep_timeline_move (timeline, 1, TRUE);
  step = lockstep_trace_get_step (trace, 0);
  g_assert_cmpint (lockstep_trace_from_clock (trace, lockstep_moment_get_time (moment)), ==, step->end);

  lockstep_timeline_move_row (timeline, 1);
  lockstep_moment_set_time (moment, lockstep_trace_to_clock (trace, (step->start + step->end) / 2));
  g_assert_nonnull (strstr (lockstep_timeline_get_text (timeline), "solver 0: "));

  activate (fixture, "timeline.now");
  g_assert_cmpint (lockstep_moment_get_time (moment), ==, 0);
  g_assert_null (lockstep_timeline_get_text (timeline));
}

static void
test_zoom (Fixture      *fixture,
           gconstpointer data)
{
  LockstepTimeline             *timeline;
  const LockstepTimelineLayout *layout;
  GtkAdjustment                *adjustment;
  double                        fitting, x;
  gint64                        time;

  run (fixture, "\"echo\"");
  timeline = show_timeline (fixture);
  layout = lockstep_timeline_get_layout (timeline);
  fitting = layout->scale;
  adjustment = gtk_scrollable_get_hadjustment (GTK_SCROLLABLE (timeline));
  g_assert_cmpfloat_with_epsilon (gtk_adjustment_get_upper (adjustment), gtk_adjustment_get_page_size (adjustment), 1);

  /* What is under the pointer stays there. */
  x = layout->left + 300;
  time = lockstep_timeline_layout_to_time (layout, x);
  lockstep_timeline_zoom (timeline, 4, x);
  g_assert_false (lockstep_timeline_get_fitting (timeline));
  g_assert_cmpfloat_with_epsilon (layout->scale, 4 * fitting, fitting * 1e-6);
  g_assert_cmpfloat_with_epsilon (lockstep_timeline_layout_to_x (layout, time), x, 1);
  g_assert_cmpfloat_with_epsilon (gtk_adjustment_get_upper (adjustment), 4 * gtk_adjustment_get_page_size (adjustment), 1);

  /* It follows the scrollbar, and stays within the run. */
  gtk_adjustment_set_value (adjustment, 0);
  g_assert_cmpint (layout->from, ==, 0);
  lockstep_timeline_scroll_to (timeline, G_MAXINT64 / 4, 0);
  g_assert_cmpfloat_with_epsilon (gtk_adjustment_get_value (adjustment), 3 * gtk_adjustment_get_page_size (adjustment), 2);

  for (guint i = 0; i < 100; i++)
    lockstep_timeline_zoom (timeline, 2, -1);
  g_assert_cmpfloat (layout->scale, <=, LOCKSTEP_TIMELINE_MAX_SCALE);
  activate (fixture, "timeline.fit");
  g_assert_true (lockstep_timeline_get_fitting (timeline));
  g_assert_cmpfloat_with_epsilon (layout->scale, fitting, fitting * 1e-6);
  g_assert_cmpint (layout->from, ==, 0);

  /* From the end outwards too, however the lengths divide. */
  for (guint i = 1; i <= 100; i++)
    {
      lockstep_timeline_zoom (timeline, 1 + 0.01 * i, -1);
      lockstep_timeline_scroll_to (timeline, G_MAXINT64 / 4, 0);
      lockstep_timeline_zoom (timeline, 0.1, -1);
      g_assert_true (lockstep_timeline_get_fitting (timeline));
      g_assert_cmpint (layout->from, ==, 0);
    }
}

/* The table has what the picture has. */
static void
test_table (Fixture      *fixture,
            gconstpointer data)
{
  LockstepTimelinePage *page;
  GtkColumnView        *view;
  GListModel           *spans;
  g_autofree char      *shown = NULL;

  run (fixture, "\"fail-on-part\", \"99\"");
  show_timeline (fixture);
  page = LOCKSTEP_TIMELINE_PAGE (get_part (fixture, LOCKSTEP_TYPE_TIMELINE_PAGE));
  activate (fixture, "timeline.table");
  app_test_wait_frames (GTK_WIDGET (fixture->window), 3);

  view = GTK_COLUMN_VIEW (app_test_find (GTK_WIDGET (page), GTK_TYPE_COLUMN_VIEW));
  spans = G_LIST_MODEL (gtk_column_view_get_model (view));
  g_assert_cmpuint (g_list_model_get_n_items (spans), ==, 8);
  shown = app_test_dup_shown (GTK_WIDGET (view));
  g_assert_nonnull (strstr (shown, "work\n1\n"));
  g_assert_nonnull (strstr (shown, "gather\n2\n"));
  g_assert_nonnull (strstr (shown, "done\n"));

  /* A row is a moment. */
  g_signal_emit_by_name (view, "activate", 2);
  g_assert_cmpint (lockstep_moment_get_time (lockstep_session_get_moment (fixture->session)), >, 0);
}

static gboolean
has_bytes (gpointer data)
{
  return *(GBytes **) data != NULL;
}

static void
png_cb (GObject      *object,
        GAsyncResult *result,
        gpointer      user_data)
{
  *(GBytes **) user_data = lockstep_picture_to_png_finish (LOCKSTEP_PICTURE (object), result, NULL);
}

/* The files are what they should be, and say what the screen says. */
static void
assert_files (LockstepPicture *picture)
{
  g_autoptr (GBytes) svg = lockstep_picture_to_svg (picture);
  GBytes            *png = NULL;

  g_assert_nonnull (g_strstr_len (g_bytes_get_data (svg, NULL), (gssize) g_bytes_get_size (svg), "<svg"));
  g_assert_nonnull (g_strstr_len (g_bytes_get_data (svg, NULL), (gssize) g_bytes_get_size (svg), "</svg>"));
  g_assert_cmpuint (g_bytes_get_size (svg), >, 3000);

  lockstep_picture_to_png_async (picture, png_cb, &png);
  app_test_wait (has_bytes, &png);
  g_assert_cmpmem (g_bytes_get_data (png, NULL), 8, "\x89PNG\r\n\x1a\n", 8);
  g_bytes_unref (png);
}

static gboolean
has_cards (gpointer data)
{
  return app_test_find (get_part (data, LOCKSTEP_TYPE_CHARTS_PAGE), LOCKSTEP_TYPE_CHART) != NULL;
}

static gboolean
is_export_told (gpointer data)
{
  g_autofree char *shown = app_test_dup_shown (get_part (data, ADW_TYPE_TOAST_OVERLAY));

  return strstr (shown, "Exported “timeline.svg”") != NULL;
}

static void
test_export (Fixture      *fixture,
             gconstpointer data)
{
  LockstepPicture   *picture;
  g_autofree char   *path = g_build_filename (fixture->folder, "timeline.svg", NULL);
  g_autoptr (GFile)  file = g_file_new_for_path (path);
  g_autoptr (GBytes) svg = NULL;

  run (fixture, "\"echo\"");
  picture = LOCKSTEP_PICTURE (show_timeline (fixture));
  assert_files (picture);

  /* That it was written is said. */
  svg = lockstep_picture_to_svg (picture);
  lockstep_save_to (GTK_WIDGET (picture), file, svg);
  app_test_wait (is_export_told, fixture);
  g_assert_true (g_file_test (path, G_FILE_TEST_EXISTS));
}

static gboolean
has_charts (gpointer data)
{
  return is_visible (data, LOCKSTEP_TYPE_CHARTS_PAGE);
}

static void
test_charts (Fixture      *fixture,
             gconstpointer data)
{
  LockstepChart     *chart;
  GPtrArray         *values;
  g_autofree char   *note = NULL;
  g_autoptr (GBytes) csv = NULL;
  g_auto (GStrv)     lines = NULL;
  g_autofree char   *newest = NULL;

  run (fixture, "\"fail-on-part\", \"99\"");
  app_test_wait (has_charts, fixture);
  g_action_group_activate_action (G_ACTION_GROUP (fixture->window), "show-page", g_variant_new_string ("charts"));
  app_test_wait (has_cards, fixture);
  app_test_wait_frames (GTK_WIDGET (fixture->window), 2);

  /* What the loop is for stands first: gap is 0.1 and 0.01, and its target 1e-9. */
  chart = LOCKSTEP_CHART (app_test_find (get_part (fixture, LOCKSTEP_TYPE_CHARTS_PAGE), LOCKSTEP_TYPE_CHART));
  g_assert_cmpstr (lockstep_chart_get_name (chart), ==, "gap");
  newest = lockstep_chart_dup_newest (chart);
  g_assert_cmpstr (newest, ==, "0.01 → 1e-9");
  g_assert_true (lockstep_chart_can_log (chart));
  g_assert_true (lockstep_chart_get_log (chart));

  gtk_widget_activate_action (GTK_WIDGET (chart), "chart.log", NULL);
  g_assert_false (lockstep_chart_get_log (chart));
  lockstep_chart_update (chart);
  g_assert_false (lockstep_chart_get_log (chart));

  csv = lockstep_chart_to_csv (chart);
  lines = g_strsplit (g_bytes_get_data (csv, NULL), "\r\n", -1);
  g_assert_cmpstr (lines[0], ==, "seconds,solver,\"gap\"");
  g_assert_nonnull (strstr (lines[1], ",,0.1"));
  g_assert_true (g_str_has_suffix (lines[2], ",,0.01"));
  assert_files (LOCKSTEP_PICTURE (chart));

  /* What is read from a journal that has not all of it says so; what was seen does not. */
  g_assert_null (lockstep_chart_dup_note (chart));
  values = lockstep_trace_get_values (lockstep_chronicle_get_trace (lockstep_session_get_chronicle (fixture->session)));
  for (guint i = 0; i < values->len; i++)
    ((LockstepTraceValue *) g_ptr_array_index (values, i))->n_left_out = 1200;
  note = lockstep_chart_dup_note (chart);
  g_assert_cmpstr (note, ==, "Kept once a second; live there were 1,200 reports more");
}

/* Whether every button below @widget has a name for those who do not see it. */
static gboolean
has_names (GtkWidget *widget)
{
  if ((GTK_IS_MENU_BUTTON (widget) || (GTK_IS_BUTTON (widget) && !GTK_IS_MENU_BUTTON (gtk_widget_get_parent (widget)))) &&
      gtk_widget_get_mapped (widget))
    {
      const char *label = GTK_IS_BUTTON (widget) ? gtk_button_get_label (GTK_BUTTON (widget)) : NULL;

      if (label == NULL && !gtk_test_accessible_has_property (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_PROPERTY_LABEL))
        {
          g_test_message ("a %s has no name: %s", G_OBJECT_TYPE_NAME (widget), gtk_widget_get_tooltip_text (widget));
          return FALSE;
        }
    }
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    if (!has_names (child))
      return FALSE;

  return TRUE;
}

static void
assert_property (GtkWidget            *widget,
                 GtkAccessibleProperty property,
                 const char           *value)
{
  g_autofree char *problem = gtk_test_accessible_check_property (GTK_ACCESSIBLE (widget), property, value);

  g_assert_cmpstr (problem, ==, NULL);
}

/* What those learn who do not see it. */
static void
test_names (Fixture      *fixture,
            gconstpointer data)
{
  LockstepTimeline *timeline;

  run (fixture, "\"fail-on-part\", \"99\"");
  timeline = show_timeline (fixture);
  g_assert_true (has_names (get_part (fixture, LOCKSTEP_TYPE_TIMELINE_PAGE)));
  assert_property (GTK_WIDGET (timeline), GTK_ACCESSIBLE_PROPERTY_LABEL, "Timeline");
  lockstep_timeline_point (timeline, 400);
  assert_property (GTK_WIDGET (timeline), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, lockstep_timeline_get_text (timeline));
  g_assert_true (has_names (get_part (fixture, LOCKSTEP_TYPE_TIMELINE_PAGE)));

  app_test_wait (has_charts, fixture);
  g_action_group_activate_action (G_ACTION_GROUP (fixture->window), "show-page", g_variant_new_string ("charts"));
  app_test_wait (has_cards, fixture);
  app_test_wait_frames (GTK_WIDGET (fixture->window), 2);
  g_assert_true (has_names (get_part (fixture, LOCKSTEP_TYPE_CHARTS_PAGE)));
  assert_property (get_part (fixture, LOCKSTEP_TYPE_CHART), GTK_ACCESSIBLE_PROPERTY_LABEL, "gap");
  assert_property (get_part (fixture, LOCKSTEP_TYPE_CHART), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, "1 line from 1e-9 to 0.1");
}

static void
test_scatter (void)
{
  GtkWidget       *window = gtk_window_new ();
  LockstepScatter *scatter = lockstep_scatter_new ();
  const double     xs[] = { 0, 1, NAN, 2, 3 }, ys[] = { 5, 1, 2, 8, 4 };
  double           x, y;

  gtk_window_set_default_size (GTK_WINDOW (window), 400, 300);
  gtk_window_set_child (GTK_WINDOW (window), GTK_WIDGET (scatter));
  lockstep_scatter_set_points (scatter, xs, ys, G_N_ELEMENTS (xs), "alpha", "delay");
  gtk_window_present (GTK_WINDOW (window));
  app_test_wait_frames (window, 2);

  g_assert_false (lockstep_scatter_get_position (scatter, 2, &x, &y));
  g_assert_true (lockstep_scatter_get_position (scatter, 3, &x, &y));
  g_assert_cmpint (lockstep_scatter_find_point (scatter, x + 2, y - 2), ==, 3);
  g_assert_cmpint (lockstep_scatter_find_point (scatter, x + 40, y), ==, -1);
  lockstep_scatter_set_selected (scatter, 3);
  g_assert_cmpint (lockstep_scatter_get_selected (scatter), ==, 3);
  app_test_wait_frames (window, 2);

  /* Fewer points do not have it any more. */
  lockstep_scatter_set_points (scatter, xs, ys, 2, "alpha", "delay");
  g_assert_cmpint (lockstep_scatter_get_selected (scatter), ==, -1);
  app_test_wait_frames (window, 2);
  lockstep_scatter_set_points (scatter, NULL, NULL, 0, "alpha", "delay");
  app_test_wait_frames (window, 2);

  gtk_window_destroy (GTK_WINDOW (window));
}

/* The page of the solvers goes back to the moment, and returns. */
static void
test_solvers (Fixture      *fixture,
              gconstpointer data)
{
  LockstepMoment          *moment = lockstep_session_get_moment (fixture->session);
  GtkWidget               *page = get_part (fixture, LOCKSTEP_TYPE_SOLVERS_PAGE);
  const LockstepTraceStep *step;
  LockstepTrace           *trace;
  g_autofree char         *then = NULL;
  g_autofree char         *now = NULL;

  run (fixture, "\"fail-on-part\", \"99\"");
  app_test_wait (has_timeline, fixture);
  trace = lockstep_chronicle_get_trace (lockstep_session_get_chronicle (fixture->session));
  step = lockstep_trace_get_step (trace, 1);
  g_action_group_activate_action (G_ACTION_GROUP (fixture->window), "show-page", g_variant_new_string ("solvers"));

  /* The second step is on one of the three: the others wait. */
  lockstep_moment_set_time (moment, lockstep_trace_to_clock (trace, (step->start + step->end) / 2));
  app_test_wait_frames (GTK_WIDGET (fixture->window), 3);
  then = app_test_dup_shown (page);
  g_assert_nonnull (strstr (then, "At "));
  g_assert_nonnull (strstr (then, "waiting"));
  g_assert_null (strstr (then, "ended"));

  gtk_widget_activate_action (page, "solvers.now", NULL);
  g_assert_cmpint (lockstep_moment_get_time (moment), ==, 0);
  app_test_wait_frames (GTK_WIDGET (fixture->window), 3);
  now = app_test_dup_shown (page);
  g_assert_null (strstr (now, "At "));
  g_assert_null (strstr (now, "waiting"));
  g_assert_nonnull (strstr (now, "ended"));
}

int
main (int    argc,
      char **argv)
{
  int result;

  g_setenv ("GTK_A11Y", "test", TRUE);
  g_test_init (&argc, &argv, NULL);

  application = lockstep_application_new ();
  g_application_set_flags (G_APPLICATION (application), g_application_get_flags (G_APPLICATION (application)) | G_APPLICATION_NON_UNIQUE);
  g_assert_true (g_application_register (G_APPLICATION (application), NULL, NULL));
  g_object_set (gtk_settings_get_default (), "gtk-enable-animations", FALSE, NULL);

#define ADD(path, test) g_test_add (path, Fixture, NULL, set_up, test, tear_down)
  ADD ("/timeline/hidden", test_hidden);
  ADD ("/timeline/cursor", test_cursor);
  ADD ("/timeline/zoom", test_zoom);
  ADD ("/timeline/table", test_table);
  ADD ("/timeline/export", test_export);
  ADD ("/timeline/solvers", test_solvers);
  ADD ("/timeline/charts", test_charts);
  ADD ("/timeline/names", test_names);
  g_test_add_func ("/timeline/scatter", test_scatter);

  result = g_test_run ();
  g_object_unref (application);

  return result;
}
