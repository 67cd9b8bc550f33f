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

/* Signals:
 *
 * failed (const GError *error): the journal cannot be written now. Nothing is lost: what is told is kept, and it is tried
 * again each second.
 * recovered: all that was kept is written.
 */

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

/* Goes on with the folder and the journal that the run has, the latter from @end (bytes) on, before which @n_events stand
 * in it. @lock, which is taken over, is the folder's. */
void     lockstep_record_reopen_async (LockstepRecord     *self,
                                       LockstepRunLock    *lock,
                                       goffset             end,
                                       guint64             n_events,
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

/* How many events were told and kept, by which they are numbered from 1: event n is line n + 1 of the journal. Within
 * LockstepRun::event, when it has not grown, the event is a sample that the journal leaves out. */
guint64 lockstep_record_get_n_events (LockstepRecord *self);

/* Makes durable, soon, what was told so far. */
void lockstep_record_sync (LockstepRecord *self);

/* Tries at once to write what could not be written; and where nothing is known to be wrong, looks whether there is room. */
void lockstep_record_retry (LockstepRecord *self);

/* @event, which is taken over, is the last one: it is folded when the journal and summary.json are on disk. While the
 * disk refuses that is waited for, unless the run was terminated; what is lost then is told in the log. */
void lockstep_record_close (LockstepRecord *self,
                            LockstepEvent  *event);

/* Does not wait for the disk any longer. */
void lockstep_record_give_up (LockstepRecord *self);

G_END_DECLS
