/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lockstep-run-lock.h"
#include "lockstep-run.h"

G_BEGIN_DECLS

/**
 * Where the events of a live run go: into its journal, and folded into the run, from there to every view.
 */
#define LOCKSTEP_TYPE_RECORD (lockstep_record_get_type ())
G_DECLARE_FINAL_TYPE (LockstepRecord, lockstep_record, LOCKSTEP, RECORD, GObject)

/* Signal failed (const GError *error): the journal could not be written; nothing is lost so far. */

LockstepRecord *lockstep_record_new (LockstepRun *run);

LockstepRun *lockstep_record_get_run (LockstepRecord *self);

/* Makes the run's folder in @parent (NULL: where runs are kept) and its journal. */
void     lockstep_record_open_async (LockstepRecord     *self,
                                     const char         *parent,
                                     GAsyncReadyCallback callback,
                                     gpointer            user_data);
gboolean lockstep_record_open_finish (LockstepRecord *self,
                                      GAsyncResult   *result,
                                      GError        **error);

/* Goes on with the folder and the journal that the run has, the latter from @end (bytes) on. @lock, which is taken
 * over, is the folder's. */
void     lockstep_record_reopen_async (LockstepRecord     *self,
                                       LockstepRunLock    *lock,
                                       goffset             end,
                                       GAsyncReadyCallback callback,
                                       gpointer            user_data);
gboolean lockstep_record_reopen_finish (LockstepRecord *self,
                                        GAsyncResult   *result,
                                        GError        **error);

/* @event happened. Clears it. */
void lockstep_record_tell (LockstepRecord *self,
                           LockstepEvent  *event);

/* The same, with @payload (an object without its closing brace) as the event's payload; takes @payload over. */
void lockstep_record_tell_payload (LockstepRecord *self,
                                   LockstepEvent  *event,
                                   GString        *payload);

/* A line for the log: LOCKSTEP_EVENT_LOG of the run, or of @solver where that is not negative. */
void lockstep_record_log (LockstepRecord *self,
                          int             solver,
                          const char     *level,
                          const char     *text);

/* Makes durable, soon, what was told so far. */
void lockstep_record_sync (LockstepRecord *self);

/* @event, which is taken over, is the last one: it is folded when the journal and summary.json are on disk, or could
 * not be written, which is then told in the log. */
void lockstep_record_close (LockstepRecord *self,
                            LockstepEvent  *event);

G_END_DECLS
