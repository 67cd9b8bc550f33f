/* SPDX-License-Identifier: MIT */

#pragma once

#include "assignment-network.h"

G_BEGIN_DECLS

/**
 * The way to the user equilibrium: the flows at which nobody finds a faster path, which minimise the
 * objective of assignment-cost.h (Wardrop 1952; Beckmann, McGuire and Winsten 1956). It is found by the
 * bi-conjugate Frank-Wolfe method: M. Mitradjieva and P. O. Lindberg, The Stiff Is Moving: Conjugate Direction
 * Frank-Wolfe Methods with Applications to Traffic Assignment, Transportation Science 47(2), 280-293, 2013.
 *
 * Each iteration loads all trips at the times of the current flows (assignment-loader.h) and moves the flows
 * towards a target: the loads mixed with the last two targets, so that the direction is conjugate, with
 * respect to the Hessian at the current flows, to the last two directions. The state is all that the next
 * iteration needs.
 */

typedef enum
{
  ASSIGNMENT_TARGET_LOADS,        /* the loads themselves: plain Frank-Wolfe (1956) */
  ASSIGNMENT_TARGET_CONJUGATE,    /* mixed with the last target */
  ASSIGNMENT_TARGET_BI_CONJUGATE, /* mixed with the last two */
} AssignmentTarget;

typedef struct
{
  double *flows; /* one a link */

  /* Where the flows were moved towards in the last iteration and in the one before it. NULL where there is
   * none that a direction could be conjugate to. */
  double *target;
  double *target_before;

  AssignmentTarget kind; /* how @target was chosen */
  double           step; /* how far of the way to @target the flows moved: 0 to 1 */

  /* (t·x - t·y) / (t·x), of the flows x that the loads y were made at, so of those before the step: what part of
   * all travel time could be saved if the times stayed as they were. 1 in the first iteration, when there
   * were no flows yet. */
  double gap;

  double objective; /* of @flows, in flow times time */
} AssignmentState;

/* The state that begins with @loads (one a link), made at the times of the empty network. */
AssignmentState *assignment_state_new (const AssignmentNetwork *network,
                                       const double            *loads);

/* The state after @state, given the @loads made at the times of its flows. */
AssignmentState *assignment_state_next (const AssignmentNetwork *network,
                                        const AssignmentState   *state,
                                        const double            *loads);

void assignment_state_free (AssignmentState *state);

/* How far to go from @flows to @target, 0 to 1, for the least objective: the root of its derivative, by
 * Newton's method within a shrinking bracket, as exactly as doubles hold it. */
double assignment_search_line (const AssignmentNetwork *network,
                               const double            *flows,
                               const double            *target);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssignmentState, assignment_state_free)

G_END_DECLS
