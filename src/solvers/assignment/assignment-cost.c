/* SPDX-License-Identifier: MIT */

#include "assignment-cost.h"

#include <math.h>

/* @base to the power of the link, or to one less where @less is 1. Most networks have the power 4 everywhere,
 * and pow() takes many times as long as three multiplications. */
static inline double
raise_to_power (const AssignmentNetwork *network,
                guint                    link,
                double                   base,
                int                      less)
{
  int    exponent = network->whole_power[link] - less;
  double result = 1.0;

  if (G_UNLIKELY (network->whole_power[link] < 0))
    return pow (base, network->power[link] - less);

  if (exponent == 4)
    return base * base * base * base;
  if (exponent == 3)
    return base * base * base;

  for (int i = 0; i < exponent; i++)
    result *= base;

  return result;
}

static inline double
get_time (const AssignmentNetwork *network,
          guint                    link,
          double                   flow)
{
  double ratio = flow * network->inverse_capacity[link];

  return network->free_flow_time[link] + network->rise[link] * raise_to_power (network, link, ratio, 0);
}

static inline double
get_slope (const AssignmentNetwork *network,
           guint                    link,
           double                   flow)
{
  double rise = network->rise[link] * network->power[link];
  double ratio = flow * network->inverse_capacity[link];

  /* Where the time is constant, an empty link must not become 0 times the infinity of a power below 1. */
  if (rise == 0)
    return 0.0;

  return rise * network->inverse_capacity[link] * raise_to_power (network, link, ratio, 1);
}

void
assignment_cost_get_times (const AssignmentNetwork *network,
                           const double            *flows,
                           double                  *times)
{
  for (guint link = 0; link < network->n_links; link++)
    times[link] = get_time (network, link, flows ? flows[link] : 0.0);
}

void
assignment_cost_get_slopes (const AssignmentNetwork *network,
                            const double            *flows,
                            double                  *slopes)
{
  for (guint link = 0; link < network->n_links; link++)
    slopes[link] = get_slope (network, link, flows[link]);
}

double
assignment_cost_get_objective (const AssignmentNetwork *network,
                               const double            *flows)
{
  double sum = 0.0;

  for (guint link = 0; link < network->n_links; link++)
    {
      double ratio = flows[link] * network->inverse_capacity[link];
      double risen = network->rise[link] * raise_to_power (network, link, ratio, 0);

      sum += flows[link] * (network->free_flow_time[link] + risen / (network->power[link] + 1.0));
    }

  return sum;
}

void
assignment_cost_get_derivatives (const AssignmentNetwork *network,
                                 const double            *flows,
                                 const double            *target,
                                 double                   step,
                                 double                  *first,
                                 double                  *second)
{
  double time_sum = 0.0;
  double slope_sum = 0.0;

  for (guint link = 0; link < network->n_links; link++)
    {
      double direction = target[link] - flows[link];
      double flow = (1.0 - step) * flows[link] + step * target[link];

      if (direction == 0)
        continue;

      time_sum += direction * get_time (network, link, flow);
      slope_sum += direction * direction * get_slope (network, link, flow);
    }

  *first = time_sum;
  *second = slope_sum;
}
