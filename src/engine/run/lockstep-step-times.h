/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lockstep-plan.h"
#include "lockstep-spread.h"

G_BEGIN_DECLS

/**
 * How long the steps of a plan took whenever they were done, and what that says of those that are still to come.
 */
typedef struct _LockstepStepTimes LockstepStepTimes;

/* What an estimate is the rest of. */
typedef enum
{
  LOCKSTEP_ESTIMATE_NONE,
  LOCKSTEP_ESTIMATE_STEP, /* the step at work */
  LOCKSTEP_ESTIMATE_LOOP, /* a loop around it; more comes after that */
  LOCKSTEP_ESTIMATE_RUN,
} LockstepEstimateScope;

/* Borrows @plan. */
LockstepStepTimes *lockstep_step_times_new (LockstepPlan *plan);

void lockstep_step_times_free (LockstepStepTimes *self);

/* The times are those of the steps of @plan, which has the same. */
void lockstep_step_times_set_plan (LockstepStepTimes *self,
                                   LockstepPlan      *plan);

/* @step was done once more, in @seconds. */
void lockstep_step_times_add (LockstepStepTimes *self,
                              LockstepStep      *step,
                              double             seconds);

/* How long @step takes, as it did the last times. FALSE when it was never done. */
gboolean lockstep_step_times_get (LockstepStepTimes *self,
                                  LockstepStep      *step,
                                  LockstepRange     *range);

/* Adds to @range, the rest of @step, what comes after it in those @iterations of the loops around it (outermost first,
 * from 1): as far as all of it was done before, and no loop with an until is in the way. Says how far that is. */
LockstepEstimateScope lockstep_step_times_add_rest (LockstepStepTimes *self,
                                                    LockstepStep      *step,
                                                    const guint       *iterations,
                                                    guint              n_iterations,
                                                    LockstepRange     *range);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LockstepStepTimes, lockstep_step_times_free)

G_END_DECLS
