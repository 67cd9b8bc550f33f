/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lockstep-json.h"
#include "lockstep-peer.h"

G_BEGIN_DECLS

/**
 * Answers at a socket in the runtime folder, in JSON-RPC 2.0, whoever is the same person as this process. It knows no
 * methods: who owns it answers the requests.
 */
#define LOCKSTEP_TYPE_SERVICE (lockstep_service_get_type ())
G_DECLARE_FINAL_TYPE (LockstepService, lockstep_service, LOCKSTEP, SERVICE, GObject)

/* Codes of errors, beside those of JSON-RPC. */
#define LOCKSTEP_SERVICE_NOT_NOW  -32000 /* it makes no sense in the state that things are in */
#define LOCKSTEP_SERVICE_NO_PAST  -32001 /* the events that were asked for are not kept */
#define LOCKSTEP_SERVICE_REFUSED  -32002 /* another person's process */
#define LOCKSTEP_SERVICE_TOO_MANY -32003 /* too many connections */

/* Connections at once. With so many, one that has been idle for a second makes room for another. */
#define LOCKSTEP_SERVICE_MAX_PEERS 64

/* The notification that a connection is told with why it is closed. */
#define LOCKSTEP_SERVICE_DROPPED "dropped"

/* Signals:
 *
 * request (LockstepPeer *peer, LockstepRequest *request): answer it, now or later; ownership goes to the handler, of
 *   which there is one.
 * left (LockstepPeer *peer): the connection has ended.
 */

LockstepService *lockstep_service_new (void);

/* Listens as @name (see lockstep_service_socket_listen()). Once. From then on the socket is made again, within seconds,
 * where its file is gone, as tidy programs and the end of a person's session have it. */
void     lockstep_service_listen_async (LockstepService    *self,
                                        const char         *name,
                                        GAsyncReadyCallback callback,
                                        gpointer            user_data);
gboolean lockstep_service_listen_finish (LockstepService *self,
                                         GAsyncResult    *result,
                                         GError         **error);

/* The path of its socket; NULL while it does not listen. */
const char *lockstep_service_get_path (LockstepService *self);

/* Takes the socket away. The connections stay. */
void lockstep_service_stop_async (LockstepService    *self,
                                  GAsyncReadyCallback callback,
                                  gpointer            user_data);
void lockstep_service_stop_finish (LockstepService *self,
                                   GAsyncResult    *result);

/* Keeps the connection of @peer, however long it asks nothing: it is told things. */
void lockstep_service_keep (LockstepService *self,
                            LockstepPeer    *peer);

/* Ends all connections. */
void lockstep_service_disconnect (LockstepService *self);

/* Sets @params to those of @request: an object of the members @names (ended by NULL) and no others, or absent. FALSE
 * when they are no good, which the request was answered with then. */
gboolean lockstep_service_read_params (LockstepRequest   *request,
                                       const char *const *names,
                                       LockstepJson      *params);

G_END_DECLS
