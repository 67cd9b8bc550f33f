/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lockstep-run-facts.h"

G_BEGIN_DECLS

/**
 * A run in the list of runs. It changes when its folder does.
 *
 * Properties, all read-only (see LockstepRunFacts): id, directory, plan, name, note, until, problem (strings), state
 * (LockstepRunState as uint: STEPPING is live, IDLE cannot be told), live (boolean), started (int64, UTC in µs), seconds
 * (double), tasks-done, tasks-total, failures (int64), listed (boolean: those are a list),
 * reached (boolean), value (double), size (int64: bytes on disk, negative
 * until it was measured), headline (string: how it stands now, see lockstep_standing_dup_headline(); NULL unless it is followed).
 */
#define LOCKSTEP_TYPE_HISTORY_ENTRY (lockstep_history_entry_get_type ())
G_DECLARE_FINAL_TYPE (LockstepHistoryEntry, lockstep_history_entry, LOCKSTEP, HISTORY_ENTRY, GObject)

/* Takes over @facts. */
LockstepHistoryEntry *lockstep_history_entry_new (LockstepRunFacts *facts);

/* They are the entry's, until its folder has changed. */
const LockstepRunFacts *lockstep_history_entry_get_facts (LockstepHistoryEntry *self);

/* Its folder has changed. Takes over @facts. */
void lockstep_history_entry_set_facts (LockstepHistoryEntry *self,
                                       LockstepRunFacts     *facts);

/* From now on the entry tells how @run stands, which is the entry's own and is at work in this process, or followed by it; NULL
 * for none. */
void lockstep_history_entry_follow (LockstepHistoryEntry *self,
                                    LockstepRun          *run);

/* Counts what its folder takes on disk, on a thread: then it is the property size. Bytes; negative with an error. */
void   lockstep_history_entry_measure_async (LockstepHistoryEntry *self,
                                             GCancellable         *cancellable,
                                             GAsyncReadyCallback   callback,
                                             gpointer              user_data);
gint64 lockstep_history_entry_measure_finish (LockstepHistoryEntry *self,
                                              GAsyncResult         *result,
                                              GError              **error);

G_END_DECLS
