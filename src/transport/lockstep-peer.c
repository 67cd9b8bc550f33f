/* SPDX-License-Identifier: MIT */

#include "lockstep-peer.h"

#include "lockstep-message.h"
#include "lockstep-pending-calls.h"
#include "lockstep-request.h"
#include "lockstep-wire.h"

/* How much of a name or text that the other end chose goes into a message for the log. */
#define EXCERPT 200

struct _LockstepPeer
{
  GObject              parent_instance;
  LockstepWire        *wire;   /* NULL while it is being made */
  LockstepPendingCalls calls;  /* each holds a reference to the peer */
  GString             *head;   /* of the message being composed; kept for its memory */
  GError              *reason; /* why the peer is closed; NULL while it is open */
  char                *remark; /* what the other end said last, where that was an error that answers no call; or NULL */
  guint                n_unanswered;
  GMainContext        *context; /* where calls end and signals are emitted */
};

enum
{
  SIGNAL_REQUEST,
  SIGNAL_NOTIFICATION,
  SIGNAL_MALFORMED,
  SIGNAL_STRAY,
  SIGNAL_CLOSED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (LockstepPeer, lockstep_peer, G_TYPE_OBJECT)

G_DEFINE_QUARK (lockstep_peer_error, lockstep_peer_error)

gboolean
lockstep_peer_error_is_remote (const GError *error)
{
  return g_error_matches (error, LOCKSTEP_PEER_ERROR, LOCKSTEP_PEER_ERROR_REMOTE) ||
         g_error_matches (error, LOCKSTEP_PEER_ERROR, LOCKSTEP_PEER_ERROR_NO_ROOM);
}

static gboolean
tell_closed_cb (gpointer user_data)
{
  LockstepPeer *self = user_data;

  lockstep_pending_calls_end (&self->calls, self->reason);
  g_signal_emit (self, signals[SIGNAL_CLOSED], 0, self->reason);

  return G_SOURCE_REMOVE;
}

/* The one way in which a peer comes to its end. Who waits is told by the main loop, so that no caller of
 * anything here finds itself called back from within. */
static void
fail (LockstepPeer *self,
      const GError *reason)
{
  g_autoptr (GSource) source = NULL;

  if (self->reason != NULL)
    return;

  self->reason = g_error_copy (reason);

  if (self->wire != NULL)
    lockstep_wire_close (self->wire);

  source = g_idle_source_new ();
  g_source_set_static_name (source, "[lockstep] peer closed");
  g_source_set_priority (source, LOCKSTEP_PEER_PRIORITY);
  g_source_set_callback (source, tell_closed_cb, g_object_ref (self), g_object_unref);
  g_source_attach (source, self->context);
}

/* Sends what stands in self->head, @pieces and the end of the envelope. */
static void
send_message (LockstepPeer  *self,
              GBytes *const *pieces)
{
  lockstep_wire_send (self->wire, self->head, pieces, LOCKSTEP_MESSAGE_TAIL);
  g_string_truncate (self->head, 0);
}

static GError *
full_error_new (LockstepPeer *self)
{
  return g_error_new (LOCKSTEP_PEER_ERROR, LOCKSTEP_PEER_ERROR_FULL,
                      "The other end does not read: %" G_GSIZE_FORMAT " MiB wait to be sent to it already",
                      lockstep_wire_get_queued (self->wire) / (1024 * 1024));
}

/* Whether an answer can be sent. Who asks and does not read the answers is not kept. */
static gboolean
can_answer (LockstepPeer *self)
{
  g_autoptr (GError) error = NULL;

  if (self->reason != NULL)
    return FALSE;

  if (!lockstep_wire_is_full (self->wire))
    return TRUE;

  error = full_error_new (self);
  fail (self, error);

  return FALSE;
}

void
lockstep_peer_send_result (LockstepPeer *self,
                           const char   *id,
                           GBytes       *result)
{
  GBytes *pieces[] = { result, NULL };

  self->n_unanswered--;
  if (!can_answer (self))
    return;

  lockstep_message_append_result (self->head, id);
  send_message (self, pieces);
}

void
lockstep_peer_send_error (LockstepPeer *self,
                          const char   *id,
                          int           code,
                          const char   *message)
{
  if (id != NULL)
    self->n_unanswered--;
  if (!can_answer (self))
    return;

  lockstep_message_append_error (self->head, id, code, message);
  send_message (self, NULL);
}

/* @string as a person sees it in a log. */
static char *
dup_excerpt (LockstepJson string)
{
  gsize            length;
  g_autofree char *text = lockstep_json_dup_string (string, &length);

  return g_utf8_make_valid (text, (gssize) MIN (length, EXCERPT));
}

static void
received_request (LockstepPeer          *self,
                  const LockstepMessage *message,
                  GBytes                *params)
{
  LockstepRequest *request = lockstep_request_new (self,
                                                   lockstep_json_dup_text (message->id),
                                                   lockstep_json_dup_string (message->method, NULL),
                                                   params != NULL ? g_bytes_ref (params) : NULL);

  self->n_unanswered++;
  if (g_signal_has_handler_pending (self, signals[SIGNAL_REQUEST], 0, FALSE))
    {
      g_signal_emit (self, signals[SIGNAL_REQUEST], 0, request);
    }
  else
    {
      g_autofree char *method = dup_excerpt (message->method);
      g_autofree char *text = g_strdup_printf ("There is no method “%s” here", method);

      lockstep_request_fail (request, LOCKSTEP_RPC_METHOD_NOT_FOUND, text);
    }
}

static void
received_notification (LockstepPeer          *self,
                       const LockstepMessage *message,
                       GBytes                *params)
{
  g_autofree char *method = lockstep_json_dup_string (message->method, NULL);

  g_signal_emit (self, signals[SIGNAL_NOTIFICATION], 0, method, params);
}

static void
received_stray (LockstepPeer          *self,
                const LockstepMessage *message,
                gint64                 id)
{
  g_autofree char *text = NULL;

  if (lockstep_json_get_kind (message->id) == LOCKSTEP_JSON_NULL && message->kind == LOCKSTEP_MESSAGE_ERROR)
    {
      g_autofree char *remark = dup_excerpt (lockstep_json_get_member (message->error, "message"));

      text = g_strdup_printf ("The other end could not read a message: %s", remark);
      self->remark = g_steal_pointer (&remark);
    }
  else if (lockstep_pending_calls_knows (&self->calls, id))
    {
      text = g_strdup_printf ("A reply to call %" G_GINT64_FORMAT " was dropped, "
                              "which was cancelled or has been answered before",
                              id);
    }
  else
    {
      g_autofree char *id_text = g_utf8_make_valid (message->id.text, (gssize) MIN (message->id.length, EXCERPT));

      text = g_strdup_printf ("A reply to call %s was dropped, which was never made", id_text);
    }

  g_signal_emit (self, signals[SIGNAL_STRAY], 0, text);
}

static GError *
remote_error_new (LockstepJson error)
{
  g_autofree char *message = lockstep_json_dup_string (lockstep_json_get_member (error, "message"), NULL);
  gint64           code = 0;

  lockstep_json_get_int (lockstep_json_get_member (error, "code"), &code);
  if (*message != '\0')
    return g_error_new_literal (LOCKSTEP_PEER_ERROR,
                                code == LOCKSTEP_RPC_NO_ROOM ? LOCKSTEP_PEER_ERROR_NO_ROOM : LOCKSTEP_PEER_ERROR_REMOTE, message);

  return g_error_new (LOCKSTEP_PEER_ERROR, LOCKSTEP_PEER_ERROR_REMOTE,
                      "The other end answered with error %" G_GINT64_FORMAT " and no message", code);
}

static void
received_reply (LockstepPeer          *self,
                const LockstepMessage *message,
                GBytes                *line)
{
  LockstepPendingCall *call;
  gint64               id = 0;

  lockstep_json_get_int (message->id, &id);
  call = lockstep_pending_calls_take (&self->calls, id);

  if (call == NULL)
    {
      received_stray (self, message, id);
    }
  else if (message->kind == LOCKSTEP_MESSAGE_ERROR)
    {
      g_autoptr (GError) error = remote_error_new (message->error);

      lockstep_pending_call_end (call, NULL, error);
    }
  else
    {
      g_autoptr (GBytes) result = lockstep_json_slice (message->result, line);

      lockstep_pending_call_end (call, result, NULL);
    }
}

static void
received_cb (gpointer owner,
             GBytes  *line)
{
  g_autoptr (LockstepPeer) self = g_object_ref (owner);
  g_autoptr (GBytes)       params = NULL;
  g_autoptr (GError)       error = NULL;
  LockstepMessage          message;
  int                      code;

  g_clear_pointer (&self->remark, g_free);
  if (!lockstep_message_read (&message, line, &code, &error))
    {
      lockstep_peer_send_error (self, NULL, code, error->message);
      g_signal_emit (self, signals[SIGNAL_MALFORMED], 0, error);
      return;
    }

  if (lockstep_json_get_kind (message.params) != LOCKSTEP_JSON_ABSENT)
    params = lockstep_json_slice (message.params, line);

  switch (message.kind)
    {
    case LOCKSTEP_MESSAGE_REQUEST:
      received_request (self, &message, params);
      break;
    case LOCKSTEP_MESSAGE_NOTIFICATION:
      received_notification (self, &message, params);
      break;
    case LOCKSTEP_MESSAGE_RESULT:
    case LOCKSTEP_MESSAGE_ERROR:
    default:
      received_reply (self, &message, line);
      break;
    }
}

static void
failed_cb (gpointer      owner,
           const GError *reason)
{
  LockstepPeer      *self = owner;
  g_autoptr (GError) remarked = NULL;

  if (self->remark != NULL && g_error_matches (reason, LOCKSTEP_PEER_ERROR, LOCKSTEP_PEER_ERROR_CLOSED))
    remarked = g_error_new (LOCKSTEP_PEER_ERROR, LOCKSTEP_PEER_ERROR_CLOSED, "The other end closed the stream: %s",
                            self->remark);
  fail (self, remarked != NULL ? remarked : reason);
}

static const LockstepWireEvents wire_events = {
  .received = received_cb,
  .failed = failed_cb,
};

static void
lockstep_peer_dispose (GObject *object)
{
  LockstepPeer *self = LOCKSTEP_PEER (object);

  /* No call waits, because it would hold a reference. */
  if (self->wire != NULL)
    lockstep_wire_close (self->wire);

  G_OBJECT_CLASS (lockstep_peer_parent_class)->dispose (object);
}

static void
lockstep_peer_finalize (GObject *object)
{
  LockstepPeer *self = LOCKSTEP_PEER (object);

  g_clear_object (&self->wire);
  lockstep_pending_calls_clear (&self->calls);
  g_string_free (self->head, TRUE);
  g_clear_error (&self->reason);
  g_free (self->remark);
  g_clear_pointer (&self->context, g_main_context_unref);

  G_OBJECT_CLASS (lockstep_peer_parent_class)->finalize (object);
}

static void
lockstep_peer_class_init (LockstepPeerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = lockstep_peer_dispose;
  object_class->finalize = lockstep_peer_finalize;

  signals[SIGNAL_REQUEST] =
    g_signal_new ("request", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 1, G_TYPE_POINTER);
  signals[SIGNAL_NOTIFICATION] =
    g_signal_new ("notification", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 2, G_TYPE_STRING | G_SIGNAL_TYPE_STATIC_SCOPE, G_TYPE_BYTES);
  signals[SIGNAL_MALFORMED] =
    g_signal_new ("malformed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 1, G_TYPE_ERROR | G_SIGNAL_TYPE_STATIC_SCOPE);
  signals[SIGNAL_STRAY] =
    g_signal_new ("stray", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 1, G_TYPE_STRING | G_SIGNAL_TYPE_STATIC_SCOPE);
  signals[SIGNAL_CLOSED] =
    g_signal_new ("closed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 1, G_TYPE_ERROR | G_SIGNAL_TYPE_STATIC_SCOPE);
}

static void
lockstep_peer_init (LockstepPeer *self)
{
  lockstep_pending_calls_init (&self->calls);
  self->head = g_string_new (NULL);
  self->context = g_main_context_ref_thread_default ();
}

LockstepPeer *
lockstep_peer_new (GIOStream *stream)
{
  LockstepPeer *self;

  g_return_val_if_fail (G_IS_IO_STREAM (stream), NULL);

  self = g_object_new (LOCKSTEP_TYPE_PEER, NULL);
  self->wire = lockstep_wire_new (stream, &wire_events, self);

  return self;
}

void
lockstep_peer_call (LockstepPeer        *self,
                    const char          *method,
                    GBytes *const       *params,
                    GCancellable        *cancellable,
                    LockstepPeerCallback callback,
                    gpointer             user_data)
{
  g_autoptr (GError) error = NULL;
  gsize              id;

  g_return_if_fail (LOCKSTEP_IS_PEER (self));
  g_return_if_fail (method != NULL);
  g_return_if_fail (callback != NULL);

  if (!g_cancellable_set_error_if_cancelled (cancellable, &error))
    {
      if (self->reason != NULL)
        error = g_error_copy (self->reason);
      else if (lockstep_wire_is_full (self->wire))
        error = full_error_new (self);
    }

  if (error != NULL)
    {
      lockstep_pending_call_refuse (self, error, callback, user_data);
      return;
    }

  id = lockstep_pending_calls_add (&self->calls, self, cancellable, callback, user_data);
  lockstep_message_append_call (self->head, id, method, params != NULL);
  send_message (self, params);
}

static void
return_task_cb (LockstepPeer *self,
                GBytes       *result,
                const GError *error,
                gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;

  if (result != NULL)
    g_task_return_pointer (task, g_bytes_ref (result), (GDestroyNotify) g_bytes_unref);
  else
    g_task_return_error (task, g_error_copy (error));
}

void
lockstep_peer_call_async (LockstepPeer       *self,
                          const char         *method,
                          GBytes *const      *params,
                          GCancellable       *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer            user_data)
{
  GTask *task;

  g_return_if_fail (LOCKSTEP_IS_PEER (self));
  g_return_if_fail (method != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, lockstep_peer_call_async);
  g_task_set_priority (task, LOCKSTEP_PEER_PRIORITY);

  lockstep_peer_call (self, method, params, cancellable, return_task_cb, task);
}

GBytes *
lockstep_peer_call_finish (LockstepPeer *self,
                           GAsyncResult *result,
                           GError      **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

void
lockstep_peer_notify (LockstepPeer  *self,
                      const char    *method,
                      GBytes *const *params)
{
  g_return_if_fail (LOCKSTEP_IS_PEER (self));
  g_return_if_fail (method != NULL);

  if (self->reason != NULL || lockstep_wire_is_full (self->wire))
    return;

  lockstep_message_append_call (self->head, 0, method, params != NULL);
  send_message (self, params);
}

gsize
lockstep_peer_get_queued (LockstepPeer *self)
{
  g_return_val_if_fail (LOCKSTEP_IS_PEER (self), 0);

  return self->reason == NULL ? lockstep_wire_get_queued (self->wire) : 0;
}

guint
lockstep_peer_get_n_unanswered (LockstepPeer *self)
{
  g_return_val_if_fail (LOCKSTEP_IS_PEER (self), 0);

  return self->n_unanswered;
}

gboolean
lockstep_peer_is_closed (LockstepPeer *self)
{
  g_return_val_if_fail (LOCKSTEP_IS_PEER (self), TRUE);

  return self->reason != NULL;
}

void
lockstep_peer_close (LockstepPeer *self,
                     const GError *reason)
{
  g_autoptr (GError) error = NULL;

  g_return_if_fail (LOCKSTEP_IS_PEER (self));

  if (reason == NULL)
    error = g_error_new_literal (LOCKSTEP_PEER_ERROR, LOCKSTEP_PEER_ERROR_CLOSED, "The stream was closed at this end");

  fail (self, reason != NULL ? reason : error);
}
