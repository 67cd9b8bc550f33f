/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "lockstep-event.h"

G_BEGIN_DECLS

/**
 * The events of a run on disk, in order: `journal.jsonl`, one JSON object a line, append-only.
 *
 * Events are handed over in memory; a thread of the journal's own writes them within some milliseconds, so that
 * no barrier waits for a disk, and calls fsync at each barrier, each second and at the end. Results over 64 KiB are files
 * of their own in `results/`, written before the line that names them.
 */

/* Of the first line, {"lockstep-journal": 1}. */
#define LOCKSTEP_JOURNAL_VERSION 1

/* Longer results stand in files of their own (bytes). */
#define LOCKSTEP_JOURNAL_INLINE_MAX (64 * 1024)

/* A disk with less left than this (bytes) is full: solvers print there, too. */
#define LOCKSTEP_JOURNAL_ROOM_MIN (256 * 1024)

#define LOCKSTEP_TYPE_JOURNAL (lockstep_journal_get_type ())
G_DECLARE_FINAL_TYPE (LockstepJournal, lockstep_journal, LOCKSTEP, JOURNAL, GObject)

/* Signals:
 *
 * failed (const GError *error): the disk refused, or has no room left beyond what was reserved. Nothing is lost: what was
 * not written is kept, facts are taken in as before, and all is tried again after lockstep_journal_retry(). Once, until
 * it recovered.
 * recovered: all is written, and there is room for more.
 */

/* The file of a long result, relative to the run's folder: "results/000137.json". */
char *lockstep_journal_dup_result_name (gint64 task);

/* Opens the journal of the run folder @directory, which exists. What goes wrong is told by the signal. It must be
 * closed, whatever happens. */
LockstepJournal *lockstep_journal_new (const char *directory);

/* Facts are kept always; of samples those that LockstepThinning keeps. Returns whether this one
 * is. */
gboolean lockstep_journal_append (LockstepJournal     *self,
                                  const LockstepEvent *event);

/* Before @event is appended: sets @held to the last sample of what that ends, where it was left out. Appended, it is kept. */
gboolean lockstep_journal_release (LockstepJournal     *self,
                                   const LockstepEvent *event,
                                   LockstepEvent       *held);

/* How many reports of which values were left out, as JSON; NULL for none. */
char *lockstep_journal_dup_left_out (LockstepJournal *self);

/* Makes durable, soon, what was appended so far. */
void lockstep_journal_sync (LockstepJournal *self);

/* The result of @task is superseded: where it has a file of its own, that is removed once all that was appended so far
 * is durable. */
void lockstep_journal_remove_result (LockstepJournal *self,
                                     gint64           task);

/* Tries again after a failure; without one looks at once whether there is room. */
void lockstep_journal_retry (LockstepJournal *self);

/* A journal that is closed waits no longer for a disk that refuses: what it does not take now is lost. */
void lockstep_journal_give_up (LockstepJournal *self);

/* Once everything is written and durable the journal is closed, which may take until the disk has room; or, given up,
 * with the error. */
void     lockstep_journal_close_async (LockstepJournal    *self,
                                       GAsyncReadyCallback callback,
                                       gpointer            user_data);
gboolean lockstep_journal_close_finish (LockstepJournal *self,
                                        GAsyncResult    *result,
                                        GError         **error);

G_END_DECLS
