/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lockstep-host.h"

G_BEGIN_DECLS

/**
 * This machine: solvers are started through lockstep-guard, each with a socket pair of its own.
 */
#define LOCKSTEP_TYPE_LOCAL_HOST (lockstep_local_host_get_type ())
G_DECLARE_FINAL_TYPE (LockstepLocalHost, lockstep_local_host, LOCKSTEP, LOCAL_HOST, LockstepHost)

LockstepHost *lockstep_local_host_new (void);

G_END_DECLS
