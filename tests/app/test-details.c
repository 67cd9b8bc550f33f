/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <string.h>

#include <glib/gstdio.h>

#include "lockstep-details.h"
#include "lockstep-log-view.h"
#include "lockstep-results-page.h"
#include "openers.h"
#include "window-fixture.h"

static LockstepDetails *
get_details (WindowFixture *fixture)
{
  return window_fixture_get (fixture, LOCKSTEP_TYPE_DETAILS);
}

static LockstepTrace *
get_trace (WindowFixture *fixture)
{
  return lockstep_chronicle_get_trace (lockstep_session_get_chronicle (fixture->session));
}

/* Also what keeps a session until it is done. */
static gboolean
is_read (gpointer fixture)
{
  return !lockstep_details_get_loading (get_details (fixture));
}

typedef struct
{
  WindowFixture *fixture;
  const char    *text;
} Expected;

static gboolean
is_shown (gpointer data)
{
  const Expected *expected = data;

  return is_read (expected->fixture) && window_fixture_shows (expected->fixture, LOCKSTEP_TYPE_DETAILS, expected->text);
}

static void
wait_for (WindowFixture *fixture,
          const char    *text)
{
  Expected expected = { fixture, text };

  app_test_wait (is_shown, &expected);
}

/* To be asked of what has been waited for. */
static void
assert_lacks (WindowFixture *fixture,
              const char    *text)
{
  g_assert_false (window_fixture_shows (fixture, LOCKSTEP_TYPE_DETAILS, text));
}

static gboolean
has_spans (gpointer fixture)
{
  return lockstep_trace_get_n_spans (get_trace (fixture)) >= 3 &&
         lockstep_trace_row_get_span (lockstep_trace_get_row (get_trace (fixture), 0), 2)->end != LOCKSTEP_TRACE_OPEN;
}

static gboolean
has_table (gpointer fixture)
{
  return lockstep_results_page_get_filled (window_fixture_get (fixture, LOCKSTEP_TYPE_RESULTS_PAGE));
}

/* Three tasks, one after another, on one solver; task 1 fails. */
static void
run (WindowFixture *fixture)
{
  window_fixture_write_tasks (fixture, 1, "", "[ {'value': 8, 'seconds': 0.2}, {'value': 7, 'seconds': 0.1, 'fail': 'negative depth'}, {'value': 6} ]");
  window_fixture_start (fixture);
  app_test_wait (window_fixture_is_over, fixture);
  app_test_wait (has_spans, fixture);
  app_test_wait (has_table, fixture);
  window_fixture_activate (fixture, "win.show-page::results");
  window_fixture_activate (fixture, "win.show-details");
}

/* Goes to the middle between @from and @to of the trace. */
static void
go (WindowFixture *fixture,
    gint64         from,
    gint64         to)
{
  lockstep_moment_set_time (lockstep_session_get_moment (fixture->session), lockstep_trace_to_clock (get_trace (fixture), from + (to - from) / 2));
}

static const LockstepSpan *
get_span (WindowFixture *fixture,
          guint          index)
{
  return lockstep_trace_row_get_span (lockstep_trace_get_row (get_trace (fixture), 0), index);
}

/* A solver is what it was at the moment, with what came of that, and then again what it is. */
static void
test_solver (WindowFixture *fixture,
             gconstpointer  data)
{
  g_autoptr (LockstepRunSolver) solver = NULL;

  run (fixture);
  solver = g_list_model_get_item (lockstep_run_get_solvers (lockstep_session_get_run (fixture->session)), 0);
  lockstep_details_show_solver (get_details (fixture), solver);
  wait_for (fixture, "Solver 0");
  assert_lacks (fixture, "Back to Now");
  assert_lacks (fixture, "computing");

  go (fixture, get_span (fixture, 0)->start, get_span (fixture, 0)->end);
  wait_for (fixture, ": Solver 0 · task 0 · attempt 1");
  wait_for (fixture, "At ");
  wait_for (fixture, "computing for ");
  wait_for (fixture, "done after ");
  wait_for (fixture, "Back to Now");

  go (fixture, get_span (fixture, 1)->start, get_span (fixture, 1)->end);
  wait_for (fixture, ": Solver 0 · task 1 · attempt 1");
  wait_for (fixture, "failed after ");

  window_fixture_activate (fixture, "details.now");
  g_assert_cmpint (lockstep_moment_get_time (lockstep_session_get_moment (fixture->session)), ==, 0);
  assert_lacks (fixture, "At ");
  assert_lacks (fixture, "Back to Now");
  assert_lacks (fixture, "computing");
  app_test_wait (is_read, fixture);
}

