/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lockstep-batch.h"
#include "lockstep-call-text.h"
#include "lockstep-host-score.h"
#include "lockstep-median.h"
#include "lockstep-stepper.h"
#include "lockstep-watch.h"

G_BEGIN_DECLS

/* The stepper is written in four files: lockstep-stepper.c gives tasks and takes answers, lockstep-stepper-failures.c
 * handles what fails, lockstep-stepper-clocks.c what takes too long, lockstep-stepper-resume.c what was done before. */

struct _LockstepStepper
{
  GObject parent_instance;

  LockstepRecord    *record;   /* owned */
  LockstepCrew      *crew;     /* owned */
  LockstepSequence  *sequence; /* the controller's; stands at the step */
  LockstepBatch     *batch;    /* NULL between steps */
  guint              serial;   /* of the batch: what was begun for another is dropped */
  LockstepCallText  *call_text;
  LockstepHostScore *scores; /* NULL before the first step */
  LockstepWatch     *watch;
  LockstepMedian    *durations;  /* of the tasks of the step that ended well, s */
  double             recent;     /* running mean of them; negative before the first */
  GHashTable        *late;       /* task → itself: those that were told to be */
  GHashTable        *excused;    /* solver + 1 → itself: the disk failed the run during the turn that it is at */
  GHashTable        *cancelled;  /* solver + 1 → watch time from which it may be stopped (gint64 *) */
  guint              n_troubles; /* times that the disk failed the run */
  guint              n_reading;  /* turns that wait for the last lines of a dead solver */

  gint64 step_started; /* monotonic, µs */
  gint64 waited;       /* solver-µs spent at the barrier so far */
  gint64 waited_up_to; /* monotonic, µs */

  gboolean paused;
  gboolean finishing;
  gboolean stopped; /* failed was emitted: nothing more is done */
};

/* An event of the turn that @solver has. */
LockstepEvent lockstep_stepper_new_turn_event (LockstepStepper    *self,
                                               LockstepEventType   type,
                                               guint               solver,
                                               const LockstepTurn *turn);

/* The batch of a step that had begun before the run was resumed learns what the run knows of its tasks. */
void lockstep_stepper_restore_batch (LockstepStepper *self);

/* Each solver without a task costs a core: adds up what that has come to, but for pauses. Called before the number of busy ones
 * changes; @now is the monotonic time. */
void lockstep_stepper_count_waiting (LockstepStepper *self,
                                     gint64           now);

/* Gives @solver what it may have now: a task that failed elsewhere, on another host where there is one, but with
 * @anywhere also one that failed on itself. */
void lockstep_stepper_give_tasks (LockstepStepper *self,
                                  LockstepSolver  *solver,
                                  gboolean         anywhere);

/* Something waits that idle solvers may have. */
void lockstep_stepper_give_all (LockstepStepper *self);

/* Looks whether the barrier is passed, or the work that was to be finished is. */
void lockstep_stepper_check_over (LockstepStepper *self);

/* The run cannot go on. */
void lockstep_stepper_fail (LockstepStepper *self,
                            LockstepSolver  *solver,
                            const char      *why);

/* The cause of a task that failed because a person had its solver restarted: any solver may have it next. */
#define LOCKSTEP_CAUSE_ASKED "asked"

/* @turn, which was taken from @solver, failed. @cause is one of TASK_FAILED's; @number the signal that killed its
 * solver, or 0; @lines is what the solver printed last, or NULL; @charged as in lockstep_batch_fail(). */
void lockstep_stepper_handle_failure (LockstepStepper    *self,
                                      LockstepSolver     *solver,
                                      const LockstepTurn *turn,
                                      const char         *cause,
                                      int                 number,
                                      const char         *reason,
                                      const char         *lines,
                                      gboolean            charged);

/* A task of @solver was completed (@reason is NULL) or failed by its own fault: looks whether the solver's host, or
 * another, is one that nothing works on, and sets it aside. */
void lockstep_stepper_score_host (LockstepStepper *self,
                                  LockstepSolver  *solver,
                                  const char      *reason);

/* @solver answered with @error that @turn, which was taken from it, could not be done. */
void lockstep_stepper_handle_error (LockstepStepper    *self,
                                    LockstepSolver     *solver,
                                    const LockstepTurn *turn,
                                    const GError       *error);

/* A solver ended, by the signal @number where that is not 0: what it was at has failed. */
void lockstep_stepper_handle_death (LockstepStepper *self,
                                    LockstepSolver  *solver,
                                    LockstepDeath    how,
                                    int              number,
                                    const char      *reason);

/* @winner was first with @task: a rival need not go on. */
void lockstep_stepper_cancel_rival (LockstepStepper *self,
                                    gint64           task,
                                    guint            winner);

G_END_DECLS
