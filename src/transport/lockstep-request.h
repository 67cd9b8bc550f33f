/* SPDX-License-Identifier: MIT */

#pragma once

#include "lockstep-peer.h"

G_BEGIN_DECLS

/* What the peer and its requests know of each other. Private to transport/. */

/* A request of @peer's other end; @id is JSON. */
LockstepRequest *lockstep_request_new (LockstepPeer *peer,
                                       char         *id,
                                       char         *method,
                                       GBytes       *params);

void lockstep_peer_send_result (LockstepPeer *self,
                                const char   *id,
                                GBytes       *result);

/* @id is JSON, or NULL. */
void lockstep_peer_send_error (LockstepPeer *self,
                               const char   *id,
                               int           code,
                               const char   *message);

G_END_DECLS