/* A task waits, is at work, and has brought what it brought, as the moment goes by. */
static void
test_task (WindowFixture *fixture,
           gconstpointer  data)
{
  run (fixture);
  lockstep_results_page_select (window_fixture_get (fixture, LOCKSTEP_TYPE_RESULTS_PAGE), 2);
  wait_for (fixture, "value 6");

  go (fixture, get_span (fixture, 0)->start, get_span (fixture, 0)->end);
  wait_for (fixture, ": Task 2\n");
  wait_for (fixture, "waiting");
  assert_lacks (fixture, "Result");

  lockstep_results_page_select (window_fixture_get (fixture, LOCKSTEP_TYPE_RESULTS_PAGE), 0);
  wait_for (fixture, "running for ");
  wait_for (fixture, "1, on solver 0");
  wait_for (fixture, "done after ");
  assert_lacks (fixture, "Result");

  go (fixture, get_span (fixture, 1)->start, get_span (fixture, 1)->end);
  wait_for (fixture, "done for ");
  wait_for (fixture, "Result\n");
  wait_for (fixture, "value 8");
  window_fixture_activate (fixture, "details.now");
  assert_lacks (fixture, ": Task 0");
  app_test_wait (is_read, fixture);
}

/* Pango would take minutes for it, in the notice and here. */
static void
test_long_line (WindowFixture *fixture,
                gconstpointer  data)
{
  g_autofree char *line = g_strnfill (1000000, 'x');
  g_autofree char *tasks = g_strdup_printf ("[ {'value': 1, 'fail': '%s'} ]", line);

  window_fixture_write_tasks (fixture, 1, "", tasks);
  window_fixture_start (fixture);
  app_test_wait (window_fixture_is_over, fixture);
  app_test_wait (has_table, fixture);
  window_fixture_activate (fixture, "win.show-page::results");
  window_fixture_activate (fixture, "win.show-details");
  lockstep_results_page_select (window_fixture_get (fixture, LOCKSTEP_TYPE_RESULTS_PAGE), 0);
  wait_for (fixture, "more characters");
  app_test_wait_frames (GTK_WIDGET (fixture->window), 3);
}

static gboolean
is_log_of_solver (gpointer fixture)
{
  return gtk_widget_get_mapped (window_fixture_get (fixture, LOCKSTEP_TYPE_LOG_VIEW)) &&
         window_fixture_shows (fixture, LOCKSTEP_TYPE_LOG_VIEW, "Solver 0");
}

/* Each button does what it says. */
static void
test_buttons (WindowFixture *fixture,
              gconstpointer  data)
{
  g_autofree char *told = NULL;

  run (fixture);
  lockstep_results_page_select (window_fixture_get (fixture, LOCKSTEP_TYPE_RESULTS_PAGE), 1);
  wait_for (fixture, "negative depth");

  window_fixture_activate (fixture, "details.open-folder");
  told = openers_dup_told ();
  g_assert_cmpstr (g_strchomp (told), ==, lockstep_run_get_directory (lockstep_session_get_run (fixture->session)));

  window_fixture_activate (fixture, "details.show-log");
  app_test_wait (is_log_of_solver, fixture);
  app_test_wait (is_read, fixture);
}

