/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lockstep-run-lock.h"
#include "lockstep-run.h"

G_BEGIN_DECLS

/**
 * A run read from its folder: its plan and its journal, folded into the same model that a live run has. It needs
 * nothing but the folder: programs, tables and folders that the plan names may be gone.
 *
 * A run that was not ended, and that no live controller has, is interrupted.
 */
typedef struct _LockstepPastRun LockstepPastRun;

/* Reads the run folder @directory. With @to_resume the folder's lock is taken first, and kept: an error when a live
 * controller has it. */
LockstepPastRun *lockstep_past_run_load (const char *directory,
                                         gboolean    to_resume,
                                         GError    **error);

/* Is told of each event of the run, after it was folded. FALSE: the rest is not read. */
typedef gboolean (*LockstepPastRunFunc) (LockstepRun         *run,
                                         const LockstepEvent *event,
                                         gpointer             user_data);

/* Reads it to be looked at, and tells @func of its events on the way; so that whoever wants to know more than the model
 * holds need not read the journal once more. */
LockstepPastRun *lockstep_past_run_load_with (const char         *directory,
                                              LockstepPastRunFunc func,
                                              gpointer            user_data,
                                              GError            **error);

/* The same as lockstep_past_run_load(), on a thread. */
void             lockstep_past_run_load_async (const char         *directory,
                                               gboolean            to_resume,
                                               GCancellable       *cancellable,
                                               GAsyncReadyCallback callback,
                                               gpointer            user_data);
LockstepPastRun *lockstep_past_run_load_finish (GAsyncResult *result,
                                                GError      **error);

void lockstep_past_run_free (LockstepPastRun *self);

LockstepRun *lockstep_past_run_get_run (LockstepPastRun *self);

/* Whether a live controller had the run when it was read. */
gboolean lockstep_past_run_is_live (LockstepPastRun *self);

/* What of it could not be read, sentences for a person (of char *). */
GPtrArray *lockstep_past_run_get_complaints (LockstepPastRun *self);

/* The path of a result's file that is missing, and that a run may need that goes on before the task @first: a later
 * result of its step does not replace it by then. NULL where there is none. */
const char *lockstep_past_run_find_lost (LockstepPastRun *self,
                                         gint64           first);

/* Whether a result of the step with the index @step is missing, and no later one replaces it. */
gboolean lockstep_past_run_has_lost (LockstepPastRun *self,
                                     guint            step);

/* Where the journal's last whole line ends (bytes). */
goffset lockstep_past_run_get_end (LockstepPastRun *self);

/* The number in the journal, from 1, of the last event that was read; 0 where there is none. */
guint64 lockstep_past_run_get_n_events (LockstepPastRun *self);

/* The plan to go on with, whose files are there: that of @file, or with NULL the run's own, and @settings as for
 * lockstep_plan_load(). It may differ in ways that are not allowed. */
LockstepPlan *lockstep_past_run_load_plan (LockstepPastRun   *self,
                                           GFile             *file,
                                           const char *const *settings,
                                           GError           **error);

/* Hands over the lock of a run that was read to be resumed; NULL where it was, or was handed over. */
LockstepRunLock *lockstep_past_run_steal_lock (LockstepPastRun *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LockstepPastRun, lockstep_past_run_free)

G_END_DECLS
