/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "assignment-equilibrium.h"
#include "assignment-loader.h"

G_BEGIN_DECLS

/**
 * A problem of assignment, solved in one process: what the solvers of a run do, without them.
 */
typedef struct
{
  AssignmentNetwork *network;
  AssignmentDemand  *demand;
  AssignmentLoader  *loader;
} AssignmentProblem;

/* Either path NULL (a file that is not there): NULL. Any other error fails the test. */
AssignmentProblem *assignment_problem_read (const char *network_path,
                                            const char *trips_path);

void assignment_problem_free (AssignmentProblem *problem);

/* The loads at the times of @flows (NULL: empty network), summed up from @parts, each of every @parts-th origin. */
double *assignment_problem_load (AssignmentProblem *problem,
                                 const double      *flows,
                                 guint              parts);

/* Iterates until the gap is at most @gap, or @most times. Sets @iterations (may be NULL). */
AssignmentState *assignment_problem_solve (AssignmentProblem *problem,
                                           guint              parts,
                                           double             gap,
                                           guint              most,
                                           guint             *iterations);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssignmentProblem, assignment_problem_free)

G_END_DECLS
