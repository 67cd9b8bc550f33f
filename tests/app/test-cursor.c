/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The moment that one goes back to in the timeline, with the pointer and with keys, and what the window shows of it. */

#include <string.h>

#include "lockstep-details.h"
#include "lockstep-log-view.h"
#include "lockstep-solvers-page.h"
#include "lockstep-timeline-page.h"
#include "lockstep-timeline.h"
#include "window-keys.h"

static LockstepTrace *
get_trace (WindowFixture *fixture)
{
  return lockstep_chronicle_get_trace (lockstep_session_get_chronicle (fixture->session));
}

static LockstepTimeline *
get_timeline (WindowFixture *fixture)
{
  return window_fixture_get (fixture, LOCKSTEP_TYPE_TIMELINE);
}

/* Where in the trace one is; −1 for now. */
static gint64
get_time (WindowFixture *fixture)
{
  const gint64 time = lockstep_moment_get_time (lockstep_session_get_moment (fixture->session));

  return time != 0 ? lockstep_trace_from_clock (get_trace (fixture), time) : -1;
}

static gboolean
is_past (gpointer fixture)
{
  return get_time (fixture) >= 0;
}

static gboolean
is_now (gpointer fixture)
{
  return get_time (fixture) < 0;
}

/* The work of solver 1 in the first step. */
static const LockstepSpan *
get_span (WindowFixture *fixture)
{
  return lockstep_trace_row_get_span (lockstep_trace_get_row (get_trace (fixture), 1), 0);
}

static gboolean
is_told (gpointer fixture)
{
  return lockstep_trace_get_n_steps (get_trace (fixture)) == 2 && lockstep_trace_get_step (get_trace (fixture), 1)->end != LOCKSTEP_TRACE_OPEN &&
         window_fixture_count_in_log (fixture, "Finished") == 1;
}

static gboolean
is_laid_out (gpointer fixture)
{
  const LockstepTimelineLayout *layout = lockstep_timeline_get_layout (get_timeline (fixture));

  return gtk_widget_get_mapped (GTK_WIDGET (get_timeline (fixture))) && layout->n_rows == 2 && lockstep_timeline_get_fitting (get_timeline (fixture)) &&
         lockstep_timeline_layout_to_x (layout, lockstep_trace_get_step (get_trace (fixture), 1)->end) <= gtk_widget_get_width (GTK_WIDGET (get_timeline (fixture)));
}

/* A run of two solvers, and Details of solver 1. */
static void
run (WindowFixture *fixture)
{
  g_autoptr (LockstepRunSolver) solver = NULL;

  window_fixture_write_plan (fixture, 2, "\"sleep-by-part\", \"0.2\"");
  window_fixture_start (fixture);
  app_test_wait (window_fixture_is_over, fixture);
  app_test_wait (is_told, fixture);
  solver = g_list_model_get_item (lockstep_run_get_solvers (lockstep_session_get_run (fixture->session)), 1);
  lockstep_details_show_solver (window_fixture_get (fixture, LOCKSTEP_TYPE_DETAILS), solver);
}

/* Clicks into the middle of what solver 1 did first. */
static void
click_work (WindowFixture *fixture)
{
  const LockstepTimelineLayout *layout = lockstep_timeline_get_layout (get_timeline (fixture));
  const LockstepSpan           *span = get_span (fixture);

  app_test_wait (is_laid_out, fixture);
  app_test_wait_frames (GTK_WIDGET (get_timeline (fixture)), 2);
  window_keys_click (GTK_WIDGET (get_timeline (fixture)), lockstep_timeline_layout_to_x (layout, span->start + (span->end - span->start) / 2),
                     gtk_widget_get_height (GTK_WIDGET (get_timeline (fixture))) / 2.0);
  app_test_wait (is_past, fixture);
  g_assert_cmpint (get_time (fixture), >, span->start);
  g_assert_cmpint (get_time (fixture), <, span->end);
}

static GtkTextBuffer *
get_log (WindowFixture *fixture)
{
  return GTK_TEXT_BUFFER (lockstep_log_view_get_buffer (window_fixture_get (fixture, LOCKSTEP_TYPE_LOG_VIEW)));
}

/* The line of the log that is marked; NULL for none. */
static char *
dup_marked (WindowFixture *fixture)
{
  GtkTextBuffer *log = get_log (fixture);
  GtkTextTag    *tag = gtk_text_tag_table_lookup (gtk_text_buffer_get_tag_table (log), "moment");
  GtkTextIter    start, end;

  gtk_text_buffer_get_start_iter (log, &start);
  if (!gtk_text_iter_starts_tag (&start, tag) && !gtk_text_iter_forward_to_tag_toggle (&start, tag))
    return NULL;
  end = start;
  gtk_text_iter_forward_to_line_end (&end);

  return gtk_text_buffer_get_text (log, &start, &end, FALSE);
}

/* What came last before that. */
static gboolean
is_log_at_work (gpointer fixture)
{
  g_autofree char *line = dup_marked (fixture);

  return line != NULL && strstr (line, "Step “work” started") != NULL;
}

static gboolean
is_log_now (gpointer fixture)
{
  g_autofree char *line = dup_marked (fixture);

  return line == NULL && lockstep_log_view_get_following (window_fixture_get (fixture, LOCKSTEP_TYPE_LOG_VIEW));
}

