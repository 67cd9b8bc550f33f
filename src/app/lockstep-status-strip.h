/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "lockstep-run.h"

G_BEGIN_DECLS

/**
 * Whether it is going well, in one line: the run's state in words, how far it is, how long it took.
 *
 * Property run (LockstepRun).
 */
#define LOCKSTEP_TYPE_STATUS_STRIP (lockstep_status_strip_get_type ())
G_DECLARE_FINAL_TYPE (LockstepStatusStrip, lockstep_status_strip, LOCKSTEP, STATUS_STRIP, GtkWidget)

void lockstep_status_strip_set_run (LockstepStatusStrip *self,
                                    LockstepRun         *run);

G_END_DECLS
