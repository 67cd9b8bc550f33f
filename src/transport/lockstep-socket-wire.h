/* SPDX-License-Identifier: MIT */

#pragma once

#include "lockstep-wire.h"

G_BEGIN_DECLS

/* A wire over a GSocketConnection. Private to transport/; made by lockstep_wire_new(). */
#define LOCKSTEP_TYPE_SOCKET_WIRE (lockstep_socket_wire_get_type ())
G_DECLARE_FINAL_TYPE (LockstepSocketWire, lockstep_socket_wire, LOCKSTEP, SOCKET_WIRE, LockstepWire)

G_END_DECLS
