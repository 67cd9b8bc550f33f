/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lockstep-plan.h"

G_BEGIN_DECLS

/**
 * Where a run stands in its plan: walks the steps in order, in and out of loops. Acts on nothing.
 */
typedef struct _LockstepSequence LockstepSequence;

/* What happened at the end of a loop's body: once for each loop that the step before was the last of. */
typedef struct
{
  LockstepStep *loop;
  guint         iteration; /* the one that ended, from 1 */
  double        value;     /* what until looked at; NaN where the loop has none */
  gboolean      reached;   /* until holds */
  gboolean      left;      /* the loop is over */
} LockstepLooped;

typedef void (*LockstepLoopedFunc) (const LockstepLooped *looped,
                                    gpointer              user_data);

/* Stands at the first step of @plan. */
LockstepSequence *lockstep_sequence_new (LockstepPlan *plan);

void lockstep_sequence_free (LockstepSequence *self);

/* Stands at @step, which is no loop, in these iterations of the loops around it, outermost first, from 1. */
void lockstep_sequence_place (LockstepSequence *self,
                              LockstepStep     *step,
                              const guint      *iterations,
                              guint             n_iterations);

/* The step to be done, never a loop; NULL at the end. */
LockstepStep *lockstep_sequence_get_step (LockstepSequence *self);

/* Of the innermost loop, from 1; 1 outside of loops. */
guint lockstep_sequence_get_iteration (LockstepSequence *self);

/* Appends the iterations of all loops around the step, outermost first, as "[3,17]". */
void lockstep_sequence_append_iterations (LockstepSequence *self,
                                          GString          *out);

/* The step is done: moves on. @result is that of the last `one` step (NULL: null), which untils look at; @looped
 * is told of each loop that came round. FALSE with an error when an until cannot be answered, or when a loop
 * whose plan says "otherwise": "fail" was used up. */
gboolean lockstep_sequence_advance (LockstepSequence  *self,
                                    GBytes            *result,
                                    LockstepLoopedFunc looped,
                                    gpointer           user_data,
                                    GError           **error);

/* The innermost loop around the step; NULL where there is none. */
LockstepStep *lockstep_sequence_get_loop (LockstepSequence *self);

/* @loop, one of those around the step, is left when this iteration of it is done, reached or not. FALSE where it is none
 * of them, or was to be left already. */
gboolean lockstep_sequence_leave_loop (LockstepSequence *self,
                                       LockstepStep     *loop);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LockstepSequence, lockstep_sequence_free)

G_END_DECLS
