/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lockstep-process.h"

G_BEGIN_DECLS

/**
 * A process of this machine under a lockstep-guard. It has ended when the guard has reported and is gone itself. When
 * the last reference goes before that, the guard is told: it stops all it guards.
 */
#define LOCKSTEP_TYPE_GUARDED_PROCESS (lockstep_guarded_process_get_type ())
G_DECLARE_FINAL_TYPE (LockstepGuardedProcess, lockstep_guarded_process, LOCKSTEP, GUARDED_PROCESS, LockstepProcess)

/* @guard was started with the other ends of @stream and of @control. Takes references. */
LockstepProcess *lockstep_guarded_process_new (GSubprocess *guard,
                                               GIOStream   *stream,
                                               GSocket     *control);

G_END_DECLS
