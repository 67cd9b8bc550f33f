/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The last attempt at a task. */
typedef struct
{
  gint64 start;   /* UTC in µs; 0 where none was begun */
  float  seconds; /* that it took; negative until it ended */
  gint32 solver;  /* that had it; -1 for none */
} LockstepAttempt;

/**
 * What the tasks of one step have come to. A part of LockstepResults.
 */
typedef struct
{
  gint64      first;    /* number of its first task in the run */
  GPtrArray  *results;  /* of GBytes or NULL, by index */
  GArray     *attempts; /* of guint16, by index: those that were begun */
  GArray     *latest;   /* of LockstepAttempt, by index */
  GHashTable *failures; /* index → reason: those that ended without a result */
  guint       n_ended;  /* tasks that ended, well or not */
} LockstepStepResults;

LockstepStepResults *lockstep_step_results_new (gint64 first,
                                                guint  n_tasks);

LockstepStepResults *lockstep_step_results_ref (LockstepStepResults *self);
void                 lockstep_step_results_unref (LockstepStepResults *self);

/* More tasks were appended: there are @n_tasks now. */
void lockstep_step_results_grow (LockstepStepResults *self,
                                 guint                n_tasks);

/* Nobody is at any of the tasks any more: the run is resumed. */
void lockstep_step_results_leave (LockstepStepResults *self);

/* An attempt at the task @index begins, at @time (UTC in µs). */
void lockstep_step_results_begin_attempt (LockstepStepResults *self,
                                          gint64               index,
                                          int                  attempt,
                                          int                  solver,
                                          gint64               time);

/* An attempt at the task @index ended, one way or another. One that was not begun leaves no trace. */
void lockstep_step_results_end_attempt (LockstepStepResults *self,
                                        gint64               index,
                                        int                  solver,
                                        gint64               time);

/* The task @index brought @result; it may have failed before. FALSE when it had brought one before, or is none of
 * these. */
gboolean lockstep_step_results_set (LockstepStepResults *self,
                                    gint64               index,
                                    GBytes              *result);

/* The task @index ended without a result. FALSE when it had ended before, or is none of these. */
gboolean lockstep_step_results_fail (LockstepStepResults *self,
                                     gint64               index,
                                     const char          *reason);

/* The task @index is to be done again. */
void lockstep_step_results_take_back (LockstepStepResults *self,
                                      gint64               index);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LockstepStepResults, lockstep_step_results_unref)

G_END_DECLS
