/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-estimate.h"

#include <math.h>

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

/* What the estimates of a step were worth, asked a hundred times. */
typedef struct
{
  guint  n_shown;
  guint  n_right;     /* the truth lay in the range */
  double first_shown; /* s */
  double widest;      /* high / low */
  double end;         /* s; how long the step took */
} Verdict;

static int
compare_doubles (gconstpointer a,
                 gconstpointer b)
{
  const double first = *(const double *) a, second = *(const double *) b;

  return (first > second) - (first < second);
}

/* Asks at @now. */
static void
judge (LockstepEstimate *estimate,
       double            now,
       Verdict          *verdict)
{
  double low, high;

  if (lockstep_estimate_get (estimate, at (now), &low, &high) == LOCKSTEP_ESTIMATE_NONE)
    return;

  g_assert_cmpfloat (low, >=, 0);
  g_assert_cmpfloat (high, >=, low);
  if (verdict->n_shown++ == 0)
    verdict->first_shown = now;
  verdict->n_right += low <= verdict->end - now && verdict->end - now <= high;
  if (low > 0)
    verdict->widest = MAX (verdict->widest, high / low);
}

/* Shares tasks of those @durations (s) out over solvers, each to the next that is free, and judges what the estimate says
 * meanwhile. */
static Verdict
share_out (LockstepEstimate *estimate,
           guint             n_solvers,
           const double     *durations,
           guint             n_tasks)
{
  g_autofree double *free_at = g_new0 (double, n_solvers);
  g_autofree gint64 *tasks = g_new (gint64, n_solvers);
  Verdict            verdict = { 0 };
  guint              next = 0, asked = 0;

  for (guint i = 0; i < n_tasks; i++)
    {
      qsort (free_at, n_solvers, sizeof *free_at, compare_doubles);
      free_at[0] += durations[i];
    }
  for (guint i = 0; i < n_solvers; i++)
    verdict.end = MAX (verdict.end, free_at[i]);

  for (guint i = 0; i < n_solvers; i++)
    {
      free_at[i] = INFINITY;
      tasks[i] = -1;
      if (next < n_tasks)
        {
          lockstep_estimate_begin_task (estimate, i, next, at (0));
          free_at[i] = durations[next];
          tasks[i] = next++;
        }
    }
  for (;;)
    {
      guint first = 0;

      for (guint i = 1; i < n_solvers; i++)
        if (free_at[i] < free_at[first])
          first = i;
      if (isinf (free_at[first]))
        return verdict;

      /* Right before the moment, so that nothing has ended at it yet. */
      for (; asked < 100 && asked * verdict.end / 100 <= free_at[first]; asked++)
        judge (estimate, asked * verdict.end / 100, &verdict);

      lockstep_estimate_end_task (estimate, first, tasks[first], TRUE, at (free_at[first]));
      if (next < n_tasks)
        {
          lockstep_estimate_begin_task (estimate, first, next, at (free_at[first]));
          free_at[first] += durations[next];
          tasks[first] = next++;
        }
      else
        {
          free_at[first] = INFINITY;
        }
    }
}

static Verdict
judge_tasks (guint         n_solvers,
             const double *durations,
             guint         n_tasks)
{
  g_autoptr (LockstepPlan) plan = make_steps ("[{'step':'work','tasks':9}]");
  LockstepEstimate        *estimate = start (plan);
  Verdict                  verdict;

  lockstep_estimate_begin_step (estimate, lockstep_plan_get_step (plan, 0), NULL, 0, n_tasks, 0, at (0));
  verdict = share_out (estimate, n_solvers, durations, n_tasks);
  lockstep_estimate_free (estimate);

  return verdict;
}

