/* SPDX-License-Identifier: MIT */

#include "lockstep-pending-calls.h"

struct _LockstepPendingCall
{
  gsize                id;
  LockstepPendingCall *next; /* of those that wait for their reply */
  LockstepPeer        *peer; /* owned */
  LockstepPeerCallback callback;
  gpointer             user_data;
  GSource             *cancellation; /* waits for its cancellable; NULL where it has none */
};

/* Ends a call from the main loop. */
typedef struct
{
  LockstepPendingCall  *call;
  GError               *reason; /* of a call that is refused */
  LockstepPendingCalls *calls;  /* of one that may be cancelled; they outlive its stay in them */
  gsize                 id;
} Ending;

static void
ending_free (Ending *ending)
{
  g_clear_error (&ending->reason);
  g_free (ending);
}

static LockstepPendingCall *
call_new (LockstepPeer        *peer,
          LockstepPeerCallback callback,
          gpointer             user_data)
{
  LockstepPendingCall *call = g_new (LockstepPendingCall, 1);

  *call = (LockstepPendingCall){
    .peer = g_object_ref (peer),
    .callback = callback,
    .user_data = user_data,
  };

  return call;
}

static gboolean
cancelled_cb (GCancellable *cancellable,
              gpointer      user_data)
{
  Ending              *ending = user_data;
  g_autoptr (GError)   error = NULL;
  LockstepPendingCall *call = lockstep_pending_calls_take (ending->calls, (gint64) ending->id);

  g_cancellable_set_error_if_cancelled (cancellable, &error);
  lockstep_pending_call_end (call, NULL, error);

  return G_SOURCE_REMOVE;
}

static void
watch_cancellable (LockstepPendingCalls *self,
                   LockstepPendingCall  *call,
                   GCancellable         *cancellable)
{
  Ending *ending = g_new0 (Ending, 1);

  ending->calls = self;
  ending->id = call->id;
  call->cancellation = g_cancellable_source_new (cancellable);
  g_source_set_callback (call->cancellation, G_SOURCE_FUNC (cancelled_cb), ending, (GDestroyNotify) ending_free);
  g_source_set_static_name (call->cancellation, "[lockstep] call cancelled");
  g_source_set_priority (call->cancellation, LOCKSTEP_PEER_PRIORITY);
  g_source_attach (call->cancellation, g_main_context_get_thread_default ());
}

static gboolean
refused_cb (gpointer user_data)
{
  Ending *ending = user_data;

  lockstep_pending_call_end (ending->call, NULL, ending->reason);

  return G_SOURCE_REMOVE;
}

void
lockstep_pending_calls_init (LockstepPendingCalls *self)
{
  *self = (LockstepPendingCalls){ NULL };
}

void
lockstep_pending_calls_clear (LockstepPendingCalls *self)
{
  g_assert (self->first == NULL);
}

gsize
lockstep_pending_calls_add (LockstepPendingCalls *self,
                            LockstepPeer         *peer,
                            GCancellable         *cancellable,
                            LockstepPeerCallback  callback,
                            gpointer              user_data)
{
  LockstepPendingCall *call = call_new (peer, callback, user_data);

  call->id = ++self->last_id;
  if (self->first == NULL)
    self->first = call;
  else
    self->last->next = call;
  self->last = call;

  if (cancellable != NULL)
    watch_cancellable (self, call, cancellable);

  return call->id;
}

LockstepPendingCall *
lockstep_pending_calls_take (LockstepPendingCalls *self,
                             gint64                id)
{
  LockstepPendingCall **place = &self->first;
  LockstepPendingCall  *before = NULL;
  LockstepPendingCall  *call;

  while (*place != NULL && (gint64) (*place)->id != id)
    {
      before = *place;
      place = &before->next;
    }
  if ((call = *place) == NULL)
    return NULL;

  *place = call->next;
  if (self->last == call)
    self->last = before;
  if (call->cancellation != NULL)
    g_source_destroy (call->cancellation);
  g_clear_pointer (&call->cancellation, g_source_unref);

  return call;
}

gboolean
lockstep_pending_calls_knows (LockstepPendingCalls *self,
                              gint64                id)
{
  return id > 0 && (guint64) id <= self->last_id;
}

void
lockstep_pending_calls_end (LockstepPendingCalls *self,
                            const GError         *reason)
{
  /* A callback may cancel another call. */
  while (self->first != NULL)
    lockstep_pending_call_end (lockstep_pending_calls_take (self, (gint64) self->first->id), NULL, reason);
}

void
lockstep_pending_call_refuse (LockstepPeer        *peer,
                              const GError        *reason,
                              LockstepPeerCallback callback,
                              gpointer             user_data)
{
  g_autoptr (GSource) source = g_idle_source_new ();
  Ending             *ending = g_new0 (Ending, 1);

  ending->call = call_new (peer, callback, user_data);
  ending->reason = g_error_copy (reason);
  g_source_set_callback (source, refused_cb, ending, (GDestroyNotify) ending_free);
  g_source_set_static_name (source, "[lockstep] call refused");
  g_source_set_priority (source, LOCKSTEP_PEER_PRIORITY);
  g_source_attach (source, g_main_context_get_thread_default ());
}

void
lockstep_pending_call_end (LockstepPendingCall *self,
                           GBytes              *result,
                           const GError        *error)
{
  self->callback (self->peer, result, error, self->user_data);

  g_object_unref (self->peer);
  g_free (self);
}
