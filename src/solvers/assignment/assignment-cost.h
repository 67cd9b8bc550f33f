/* SPDX-License-Identifier: MIT */

#pragma once

#include "assignment-network.h"

G_BEGIN_DECLS

/**
 * What flows cost: the travel times of the links, and the objective that the equilibrium minimises
 * (Beckmann, McGuire and Winsten: Studies in the Economics of Transportation, 1956). Sums run in the order
 * of the links, so that the same flows always give the same bits.
 */

/* Sets @times (one a link) to the travel times at @flows, or without flows where @flows is NULL. */
void assignment_cost_get_times (const AssignmentNetwork *network,
                                const double            *flows,
                                double                  *times);

/* Sets @slopes (one a link) to the derivatives of the travel times, in time per flow: the diagonal of the
 * objective's Hessian matrix, which has nothing beside it. Infinite where a power below 1 meets no flow. */
void assignment_cost_get_slopes (const AssignmentNetwork *network,
                                 const double            *flows,
                                 double                  *slopes);

/* The sum over the links of the integral of the travel time from 0 to the link's flow, in flow times time. */
double assignment_cost_get_objective (const AssignmentNetwork *network,
                                      const double            *flows);

/* Sets @first and @second to the derivatives of the objective with respect to @step at
 * (1 - @step) * @flows + @step * @target. */
void assignment_cost_get_derivatives (const AssignmentNetwork *network,
                                      const double            *flows,
                                      const double            *target,
                                      double                   step,
                                      double                  *first,
                                      double                  *second);

G_END_DECLS