/* Of what is shown in part, all can be copied, as it is. */
static void
test_copy_whole (WindowFixture *fixture,
                 gconstpointer  data)
{
  g_autofree char *note = g_strnfill (300, 'x');
  g_autofree char *tasks = g_strdup_printf ("[ {'value': 1.50, 'note': '%s'} ]", note);
  g_autofree char *params = g_strdelimit (g_strdup_printf ("{'value': 1.50, 'note': '%s'}", note), "'", '"');
  g_autofree char *copied = NULL;

  window_fixture_write_tasks (fixture, 1, "", tasks);
  window_fixture_start (fixture);
  app_test_wait (window_fixture_is_over, fixture);
  app_test_wait (has_table, fixture);
  window_fixture_activate (fixture, "win.show-page::results");
  window_fixture_activate (fixture, "win.show-details");
  lockstep_results_page_select (window_fixture_get (fixture, LOCKSTEP_TYPE_RESULTS_PAGE), 0);
  wait_for (fixture, "Params\nvalue 1.50 · note xxx");
  assert_lacks (fixture, note);

  /* The second fact, after the state. */
  window_fixture_activate (fixture, "details.copy-fact(uint32 1)");
  copied = window_fixture_dup_clipboard (fixture);
  g_assert_cmpstr (copied, ==, params);
  app_test_wait (is_read, fixture);
}

static gboolean
is_running_0 (gpointer fixture)
{
  LockstepTaskTable *table = lockstep_results_page_get_table (window_fixture_get (fixture, LOCKSTEP_TYPE_RESULTS_PAGE));

  return table != NULL && lockstep_task_table_count (table, LOCKSTEP_TASK_RUNNING) == 1;
}

static gboolean
offers_restart (gpointer fixture)
{
  return window_fixture_shows (fixture, LOCKSTEP_TYPE_DETAILS, "Restart");
}

/* A task that is at work is begun anew; one that failed is done again in the run that is over. */
static void
test_again (WindowFixture *fixture,
            gconstpointer  data)
{
  g_autofree char   *flag = g_build_filename (fixture->folder, "flag", NULL);
  g_autofree char   *go_on = g_build_filename (fixture->folder, "go-on", NULL);
  LockstepTaskTable *table;

  g_assert_true (g_file_set_contents (flag, "", 0, NULL));
  window_fixture_write_tasks (fixture, 1, "", "[ {'value': 8, 'after': 'FOLDER/go-on'}, {'value': 7, 'fail': 'negative depth', 'while': 'FOLDER/flag'} ]");
  window_fixture_start (fixture);
  app_test_wait (is_running_0, fixture);
  window_fixture_activate (fixture, "win.show-details");
  lockstep_results_page_select (window_fixture_get (fixture, LOCKSTEP_TYPE_RESULTS_PAGE), 0);
  app_test_wait (offers_restart, fixture);
  window_fixture_activate (fixture, "details.retry");
  wait_for (fixture, "Task 0 · attempt 2");
  g_assert_true (g_file_set_contents (go_on, "", 0, NULL));
  wait_for (fixture, "done after ");
  app_test_wait (window_fixture_is_over, fixture);

  lockstep_results_page_select (window_fixture_get (fixture, LOCKSTEP_TYPE_RESULTS_PAGE), 1);
  wait_for (fixture, "negative depth");
  g_assert_cmpint (g_unlink (flag), ==, 0);
  window_fixture_activate (fixture, "details.retry");
  wait_for (fixture, "Task 1 · attempt 2");
  wait_for (fixture, "done after ");
  app_test_wait (window_fixture_is_over, fixture);
  app_test_wait (is_read, fixture);
  table = lockstep_results_page_get_table (window_fixture_get (fixture, LOCKSTEP_TYPE_RESULTS_PAGE));
  g_assert_cmpuint (lockstep_task_table_count (table, LOCKSTEP_TASK_DONE), ==, 2);
}

int
main (int    argc,
      char **argv)
{
  int result;

  openers_init ();
  window_fixture_init (&argc, &argv);

  window_fixture_add ("/details/solver", test_solver);
  window_fixture_add ("/details/task", test_task);
  window_fixture_add ("/details/long-line", test_long_line);
  window_fixture_add ("/details/buttons", test_buttons);
  window_fixture_add ("/details/copy-whole", test_copy_whole);
  window_fixture_add ("/details/again", test_again);

  result = window_fixture_run ();
  openers_end ();

  return result;
}
