/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lockstep-host.h"

G_BEGIN_DECLS

/**
 * A host whose solvers are streams: one process answers them all, so that a machine can have more of them than it could
 * have processes. Its solvers return null, and are gone as soon as they are stopped.
 */
#define LOCKSTEP_TYPE_SIMULATED_HOST (lockstep_simulated_host_get_type ())
G_DECLARE_FINAL_TYPE (LockstepSimulatedHost, lockstep_simulated_host, LOCKSTEP, SIMULATED_HOST, LockstepHost)

/* Starts the process that answers: to be called before there are threads. */
LockstepHost *lockstep_simulated_host_new (void);

/* Waits until that process is gone; nothing is answered any more. */
void lockstep_simulated_host_end (LockstepSimulatedHost *self);

G_END_DECLS
