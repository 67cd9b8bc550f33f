/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The keys that a widget takes while it has the focus. */

#include <string.h>

#include "lockstep-details.h"
#include "lockstep-file-lines.h"
#include "lockstep-scatter.h"
#include "lockstep-solvers-page.h"
#include "lockstep-timeline.h"
#include "lockstep-whole-log.h"
#include "window-keys.h"

/* What is to come true of a number. */
typedef struct
{
  WindowFixture *fixture;
  gint64 (*get) (WindowFixture *fixture);
  gint64 least;
  gint64 most;
} Range;

static gboolean
is_within (gpointer data)
{
  const Range *range = data;
  const gint64 value = range->get (range->fixture);

  return value >= range->least && value <= range->most;
}

/* Presses @accelerator and waits until the number is from @least to @most; returns which it is. */
static gint64
press_until (WindowFixture *fixture,
             const char    *accelerator,
             gint64 (*get) (WindowFixture *fixture),
             gint64 least,
             gint64 most)
{
  Range range = { fixture, get, least, most };

  g_assert_false (is_within (&range));
  window_keys_press (accelerator);
  app_test_wait (is_within, &range);

  return get (fixture);
}

static gboolean
has_focus (gpointer widget)
{
  return gtk_widget_has_focus (widget) || gtk_widget_get_focus_child (widget) != NULL;
}

static void
focus (GtkWidget *widget)
{
  gtk_widget_grab_focus (widget);
  app_test_wait (has_focus, widget);
}

static gint64
get_moment (WindowFixture *fixture)
{
  return lockstep_moment_get_time (lockstep_session_get_moment (fixture->session));
}

/* How long the picture is, in thousandths of what can be seen of it. */
static gint64
get_length (WindowFixture *fixture)
{
  GtkAdjustment *adjustment = gtk_scrollable_get_hadjustment (window_fixture_get (fixture, LOCKSTEP_TYPE_TIMELINE));

  return (gint64) (1000 * gtk_adjustment_get_upper (adjustment) / gtk_adjustment_get_page_size (adjustment));
}

static gboolean
is_told (gpointer data)
{
  WindowFixture *fixture = data;
  LockstepTrace *trace = lockstep_chronicle_get_trace (lockstep_session_get_chronicle (fixture->session));

  return lockstep_trace_get_n_steps (trace) == 2 && lockstep_trace_get_step (trace, 1)->end != LOCKSTEP_TRACE_OPEN &&
         window_fixture_count_in_log (fixture, "Finished") == 1;
}

static gboolean
is_laid_out (gpointer fixture)
{
  GtkWidget *timeline = window_fixture_get (fixture, LOCKSTEP_TYPE_TIMELINE);

  return gtk_widget_get_mapped (timeline) && lockstep_timeline_get_layout (LOCKSTEP_TIMELINE (timeline))->n_rows == 2 && get_length (fixture) == 1000;
}

static gboolean
tells_solver_0 (gpointer fixture)
{
  return strstr (lockstep_timeline_get_text (window_fixture_get (fixture, LOCKSTEP_TYPE_TIMELINE)), "solver 0: ") != NULL;
}

static gboolean
tells_solver_1 (gpointer fixture)
{
  return strstr (lockstep_timeline_get_text (window_fixture_get (fixture, LOCKSTEP_TYPE_TIMELINE)), "solver 1: ") != NULL;
}

static void
test_timeline (WindowFixture *fixture,
               gconstpointer  data)
{
  LockstepTrace *trace;
  gint64         begin, end, last, time, step;

  window_fixture_write_plan (fixture, 2, "\"sleep-by-part\", \"0.1\"");
  window_fixture_start (fixture);
  app_test_wait (window_fixture_is_over, fixture);
  app_test_wait (is_told, fixture);
  window_keys_press_for_page (fixture, "<Alt>5", "timeline");
  app_test_wait (is_laid_out, fixture);
  app_test_wait_frames (window_fixture_get (fixture, LOCKSTEP_TYPE_TIMELINE), 2);
  focus (window_fixture_get (fixture, LOCKSTEP_TYPE_TIMELINE));
  trace = lockstep_chronicle_get_trace (lockstep_session_get_chronicle (fixture->session));
  begin = lockstep_trace_to_clock (trace, 0);

  /* The first one from the end of the run. */
  last = press_until (fixture, "Left", get_moment, 1, G_MAXINT64);
  time = press_until (fixture, "Left", get_moment, begin, last - 1);
  step = last - time;
  time = press_until (fixture, "<Shift>Left", get_moment, begin, time - 5 * step);
  time = press_until (fixture, "Right", get_moment, time + 1, last);
  time = press_until (fixture, "<Shift>Right", get_moment, time + 5 * step, G_MAXINT64);

  /* The barriers are the ends of the steps. */
  end = lockstep_trace_to_clock (trace, lockstep_trace_get_step (trace, 0)->end);
  for (guint i = 0; i < 10 && get_moment (fixture) != begin; i++)
    press_until (fixture, "<Control>Left", get_moment, begin, get_moment (fixture) - 1);
  g_assert_cmpint (get_moment (fixture), ==, begin);
  press_until (fixture, "<Control>Right", get_moment, end, end);

  window_keys_press ("Down");
  app_test_wait (tells_solver_0, fixture);
  window_keys_press ("Down");
  app_test_wait (tells_solver_1, fixture);
  window_keys_press ("Up");
  app_test_wait (tells_solver_0, fixture);

  press_until (fixture, "plus", get_length, 1500, 1700);
  press_until (fixture, "equal", get_length, 2000, 3000);
  press_until (fixture, "minus", get_length, 1500, 1700);
  press_until (fixture, "0", get_length, 1000, 1000);
  press_until (fixture, "Escape", get_moment, 0, 0);
}

