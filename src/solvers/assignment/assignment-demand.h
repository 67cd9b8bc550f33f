/* SPDX-License-Identifier: MIT */

#pragma once

#include "assignment-network.h"

G_BEGIN_DECLS

/**
 * Who wants to travel from where to where, as a TNTP trips file gives it.
 *
 * Each demand is rounded to a multiple of 2^-20, and their total is kept below 2^33. Sums of such numbers
 * are exact in doubles, so the load of a link is the same to the last bit in whatever order, and by however
 * many solvers, it was summed up.
 *
 * Trips within a zone use no link and are left out, as are pairs without demand.
 */
typedef struct
{
  guint   n_origins;   /* zones with any demand to another zone, in the order of the file */
  guint  *origin;      /* their zones, from 1 */
  guint  *first;       /* trips of origin i: first[i] up to, not with, first[i + 1] */
  guint  *destination; /* zones, from 1 */
  double *vehicles;
  double  total; /* in all */
} AssignmentDemand;

/* Reads a TNTP trips file for @network. NULL with @error, which names the file and the line. */
AssignmentDemand *assignment_demand_read (const char              *path,
                                          const AssignmentNetwork *network,
                                          GError                 **error);

void assignment_demand_free (AssignmentDemand *demand);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssignmentDemand, assignment_demand_free)

G_END_DECLS