/* All alike: the truth is always in the range, and the range is narrow. */
static void
test_uniform (void)
{
  static const guint n_solvers[] = { 1, 2, 8 };

  for (guint k = 0; k < G_N_ELEMENTS (n_solvers); k++)
    {
      double  durations[200];
      Verdict verdict;

      for (guint i = 0; i < G_N_ELEMENTS (durations); i++)
        durations[i] = 3;
      verdict = judge_tasks (n_solvers[k], durations, G_N_ELEMENTS (durations));
      g_test_message ("%u solvers: shown %u, right %u, from %.1f s of %.1f, widest %.2f", n_solvers[k], verdict.n_shown,
                      verdict.n_right, verdict.first_shown, verdict.end, verdict.widest);
      g_assert_cmpuint (verdict.n_shown, >=, 90);
      g_assert_cmpuint (verdict.n_right, ==, verdict.n_shown);
      /* Hidden until five have ended, and as many as there are solvers. */
      g_assert_cmpfloat (verdict.first_shown, >=, 3 * ceil (MAX (5.0, n_solvers[k]) / n_solvers[k]));
    }
}

/* Durations that vary 1:100: nine in ten are right. */
static void
test_spread (void)
{
  guint n_shown = 0, n_right = 0;

  for (guint seed = 1; seed <= 20; seed++)
    {
      g_autoptr (GRand) rand = g_rand_new_with_seed (seed);
      double            durations[400];
      Verdict           verdict;

      for (guint i = 0; i < G_N_ELEMENTS (durations); i++)
        durations[i] = g_rand_double_range (rand, 0.3, 30);
      verdict = judge_tasks (4, durations, G_N_ELEMENTS (durations));
      n_shown += verdict.n_shown;
      n_right += verdict.n_right;
      g_assert_cmpuint (verdict.n_shown, >=, 90);
    }
  g_test_message ("right %u of %u", n_right, n_shown);
  g_assert_cmpuint (10 * n_right, >=, 9 * n_shown);
}

/* The tasks get longer all the time: so will those to come. */
static void
test_drift (void)
{
  double  durations[300];
  Verdict verdict;

  for (guint i = 0; i < G_N_ELEMENTS (durations); i++)
    durations[i] = 1 + i / 300.0;
  verdict = judge_tasks (3, durations, G_N_ELEMENTS (durations));
  g_test_message ("right %u of %u", verdict.n_right, verdict.n_shown);
  g_assert_cmpuint (10 * verdict.n_right, >=, 8 * verdict.n_shown);
}

/* One task takes ten times as long as the others: the estimate says so when it is late, and not that it is about to end. */
static void
test_late (void)
{
  g_autoptr (LockstepPlan) plan = make_steps ("[{'step':'work','tasks':9}]");
  LockstepEstimate        *estimate = start (plan);
  double                   low, high;

  lockstep_estimate_begin_step (estimate, lockstep_plan_get_step (plan, 0), NULL, 0, 20, 0, at (0));
  lockstep_estimate_begin_task (estimate, 1, 0, at (0));
  for (guint i = 1; i < 20; i++)
    {
      lockstep_estimate_begin_task (estimate, 0, i, at (i - 1));
      lockstep_estimate_end_task (estimate, 0, i, TRUE, at (i));
    }
  g_assert_cmpint (lockstep_estimate_get (estimate, at (50), &low, &high), ==, LOCKSTEP_ESTIMATE_RUN);
  g_assert_cmpfloat (low, >, 5);
  g_assert_cmpfloat (high, >, 100);

  /* With its progress it is known better: a tenth in 20 s. */
  lockstep_estimate_progress (estimate, 1, 0.1, at (20));
  g_assert_cmpint (lockstep_estimate_get (estimate, at (50), &low, &high), ==, LOCKSTEP_ESTIMATE_RUN);
  g_assert_cmpfloat (low, <=, 150);
  g_assert_cmpfloat (high, >=, 150);
  g_assert_cmpfloat (low, >, 80);
  g_assert_cmpfloat (high, <, 220);
  lockstep_estimate_free (estimate);
}

