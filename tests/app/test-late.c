/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <string.h>

#include "lockstep-notice.h"
#include "window-fixture.h"

static LockstepNotice *
get_notice (WindowFixture *fixture)
{
  return window_fixture_get (fixture, LOCKSTEP_TYPE_NOTICE);
}

static gboolean
is_late (gpointer data)
{
  const char *text = lockstep_notice_get_text (get_notice (data));

  return text != NULL && strstr (text, " late: ") != NULL;
}

static gboolean
is_not_late (gpointer data)
{
  return !is_late (data);
}

static gboolean
is_enabled (WindowFixture *fixture,
            const char    *action)
{
  return g_action_group_get_action_enabled (lockstep_notice_get_actions (get_notice (fixture)), action);
}

/* Who is late is named, and the choice helps. */
static void
test_late (WindowFixture *fixture,
           gconstpointer  data)
{
  window_fixture_write_tasks (fixture, 2, "'stall': '5 min',",
                              "[ {'value': 1, 'seconds': 0.1}, {'value': 2, 'seconds': 0.1}, {'value': 3, 'hang': true, 'until': 1} ]");
  window_fixture_start (fixture);
  app_test_wait (is_late, fixture);
  g_assert_nonnull (strstr (lockstep_notice_get_text (get_notice (fixture)), " lost. "));
  g_assert_nonnull (strstr (lockstep_notice_get_text (get_notice (fixture)), "(plan: silent 5 min)"));
  g_assert_true (is_enabled (fixture, "duplicate"));
  g_assert_true (is_enabled (fixture, "skip"));

  /* Whoever wants to wait is left in peace. */
  window_fixture_activate (fixture, "late.wait");
  app_test_wait (is_not_late, fixture);
  g_assert_false (is_enabled (fixture, "duplicate"));
  lockstep_helm_terminate (lockstep_session_get_helm (fixture->session), LOCKSTEP_STOP_KILL);
  app_test_wait (window_fixture_is_over, fixture);

  window_fixture_write_tasks (fixture, 2, "",
                              "[ {'value': 1, 'seconds': 0.1}, {'value': 2, 'seconds': 0.1}, {'value': 3, 'hang': true} ]");
  window_fixture_start (fixture);
  app_test_wait (is_late, fixture);
  window_fixture_activate (fixture, "late.skip");
  app_test_wait (window_fixture_is_over, fixture);
  g_assert_cmpint (window_fixture_get_state (fixture), ==, LOCKSTEP_RUN_FINISHED);
  g_assert_null (lockstep_notice_get_text (get_notice (fixture)));
}

int
main (int    argc,
      char **argv)
{
  window_fixture_init (&argc, &argv);

  window_fixture_add ("/late/late", test_late);

  return window_fixture_run ();
}
