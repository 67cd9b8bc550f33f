/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "lockstep-log-buffer.h"
#include "lockstep-moment.h"
#include "lockstep-run.h"

G_BEGIN_DECLS

/**
 * The newest lines of a log, read once a frame.
 *
 * It follows the end until a person scrolls up, and again when one is back at the end. While a moment is set, it marks and
 * shows the last line before it instead.
 *
 * Properties: following (boolean), run (LockstepRun: whose solvers there are to choose from), moment (LockstepMoment).
 *
 * Actions: log.follow, log.search, log.next, log.previous, log.whole, log.copy, log.clear.
 */
#define LOCKSTEP_TYPE_LOG_VIEW (lockstep_log_view_get_type ())
G_DECLARE_FINAL_TYPE (LockstepLogView, lockstep_log_view, LOCKSTEP, LOG_VIEW, GtkWidget)

/* What it shows; there from the beginning. */
LockstepLogBuffer *lockstep_log_view_get_buffer (LockstepLogView *self);

void lockstep_log_view_set_run (LockstepLogView *self,
                                LockstepRun     *run);

void lockstep_log_view_set_moment (LockstepLogView *self,
                                   LockstepMoment  *moment);

/* Shows the lines of @solver alone. */
void lockstep_log_view_show_solver (LockstepLogView *self,
                                    guint            solver);

gboolean lockstep_log_view_get_following (LockstepLogView *self);
void     lockstep_log_view_set_following (LockstepLogView *self,
                                          gboolean         following);

G_END_DECLS