/* A rival that goes on with a task that is done holds nobody up. */
static void
test_rival (void)
{
  g_autoptr (LockstepPlan) plan = make_steps ("[{'step':'work','tasks':9}]");
  LockstepEstimate        *estimate = start (plan);
  double                   low, high;

  lockstep_estimate_begin_step (estimate, lockstep_plan_get_step (plan, 0), NULL, 0, 12, 0, at (0));
  for (guint i = 0; i < 10; i++)
    {
      lockstep_estimate_begin_task (estimate, 0, i, at (i));
      lockstep_estimate_end_task (estimate, 0, i, TRUE, at (i + 1));
    }
  lockstep_estimate_begin_task (estimate, 0, 10, at (10));
  lockstep_estimate_begin_task (estimate, 1, 10, at (29));
  lockstep_estimate_begin_task (estimate, 2, 11, at (30));
  lockstep_estimate_end_task (estimate, 1, 10, TRUE, at (30));
  g_assert_cmpint (lockstep_estimate_get (estimate, at (30), &low, &high), ==, LOCKSTEP_ESTIMATE_RUN);
  g_assert_cmpfloat (low, <=, 1);
  g_assert_cmpfloat (high, >=, 1);
  g_assert_cmpfloat (high, <, 2);
  lockstep_estimate_free (estimate);
}

/* Six tasks of 10 s on one solver with a pause of an hour: the estimate does not know of it. */
static void
test_pause (void)
{
  static const gboolean standing[] = { TRUE, FALSE };

  for (guint k = 0; k < 2; k++)
    {
      g_autoptr (LockstepPlan)    plan = make_steps ("[{'step':'work','tasks':9}]");
      LockstepEstimate           *estimate = start (plan);
      const LockstepEstimateMade *made;
      double                      low, high, low_after, high_after;
      guint                       n_made;
      const double                hour = 3600;
      /* Where solvers do not stand still, the task at work is finished first. */
      const double pause = standing[k] ? 65 : 70;

      lockstep_estimate_begin_step (estimate, lockstep_plan_get_step (plan, 0), NULL, 0, 10, 0, at (0));
      for (guint i = 0; i < 6; i++)
        {
          lockstep_estimate_begin_task (estimate, 0, i, at (10 * i));
          lockstep_estimate_end_task (estimate, 0, i, TRUE, at (10 * i + 10));
        }
      lockstep_estimate_begin_task (estimate, 0, 6, at (60));
      lockstep_estimate_pause (estimate, standing[k], at (65));
      if (!standing[k])
        lockstep_estimate_end_task (estimate, 0, 6, TRUE, at (70));

      g_assert_true (lockstep_estimate_get (estimate, at (pause), &low, &high));
      g_assert_cmpfloat (low, <=, 100 - pause);
      g_assert_cmpfloat (high, >=, 100 - pause);
      g_assert_cmpfloat (high, <, 70);
      g_assert_true (lockstep_estimate_get (estimate, at (hour), &low_after, &high_after));
      g_assert_cmpfloat (low_after, ==, low);
      g_assert_cmpfloat (high_after, ==, high);

      lockstep_estimate_continue (estimate, at (pause + hour));
      if (standing[k])
        lockstep_estimate_end_task (estimate, 0, 6, TRUE, at (70 + hour));
      for (guint i = 7; i < 10; i++)
        {
          lockstep_estimate_begin_task (estimate, 0, i, at (10 * i + hour));
          lockstep_estimate_end_task (estimate, 0, i, TRUE, at (10 * i + 10 + hour));
        }
      lockstep_estimate_end_step (estimate, at (100 + hour));
      made = lockstep_estimate_get_made (estimate, &n_made);
      g_assert_cmpuint (n_made, ==, 2);
      g_assert_cmpfloat (made[0].share, ==, 0.5);
      g_assert_cmpfloat_with_epsilon (made[0].actual, 50, 1e-6);
      g_assert_cmpfloat (made[0].low, <=, 50);
      g_assert_cmpfloat (made[0].high, >=, 50);
      g_assert_cmpfloat (made[1].share, ==, 0.8);
      g_assert_cmpfloat_with_epsilon (made[1].actual, 20, 1e-6);
      lockstep_estimate_free (estimate);
    }
}

