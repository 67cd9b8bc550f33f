/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lockstep-step-times.h"

G_BEGIN_DECLS

/**
 * When a run will be over, as a range that nine runs in ten should keep; nothing where there is nothing to go by. Fed with
 * what happens, in the order and with the times of the events (UTC, µs); acts on nothing. A part of LockstepRun.
 *
 * What is left of the step at work is told, in this order, from
 *
 * - the tasks that ended, once there are five of them and one for each solver, and two seconds have passed: the work that
 *   is left is the tasks that wait, times the mean duration, and what is left of those at work. The mean counts the tasks at work
 *   for the share of them that is done, because of the tasks that ended the long ones are too few. The work is divided by the
 *   solvers at work. The range is that of the sum, and reaches from the mean of all to the recent one and to what a trend
 *   comes to, and from the solvers that work now to those that have worked on average; its upper end has what solvers wait
 *   for the last task as well;
 * - progress, when no task waits and all at work have told at least a twentieth, after a second: the longest of the
 *   tasks at work, each elapsed / fraction − elapsed. The range reaches from the recent speed to that of all, and is the wider
 *   the less is done;
 * - the last times that the same step was done, in iterations before this one.
 *
 * What comes after the step is added where all of it was done before (see lockstep_step_times_add_rest()). Time paused
 * does not count, once nothing is at work, and in a pause nothing that is told grows.
 */
typedef struct _LockstepEstimate LockstepEstimate;

/* An estimate that was made when @share of a step was done, and what came of it; seconds. */
typedef struct
{
  double share;
  double low;
  double high;
  double actual;
} LockstepEstimateMade;

/* Borrows @plan. */
LockstepEstimate *lockstep_estimate_new (LockstepPlan *plan);

void lockstep_estimate_free (LockstepEstimate *self);

/* The run is started, or taken up again: between the last event and this one nobody worked. */
void lockstep_estimate_start (LockstepEstimate *self,
                              gint64            time);

/* With @standing the tasks at work stand still, too. */
void lockstep_estimate_pause (LockstepEstimate *self,
                              gboolean          standing,
                              gint64            time);

void lockstep_estimate_continue (LockstepEstimate *self,
                                 gint64            time);

/* The run goes on with another plan of the same steps, between two sessions. */
void lockstep_estimate_set_plan (LockstepEstimate *self,
                                 LockstepPlan     *plan);

/* @step begins, in those @iterations of the loops around it (outermost first, from 1). @n_ended of its tasks ended in an
 * earlier session. */
void lockstep_estimate_begin_step (LockstepEstimate *self,
                                   LockstepStep     *step,
                                   const guint      *iterations,
                                   guint             n_iterations,
                                   guint             n_tasks,
                                   guint             n_ended,
                                   gint64            time);

/* The barrier was passed. */
void lockstep_estimate_end_step (LockstepEstimate *self,
                                 gint64            time);

/* @solver began, and told progress of, a task of the step. */
void lockstep_estimate_begin_task (LockstepEstimate *self,
                                   guint             solver,
                                   gint64            task,
                                   gint64            time);
void lockstep_estimate_progress (LockstepEstimate *self,
                                 guint             solver,
                                 double            fraction,
                                 gint64            time);

/* @solver is not at @task any more; @ended when it will not be tried again. */
void lockstep_estimate_end_task (LockstepEstimate *self,
                                 guint             solver,
                                 gint64            task,
                                 gboolean          ended,
                                 gint64            time);

/* Seconds from @now, and of what. NONE: nothing can be told, or it is not worth telling. */
LockstepEstimateScope lockstep_estimate_get (LockstepEstimate *self,
                                             gint64            now,
                                             double           *low,
                                             double           *high);

/* The estimates of the step that ended last that were made when a tenth, a quarter, half and three quarters of it were
 * done; none of a step that took less than two seconds. */
const LockstepEstimateMade *lockstep_estimate_get_made (LockstepEstimate *self,
                                                        guint            *n_made);

G_END_DECLS