static gboolean
are_solvers_at_work (gpointer fixture)
{
  return window_fixture_shows (fixture, LOCKSTEP_TYPE_SOLVERS_PAGE, "At ") && window_fixture_is_computing (fixture) &&
         !window_fixture_shows (fixture, LOCKSTEP_TYPE_SOLVERS_PAGE, "ended");
}

static gboolean
are_solvers_now (gpointer fixture)
{
  return !window_fixture_shows (fixture, LOCKSTEP_TYPE_SOLVERS_PAGE, "At ") && !window_fixture_is_computing (fixture) &&
         window_fixture_shows (fixture, LOCKSTEP_TYPE_SOLVERS_PAGE, "ended");
}

static gboolean
are_details_at_work (gpointer fixture)
{
  return window_fixture_shows (fixture, LOCKSTEP_TYPE_DETAILS, ": Solver 1") && window_fixture_shows (fixture, LOCKSTEP_TYPE_DETAILS, "computing for ") &&
         window_fixture_shows (fixture, LOCKSTEP_TYPE_DETAILS, "Back to Now");
}

static gboolean
are_details_now (gpointer fixture)
{
  return window_fixture_shows (fixture, LOCKSTEP_TYPE_DETAILS, "Solver 1") && !window_fixture_shows (fixture, LOCKSTEP_TYPE_DETAILS, "computing for ") &&
         !window_fixture_shows (fixture, LOCKSTEP_TYPE_DETAILS, "Back to Now");
}

/* What the window shows goes to the moment, and back with Escape. */
static void
test_follow (WindowFixture *fixture,
             gconstpointer  data)
{
  run (fixture);
  window_keys_press_for_page (fixture, "<Alt>5", "timeline");
  click_work (fixture);
  g_assert_true (gtk_widget_has_focus (GTK_WIDGET (get_timeline (fixture))));
  g_assert_nonnull (strstr (lockstep_timeline_get_text (get_timeline (fixture)), "of 2 solvers computing"));
  app_test_wait (is_log_at_work, fixture);
  window_keys_press_for (fixture, "<Control>i", LOCKSTEP_TYPE_DETAILS, TRUE);
  app_test_wait (are_details_at_work, fixture);
  window_keys_press_for_page (fixture, "<Alt>2", "solvers");
  app_test_wait (are_solvers_at_work, fixture);

  gtk_widget_grab_focus (app_test_find (window_fixture_get (fixture, LOCKSTEP_TYPE_SOLVERS_PAGE), GTK_TYPE_COLUMN_VIEW));
  window_keys_press ("Escape");
  app_test_wait (is_now, fixture);
  app_test_wait (are_solvers_now, fixture);
  app_test_wait (are_details_now, fixture);
  window_keys_press_for (fixture, "<Control>l", LOCKSTEP_TYPE_LOG_VIEW, TRUE);
  app_test_wait (is_log_now, fixture);
  g_assert_null (lockstep_timeline_get_text (get_timeline (fixture)));
}

/* A button that does @action; NULL for none that can be seen. */
static GtkWidget *
find_button (GtkWidget  *widget,
             const char *action)
{
  GtkWidget *found = NULL;

  if (GTK_IS_BUTTON (widget) && gtk_widget_get_mapped (widget) && g_strcmp0 (gtk_actionable_get_action_name (GTK_ACTIONABLE (widget)), action) == 0)
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL && found == NULL; child = gtk_widget_get_next_sibling (child))
    found = find_button (child, action);

  return found;
}

static GtkWidget *
get_button (WindowFixture *fixture,
            const char    *action)
{
  return find_button (GTK_WIDGET (fixture->window), action);
}

static gboolean
has_now (gpointer fixture)
{
  GtkWidget *button = get_button (fixture, "timeline.now");

  return button != NULL && gtk_widget_get_sensitive (button) && gtk_widget_get_width (button) > 0;
}

static gboolean
has_details_now (gpointer fixture)
{
  GtkWidget *button = get_button (fixture, "details.now");

  return button != NULL && gtk_widget_get_width (button) > 0;
}

static void
click_button (WindowFixture *fixture,
              const char    *action)
{
  GtkWidget *button = get_button (fixture, action);

  app_test_wait_frames (button, 2);
  window_keys_click (button, gtk_widget_get_width (button) / 2.0, gtk_widget_get_height (button) / 2.0);
}

/* The ways back: the button above the timeline, that of Details, and Escape in the timeline. */
static void
test_back (WindowFixture *fixture,
           gconstpointer  data)
{
  run (fixture);
  window_keys_press_for_page (fixture, "<Alt>5", "timeline");
  click_work (fixture);
  app_test_wait (has_now, fixture);
  click_button (fixture, "timeline.now");
  app_test_wait (is_now, fixture);
  app_test_wait (is_log_now, fixture);

  click_work (fixture);
  app_test_wait (is_log_at_work, fixture);
  window_keys_press ("Escape");
  app_test_wait (is_now, fixture);
  app_test_wait (is_log_now, fixture);

  window_keys_press_for (fixture, "<Control>i", LOCKSTEP_TYPE_DETAILS, TRUE);
  click_work (fixture);
  app_test_wait (are_details_at_work, fixture);
  app_test_wait (has_details_now, fixture);
  click_button (fixture, "details.now");
  app_test_wait (is_now, fixture);
  app_test_wait (are_details_now, fixture);
}

int
main (int    argc,
      char **argv)
{
  if (!window_keys_can_press ())
    return 0;

  window_keys_init (&argc, &argv);

  window_keys_add ("/cursor/follow", test_follow);
  window_keys_add ("/cursor/back", test_back);

  return window_fixture_run ();
}
