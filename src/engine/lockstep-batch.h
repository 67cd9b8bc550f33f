/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lockstep-step.h"

G_BEGIN_DECLS

/**
 * The tasks of the step at work: which wait, which solver has which, which have ended. An `all` step, a `one` step and
 * a list of tasks are the same here: a number of tasks for whoever is free. Acts on nothing.
 */
typedef struct _LockstepBatch LockstepBatch;

/* One attempt at a task, by one solver. */
typedef struct
{
  gint64 task;    /* counted through the run */
  guint  index;   /* in the step, from 0 */
  guint  attempt; /* from 1 */
} LockstepTurn;

/* @first is the number of its first task. */
LockstepBatch *lockstep_batch_new (LockstepStep *step,
                                   gint64        first,
                                   guint         n_tasks);

void lockstep_batch_free (LockstepBatch *self);

LockstepStep *lockstep_batch_get_step (LockstepBatch *self);

guint lockstep_batch_get_n_tasks (LockstepBatch *self);

/* Gives @solver the next task that waits, as its last; FALSE when none waits. */
gboolean lockstep_batch_take (LockstepBatch *self,
                              guint          solver,
                              LockstepTurn  *turn);

/* The task that @solver computes, the oldest that it has; FALSE when it has none. */
gboolean lockstep_batch_get_turn (LockstepBatch *self,
                                  guint          solver,
                                  LockstepTurn  *turn);

/* @solver is done with the oldest of its tasks, for good or ill. */
void lockstep_batch_end (LockstepBatch *self,
                         guint          solver);

/* Whether every task has ended: the barrier. */
gboolean lockstep_batch_is_over (LockstepBatch *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LockstepBatch, lockstep_batch_free)

G_END_DECLS
