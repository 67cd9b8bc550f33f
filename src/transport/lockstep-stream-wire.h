/* SPDX-License-Identifier: MIT */

#pragma once

#include "lockstep-wire.h"

G_BEGIN_DECLS

/* A wire over any GIOStream. Private to transport/; made by lockstep_wire_new(). */
#define LOCKSTEP_TYPE_STREAM_WIRE (lockstep_stream_wire_get_type ())
G_DECLARE_FINAL_TYPE (LockstepStreamWire, lockstep_stream_wire, LOCKSTEP, STREAM_WIRE, LockstepWire)

G_END_DECLS