static gint64
get_point (WindowFixture *fixture)
{
  return lockstep_scatter_get_selected (window_fixture_get (fixture, LOCKSTEP_TYPE_SCATTER));
}

static gboolean
has_points (gpointer fixture)
{
  LockstepScatter *scatter = window_fixture_get (fixture, LOCKSTEP_TYPE_SCATTER);
  double           x, y;

  for (guint i = 0; i < 3; i++)
    if (!lockstep_scatter_get_position (scatter, i, &x, &y))
      return FALSE;

  return TRUE;
}

static gboolean
has_details (gpointer fixture)
{
  return window_fixture_shows (fixture, LOCKSTEP_TYPE_DETAILS, "Task 2");
}

/* The points are those of the tasks, from the left 0, 1 and 2, and from below 1, 0 and 2. */
static void
test_scatter (WindowFixture *fixture,
              gconstpointer  data)
{
  window_fixture_write_tasks (fixture, 1, "", "[ {'x': 1, 'value': 5}, {'x': 2, 'value': 3}, {'x': 3, 'value': 8} ]");
  window_fixture_start (fixture);
  app_test_wait (window_fixture_is_over, fixture);
  window_keys_press_for_page (fixture, "<Alt>3", "results");
  window_keys_press_for (fixture, "<Control><Alt>p", LOCKSTEP_TYPE_SCATTER, TRUE);
  app_test_wait (has_points, fixture);
  focus (window_fixture_get (fixture, LOCKSTEP_TYPE_SCATTER));

  press_until (fixture, "Home", get_point, 0, 0);
  press_until (fixture, "Right", get_point, 1, 1);
  press_until (fixture, "Up", get_point, 0, 0);
  press_until (fixture, "Down", get_point, 1, 1);
  press_until (fixture, "Left", get_point, 0, 0);
  press_until (fixture, "End", get_point, 2, 2);
  g_assert_false (has_details (fixture));
  window_keys_press ("Return");
  app_test_wait (has_details, fixture);
}

static GtkWidget *
get_lines (void)
{
  return app_test_find (GTK_WIDGET (window_keys_find ("LockstepWholeLog")), GTK_TYPE_LIST_VIEW);
}

/* The line that is selected, from 0. */
static gint64
get_line (WindowFixture *fixture)
{
  return gtk_single_selection_get_selected (GTK_SINGLE_SELECTION (gtk_list_view_get_model (GTK_LIST_VIEW (get_lines ()))));
}

static gint64
get_n_lines (WindowFixture *fixture)
{
  return g_list_model_get_n_items (G_LIST_MODEL (gtk_list_view_get_model (GTK_LIST_VIEW (get_lines ()))));
}

static gboolean
has_all_lines (gpointer fixture)
{
  GListModel *lines = gtk_single_selection_get_model (GTK_SINGLE_SELECTION (gtk_list_view_get_model (GTK_LIST_VIEW (get_lines ()))));

  return lockstep_file_lines_get_indexed (LOCKSTEP_FILE_LINES (lines)) >= 1 && get_n_lines (fixture) > 300;
}

/* Lines are read when they are asked for. */
static gboolean
is_line_read (gpointer fixture)
{
  LockstepFileLine *line = gtk_single_selection_get_selected_item (GTK_SINGLE_SELECTION (gtk_list_view_get_model (GTK_LIST_VIEW (get_lines ()))));

  return line != NULL && lockstep_file_line_get_text (line) != NULL;
}

static gboolean
is_searching (gpointer data)
{
  GtkWidget *focused = gtk_window_get_focus (window_keys_find ("LockstepWholeLog"));

  return focused != NULL && gtk_widget_get_ancestor (focused, GTK_TYPE_SEARCH_ENTRY) != NULL;
}

static gboolean
is_not_searching (gpointer data)
{
  return !is_searching (data);
}

