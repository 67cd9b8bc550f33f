/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lockstep-past-run.h"

G_BEGIN_DECLS

/**
 * The call that a task of a run was, put together again from the run's folder: the run is read up to the moment when the
 * task was begun, and asked for the call as it was asked then.
 */
typedef struct
{
  LockstepPastRun *past;      /* the run as it was then */
  LockstepStep    *step;      /* of its plan */
  gint64           task;      /* counted through the run */
  guint            attempt;   /* from 1 */
  int              solver;    /* that had it */
  int              iteration; /* of the innermost loop, from 1; 0 outside of loops */
  GBytes          *params;    /* of the call, JSON text on one line */
} LockstepReplay;

/* The last attempt at @task that was begun in the run folder @directory; with @request that which the event with this
 * number (from 1) began. NULL with an error: where there was none, or a result that it was given is not there any more.
 * Blocks: for threads. */
LockstepReplay *lockstep_replay_load (const char *directory,
                                      gint64      task,
                                      guint64     request,
                                      GError    **error);

/* The same on a thread. */
void            lockstep_replay_load_async (const char         *directory,
                                            gint64              task,
                                            GAsyncReadyCallback callback,
                                            gpointer            user_data);
LockstepReplay *lockstep_replay_load_finish (GAsyncResult *result,
                                             GError      **error);

void lockstep_replay_free (LockstepReplay *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LockstepReplay, lockstep_replay_free)

G_END_DECLS
