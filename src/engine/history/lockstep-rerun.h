/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lockstep-replay.h"
#include "lockstep-solver.h"

G_BEGIN_DECLS

/**
 * A task of a run done once more, outside of the run: its solver is started on this machine as the plan says, told to
 * initialize, and given the very call that it had. So it works for every solver, whatever it is written with; nothing of the
 * run is changed, and what the solver writes goes to a temporary folder.
 */
#define LOCKSTEP_TYPE_RERUN (lockstep_rerun_get_type ())
G_DECLARE_FINAL_TYPE (LockstepRerun, lockstep_rerun, LOCKSTEP, RERUN, GObject)

/* Signals:
 *
 * output (GBytes *text): what the solver printed, as it was.
 * said (const char *text): what happens, and what the solver logs; a translated sentence. */

/* Takes over @replay. */
LockstepRerun *lockstep_rerun_new (LockstepReplay *replay);

/* Does it, once. The result is what the solver answered; an error is the step's own, or says how the solver ended. No
 * process is left when it is over. */
void    lockstep_rerun_run_async (LockstepRerun      *self,
                                  GAsyncReadyCallback callback,
                                  gpointer            user_data);
GBytes *lockstep_rerun_run_finish (LockstepRerun *self,
                                   GAsyncResult  *result,
                                   GError       **error);

/* Ends it before. */
void lockstep_rerun_stop (LockstepRerun *self,
                          LockstepStop   how);

/* The folder with the files that the solver wrote; NULL where it wrote none. After it is over. */
const char *lockstep_rerun_get_directory (LockstepRerun *self);

G_END_DECLS
