/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * Lets other processes of this person open and start plans in the window, at app.sock: the methods “open”, “start” and
 * “terminate” of docs/control-socket.md. The run that a window makes has a socket of its own.
 */
#define LOCKSTEP_TYPE_APP_SERVICE (lockstep_app_service_get_type ())
G_DECLARE_FINAL_TYPE (LockstepAppService, lockstep_app_service, LOCKSTEP, APP_SERVICE, GObject)

/* For the windows of @application, which outlives it. Where another process listens already, it does nothing. */
LockstepAppService *lockstep_app_service_new (GtkApplication *application);

G_END_DECLS
