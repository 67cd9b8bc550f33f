/* SPDX-License-Identifier: MIT */

/**
 * The demonstration: three steps, each of which sums tanh(a) / cosh(a) over one to three million random angles a of
 * 0 to 45 degrees.
 *
 * Params: "seed" (2008), with which a run can be repeated; "min" and "max" (1,000,000 and 3,000,000), between which the
 * number of angles is drawn; "repeat" (25), how many times each angle is gone through, so that there is something to
 * watch on a machine of today. Result: {"sum", "samples"}.
 */

#include <lockstep-sdk.h>

#include <math.h>

#include "demo-random.h"

/* Angles between looks at whether the sum is still wanted: about a millisecond. */
#define BATCH 1024

#define LARGEST_ANGLE (G_PI / 4)

/* Sums over the next @n angles. Never part of its caller, or the compiler might see that going through them again
 * changes nothing. */
G_NO_INLINE static double
sum_batch (DemoRandom *random,
           guint64     n)
{
  double sum = 0;

  for (guint64 i = 0; i < n; i++)
    {
      double angle = demo_random_fraction (random) * LARGEST_ANGLE;

      sum += tanh (angle) / cosh (angle);
    }

  return sum;
}

static gboolean
sum_angles (LockstepCall *call,
            const char   *step,
            GError      **error)
{
  gint64           min = lockstep_call_get_int (call, "min", 1000000);
  gint64           max = lockstep_call_get_int (call, "max", 3000000);
  gint64           repeat = lockstep_call_get_int (call, "repeat", 25);
  guint64          seed = lockstep_call_get_int (call, "seed", 2008);
  DemoRandom       random;
  guint64          n_samples;
  double           sum = 0;
  g_autofree char *message = NULL;

  if (min < 1 || max < min || max > G_MAXINT32 || repeat < 1 || repeat > G_MAXINT32)
    {
      g_set_error (error, LOCKSTEP_SDK_ERROR, LOCKSTEP_SDK_ERROR_PARAMS,
                   "“min”, “max” and “repeat” are to be at least 1, and “max” not less than “min”; they are "
                   "%" G_GINT64_FORMAT ", %" G_GINT64_FORMAT " and %" G_GINT64_FORMAT,
                   min, max, repeat);
      return FALSE;
    }
  seed = demo_random_mix (seed, step, lockstep_call_get_part (call));
  demo_random_init (&random, seed);
  n_samples = min + (guint64) (demo_random_fraction (&random) * (max - min + 1));
  message = g_strdup_printf ("%.1f million angles", n_samples * 1e-6);

  for (guint64 done = 0; done < n_samples; done += BATCH)
    {
      DemoRandom start = random;
      double     part = 0;

      if (lockstep_call_check_cancelled (call, error))
        return FALSE;
      for (gint64 i = 0; i < repeat; i++)
        {
          random = start;
          part = sum_batch (&random, MIN (BATCH, n_samples - done));
        }
      sum += part;
      lockstep_call_set_progress (call, (double) done / n_samples, message);
      lockstep_call_report (call, "sum", sum);
    }
  lockstep_call_set_progress (call, 1, message);

  lockstep_call_return_double (call, "sum", sum);
  lockstep_call_return_int (call, "samples", n_samples);

  return TRUE;
}

static gboolean
step1 (LockstepCall *call,
       gpointer      user_data,
       GError      **error)
{
  return sum_angles (call, "step1", error);
}

static gboolean
step2 (LockstepCall *call,
       gpointer      user_data,
       GError      **error)
{
  return sum_angles (call, "step2", error);
}

static gboolean
step3 (LockstepCall *call,
       gpointer      user_data,
       GError      **error)
{
  return sum_angles (call, "step3", error);
}

int
main (int    argc,
      char **argv)
{
  static const LockstepMethod methods[] = {
    { "step1", step1 },
    { "step2", step2 },
    { "step3", step3 },
    { NULL },
  };

  return lockstep_main (argc, argv, "demo", methods, NULL);
}
