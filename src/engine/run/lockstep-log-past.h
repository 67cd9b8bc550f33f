/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lockstep-event-text.h"

G_BEGIN_DECLS

/**
 * The newest of what happened in a run and of what its solvers printed, by time, from its folder: what a log shows that is
 * opened when the run is at work, or has ended. The journal says when, to a quarter of a second, a solver's file had how many
 * bytes. However long the run was, it takes little memory, and of the files only their ends are read.
 */
typedef struct _LockstepLogPast LockstepLogPast;

/* Some lines of one solver, or one event. */
typedef struct
{
  gint64        time;   /* UTC in µs; 0 for what was printed */
  int           solver; /* -1 for the run */
  LockstepLevel level;
  GBytes       *text; /* of one event; or printed lines, any bytes */
} LockstepLogPiece;

/* The last @max_lines lines, and some more at most, of the run folder @directory. Blocks: for threads. */
LockstepLogPast *lockstep_log_past_load (const char *directory,
                                         guint       max_lines,
                                         GError    **error);

/* The same on a thread. */
void             lockstep_log_past_load_async (const char         *directory,
                                               guint               max_lines,
                                               GCancellable       *cancellable,
                                               GAsyncReadyCallback callback,
                                               gpointer            user_data);
LockstepLogPast *lockstep_log_past_load_finish (GAsyncResult *result,
                                                GError      **error);

void lockstep_log_past_free (LockstepLogPast *self);

/* By time, the oldest first. */
guint                   lockstep_log_past_get_n_pieces (LockstepLogPast *self);
const LockstepLogPiece *lockstep_log_past_get_piece (LockstepLogPast *self,
                                                     guint            index);

/* The time of the newest event that was read; 0 for none. */
gint64 lockstep_log_past_get_time (LockstepLogPast *self);

/* Where in the solver's file that begins which is not in it (bytes): the beginning of a line. */
guint64 lockstep_log_past_get_offset (LockstepLogPast *self,
                                      guint            solver);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LockstepLogPast, lockstep_log_past_free)

G_END_DECLS
