/* SPDX-License-Identifier: MIT */

#pragma once

#include "lockstep-peer.h"

G_BEGIN_DECLS

/**
 * The calls of a peer that wait for their reply, by id. Private to transport/.
 *
 * Each call that is added is ended exactly once: by who takes it on a reply, by its cancellable, or with all others.
 */
typedef struct _LockstepPendingCall LockstepPendingCall;

/* A list, because they are few, and mostly answered in the order of their ids. */
typedef struct
{
  LockstepPendingCall *first; /* owned, as all that follow it */
  LockstepPendingCall *last;
  gsize                last_id;
} LockstepPendingCalls;

void lockstep_pending_calls_init (LockstepPendingCalls *self);

/* There must be no calls any more. */
void lockstep_pending_calls_clear (LockstepPendingCalls *self);

/* Adds a call of @peer, which it keeps alive, and returns its id, which is never 0. When @cancellable (or NULL) is
 * cancelled the call ends, in the main context that is the thread's default now, and leaves. */
gsize lockstep_pending_calls_add (LockstepPendingCalls *self,
                                  LockstepPeer         *peer,
                                  GCancellable         *cancellable,
                                  LockstepPeerCallback  callback,
                                  gpointer              user_data);

/* The call @id, which leaves; or NULL. Ends with lockstep_pending_call_end(). */
LockstepPendingCall *lockstep_pending_calls_take (LockstepPendingCalls *self,
                                                  gint64                id);

/* Whether @id has been given to a call, ever. */
gboolean lockstep_pending_calls_knows (LockstepPendingCalls *self,
                                       gint64                id);

/* Ends all calls, in the order of their ids, with @reason. */
void lockstep_pending_calls_end (LockstepPendingCalls *self,
                                 const GError         *reason);

/* Ends a call that is not made, with @reason, from the main loop. */
void lockstep_pending_call_refuse (LockstepPeer        *peer,
                                   const GError        *reason,
                                   LockstepPeerCallback callback,
                                   gpointer             user_data);

/* Tells who called, and frees the call. Either @result or @error is NULL. */
void lockstep_pending_call_end (LockstepPendingCall *self,
                                GBytes              *result,
                                const GError        *error);

G_END_DECLS
