/* SPDX-License-Identifier: MIT */

#include "assignment-equilibrium.h"

#include "assignment-cost.h"

#include <float.h>
#include <math.h>
#include <string.h>

/* The last target has at most this share in a conjugate one, so that the loads keep some (the paper's 1 - δ). */
#define MAX_SHARE 0.99

/* After so large a step the last target is all but the point itself, and no direction leads to it. */
#define MAX_STEP 0.9999

/* The bracket halves at least every second time, and a double has 53 bits. */
#define MAX_EVALUATIONS 128

/* Products a·H·b of ways from the current flows, where H is the Hessian. */
typedef struct
{
  double loads_last; /* loads, last target */
  double last_last;
  double loads_before; /* loads, the direction before the last as seen from here */
  double before_before;
} Products;

/* Shares of loads, last target and the target before it; they sum to 1. */
typedef struct
{
  double loads;
  double last;
  double before;
} Shares;

double
assignment_search_line (const AssignmentNetwork *network,
                        const double            *flows,
                        const double            *target)
{
  double low = 0.0;
  double high = 1.0;
  double step = 0.0;
  double first, second;

  assignment_cost_get_derivatives (network, flows, target, 1.0, &first, &second);
  if (first <= 0)
    return 1.0;

  assignment_cost_get_derivatives (network, flows, target, 0.0, &first, &second);
  if (first >= 0)
    return 0.0;

  for (guint i = 0; i < MAX_EVALUATIONS; i++)
    {
      double width = high - low;
      double next = step - first / second;

      /* Also where the curvature is 0 or infinite, and where Newton's method goes out of the bracket. */
      if (!(next > low && next < high))
        next = low + width / 2;
      if (fabs (next - step) <= DBL_EPSILON * step || next <= low || next >= high)
        return next;

      step = next;
      assignment_cost_get_derivatives (network, flows, target, step, &first, &second);
      if (first == 0)
        return step;
      *(first < 0 ? &low : &high) = step;
    }

  return step;
}

static void
get_products (const AssignmentNetwork *network,
              const AssignmentState   *state,
              const double            *loads,
              const double            *slopes,
              Products                *products)
{
  *products = (Products){ 0 };

  for (guint link = 0; link < network->n_links; link++)
    {
      double to_loads = loads[link] - state->flows[link];
      double to_last = state->target[link] - state->flows[link];
      double before;

      products->loads_last += slopes[link] * to_loads * to_last;
      products->last_last += slopes[link] * to_last * to_last;
      if (!state->target_before)
        continue;

      /* Parallel to the direction before the last, which began where the last one did. */
      before = state->step * state->target[link] + (1.0 - state->step) * state->target_before[link] -
               state->flows[link];
      products->loads_before += slopes[link] * to_loads * before;
      products->before_before += slopes[link] * before * before;
    }
}

/* The paper's shares of the bi-conjugate target, with the last two directions taken as conjugate to each other,
 * as the method made them. Negative ones count as 0. FALSE where there are no usable ones. */
static gboolean
get_bi_conjugate_shares (const AssignmentState *state,
                         const Products        *products,
                         Shares                *shares)
{
  double before = -(1.0 - state->step) * products->loads_before / products->before_before;
  double last;

  if (!isfinite (before))
    return FALSE;
  before = MAX (before, 0.0);

  last = before * state->step / (1.0 - state->step) - products->loads_last / products->last_last;
  if (!isfinite (last))
    return FALSE;
  last = MAX (last, 0.0);

  shares->loads = 1.0 / (1.0 + last + before);
  shares->last = last * shares->loads;
  shares->before = before * shares->loads;

  return shares->loads > 0;
}

static gboolean
get_conjugate_shares (const Products *products,
                      Shares         *shares)
{
  double share = products->loads_last / (products->loads_last - products->last_last);

  if (!isfinite (share))
    return FALSE;

  shares->last = CLAMP (share, 0.0, MAX_SHARE);
  shares->loads = 1.0 - shares->last;
  shares->before = 0.0;

  return TRUE;
}