static gboolean
has_copied (gpointer fixture)
{
  GdkContentProvider *content = gdk_clipboard_get_content (gtk_widget_get_clipboard (GTK_WIDGET (((WindowFixture *) fixture)->window)));
  g_auto (GValue)     value = G_VALUE_INIT;

  g_value_init (&value, G_TYPE_STRING);

  return content != NULL && gdk_content_provider_get_value (content, &value, NULL) && strlen (g_value_get_string (&value)) > 0;
}

static void
press_for_line (WindowFixture *fixture,
                const char    *accelerator,
                gint64         least,
                gint64         most)
{
  Range range = { fixture, get_line, least, most };

  g_assert_false (is_within (&range));
  window_keys_press_in ("LockstepWholeLog", accelerator);
  app_test_wait (is_within, &range);
}

static void
test_whole_log (WindowFixture *fixture,
                gconstpointer  data)
{
  gint64 match;

  window_fixture_write_plan (fixture, 1, "\"flood\", \"300\"");
  window_fixture_start (fixture);
  app_test_wait (window_fixture_is_over, fixture);
  window_keys_press ("<Shift><Control>l");
  app_test_wait (window_keys_is_shown, "LockstepWholeLog");
  app_test_wait (has_all_lines, fixture);

  focus (get_lines ());
  press_for_line (fixture, "<Control>End", get_n_lines (fixture) - 1, get_n_lines (fixture) - 1);
  press_for_line (fixture, "<Control>Home", 0, 0);
  app_test_wait (is_line_read, fixture);
  window_keys_press_in ("LockstepWholeLog", "<Control>c");
  app_test_wait (has_copied, fixture);

  /* Of the numbers, 77 and 177 and so on. */
  window_keys_press_in ("LockstepWholeLog", "<Control>f");
  app_test_wait (is_searching, fixture);
  gtk_editable_set_text (GTK_EDITABLE (app_test_find (GTK_WIDGET (window_keys_find ("LockstepWholeLog")), GTK_TYPE_SEARCH_ENTRY)), "77");
  app_test_wait (is_within, &(Range){ fixture, get_line, 1, G_MAXINT64 });
  match = get_line (fixture);
  press_for_line (fixture, "<Control>g", match + 1, G_MAXINT64);
  press_for_line (fixture, "<Shift><Control>g", match, match);

  /* From the search, and from the window. */
  window_keys_press_in ("LockstepWholeLog", "Escape");
  app_test_wait (is_not_searching, fixture);
  window_keys_press_in ("LockstepWholeLog", "Escape");
  app_test_wait (window_keys_is_gone, "LockstepWholeLog");
}

static GtkWidget *
find_menu (GtkWidget *widget)
{
  GtkWidget *found = NULL;

  if (GTK_IS_POPOVER_MENU (widget) && gtk_widget_get_mapped (widget))
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL && found == NULL; child = gtk_widget_get_next_sibling (child))
    found = find_menu (child);

  return found;
}

static gboolean
has_menu (gpointer fixture)
{
  return find_menu (window_fixture_get (fixture, LOCKSTEP_TYPE_SOLVERS_PAGE)) != NULL;
}

static gboolean
has_no_menu (gpointer fixture)
{
  return !has_menu (fixture);
}

static gboolean
has_selected (gpointer fixture)
{
  return lockstep_solvers_page_get_selected (window_fixture_get (fixture, LOCKSTEP_TYPE_SOLVERS_PAGE)) != NULL;
}

static void
test_solvers (WindowFixture *fixture,
              gconstpointer  data)
{
  static const char *const keys[] = { "Menu", "<Shift>F10" };
  GtkWidget               *page = window_fixture_get (fixture, LOCKSTEP_TYPE_SOLVERS_PAGE);

  window_fixture_write_plan (fixture, 2, "\"echo\"");
  window_fixture_start (fixture);
  app_test_wait (window_fixture_is_over, fixture);
  if (!gtk_widget_get_mapped (page))
    window_keys_press_for_page (fixture, "<Alt>2", "solvers");
  gtk_widget_grab_focus (app_test_find (page, GTK_TYPE_COLUMN_VIEW));
  window_keys_press ("Down");
  app_test_wait (has_selected, fixture);

  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    {
      g_autofree char *shown = NULL;

      window_keys_press (keys[i]);
      app_test_wait (has_menu, fixture);
      shown = app_test_dup_shown (find_menu (page));
      g_assert_nonnull (strstr (shown, "Show All That It Printed"));
      window_keys_press ("Escape");
      app_test_wait (has_no_menu, fixture);
    }
}

int
main (int    argc,
      char **argv)
{
  if (!window_keys_can_press ())
    return 0;

  window_keys_init (&argc, &argv);

  window_keys_add ("/widget-keys/timeline", test_timeline);
  window_keys_add ("/widget-keys/scatter", test_scatter);
  window_keys_add ("/widget-keys/whole-log", test_whole_log);
  window_keys_add ("/widget-keys/solvers", test_solvers);

  return window_fixture_run ();
}
