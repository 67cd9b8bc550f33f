/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lockstep-replay.h"
#include "lockstep-solver.h"

G_BEGIN_DECLS

/**
 * A task done once, outside of any run: its solver is started on this machine as the plan says, told to initialize, and given
 * the very call that it had in a run, or would have in a new one. So it works for every solver, whatever it is written
 * with; nothing of a run is changed, and what the solver writes goes to a temporary folder.
 */
#define LOCKSTEP_TYPE_RERUN (lockstep_rerun_get_type ())
G_DECLARE_FINAL_TYPE (LockstepRerun, lockstep_rerun, LOCKSTEP, RERUN, GObject)

/* Signals:
 *
 * output (GBytes *text): what the solver printed, as it was.
 * said (const char *text): what happens, and what the solver logs; a translated sentence.
 * progress (GBytes *params): of the solver while it computes the task, JSON text. */

/* Takes over @replay. */
LockstepRerun *lockstep_rerun_new (LockstepReplay *replay);

/* The task with the number @task as a new run of @plan would have it (see lockstep_first_call_new()). NULL with an error where
 * there is none. What it leaves is all kept, with what the solver printed. The timeout and the stall of its step hold. */
LockstepRerun *lockstep_rerun_new_first (LockstepPlan *plan,
                                         gint64        task,
                                         GError      **error);

/* Has what the solver writes go to the folder @directory instead of a temporary one. */
void lockstep_rerun_set_directory (LockstepRerun *self,
                                   const char    *directory);

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

/* The step of the task, and the params of its call as JSON text. */
LockstepStep *lockstep_rerun_get_step (LockstepRerun *self);
GBytes       *lockstep_rerun_get_params (LockstepRerun *self);

/* How the solver ended; NULL where none was started. After it is over. */
const LockstepReport *lockstep_rerun_get_report (LockstepRerun *self);

/* The folder with the files that the solver wrote; NULL where it wrote none. After it is over. */
const char *lockstep_rerun_get_directory (LockstepRerun *self);

G_END_DECLS