/* A task that was begun before the pause takes ten times as long as the others: nothing that is told of the rest grows. */
static void
test_long_pause (void)
{
  g_autoptr (LockstepPlan) plan = make_steps ("[{'step':'work','tasks':9}]");
  LockstepEstimate        *estimate = start (plan);
  double                   low, high, low_before = G_MAXDOUBLE, high_before = G_MAXDOUBLE;

  lockstep_estimate_begin_step (estimate, lockstep_plan_get_step (plan, 0), NULL, 0, 10, 0, at (0));
  for (guint i = 0; i < 6; i++)
    {
      lockstep_estimate_begin_task (estimate, 0, i, at (10 * i));
      lockstep_estimate_end_task (estimate, 0, i, TRUE, at (10 * i + 10));
    }
  lockstep_estimate_begin_task (estimate, 0, 6, at (60));
  lockstep_estimate_pause (estimate, FALSE, at (65));
  for (guint i = 65; i < 170; i += 5)
    {
      if (i == 160)
        lockstep_estimate_end_task (estimate, 0, 6, TRUE, at (i));
      g_assert_true (lockstep_estimate_get (estimate, at (i), &low, &high));
      g_assert_cmpfloat (low, <=, low_before);
      g_assert_cmpfloat (high, <=, high_before);
      low_before = low;
      high_before = high;
    }

  lockstep_estimate_continue (estimate, at (170));
  g_assert_true (lockstep_estimate_get (estimate, at (170), &low, &high));
  g_assert_cmpfloat (high, >, high_before);
  lockstep_estimate_free (estimate);
}

/* Between two sessions of a run nobody worked. */
static void
test_sessions (void)
{
  g_autoptr (LockstepPlan) plan = make_steps ("[{'step':'work','tasks':9}]");
  LockstepEstimate        *estimate = start (plan);
  const gint64             day = 24 * 3600;
  double                   low, high;

  lockstep_estimate_begin_step (estimate, lockstep_plan_get_step (plan, 0), NULL, 0, 30, 0, at (0));
  lockstep_estimate_begin_task (estimate, 0, 0, at (0));
  lockstep_estimate_end_task (estimate, 0, 0, TRUE, at (10));
  lockstep_estimate_begin_task (estimate, 0, 1, at (10));

  lockstep_estimate_start (estimate, at (day));
  lockstep_estimate_begin_step (estimate, lockstep_plan_get_step (plan, 0), NULL, 0, 30, 1, at (day));
  g_assert_false (lockstep_estimate_get (estimate, at (day + 1), &low, &high));
  for (guint i = 1; i < 11; i++)
    {
      lockstep_estimate_begin_task (estimate, 0, i, at (day + 10 * i));
      lockstep_estimate_end_task (estimate, 0, i, TRUE, at (day + 10 * i + 10));
    }
  g_assert_cmpint (lockstep_estimate_get (estimate, at (day + 110), &low, &high), ==, LOCKSTEP_ESTIMATE_RUN);
  g_assert_cmpfloat (low, <=, 190);
  g_assert_cmpfloat (high, >=, 190);
  lockstep_estimate_free (estimate);
}

/* Parts of 20 and 60 s that tell progress each second: the longest counts. */
static void
test_all (void)
{
  g_autoptr (LockstepPlan)    plan = make_steps ("[{'step':'work','on':'all'},{'step':'report','on':'one'}]");
  LockstepEstimate           *estimate = start (plan);
  Verdict                     verdict = { .end = 60 };
  const LockstepEstimateMade *made;
  guint                       n_made;
  double                      low, high;

  lockstep_estimate_begin_step (estimate, lockstep_plan_get_step (plan, 0), NULL, 0, 2, 0, at (0));
  lockstep_estimate_begin_task (estimate, 0, 0, at (0));
  lockstep_estimate_begin_task (estimate, 1, 1, at (0));
  g_assert_false (lockstep_estimate_get (estimate, at (10), &low, &high));
  for (guint i = 1; i < 60; i++)
    {
      judge (estimate, i, &verdict);
      if (i < 20)
        lockstep_estimate_progress (estimate, 0, i / 20.0, at (i));
      if (i == 20)
        lockstep_estimate_end_task (estimate, 0, 0, TRUE, at (i));
      lockstep_estimate_progress (estimate, 1, i / 60.0, at (i));
    }
  /* Hidden until a twentieth of the slow one is done. */
  g_assert_cmpfloat (verdict.first_shown, ==, 4);
  g_assert_cmpuint (verdict.n_shown, ==, 56);
  g_assert_cmpuint (verdict.n_right, ==, 56);
  g_assert_cmpint (lockstep_estimate_get (estimate, at (59), &low, &high), ==, LOCKSTEP_ESTIMATE_STEP);

  lockstep_estimate_end_task (estimate, 1, 1, TRUE, at (60));
  lockstep_estimate_end_step (estimate, at (60));
  made = lockstep_estimate_get_made (estimate, &n_made);
  g_assert_cmpuint (n_made, ==, 4);
  for (guint i = 0; i < n_made; i++)
    {
      g_assert_cmpfloat (made[i].low, <=, made[i].actual);
      g_assert_cmpfloat (made[i].high, >=, made[i].actual);
    }
  g_assert_cmpfloat_with_epsilon (made[0].share, 0.1, 0.04);
  g_assert_cmpfloat_with_epsilon (made[3].share, 0.75, 0.04);
  lockstep_estimate_free (estimate);
}

