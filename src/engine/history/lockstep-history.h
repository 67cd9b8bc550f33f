/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "lockstep-history-entry.h"

G_BEGIN_DECLS

/**
 * The runs in a folder of runs: a GListModel of LockstepHistoryEntry, the one that was started last first. It is filled on
 * a thread, and then follows the folder.
 */
#define LOCKSTEP_TYPE_HISTORY (lockstep_history_get_type ())
G_DECLARE_FINAL_TYPE (LockstepHistory, lockstep_history, LOCKSTEP, HISTORY, GObject)

/* Of the folder @parent (NULL: where runs are kept). Empty until it is loaded. */
LockstepHistory *lockstep_history_new (const char *parent);

/* The folder that the runs are in. */
const char *lockstep_history_get_parent (LockstepHistory *self);

/* Reads all runs; a folder that is not there has none. Other trouble with the folder itself is an error; with one run it
 * is that run's problem. May be called again. */
void     lockstep_history_load_async (LockstepHistory    *self,
                                      GCancellable       *cancellable,
                                      GAsyncReadyCallback callback,
                                      gpointer            user_data);
gboolean lockstep_history_load_finish (LockstepHistory *self,
                                       GAsyncResult    *result,
                                       GError         **error);

/* From now on the model follows the folder: runs that come, go, end, are interrupted, and are labelled. To be called
 * before lockstep_history_load_async(), so that nothing is missed; the folder is made where there is none, and where it cannot be watched, nothing is told. */
void lockstep_history_watch (LockstepHistory *self);

/* What stands in the folder and is not a run (of char *: names), as it was when all runs were last read. */
GPtrArray *lockstep_history_get_strangers (LockstepHistory *self);

/* The run in the folder of that name; NULL where there is none. */
LockstepHistoryEntry *lockstep_history_lookup (LockstepHistory *self,
                                               const char      *id);

/* Puts the run in the folder @directory into the trash, on a thread. A live one is refused with G_IO_ERROR_BUSY; where there
 * is no trash, the error says what to do. */
void     lockstep_history_trash_async (const char         *directory,
                                       GAsyncReadyCallback callback,
                                       gpointer            user_data);
gboolean lockstep_history_trash_finish (GAsyncResult *result,
                                        GError      **error);

G_END_DECLS
