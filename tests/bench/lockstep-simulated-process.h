/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lockstep-process.h"

G_BEGIN_DECLS

/* A solver that is a stream and nothing else. */
#define LOCKSTEP_TYPE_SIMULATED_PROCESS (lockstep_simulated_process_get_type ())
G_DECLARE_FINAL_TYPE (LockstepSimulatedProcess, lockstep_simulated_process, LOCKSTEP, SIMULATED_PROCESS, LockstepProcess)

/* Has started as soon as the main loop comes round; @pid is who answers. */
LockstepProcess *lockstep_simulated_process_new (GIOStream *stream,
                                                 gint64     pid);

G_END_DECLS
