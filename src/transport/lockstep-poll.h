/* SPDX-License-Identifier: MIT */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * Waits for many descriptors with one source of the main context: those of peers, and of guards.
 *
 * poll() over hundreds of descriptors with a GSource each costs the main loop more at every turn than the messages that
 * arrive; so all that is watched in a main context shares an epoll set, and the main loop sees one descriptor.
 * At each dispatch a bounded number of them is served for a bounded time, in turn.
 */

typedef struct _LockstepPollWatch LockstepPollWatch;

/* @descriptor can be read (or has ended or failed), or written. */
typedef void (*LockstepPollFunc) (gpointer user_data,
                                  gboolean readable,
                                  gboolean writable);

/* Watches @descriptor for reading in the thread-default main context, at LOCKSTEP_PEER_PRIORITY. Returns NULL with
 * @error set where the kernel cannot. */
LockstepPollWatch *lockstep_poll_watch_new (int              descriptor,
                                            LockstepPollFunc func,
                                            gpointer         user_data,
                                            GError         **error);

/* Whether to wait until it can be written as well. */
void lockstep_poll_watch_set_writing (LockstepPollWatch *self,
                                      gboolean           writing);

/* Calls the function soon, once, with readable set, whatever the kernel says. */
void lockstep_poll_watch_wake (LockstepPollWatch *self);

/* Ends the watch; the function is not called any more. Before the descriptor is closed. */
void lockstep_poll_watch_free (LockstepPollWatch *self);

G_END_DECLS
