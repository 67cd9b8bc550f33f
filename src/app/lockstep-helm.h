/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lockstep-controller.h"
#include "lockstep-follower.h"

G_BEGIN_DECLS

/**
 * What steers a run: the controller in this process, or a follower of one in another. To a view they are the same.
 *
 * Property live (boolean): the run has not ended, and can be steered.
 *
 * Signal refused (const char *why): what was asked for was not done, or the run is not heard of any more; a sentence.
 */
#define LOCKSTEP_TYPE_HELM (lockstep_helm_get_type ())
G_DECLARE_FINAL_TYPE (LockstepHelm, lockstep_helm, LOCKSTEP, HELM, GObject)

/* Lets other processes steer @controller, too, which was not started. */
LockstepHelm *lockstep_helm_new_own (LockstepController *controller);

LockstepHelm *lockstep_helm_new_following (LockstepFollower *follower);

LockstepRun *lockstep_helm_get_run (LockstepHelm *self);
gboolean     lockstep_helm_get_live (LockstepHelm *self);

/* They do what LockstepController's functions of these names do, while the run is live. */
void lockstep_helm_terminate (LockstepHelm *self,
                              LockstepStop  how);
void lockstep_helm_finish_tasks (LockstepHelm *self);
void lockstep_helm_pause (LockstepHelm *self,
                          gboolean      now);
void lockstep_helm_continue (LockstepHelm *self);
void lockstep_helm_stop_iterating (LockstepHelm *self);
void lockstep_helm_restart (LockstepHelm *self,
                            guint         solver);
void lockstep_helm_act_on_late (LockstepHelm      *self,
                                gint64             task,
                                LockstepLateAction action);

G_END_DECLS
