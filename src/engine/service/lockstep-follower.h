/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lockstep-controller.h"

G_BEGIN_DECLS

/**
 * Follows a run that a controller in another process makes, and controls it there. Its run is the same as one of its
 * own: read from its folder as far as the journal goes, and from there on folded from what the controller tells.
 *
 * When the controller goes before the run has ended, the rest is read from the journal, and the run is interrupted. A
 * connection that was lost while the controller lives is made again, and no event is missed.
 */
#define LOCKSTEP_TYPE_FOLLOWER (lockstep_follower_get_type ())
G_DECLARE_FINAL_TYPE (LockstepFollower, lockstep_follower, LOCKSTEP, FOLLOWER, GObject)

/* Signal lost (const GError *reason): the controller lives and cannot be heard any more; the run stays as it is. */

/* Follows the run in the folder @directory. */
void lockstep_follower_new_async (const char         *directory,
                                  GCancellable       *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer            user_data);

/* The follower of a run that goes on, or that has ended already or is interrupted, of which there is nothing to
 * follow. NULL with an error when it cannot be read, or is at work and does not listen. */
LockstepFollower *lockstep_follower_new_finish (GAsyncResult *result,
                                                GError      **error);

LockstepRun *lockstep_follower_get_run (LockstepFollower *self);

/* Has the controller do what LockstepController's function of that name does. The error is LOCKSTEP_PEER_ERROR: REMOTE
 * with the controller's own words, or CLOSED when there is no connection. */
void lockstep_follower_terminate_async (LockstepFollower   *self,
                                        LockstepStop        how,
                                        GAsyncReadyCallback callback,
                                        gpointer            user_data);
void lockstep_follower_finish_tasks_async (LockstepFollower   *self,
                                           GAsyncReadyCallback callback,
                                           gpointer            user_data);
void lockstep_follower_pause_async (LockstepFollower   *self,
                                    gboolean            now,
                                    GAsyncReadyCallback callback,
                                    gpointer            user_data);
void lockstep_follower_continue_async (LockstepFollower   *self,
                                       GAsyncReadyCallback callback,
                                       gpointer            user_data);
void lockstep_follower_stop_iterating_async (LockstepFollower   *self,
                                             GAsyncReadyCallback callback,
                                             gpointer            user_data);
void lockstep_follower_restart_async (LockstepFollower   *self,
                                      guint               solver,
                                      GAsyncReadyCallback callback,
                                      gpointer            user_data);
void lockstep_follower_act_on_late_async (LockstepFollower   *self,
                                          gint64              task,
                                          LockstepLateAction  action,
                                          GAsyncReadyCallback callback,
                                          gpointer            user_data);

/* Ends any of these: TRUE when the controller has done so. */
gboolean lockstep_follower_act_finish (LockstepFollower *self,
                                       GAsyncResult     *result,
                                       GError          **error);

G_END_DECLS
