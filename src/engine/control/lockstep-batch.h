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
  guint  attempt; /* from 1; no two turns of a task have the same */
} LockstepTurn;

/* What a turn that failed comes to. */
typedef enum
{
  LOCKSTEP_FAILED_RETRY, /* the task waits again */
  LOCKSTEP_FAILED_RIVAL, /* another solver is at the same task: that one counts */
  LOCKSTEP_FAILED_FINAL, /* the task has ended, without a result */
} LockstepFailed;

/* Where a task that failed may go by now. */
typedef enum
{
  LOCKSTEP_REACH_OTHER_HOST,   /* to another host than the one that it failed on */
  LOCKSTEP_REACH_OTHER_SOLVER, /* to another solver */
  LOCKSTEP_REACH_ANY,
} LockstepReach;

/* @first is the number of its first task. */
LockstepBatch *lockstep_batch_new (LockstepStep *step,
                                   gint64        first,
                                   guint         n_tasks);

void lockstep_batch_free (LockstepBatch *self);

LockstepStep *lockstep_batch_get_step (LockstepBatch *self);

guint lockstep_batch_get_n_tasks (LockstepBatch *self);

/* The task @index ended in an earlier session of the run; @attempts is how many turns it had. */
void lockstep_batch_set_ended (LockstepBatch *self,
                               guint          index,
                               gboolean       failed,
                               guint          attempts);

/* Which host each solver is on: an index. Until it is told, all are on one. */
void lockstep_batch_set_hosts (LockstepBatch *self,
                               const guint   *hosts,
                               guint          n_solvers);

/* The task @index, which waits, had @attempts turns in an earlier session of the run: the next one counts on. */
void lockstep_batch_set_attempts (LockstepBatch *self,
                                  guint          index,
                                  guint          attempts);

/* Gives @solver the next task that waits, as its last; FALSE when none waits for it. A task that failed goes only as far
 * back as @reach says. */
gboolean lockstep_batch_take (LockstepBatch *self,
                              guint          solver,
                              LockstepReach  reach,
                              LockstepTurn  *turn);

/* The turn that @solver computes, the oldest that it has; FALSE when it has none. */
gboolean lockstep_batch_get_turn (LockstepBatch *self,
                                  guint          solver,
                                  LockstepTurn  *turn);

/* How many turns @solver has. */
guint lockstep_batch_get_n_turns (LockstepBatch *self,
                                  guint          solver);

/* Takes the oldest turn from @solver. It has to be told next what became of it, by one of the two below. */
gboolean lockstep_batch_pop (LockstepBatch *self,
                             guint          solver,
                             LockstepTurn  *turn);

/* @turn brought a result. FALSE when a rival's came first: this one does not count. */
gboolean lockstep_batch_succeed (LockstepBatch      *self,
                                 const LockstepTurn *turn);

/* No solver has this index. */
#define LOCKSTEP_BATCH_NOBODY G_MAXUINT

/* @turn failed on @solver, which its task is kept from at first; NOBODY where it was not the solver's doing. It is one of the
 * attempts that the plan's retries count, unless @charged is FALSE; with @for_good it is not tried again in any case. */
LockstepFailed lockstep_batch_fail (LockstepBatch      *self,
                                    const LockstepTurn *turn,
                                    guint               solver,
                                    gboolean            charged,
                                    gboolean            for_good);

/* The turns that @solver has wait again, as if they had not been given. */
void lockstep_batch_give_back (LockstepBatch *self,
                               guint          solver);

/* The task of @turn, which @solver has, waits for a second solver as well. FALSE when it does already. */
gboolean lockstep_batch_duplicate (LockstepBatch      *self,
                                   const LockstepTurn *turn,
                                   guint               solver);

/* A solver that computes the task @task, other than @except; FALSE when there is none. */
gboolean lockstep_batch_find_rival (LockstepBatch *self,
                                    gint64         task,
                                    guint          except,
                                    guint         *solver);

/* Tasks that wait, and those that ended without a result. */
guint lockstep_batch_get_n_waiting (LockstepBatch *self);
guint lockstep_batch_get_n_failed (LockstepBatch *self);

/* Whether the task @index has ended. */
gboolean lockstep_batch_has_ended (LockstepBatch *self,
                                   guint          index);

/* Solvers that have a turn. */
guint lockstep_batch_get_n_busy (LockstepBatch *self);

/* Whether every task has ended: the barrier. */
gboolean lockstep_batch_is_over (LockstepBatch *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LockstepBatch, lockstep_batch_free)

G_END_DECLS
