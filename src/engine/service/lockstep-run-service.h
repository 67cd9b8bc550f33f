/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lockstep-controller.h"

G_BEGIN_DECLS

/**
 * Lets other processes of this person control and follow the run that a controller of this process makes, by the
 * methods of docs/control-socket.md. It listens from the run's first event until the run has ended.
 */
#define LOCKSTEP_TYPE_RUN_SERVICE (lockstep_run_service_get_type ())
G_DECLARE_FINAL_TYPE (LockstepRunService, lockstep_run_service, LOCKSTEP, RUN_SERVICE, GObject)

/* Signals:
 *
 * opened: once: the run has started, and the socket is there, or could not be made, which the run's log tells then.
 * over: once: the run has ended, and subscribers have got all that they read within a second. Comes always, and last.
 */

/* For @controller, which was not started. */
LockstepRunService *lockstep_run_service_new (LockstepController *controller);

/* The path of the socket; NULL while there is none. */
const char *lockstep_run_service_get_path (LockstepRunService *self);

G_END_DECLS
