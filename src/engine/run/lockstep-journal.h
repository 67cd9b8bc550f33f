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

#define LOCKSTEP_TYPE_JOURNAL (lockstep_journal_get_type ())
G_DECLARE_FINAL_TYPE (LockstepJournal, lockstep_journal, LOCKSTEP, JOURNAL, GObject)

/* Signal failed (const GError *error): the disk refused. Nothing is lost: what was not written is kept and tried again
 * after lockstep_journal_retry(). */

/* Opens the journal of the run folder @directory, which exists. What goes wrong is told by the signal. It must be
 * closed, whatever happens. */
LockstepJournal *lockstep_journal_new (const char *directory);

/* Facts are kept always; of samples one a second for each solver and type (four for OUTPUT). */
void lockstep_journal_append (LockstepJournal     *self,
                              const LockstepEvent *event);

/* Makes durable, soon, what was appended so far. */
void lockstep_journal_sync (LockstepJournal *self);

/* Tries again after a failure. */
void lockstep_journal_retry (LockstepJournal *self);

/* Everything is written and durable, or the error; either way the journal is closed. */
void     lockstep_journal_close_async (LockstepJournal    *self,
                                       GAsyncReadyCallback callback,
                                       gpointer            user_data);
gboolean lockstep_journal_close_finish (LockstepJournal *self,
                                        GAsyncResult    *result,
                                        GError         **error);

G_END_DECLS