static double *
mix (const AssignmentNetwork *network,
     const AssignmentState   *state,
     const double            *loads,
     const Shares            *shares)
{
  double *target = g_new (double, network->n_links);

  for (guint link = 0; link < network->n_links; link++)
    {
      target[link] = shares->loads * loads[link] + shares->last * state->target[link];
      if (state->target_before)
        target[link] += shares->before * state->target_before[link];
    }

  return target;
}

/* Sums times · (target - flows): negative where the objective falls towards the target. */
static double
get_descent (const AssignmentNetwork *network,
             const double            *times,
             const double            *flows,
             const double            *target)
{
  double sum = 0.0;

  for (guint link = 0; link < network->n_links; link++)
    sum += times[link] * (target[link] - flows[link]);

  return sum;
}

/* Sets @kind. The bi-conjugate target where it can be had and leads downwards, else the conjugate one, else the
 * loads themselves. */
static double *
choose_target (const AssignmentNetwork *network,
               const AssignmentState   *state,
               const double            *loads,
               const double            *times,
               AssignmentTarget        *kind)
{
  g_autofree double *slopes = NULL;
  g_autofree double *target = NULL;
  Products           products;
  Shares             shares;

  if (state->target)
    {
      slopes = g_new (double, network->n_links);
      assignment_cost_get_slopes (network, state->flows, slopes);
      get_products (network, state, loads, slopes, &products);

      *kind = ASSIGNMENT_TARGET_BI_CONJUGATE;
      if (state->target_before && get_bi_conjugate_shares (state, &products, &shares))
        {
          target = mix (network, state, loads, &shares);
          if (get_descent (network, times, state->flows, target) < 0)
            return g_steal_pointer (&target);
          g_clear_pointer (&target, g_free);
        }

      *kind = ASSIGNMENT_TARGET_CONJUGATE;
      if (get_conjugate_shares (&products, &shares))
        {
          target = mix (network, state, loads, &shares);
          if (get_descent (network, times, state->flows, target) < 0)
            return g_steal_pointer (&target);
        }
    }

  *kind = ASSIGNMENT_TARGET_LOADS;
  return g_memdup2 (loads, network->n_links * sizeof *loads);
}

AssignmentState *
assignment_state_new (const AssignmentNetwork *network,
                      const double            *loads)
{
  AssignmentState *state = g_new0 (AssignmentState, 1);

  state->flows = g_memdup2 (loads, network->n_links * sizeof *loads);
  state->step = 1.0;
  state->gap = 1.0;
  state->objective = assignment_cost_get_objective (network, loads);

  return state;
}

AssignmentState *
assignment_state_next (const AssignmentNetwork *network,
                       const AssignmentState   *state,
                       const double            *loads)
{
  AssignmentState   *next = g_new0 (AssignmentState, 1);
  g_autofree double *times = g_new (double, network->n_links);
  g_autofree double *target = NULL;
  double             total = 0.0;

  assignment_cost_get_times (network, state->flows, times);
  for (guint link = 0; link < network->n_links; link++)
    total += times[link] * state->flows[link];
  next->gap = total > 0 ? -get_descent (network, times, state->flows, loads) / total : 0.0;

  target = choose_target (network, state, loads, times, &next->kind);
  next->step = assignment_search_line (network, state->flows, target);

  next->flows = g_new (double, network->n_links);
  for (guint link = 0; link < network->n_links; link++)
    next->flows[link] = (1.0 - next->step) * state->flows[link] + next->step * target[link];
  next->objective = assignment_cost_get_objective (network, next->flows);

  if (next->step <= MAX_STEP)
    {
      next->target = g_steal_pointer (&target);
      if (state->target)
        next->target_before = g_memdup2 (state->target, network->n_links * sizeof *target);
    }

  return next;
}

void
assignment_state_free (AssignmentState *state)
{
  g_free (state->flows);
  g_free (state->target);
  g_free (state->target_before);
  g_free (state);
}
