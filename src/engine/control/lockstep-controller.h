/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lockstep-record.h"
#include "lockstep-resumption.h"
#include "lockstep-run.h"
#include "lockstep-solver.h"
#include "lockstep-stepper.h"

G_BEGIN_DECLS

/**
 * Makes a plan happen. The only thing that acts: it starts solvers, calls them, waits at barriers, and tells
 * what happened as events, which its run folds and its journal keeps.
 */

typedef struct
{
  const char   *runs_directory; /* NULL: LOCKSTEP_RUNS_DIR, else $XDG_DATA_HOME/lockstep/runs */
  gboolean      no_record;      /* no folder, no journal, no output kept: for measuring */
  double        grace;          /* seconds; 0 means 5 */
  LockstepHost *host;           /* where all solvers run, instead of on the hosts of the plan: for tests; NULL for those */
} LockstepControllerOptions;

#define LOCKSTEP_TYPE_CONTROLLER (lockstep_controller_get_type ())
G_DECLARE_FINAL_TYPE (LockstepController, lockstep_controller, LOCKSTEP, CONTROLLER, GObject)

/* A controller for one execution of @plan. @options may be NULL. */
LockstepController *lockstep_controller_new (LockstepPlan                    *plan,
                                             const LockstepControllerOptions *options);

/* A controller that goes on with @past, which was read to be resumed, in its folder, as @plan (NULL: as it was), and
 * does again what @what (may be NULL) says. The run is that of @past. NULL with an error when @plan differs in ways
 * that are not allowed (LOCKSTEP_PLAN_ERROR) or the run does not go on (LOCKSTEP_RESUME_ERROR). */
LockstepController *lockstep_controller_new_resume (LockstepPastRun                 *past,
                                                    LockstepPlan                    *plan,
                                                    const LockstepResumeOptions     *what,
                                                    const LockstepControllerOptions *options,
                                                    GError                         **error);

/* The run it makes; there from the beginning. Its state tells when all is over. */
LockstepRun *lockstep_controller_get_run (LockstepController *self);

/* Where its events go, with their numbers. */
LockstepRecord *lockstep_controller_get_record (LockstepController *self);

/* Starts, once. What goes wrong is an event and the run's error. Keeps itself alive until the run has ended. */
void lockstep_controller_start (LockstepController *self);

/* Ends the run as terminated. One that is over, and waits for its disk, does not wait any longer. */
void lockstep_controller_terminate (LockstepController *self,
                                    LockstepStop        how);

/* Gives out no new tasks; those at work are finished. With @now the solvers' process trees are stopped where they
 * stand (SIGSTOP), and timeouts do not run. */
void lockstep_controller_pause (LockstepController *self,
                                gboolean            now);

/* Goes on after a pause. A run that pauses because its disk is full tries at once whether it can. */
void lockstep_controller_continue (LockstepController *self);

/* Leaves the innermost loop at work at the end of this iteration, and does what follows it. */
void lockstep_controller_stop_iterating (LockstepController *self);

/* Finishes the tasks at work, gives out no new ones, and ends the run as terminated; as finished where they were the last
 * ones. */
void lockstep_controller_finish_tasks (LockstepController *self);

/* Has a fresh process in the place of the solver's of that index: what runs is ended by its guard, the task that it was at is
 * given again, to any solver, and is charged no attempt. FALSE with an error when it cannot be done: the run is not at work, or
 * ends; the solver is out, or is being stopped already. */
gboolean lockstep_controller_restart (LockstepController *self,
                                      guint               solver,
                                      GError            **error);

/* Does @action about a task that a barrier waits for. */
gboolean lockstep_controller_act_on_late (LockstepController *self,
                                          gint64              task,
                                          LockstepLateAction  action,
                                          GError            **error);

G_END_DECLS
