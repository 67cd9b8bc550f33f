/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "lockstep-session.h"

G_BEGIN_DECLS

/**
 * Asks before a live run is ended, and then ends it.
 *
 * Solvers that were asked to end already may take their time: then it offers to kill them. It goes by itself
 * when the run is over.
 */
#define LOCKSTEP_TYPE_STOP_DIALOG (lockstep_stop_dialog_get_type ())
G_DECLARE_FINAL_TYPE (LockstepStopDialog, lockstep_stop_dialog, LOCKSTEP, STOP_DIALOG, AdwMessageDialog)

/* @closing: the program is being quit, and the window of the session is to be closed after the end. The response "stop" says that one agreed;
 * "finish", that the tasks in flight are to be finished first. */
LockstepStopDialog *lockstep_stop_dialog_new (GtkWindow       *parent,
                                              LockstepSession *session,
                                              gboolean         closing);

G_END_DECLS
