/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-run-fraction.h"

/* Steps to be done in @steps, each iteration counted. */
static double
count_units (GPtrArray *steps)
{
  double units = 0;

  for (guint i = 0; i < steps->len; i++)
    {
      LockstepStep *step = g_ptr_array_index (steps, i);

      units += step->kind == LOCKSTEP_STEP_LOOP ? step->repeat * count_units (step->steps) : 1;
    }

  return units;
}

/* Adds to @units the steps of @steps that come before @wanted; TRUE when it was met. */
static gboolean
count_units_before (GPtrArray    *steps,
                    LockstepStep *wanted,
                    const guint  *iterations,
                    guint         n_iterations,
                    double       *units)
{
  for (guint i = 0; i < steps->len; i++)
    {
      LockstepStep *step = g_ptr_array_index (steps, i);
      double        within = 0;

      if (step == wanted)
        return TRUE;
      if (step->kind != LOCKSTEP_STEP_LOOP)
        {
          *units += 1;
        }
      else if (n_iterations > 0 && count_units_before (step->steps, wanted, iterations + 1, n_iterations - 1, &within))
        {
          *units += (iterations[0] - 1) * count_units (step->steps) + within;
          return TRUE;
        }
      else
        {
          *units += step->repeat * count_units (step->steps);
        }
    }

  return FALSE;
}

double
lockstep_run_fraction (LockstepPlan *plan,
                       LockstepStep *step,
                       const guint  *iterations,
                       guint         n_iterations,
                       double        within)
{
  GPtrArray *steps = lockstep_plan_get_steps (plan);
  double     before = 0;

  count_units_before (steps, step, iterations, n_iterations, &before);
  return MIN ((before + within) / count_units (steps), 1);
}
