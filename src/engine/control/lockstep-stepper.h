/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lockstep-crew.h"
#include "lockstep-sequence.h"

G_BEGIN_DECLS

/**
 * Does the steps of a run with a crew, one at a time, each up to its barrier: gives tasks to free solvers, takes their answers, tries again what
 * failed, and notices who is late.
 */
#define LOCKSTEP_TYPE_STEPPER (lockstep_stepper_get_type ())
G_DECLARE_FINAL_TYPE (LockstepStepper, lockstep_stepper, LOCKSTEP, STEPPER, GObject)

/* What to do about a task that a barrier waits for. */
typedef enum
{
  LOCKSTEP_LATE_ACTION_WAIT,
  LOCKSTEP_LATE_ACTION_DUPLICATE, /* the same task on an idle solver as well; the first result counts */
  LOCKSTEP_LATE_ACTION_RESTART,   /* stop its solver; another one does the task */
  LOCKSTEP_LATE_ACTION_SKIP,      /* go on without its result: where the step's on-failure is continue */
} LockstepLateAction;

/* Signals:
 *
 * over: every task has ended, and STEP_ENDED was told; or, after lockstep_stepper_finish(), nothing is at work any more.
 * failed (LockstepSolver *solver, const char *reason): the run cannot go on; @solver may be NULL.
 */

LockstepStepper *lockstep_stepper_new (LockstepRecord *record,
                                       LockstepCrew   *crew);

/* Begins the step that @sequence stands at: tells STEP_STARTED and gives out tasks. */
void lockstep_stepper_begin (LockstepStepper  *self,
                             LockstepSequence *sequence);

/* Begins the step that @sequence stands at, which had begun before the run was resumed: its first task has the number
 * @first. Of a step of tasks those that have ended are not done again, except those in @again (of LockstepTaskSpan). */
void lockstep_stepper_begin_again (LockstepStepper  *self,
                                   LockstepSequence *sequence,
                                   gint64            first,
                                   GArray           *again);

/* Looks at clocks: timeouts, stalls, late tasks. To be called about ten times a second. */
void lockstep_stepper_check (LockstepStepper *self);

/* The disk fails the run: if the attempts that have begun come to nothing, that may be why, and is not held against their
 * tasks. */
void lockstep_stepper_excuse_attempts (LockstepStepper *self);

/* Gives no new tasks while paused. The clocks stand still only where the solvers do as well. */
void lockstep_stepper_set_paused (LockstepStepper *self,
                                  gboolean         paused,
                                  gboolean         clocks_too);

/* No new tasks for good: over comes when those at work have ended, at once where there are none. */
void lockstep_stepper_finish (LockstepStepper *self);

/* The run is ending: nothing that still comes in is looked at any more. */
void lockstep_stepper_stop (LockstepStepper *self);

/* Does @action about the task, counted through the run. FALSE with an error when it cannot be done. */
gboolean lockstep_stepper_act_on_late (LockstepStepper   *self,
                                       gint64             task,
                                       LockstepLateAction action,
                                       GError           **error);

/* Has a fresh process in the place of the solver's of that index; the task that it was at is given again, to any solver, and
 * is charged no attempt. FALSE with an error when it cannot be done. */
gboolean lockstep_stepper_restart (LockstepStepper *self,
                                   guint            solver,
                                   GError         **error);

/* Whether the step that was begun last has not ended. */
gboolean lockstep_stepper_has_step (LockstepStepper *self);

/* Tasks at work. */
guint lockstep_stepper_get_n_at_work (LockstepStepper *self);

G_END_DECLS
