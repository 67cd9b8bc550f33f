/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "lockstep-run.h"

G_BEGIN_DECLS

/**
 * All that a solver printed, in a window: however much it is, it is there at once, and can be searched.
 *
 * Actions: whole.search, whole.next, whole.previous, whole.first, whole.last, whole.copy
 */
#define LOCKSTEP_TYPE_WHOLE_LOG (lockstep_whole_log_get_type ())
G_DECLARE_FINAL_TYPE (LockstepWholeLog, lockstep_whole_log, LOCKSTEP, WHOLE_LOG, AdwWindow)

/* Of @solver in @run. */
LockstepWholeLog *lockstep_whole_log_new (GtkWindow   *parent,
                                          LockstepRun *run,
                                          guint        solver);

G_END_DECLS
