/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a glance at the window tells: the line above its pages, the notice below it, and the action that fits. */

#include <string.h>

#include "lockstep-notice.h"
#include "lockstep-sidebar.h"
#include "lockstep-status-strip.h"
#include "window-fixture.h"

/* What the strip is to show next. */
typedef struct
{
  WindowFixture *fixture;
  const char    *text;
} Expected;

static gboolean
is_said (gpointer data)
{
  const Expected *expected = data;

  return window_fixture_shows (expected->fixture, LOCKSTEP_TYPE_STATUS_STRIP, expected->text);
}

static void
wait_for (WindowFixture *fixture,
          const char    *text)
{
  app_test_wait (is_said, &(Expected){ fixture, text });
}

/* @text is a plan, with ' for ", and SOLVER, MARK and FOLDER for what these are. */
static void
write_plan (WindowFixture *fixture,
            const char    *text)
{
  g_autoptr (GString) plan = g_string_new (text);

  g_string_replace (plan, "'", "\"", 0);
  g_string_replace (plan, "SOLVER", g_getenv ("LOCKSTEP_FAKE_SOLVER"), 0);
  g_string_replace (plan, "MARK", fixture->mark, 0);
  g_string_replace (plan, "FOLDER", fixture->folder, 0);
  g_assert_true (g_file_set_contents (fixture->path, plan->str, -1, NULL));
}

static char *
dup_path (WindowFixture *fixture,
          const char    *name)
{
  return g_build_filename (fixture->folder, name, NULL);
}

static gboolean
is_there (gpointer path)
{
  g_autofree char *text = NULL;

  return g_file_get_contents (path, &text, NULL, NULL) && g_str_has_suffix (text, "\n");
}

/* A task is tried in a terminal: here, one that only writes down what it was to run. */
static void
test_idle (WindowFixture *fixture,
           gconstpointer  data)
{
  g_autofree char *ran = dup_path (fixture, "ran");
  g_autofree char *script = g_strdup_printf ("#!/bin/sh\necho \"$@\" > %s.new\nmv %s.new %s\n", ran, ran, ran);
  g_autofree char *path = g_strconcat (fixture->folder, ":", g_getenv ("PATH"), NULL);
  g_autofree char *before = g_strdup (g_getenv ("PATH"));
  g_autofree char *xdg = dup_path (fixture, "xdg-terminal-exec");
  g_autofree char *arguments = NULL;
  g_autofree char *expected = g_strdup_printf ("try --wait %s\n", fixture->path);

  write_plan (fixture, "{ 'lockstep': 1, 'name': 'Test', 'solvers': 2, 'solver': { 'command': ['SOLVER', 'echo', 'MARK'], 'threads': 2 },"
                       "  'steps': [ { 'step': 'work', 'tasks': 1200 } ] }");
  window_fixture_open (fixture);
  wait_for (fixture, "Not started · 1,200 tasks × 2 threads, 2 solvers here\n");
  g_assert_true (window_fixture_shows (fixture, LOCKSTEP_TYPE_STATUS_STRIP, "Try One Task"));

  g_assert_true (g_file_set_contents_full (xdg, script, -1, G_FILE_SET_CONTENTS_NONE, 0755, NULL));
  g_setenv ("PATH", path, TRUE);
  window_fixture_activate (fixture, "win.try-task");
  app_test_wait (is_there, ran);
  g_setenv ("PATH", before, TRUE);
  g_assert_true (g_file_get_contents (ran, &arguments, NULL, NULL));
  g_assert_true (g_str_has_suffix (arguments, expected));
}

static gboolean
is_row_paused (gpointer data)
{
  return window_fixture_shows (data, LOCKSTEP_TYPE_SIDEBAR, "\npaused");
}

static gboolean
is_told_left_by_hand (gpointer data)
{
  return window_fixture_count_in_log (data, "Finished; a loop was left by hand") == 1;
}

/* A loop is left at the end of its iteration, and that is said. */
static void
test_loop (WindowFixture *fixture,
           gconstpointer  data)
{
  write_plan (fixture, "{ 'lockstep': 1, 'name': 'Test', 'solvers': 1, 'solver': { 'command': ['SOLVER', 'tally', 'FOLDER/list', '0.3', 'MARK'] },"
                       "  'steps': [ { 'repeat': 500, 'until': 'gap < 1e-200', 'steps': ["
                       "    { 'step': 'work', 'on': 'all' }, { 'step': 'gather', 'on': 'one' } ] } ] }");
  window_fixture_start (fixture);
  wait_for (fixture, "Stop Iterating");
  g_assert_true (window_fixture_shows (fixture, LOCKSTEP_TYPE_STATUS_STRIP, "\nat most 500\n"));
  g_assert_true (window_fixture_is_enabled (fixture, "stop-iterating"));
  g_assert_false (window_fixture_is_enabled (fixture, "try-task"));

  /* Paused, so that there is time to look. */
  window_fixture_activate (fixture, "win.pause");
  wait_for (fixture, "Paused · Iteration ");
  g_assert_true (window_fixture_shows (fixture, LOCKSTEP_TYPE_STATUS_STRIP, "Continue"));
  window_fixture_activate (fixture, "win.stop-iterating");
  wait_for (fixture, "\nthe last one\n");
  g_assert_false (window_fixture_is_enabled (fixture, "stop-iterating"));
  app_test_wait (is_row_paused, fixture);
  window_fixture_activate (fixture, "win.pause");
  app_test_wait (window_fixture_is_over, fixture);
  wait_for (fixture, "“gap < 1e-200” was not reached · gap ");
  app_test_wait (is_told_left_by_hand, fixture);
  g_assert_true (window_fixture_shows (fixture, LOCKSTEP_TYPE_STATUS_STRIP, "Export…"));
}

