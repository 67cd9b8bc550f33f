/* SPDX-License-Identifier: MIT */

#include "lockstep-pending-calls.h"

struct _LockstepPendingCall
{
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

  call->peer = g_object_ref (peer);
  call->callback = callback;
  call->user_data = user_data;
  call->cancellation = NULL;

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
                   GCancellable         *cancellable,
                   gsize                 id)
{
  Ending *ending = g_new0 (Ending, 1);

  ending->calls = self;
  ending->id = id;
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
  self->calls = g_hash_table_new (NULL, NULL);
  self->last_id = 0;
}

void
lockstep_pending_calls_clear (LockstepPendingCalls *self)
{
  g_assert (self->calls == NULL || g_hash_table_size (self->calls) == 0);

  g_clear_pointer (&self->calls, g_hash_table_unref);
}

gsize
lockstep_pending_calls_add (LockstepPendingCalls *self,
                            LockstepPeer         *peer,
                            GCancellable         *cancellable,
                            LockstepPeerCallback  callback,
                            gpointer              user_data)
{
  LockstepPendingCall *call = call_new (peer, callback, user_data);
  gsize                id = ++self->last_id;

  g_hash_table_insert (self->calls, GSIZE_TO_POINTER (id), call);

  if (cancellable != NULL)
    watch_cancellable (self, call, cancellable, id);

  return id;
}

LockstepPendingCall *
lockstep_pending_calls_take (LockstepPendingCalls *self,
                             gint64                id)
{
  gpointer             taken;
  LockstepPendingCall *call;

  if (!lockstep_pending_calls_knows (self, id) ||
      !g_hash_table_steal_extended (self->calls, GSIZE_TO_POINTER ((gsize) id), NULL, &taken))
    return NULL;

  call = taken;
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

static int
compare_ids (gconstpointer a,
             gconstpointer b)
{
  gsize first = GPOINTER_TO_SIZE (a);
  gsize second = GPOINTER_TO_SIZE (b);

  return first < second ? -1 : first > second;
}

void
lockstep_pending_calls_end (LockstepPendingCalls *self,
                            const GError         *reason)
{
  g_autoptr (GList) ids = g_list_sort (g_hash_table_get_keys (self->calls), compare_ids);

  for (GList *link = ids; link != NULL; link = link->next)
    {
      LockstepPendingCall *call = lockstep_pending_calls_take (self, (gint64) GPOINTER_TO_SIZE (link->data));

      /* A callback may have cancelled another call. */
      if (call != NULL)
        lockstep_pending_call_end (call, NULL, reason);
    }
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
