/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lockstep-results.h"
#include "lockstep-run.h"

G_BEGIN_DECLS

/* What loading a run from its folder, and resuming it, need of the run. */

/* While it is loading, views are told nothing, so that it can be done on any thread. */
void lockstep_run_set_loading (LockstepRun *self,
                               gboolean     loading);

/* Its controller died without ending it, at the time of the last event. */
void lockstep_run_set_interrupted (LockstepRun *self);

/* It was read with @plan in mind, whose steps are those of its own. */
void lockstep_run_set_plan (LockstepRun  *self,
                            LockstepPlan *plan);

/* It has ended, and is about to go on. */
void lockstep_run_reopen (LockstepRun *self);

/* Sets @place to where the step that began last is. Returns whether that step has not ended; there is one
 * (lockstep_run_get_step()). */
gboolean lockstep_run_get_place (LockstepRun   *self,
                                 LockstepPlace *place);

/* The tasks (of gint64) whose result files nobody needs any more, each told once; NULL for none. */
GArray *lockstep_run_take_superseded (LockstepRun *self);

/* The file of the result of @task is gone: the task was not done, where it is of the step at work, the one before, or the
 * last step of tasks. */
void lockstep_run_lose_result (LockstepRun *self,
                               gint64       task);

/* Whether a person wanted @loop left at the end of its iteration, which was not yet. */
gboolean lockstep_run_is_leaving (LockstepRun  *self,
                                  LockstepStep *loop);

/* What its tasks have brought. */
LockstepResults *lockstep_run_get_outcome (LockstepRun *self);

G_END_DECLS
