/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lockstep-peer.h"

G_BEGIN_DECLS

/* Which runs of this person are at work on this machine: those whose controllers answer in the runtime folder,
 * wherever the runs are kept, and those whose controllers live and do not answer. */

typedef struct
{
  LockstepPeer *peer;      /* the connection to its controller, for calls; NULL where it does not answer */
  GBytes       *status;    /* what it answered to "status"; NULL as above */
  char         *run;       /* the name of its folder; NULL where it has none, or none that is known */
  char         *name;      /* of its plan; of its folder or socket where it does not answer */
  char         *directory; /* NULL as run */
  char         *silence;   /* why it does not answer, a sentence with what to do; NULL where it does */
} LockstepLiveRun;

void lockstep_live_run_free (LockstepLiveRun *self);

/* Asks all of them, and waits for two seconds at most. The sockets of those that died are removed. */
void lockstep_live_runs_list_async (GCancellable       *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer            user_data);

/* Returns LockstepLiveRuns, the ones that have not ended. */
GPtrArray *lockstep_live_runs_list_finish (GAsyncResult *result,
                                           GError      **error);

/* Asks the controller of the run in the folder @directory. */
void lockstep_live_run_find_async (const char         *directory,
                                   GCancellable       *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer            user_data);

/* NULL with an error that says whether the run is at work at all. */
LockstepLiveRun *lockstep_live_run_find_finish (GAsyncResult *result,
                                                GError      **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LockstepLiveRun, lockstep_live_run_free)

G_END_DECLS
