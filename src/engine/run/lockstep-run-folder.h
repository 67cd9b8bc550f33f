/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lockstep-plan.h"
#include "lockstep-run-lock.h"

G_BEGIN_DECLS

/**
 * The folder that a run leaves on disk: `<start time>-<4 hex>-<name>/` with plan.lockstep, journal.jsonl,
 * solver-0000.log…, results/, lock, the tables that tasks came from (table-0.csv…) and, written last, summary.json.
 */

/* Where runs are kept: @override, else LOCKSTEP_RUNS_DIR, else $XDG_DATA_HOME/lockstep/runs. */
char *lockstep_run_folder_dup_parent (const char *override);

/* Makes a folder in @parent (made too where it is missing) with the plan's text in it, on a thread. @lock is set to its
 * lock, which is held. Where that fails, no folder is left. */
void  lockstep_run_folder_create_async (LockstepPlan       *plan,
                                        const char         *parent,
                                        GAsyncReadyCallback callback,
                                        gpointer            user_data);
char *lockstep_run_folder_create_finish (GAsyncResult     *result,
                                         LockstepRunLock **lock,
                                         GError          **error);

/* Makes the run folder @directory, whose lock the caller holds, ready to go on with @plan, on a thread: what follows
 * @end (bytes) in the journal is cut off, and there is no summary until it has ended again. */
void     lockstep_run_folder_reopen_async (LockstepPlan       *plan,
                                           const char         *directory,
                                           goffset             end,
                                           GAsyncReadyCallback callback,
                                           gpointer            user_data);
gboolean lockstep_run_folder_reopen_finish (GAsyncResult *result,
                                            GError      **error);

/* Looks, on a thread, whether the disk of the run folder @directory is full. One that cannot be asked is not. */
void     lockstep_run_folder_look_for_room_async (const char         *directory,
                                                  GAsyncReadyCallback callback,
                                                  gpointer            user_data);
gboolean lockstep_run_folder_look_for_room_finish (GAsyncResult *result);

/* The path of the file that a solver's output goes to. */
char *lockstep_run_folder_dup_solver_log (const char *directory,
                                          guint       solver);

/* Writes @text as summary.json, whole or not at all, and durable, on a thread. */
void     lockstep_run_folder_write_summary_async (const char         *directory,
                                                  GBytes             *text,
                                                  GAsyncReadyCallback callback,
                                                  gpointer            user_data);
gboolean lockstep_run_folder_write_summary_finish (GAsyncResult *result,
                                                   GError      **error);

G_END_DECLS
