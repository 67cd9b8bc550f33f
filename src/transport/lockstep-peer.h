/* SPDX-License-Identifier: MIT */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * One end of a JSON-RPC 2.0 conversation over a GIOStream: one message a line, no batches.
 *
 * Values travel as the text they arrived in: params, results and error data are GBytes that hold JSON.
 * The other end is hostile until proven otherwise; see LockstepPeer::malformed and the limits below.
 * A peer lives in the thread-default main context of its creation, reads at priority 150 (below
 * drawing), and does a bounded amount of work per dispatch.
 */

/* One message from the other end may not be longer (64 MiB); a longer one closes the peer. */
#define LOCKSTEP_PEER_MAX_MESSAGE (64 * 1024 * 1024)

/* With more than this waiting behind the message being written, calls fail (64 MiB). */
#define LOCKSTEP_PEER_MAX_QUEUE (64 * 1024 * 1024)

#define LOCKSTEP_PEER_PRIORITY 150

#define LOCKSTEP_PEER_ERROR (lockstep_peer_error_quark ())
GQuark lockstep_peer_error_quark (void);

typedef enum
{
  LOCKSTEP_PEER_ERROR_CLOSED,    /* the stream ended, was closed, or failed */
  LOCKSTEP_PEER_ERROR_MALFORMED, /* a line that is not JSON, or not JSON-RPC */
  LOCKSTEP_PEER_ERROR_TOO_LONG,  /* a line over LOCKSTEP_PEER_MAX_MESSAGE */
  LOCKSTEP_PEER_ERROR_FULL,      /* too much is waiting to be written */
  LOCKSTEP_PEER_ERROR_REMOTE,    /* the other end answered with an error */
  LOCKSTEP_PEER_ERROR_NO_ROOM,   /* the same, with LOCKSTEP_RPC_NO_ROOM */
} LockstepPeerError;

/* Whether the other end answered with an error. */
gboolean lockstep_peer_error_is_remote (const GError *error);

/* The codes of JSON-RPC 2.0 that are used here. */
#define LOCKSTEP_RPC_PARSE_ERROR      -32700
#define LOCKSTEP_RPC_INVALID_REQUEST  -32600
#define LOCKSTEP_RPC_METHOD_NOT_FOUND -32601
#define LOCKSTEP_RPC_INVALID_PARAMS   -32602
#define LOCKSTEP_RPC_INTERNAL_ERROR   -32603

/* Lockstep's own: the disk is full. */
#define LOCKSTEP_RPC_NO_ROOM -32003

/* A request of the other end that waits for an answer. */
typedef struct _LockstepRequest LockstepRequest;

#define LOCKSTEP_TYPE_PEER (lockstep_peer_get_type ())
G_DECLARE_FINAL_TYPE (LockstepPeer, lockstep_peer, LOCKSTEP, PEER, GObject)

/* Signals:
 *
 * request (LockstepRequest *request): answer it, now or later, with lockstep_request_answer() or
 *   lockstep_request_fail(); ownership goes to the handler. Without a handler the peer answers
 *   LOCKSTEP_RPC_METHOD_NOT_FOUND.
 * notification (const char *method, GBytes *params): params is NULL where the message had none.
 * malformed (const GError *error): a line was refused, and answered with -32700 or -32600. The peer
 *   goes on reading; who owns it may close it.
 * stray (const char *message): a reply that nobody waits for was dropped; the text is for the log.
 * closed (const GError *reason): once, from the main loop and never from within a call of a function here; every
 *   pending call has ended with the same reason, or ends in this iteration. Where the last thing that the other end said
 *   was an error that answers no call, as one says that refuses a connection, the reason has its words.
 */

/* Takes over @stream, which is referenced and which nobody else may use any more, and starts to read. Calls that
 * wait and requests that are not answered keep the peer alive; without them the last reference to go closes the
 * stream. */
LockstepPeer *lockstep_peer_new (GIOStream *stream);

/* How a call ended: with @result, which is JSON text, or else with @error: LOCKSTEP_PEER_ERROR, or
 * G_IO_ERROR_CANCELLED. Where lockstep_peer_error_is_remote() the message is the other end's own. Both are the peer's. */
typedef void (*LockstepPeerCallback) (LockstepPeer *self,
                                      GBytes       *result,
                                      const GError *error,
                                      gpointer      user_data);

/* Calls @method. @params is a NULL-terminated list of pieces that together are one JSON array or object
 * (so that a large piece is shared by many calls and serialised once), or NULL for none; large pieces are
 * referenced, not copied. They may hold newlines between values, which are sent as spaces. @callback is
 * called exactly once, from the main loop and never from within this function; it may call, close and drop the peer.
 * Cancelling drops the reply when it comes and leaves the peer open. */
void lockstep_peer_call (LockstepPeer        *self,
                         const char          *method,
                         GBytes *const       *params,
                         GCancellable        *cancellable,
                         LockstepPeerCallback callback,
                         gpointer             user_data);

/* The same for who wants a GAsyncResult, which costs as much again as the call. */
void lockstep_peer_call_async (LockstepPeer       *self,
                               const char         *method,
                               GBytes *const      *params,
                               GCancellable       *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer            user_data);

/* Returns the result, or NULL with @error set; see LockstepPeerCallback. */
GBytes *lockstep_peer_call_finish (LockstepPeer *self,
                                   GAsyncResult *result,
                                   GError      **error);

/* Sends a notification; nothing tells whether it arrived. It is dropped where a call would fail. */
void lockstep_peer_notify (LockstepPeer  *self,
                           const char    *method,
                           GBytes *const *params);

/* Bytes that wait to be written; 0 once closed. */
gsize lockstep_peer_get_queued (LockstepPeer *self);

/* Requests of the other end that wait for an answer. */
guint lockstep_peer_get_n_unanswered (LockstepPeer *self);

gboolean lockstep_peer_is_closed (LockstepPeer *self);

/* Closes the stream at once; what is queued is dropped. @reason (may be NULL) is what pending calls and
 * LockstepPeer::closed get. */
void lockstep_peer_close (LockstepPeer *self,
                          const GError *reason);

const char *lockstep_request_get_method (LockstepRequest *request);

/* NULL where the request had none. */
GBytes *lockstep_request_get_params (LockstepRequest *request);

/* Answers with @result (JSON text) and frees the request. */
void lockstep_request_answer (LockstepRequest *request,
                              GBytes          *result);

/* Answers with an error and frees the request. */
void lockstep_request_fail (LockstepRequest *request,
                            int              code,
                            const char      *message);

G_END_DECLS