/* What is read again is as if memory had run out for solvers of 6 GB where 16 were to be had. */
static void
write_memory (WindowFixture *fixture)
{
  g_autofree char    *journal = g_build_filename (lockstep_run_get_directory (lockstep_session_get_run (fixture->session)),
                                                  "journal.jsonl", NULL);
  g_autoptr (GRegex)  memory = g_regex_new ("(\"cpus\":\\d+,\"memory\":)\\d+", 0, 0, NULL);
  g_autoptr (GRegex)  peak = g_regex_new ("\"peak\":\\d+", 0, 0, NULL);
  g_autofree char    *text = NULL;
  g_autofree char    *with_memory = NULL;
  g_autofree char    *with_peak = NULL;
  g_autoptr (GString) out = NULL;
  g_autoptr (GError)  error = NULL;

  g_assert_true (g_file_get_contents (journal, &text, NULL, NULL));
  with_memory = g_regex_replace (memory, text, -1, 0, "\\g<1>16000000000", 0, &error);
  g_assert_no_error (error);
  with_peak = g_regex_replace (peak, with_memory, -1, 0, "\"peak\":6000000000", 0, &error);
  g_assert_no_error (error);
  out = g_string_new (with_peak);
  g_assert_cmpuint (g_string_replace (out, "\"cause\":\"step-error\"", "\"cause\":\"memory\"", 0), >, 0);
  g_assert_true (g_file_set_contents (journal, out->str, -1, NULL));
}

static gboolean
is_fitting (gpointer data)
{
  return window_fixture_shows (data, LOCKSTEP_TYPE_NOTICE, "2 solvers fit in memory.");
}

/* A run that memory ran out for goes on with as many solvers as have room. */
static void
test_memory (WindowFixture *fixture,
             gconstpointer  data)
{
  g_autofree char *list = dup_path (fixture, "list");
  g_autofree char *directory = NULL;
  const char      *text;

  g_assert_true (g_file_set_contents (list, "0\n1\n2\n3\n", -1, NULL));
  write_plan (fixture, "{ 'lockstep': 1, 'name': 'Test', 'solvers': 4, 'retries': 0,"
                       "  'solver': { 'command': ['SOLVER', 'tally', 'FOLDER/list', '0', 'MARK'] },"
                       "  'steps': [ { 'step': 'work', 'on': 'all' }, { 'step': 'gather', 'on': 'one' } ] }");
  window_fixture_start (fixture);
  app_test_wait (window_fixture_is_over, fixture);
  wait_for (fixture, "Failed in step work · ");
  g_assert_true (window_fixture_shows (fixture, LOCKSTEP_TYPE_NOTICE, "Resume"));
  g_assert_false (window_fixture_shows (fixture, LOCKSTEP_TYPE_NOTICE, "Resume With"));

  write_memory (fixture);
  directory = g_strdup (lockstep_run_get_directory (lockstep_session_get_run (fixture->session)));
  /* With another plan the session forgets what it has of the run. */
  g_free (fixture->path);
  fixture->path = dup_path (fixture, "other.lockstep");
  write_plan (fixture, "{ 'lockstep': 1, 'solver': { 'command': ['SOLVER', 'echo'] }, 'steps': [ { 'step': 'work', 'on': 'one' } ] }");
  window_fixture_open (fixture);
  lockstep_session_show_run (fixture->session, directory);
  app_test_wait (window_fixture_is_loaded, fixture);
  app_test_wait (is_fitting, fixture);
  text = lockstep_notice_get_text (window_fixture_get (fixture, LOCKSTEP_TYPE_NOTICE));
  g_assert_nonnull (strstr (text, "was killed, probably out of memory, after 1 attempt (4 × 6"));
  g_assert_true (window_fixture_shows (fixture, LOCKSTEP_TYPE_NOTICE, "Resume With 2"));

  g_assert_true (g_file_set_contents (list, "", -1, NULL));
  window_fixture_activate (fixture, "win.resume-with(uint32 2)");
  app_test_wait (window_fixture_is_live, fixture);
  app_test_wait (window_fixture_is_over, fixture);
  g_assert_cmpint (window_fixture_get_state (fixture), ==, LOCKSTEP_RUN_FINISHED);
  g_assert_cmpuint (lockstep_run_get_n_solvers (lockstep_session_get_run (fixture->session)), ==, 2);
}

int
main (int    argc,
      char **argv)
{
  window_fixture_init (&argc, &argv);

  window_fixture_add ("/strip/idle", test_idle);
  window_fixture_add ("/strip/loop", test_loop);
  window_fixture_add ("/strip/memory", test_memory);

  return window_fixture_run ();
}
