/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lockstep-step.h"

G_BEGIN_DECLS

/**
 * What the tasks of a run have brought: the results of the step at work, of the step before, and those that `one` steps
 * get back. A part of LockstepRun.
 */
typedef struct _LockstepResults LockstepResults;

LockstepResults *lockstep_results_new (void);

void lockstep_results_free (LockstepResults *self);

/* A step of @n_tasks tasks begins; the first of them has the number @first in the run. */
void lockstep_results_begin (LockstepResults *self,
                             gint64           first,
                             guint            n_tasks);

/* @task, counted through the run, brought @result (NULL: null). FALSE when it had brought one before, or is of another
 * step. */
gboolean lockstep_results_set (LockstepResults *self,
                               gint64           task,
                               GBytes          *result);

/* @task ended without a result, for @reason. */
void lockstep_results_fail (LockstepResults *self,
                            gint64           task,
                            const char      *reason);

/* @step, which began last, is done. */
void lockstep_results_end (LockstepResults *self,
                           LockstepStep    *step);

guint lockstep_results_get_n_tasks (LockstepResults *self);

gint64 lockstep_results_get_first (LockstepResults *self);

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
