/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lockstep-step-results.h"
#include "lockstep-plan.h"

G_BEGIN_DECLS

/**
 * What the tasks of a run have brought: the results of the step at work, of the step before, and those that `one`
 * steps get back. It remembers the moments that a run may be resumed from although it went on: before its last step of
 * tasks, and where it left a loop. A part of LockstepRun.
 */
typedef struct _LockstepResults LockstepResults;

/* A place in a plan that a run stood at, before the task with the number @first was begun. */
typedef struct
{
  guint   step;       /* LockstepStep.index */
  GArray *iterations; /* of guint, of the loops around it, outermost first */
  gint64  first;
} LockstepPlace;

LockstepResults *lockstep_results_new (void);

void lockstep_results_free (LockstepResults *self);

/* @step of @n_tasks tasks begins in @iterations; the first of them has the number @first in the run. */
void lockstep_results_begin (LockstepResults *self,
                             LockstepStep    *step,
                             GArray          *iterations,
                             gint64           first,
                             guint            n_tasks);

/* The same in a run that is resumed: it goes back to where it was before the task @first, and what came of tasks from
 * there on is forgotten; only a step of tasks that had begun with @first keeps its own. */
void lockstep_results_begin_again (LockstepResults *self,
                                   LockstepStep    *step,
                                   GArray          *iterations,
                                   gint64           first,
                                   guint            n_tasks);

/* @task, counted through the run, is to be done again. */
void lockstep_results_take_back (LockstepResults *self,
                                 gint64           task);

/* The same, where the result of @task is missing; of the step that began last, the one before, or the last step of tasks. */
void lockstep_results_lose (LockstepResults *self,
                            gint64           task);

/* An attempt at @task begins, or ends, at @time (UTC in µs). */
void lockstep_results_begin_attempt (LockstepResults *self,
                                     gint64           task,
                                     int              attempt,
                                     int              solver,
                                     gint64           time);
void lockstep_results_end_attempt (LockstepResults *self,
                                   gint64           task,
                                   int              solver,
                                   gint64           time);

/* @task, counted through the run, brought @result (NULL: null). FALSE when it had brought one before, or is of another
 * step. */
gboolean lockstep_results_set (LockstepResults *self,
                               gint64           task,
                               GBytes          *result);

/* @task ended without a result, for @reason. FALSE as above. */
gboolean lockstep_results_fail (LockstepResults *self,
                                gint64           task,
                                const char      *reason);

/* @step, which began last, is done. */
void lockstep_results_end (LockstepResults *self,
                           LockstepStep    *step);

/* The loop with the index @loop came round after @step, which ended last in @iterations. With @left it is over;
 * @reached is FALSE where it had an until that does not hold, and @early TRUE where a person wanted it to be left. */
void lockstep_results_come_round (LockstepResults *self,
                                  guint            loop,
                                  guint            step,
                                  GArray          *iterations,
                                  gboolean         left,
                                  gboolean         reached,
                                  gboolean         early);

/* A run that is resumed goes back to where it left a loop before the task @first, which it is to go on with. Returns
 * the step of @plan that it stands behind then, and sets @iterations; NULL where there is no such loop. */
LockstepStep *lockstep_results_go_back (LockstepResults *self,
                                        LockstepPlan    *plan,
                                        gint64           first,
                                        GArray          *iterations);

/* Whether every loop that was left was left because its until held. */
gboolean lockstep_results_get_reached (LockstepResults *self);

/* Whether there was one whose until did not hold, and a person wanted each of those to be left. */
gboolean lockstep_results_get_left_early (LockstepResults *self);

/* Tasks of the step that began last, and those of them that ended, and tasks of the run that ended without a result. */
guint   lockstep_results_get_n_tasks (LockstepResults *self);
guint   lockstep_results_get_n_ended (LockstepResults *self);
guint64 lockstep_results_get_n_failed (LockstepResults *self);

gint64 lockstep_results_get_first (LockstepResults *self);

/* Of the step that began last. */
const LockstepStepResults *lockstep_results_get_current (LockstepResults *self);

/* The last step of tasks that was begun: where, and what they came to. FALSE where there was none. */
gboolean lockstep_results_get_sweep (LockstepResults            *self,
                                     LockstepPlace              *place,
                                     const LockstepStepResults **results);

/* The numbers of the tasks (of gint64) that the run may go back to before. */
GArray *lockstep_results_dup_moments (LockstepResults *self);

/* Where the loop with that index was last left: its last step, and the first task after; @last_one is set to the
 * result that its until looked at. FALSE where it was not left. */
gboolean lockstep_results_get_left (LockstepResults *self,
                                    guint            loop,
                                    LockstepPlace   *place,
                                    GBytes         **last_one);

/* Of the task @index of the step that began last; NULL where it has none. */
GBytes *lockstep_results_get (LockstepResults *self,
                              guint            index);

/* See the functions of LockstepRun. */
GPtrArray  *lockstep_results_get_last (LockstepResults *self);
GHashTable *lockstep_results_get_last_failures (LockstepResults *self);
GBytes     *lockstep_results_get_last_one (LockstepResults *self);
GBytes     *lockstep_results_get_previous (LockstepResults *self,
                                           guint            step);

G_END_DECLS
