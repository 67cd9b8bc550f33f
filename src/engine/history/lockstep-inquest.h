/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lockstep-event.h"
#include "lockstep-plan.h"

G_BEGIN_DECLS

/**
 * What a run's events tell of tasks that failed and solvers that died. What is void since the run was resumed is not in it.
 */
typedef struct _LockstepInquest LockstepInquest;

/* An attempt at a task that failed, or the end of a solver. */
typedef struct
{
  gint64  time;      /* UTC in µs: when it failed, or ended */
  int     solver;    /* -1 for none */
  int     step;      /* LockstepStep.index; -1 where it had no request, as are all below */
  int     iteration; /* of the innermost loop, from 1 */
  gint64  task;      /* counted through the run */
  int     attempt;   /* from 1 */
  guint64 request;   /* the number of the event that began the attempt, from 1; 0 where it was not seen */
  gint64  failed;    /* where it had no request: the task that it did last, if that failed; else -1 */
  GBytes *failure;   /* of TASK_FAILED, see LOCKSTEP_EVENT_TASK_FAILED; NULL where no task failed */
  GBytes *death;     /* of SOLVER_ENDED; NULL where the solver lives on */
  GBytes *launch;    /* of the SOLVER_LAUNCHED before; NULL where it was not seen */
} LockstepCase;

LockstepInquest *lockstep_inquest_new (void);

void lockstep_inquest_free (LockstepInquest *self);

/* Takes in the next event of a run of @plan. */
void lockstep_inquest_take (LockstepInquest     *self,
                            LockstepPlan        *plan,
                            const LockstepEvent *event);

/* The attempts that failed, in the order in which they did. Borrowed until the next event. */
guint               lockstep_inquest_get_n_failures (LockstepInquest *self);
const LockstepCase *lockstep_inquest_get_failure (LockstepInquest *self,
                                                  guint            index);

/* Whether a failure was the last of its task's attempts. */
gboolean lockstep_case_is_final (const LockstepCase *self);

/* How the task failed last; NULL when it did not. */
const LockstepCase *lockstep_inquest_find_task (LockstepInquest *self,
                                                gint64           task);

/* How the solver ended last; NULL when it did not. */
const LockstepCase *lockstep_inquest_find_solver (LockstepInquest *self,
                                                  guint            solver);

/* How often the solver ended. */
guint lockstep_inquest_get_n_deaths (LockstepInquest *self,
                                     guint            solver);

/* The number of the first task of the last step of tasks that began; -1 where there was none. */
gint64 lockstep_inquest_get_sweep (LockstepInquest *self);

/* The events that were taken in. */
guint64 lockstep_inquest_get_n_events (LockstepInquest *self);

void lockstep_case_copy (LockstepCase       *self,
                         const LockstepCase *other);
void lockstep_case_clear (LockstepCase *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LockstepInquest, lockstep_inquest_free)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (LockstepCase, lockstep_case_clear)

G_END_DECLS