/* The second half takes four times as long as the first: the range has both speeds in it. */
static void
test_slower (void)
{
  g_autoptr (LockstepPlan) plan = make_steps ("[{'step':'work','on':'one'}]");
  LockstepEstimate        *estimate = start (plan);
  double                   low, high;

  lockstep_estimate_begin_step (estimate, lockstep_plan_get_step (plan, 0), NULL, 0, 1, 0, at (0));
  lockstep_estimate_begin_task (estimate, 0, 0, at (0));
  for (guint i = 1; i <= 50; i++)
    lockstep_estimate_progress (estimate, 0, i / 100.0, at (i));
  for (guint i = 1; i <= 20; i++)
    lockstep_estimate_progress (estimate, 0, 0.5 + i / 100.0, at (50 + 4 * i));
  g_assert_cmpint (lockstep_estimate_get (estimate, at (130), &low, &high), ==, LOCKSTEP_ESTIMATE_RUN);
  g_assert_cmpfloat (low, <, 60);
  g_assert_cmpfloat (high, >, 70);

  /* Nothing was heard for longer than there was left: it may be silent for as long again. */
  g_assert_true (lockstep_estimate_get (estimate, at (1130), &low, &high));
  g_assert_cmpfloat (low, ==, 0);
  g_assert_cmpfloat (high, >=, 1000);
  lockstep_estimate_free (estimate);
}

/* What a solver may send does no harm. */
static void
test_strange_progress (void)
{
  g_autoptr (LockstepPlan) plan = make_steps ("[{'step':'work','on':'all'}]");
  LockstepEstimate        *estimate = start (plan);
  static const double      fractions[] = { 1, 0, 0.5, 0.5, 0.2, 1, 1e-300, 0.9, 0 };
  double                   low, high;

  lockstep_estimate_progress (estimate, 7, 0.5, at (0));
  lockstep_estimate_begin_step (estimate, lockstep_plan_get_step (plan, 0), NULL, 0, 2, 0, at (0));
  lockstep_estimate_progress (estimate, 3, 0.5, at (0));
  lockstep_estimate_end_task (estimate, 3, 1, FALSE, at (0));
  lockstep_estimate_begin_task (estimate, 0, 0, at (1));
  lockstep_estimate_begin_task (estimate, 1, 1, at (0));
  for (guint i = 0; i < 100; i++)
    {
      const double time = 3 - i % 7;

      lockstep_estimate_progress (estimate, i % 2, fractions[i % G_N_ELEMENTS (fractions)], at (time));
      if (!lockstep_estimate_get (estimate, at (time + i % 5), &low, &high))
        continue;
      g_assert_cmpfloat (low, >=, 0);
      g_assert_cmpfloat (high, >=, low);
      g_assert_true (isfinite (high));
    }
  lockstep_estimate_free (estimate);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/estimate/uniform", test_uniform);
  g_test_add_func ("/estimate/spread", test_spread);
  g_test_add_func ("/estimate/drift", test_drift);
  g_test_add_func ("/estimate/late", test_late);
  g_test_add_func ("/estimate/rival", test_rival);
  g_test_add_func ("/estimate/pause", test_pause);
  g_test_add_func ("/estimate/long-pause", test_long_pause);
  g_test_add_func ("/estimate/sessions", test_sessions);
  g_test_add_func ("/estimate/all", test_all);
  g_test_add_func ("/estimate/slower", test_slower);
  g_test_add_func ("/estimate/strange-progress", test_strange_progress);

  return g_test_run ();
}
