/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-host-score.h"

/* @n_failures tasks fail on @host. */
static void
fail (LockstepHostScore *score,
      guint              host,
      guint              n_failures)
{
  for (guint i = 0; i < n_failures; i++)
    {
      g_autofree char *reason = g_strdup_printf ("reason %u", i);

      lockstep_host_score_fail (score, host, reason);
    }
}

static void
test_five_failures (void)
{
  g_autoptr (LockstepHostScore) score = lockstep_host_score_new (2);

  lockstep_host_score_succeed (score, 0);
  g_assert_cmpstr (lockstep_host_score_get_reason (score, 1), ==, NULL);
  fail (score, 1, 4);
  g_assert_false (lockstep_host_score_is_bad (score, 1));
  fail (score, 1, 1);
  g_assert_true (lockstep_host_score_is_bad (score, 1));
  g_assert_false (lockstep_host_score_is_bad (score, 0));
}

/* Where nothing succeeds anywhere, no host is to blame; that may change. */
static void
test_others_come_later (void)
{
  g_autoptr (LockstepHostScore) score = lockstep_host_score_new (3);

  fail (score, 1, 50);
  g_assert_false (lockstep_host_score_is_bad (score, 1));
  g_assert_cmpstr (lockstep_host_score_get_reason (score, 1), ==, "reason 49");
  lockstep_host_score_succeed (score, 2);
  g_assert_true (lockstep_host_score_is_bad (score, 1));
  g_assert_false (lockstep_host_score_is_bad (score, 0));
}

static void
test_first_tasks_only (void)
{
  g_autoptr (LockstepHostScore) score = lockstep_host_score_new (2);

  lockstep_host_score_succeed (score, 0);
  fail (score, 1, 3);
  lockstep_host_score_succeed (score, 1);
  fail (score, 1, 100);
  g_assert_false (lockstep_host_score_is_bad (score, 1));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/host-score/five-failures", test_five_failures);
  g_test_add_func ("/host-score/others-come-later", test_others_come_later);
  g_test_add_func ("/host-score/first-tasks-only", test_first_tasks_only);

  return g_test_run ();
}
