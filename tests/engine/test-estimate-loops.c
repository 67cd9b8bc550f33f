/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-estimate.h"

#include "run-fixture.h"

/* Times of synthetic events, in µs: any moment will do. */
#define EPOCH (G_GINT64_CONSTANT (1700000000) * G_USEC_PER_SEC)

static gint64
at (double seconds)
{
  return EPOCH + (gint64) (seconds * G_USEC_PER_SEC);
}

static LockstepPlan *
make_steps (const char *steps)
{
  return make_plan ("{'lockstep':1,'name':'x','solver':{'command':['true']},'steps':%s}", steps);
}

static LockstepEstimate *
start (LockstepPlan *plan)
{
  LockstepEstimate *estimate = lockstep_estimate_new (plan);

  lockstep_estimate_start (estimate, at (0));

  return estimate;
}

/* Does iteration @iteration of a loop over two steps, of @first and @second seconds. */
static void
iterate (LockstepEstimate *estimate,
         LockstepPlan     *plan,
         guint             iteration,
         double           *time,
         double            first,
         double            second)
{
  const double seconds[] = { first, second };

  for (guint i = 0; i < 2; i++)
    {
      lockstep_estimate_begin_step (estimate, lockstep_plan_get_step (plan, i + 1), &iteration, 1, 1, 0, at (*time));
      lockstep_estimate_begin_task (estimate, 0, 2 * iteration + i, at (*time));
      *time += seconds[i];
      lockstep_estimate_end_task (estimate, 0, 2 * iteration + i, TRUE, at (*time));
      lockstep_estimate_end_step (estimate, at (*time));
    }
}

static LockstepEstimateScope
ask_in_loop (const char *steps,
             double      seconds,
             double     *low,
             double     *high)
{
  g_autoptr (LockstepPlan) plan = make_steps (steps);
  LockstepEstimate        *estimate = start (plan);
  LockstepEstimateScope    scope;
  double                   time = 0;
  const guint              third = 3;

  lockstep_estimate_begin_step (estimate, lockstep_plan_get_step (plan, 1), &third, 1, 1, 0, at (0));
  lockstep_estimate_begin_task (estimate, 0, 0, at (0));
  g_assert_false (lockstep_estimate_get (estimate, at (seconds / 2), low, high));
  lockstep_estimate_start (estimate, at (seconds / 2));

  for (guint i = 1; i <= 2; i++)
    iterate (estimate, plan, i, &time, seconds, 2 * seconds);
  lockstep_estimate_begin_step (estimate, lockstep_plan_get_step (plan, 1), &third, 1, 1, 0, at (time));
  lockstep_estimate_begin_task (estimate, 0, 6, at (time));
  scope = lockstep_estimate_get (estimate, at (time + seconds / 2), low, high);
  lockstep_estimate_free (estimate);

  return scope;
}

/* Of loops that just count, what is left is the iterations that are left, as the last ones were. */
static void
test_loop (void)
{
  double low, high;

  /* Of the third iteration 2.5 × 7 s, and 8 more iterations of 21 s. */
  g_assert_cmpint (ask_in_loop ("[{'repeat':11,'steps':[{'step':'a','on':'all'},{'step':'b','on':'one'}]}]", 7, &low, &high),
                   ==, LOCKSTEP_ESTIMATE_RUN);
  g_assert_cmpfloat (low, <=, 185.5);
  g_assert_cmpfloat (high, >=, 185.5);
  g_assert_cmpfloat (high / low, <, 2);

  /* The same, but another step follows that was never done. */
  g_assert_cmpint (ask_in_loop ("[{'repeat':11,'steps':[{'step':'a','on':'all'},{'step':'b','on':'one'}]},"
                                "{'step':'c','on':'one'}]",
                                7, &low, &high),
                   ==, LOCKSTEP_ESTIMATE_LOOP);
  g_assert_cmpfloat (low, <=, 185.5);
  g_assert_cmpfloat (high, >=, 185.5);

  /* How often a loop with an until comes round nobody knows: the step alone. */
  g_assert_cmpint (ask_in_loop ("[{'repeat':11,'until':'gap < 1','steps':[{'step':'a','on':'all'},{'step':'b','on':'one'}]}]",
                                7, &low, &high),
                   ==, LOCKSTEP_ESTIMATE_STEP);
  g_assert_cmpfloat (low, <=, 3.5);
  g_assert_cmpfloat (high, >=, 3.5);
  g_assert_cmpfloat (high, <, 10);

  /* Of a step of 2 s in such a loop nothing is told. */
  g_assert_cmpint (ask_in_loop ("[{'repeat':11,'until':'gap < 1','steps':[{'step':'a','on':'all'},{'step':'b','on':'one'}]}]",
                                2, &low, &high),
                   ==, LOCKSTEP_ESTIMATE_NONE);
}

/* 1,000 iterations of 10 ms: an estimate after two seconds. */
static void
test_fast_loop (void)
{
  g_autoptr (LockstepPlan) plan = make_steps ("[{'repeat':1000,'steps':[{'step':'a','on':'all'},{'step':'b','on':'one'}]}]");
  LockstepEstimate        *estimate = start (plan);
  double                   time = 0, low, high;

  for (guint i = 1; i < 1000; i++)
    {
      const guint next = i + 1;
      guint       n_made;

      iterate (estimate, plan, i, &time, 0.004, 0.006);
      lockstep_estimate_get_made (estimate, &n_made);
      g_assert_cmpuint (n_made, ==, 0);
      lockstep_estimate_begin_step (estimate, lockstep_plan_get_step (plan, 1), &next, 1, 1, 0, at (time));
      if (time < 1.995)
        {
          g_assert_false (lockstep_estimate_get (estimate, at (time), &low, &high));
        }
      else if (time > 2.005)
        {
          g_assert_cmpint (lockstep_estimate_get (estimate, at (time), &low, &high), ==, LOCKSTEP_ESTIMATE_RUN);
          g_assert_cmpfloat (low, <=, 10 - time);
          g_assert_cmpfloat (high, >=, 10 - time);
          g_assert_cmpfloat (high, <, 1.5 * (10 - time));
        }
    }
  lockstep_estimate_free (estimate);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/estimate-loops/loop", test_loop);
  g_test_add_func ("/estimate-loops/fast-loop", test_fast_loop);

  return g_test_run ();
}
