/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-step-times.h"

#include <math.h>

/* So many times a step was done count: what lies further back may have been another load of the machine. */
#define N_RECENT 16

/* However alike they were, steps to come may take longer or shorter by this share. */
#define LEEWAY 0.05

typedef struct
{
  double seconds[N_RECENT]; /* the n-th at n modulo N_RECENT */
  guint  count;             /* all, also those that are forgotten */
} Times;

struct _LockstepStepTimes
{
  LockstepPlan *plan;  /* borrowed from the run, which keeps it */
  GHashTable   *steps; /* step index → Times, owned */
};

LockstepStepTimes *
lockstep_step_times_new (LockstepPlan *plan)
{
  LockstepStepTimes *self = g_new0 (LockstepStepTimes, 1);

  self->plan = plan;
  self->steps = g_hash_table_new_full (NULL, NULL, NULL, g_free);

  return self;
}

void
lockstep_step_times_free (LockstepStepTimes *self)
{
  g_hash_table_unref (self->steps);
  g_free (self);
}

void
lockstep_step_times_set_plan (LockstepStepTimes *self,
                              LockstepPlan      *plan)
{
  self->plan = plan;
}

void
lockstep_step_times_add (LockstepStepTimes *self,
                         LockstepStep      *step,
                         double             seconds)
{
  Times *times = g_hash_table_lookup (self->steps, GUINT_TO_POINTER (step->index));

  if (times == NULL)
    {
      times = g_new0 (Times, 1);
      g_hash_table_insert (self->steps, GUINT_TO_POINTER (step->index), times);
    }
  times->seconds[times->count++ % N_RECENT] = seconds;
}

/* Adds @n times the step to @range. */
static gboolean
add_step (LockstepStepTimes *self,
          LockstepStep      *step,
          double             n,
          LockstepRange     *range)
{
  const Times  *times = g_hash_table_lookup (self->steps, GUINT_TO_POINTER (step->index));
  double        sum = 0, squares = 0, mean, deviation;
  LockstepRange more;
  guint         n_known;

  if (times == NULL)
    return FALSE;

  n_known = MIN (times->count, N_RECENT);
  for (guint i = 0; i < n_known; i++)
    {
      sum += times->seconds[i];
      squares += times->seconds[i] * times->seconds[i];
    }
  mean = sum / n_known;
  deviation = n_known > 1 ? sqrt (MAX (squares - n_known * mean * mean, 0) / (n_known - 1)) : 0;
  more = lockstep_range_of_sum (n, n_known, mean, deviation);
  range->low += more.low * (1 - LEEWAY);
  range->middle += more.middle;
  range->high += more.high * (1 + LEEWAY);

  return TRUE;
}

gboolean
lockstep_step_times_get (LockstepStepTimes *self,
                         LockstepStep      *step,
                         LockstepRange     *range)
{
  *range = (LockstepRange){ 0 };

  return add_step (self, step, 1, range);
}

/* Adds @n times the steps from @from on. FALSE when that cannot be told. */
static gboolean
add_steps (LockstepStepTimes *self,
           GPtrArray         *steps,
           guint              from,
           double             n,
           LockstepRange     *range)
{
  for (guint i = from; i < steps->len; i++)
    {
      LockstepStep *step = g_ptr_array_index (steps, i);

      if (step->kind != LOCKSTEP_STEP_LOOP ? !add_step (self, step, n, range)
                                           : step->until != NULL || !add_steps (self, step->steps, 0, n * step->repeat, range))
        return FALSE;
    }

  return TRUE;
}

LockstepEstimateScope
lockstep_step_times_add_rest (LockstepStepTimes *self,
                              LockstepStep      *step,
                              const guint       *iterations,
                              guint              n_iterations,
                              LockstepRange     *range)
{
  LockstepEstimateScope scope = LOCKSTEP_ESTIMATE_STEP;
  LockstepRange         all = *range;

  for (;;)
    {
      LockstepStep *loop = step->parent;
      GPtrArray    *steps = loop != NULL ? loop->steps : lockstep_plan_get_steps (self->plan);
      guint         index;

      if (!g_ptr_array_find (steps, step, &index) || !add_steps (self, steps, index + 1, 1, &all))
        return scope;
      if (loop != NULL && (loop->until != NULL || n_iterations == 0))
        return scope;
      if (loop != NULL && iterations[--n_iterations] < loop->repeat &&
          !add_steps (self, steps, 0, loop->repeat - iterations[n_iterations], &all))
        return scope;

      *range = all;
      if (loop == NULL)
        return LOCKSTEP_ESTIMATE_RUN;
      scope = LOCKSTEP_ESTIMATE_LOOP;
      step = loop;
    }
}
