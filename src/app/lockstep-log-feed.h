/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lockstep-log-buffer.h"
#include "lockstep-run.h"

G_BEGIN_DECLS

/**
 * Feeds a log buffer with what happens in a run: its events in words, and what its solvers print.
 */
#define LOCKSTEP_TYPE_LOG_FEED (lockstep_log_feed_get_type ())
G_DECLARE_FINAL_TYPE (LockstepLogFeed, lockstep_log_feed, LOCKSTEP, LOG_FEED, GObject)

/* Feeds @buffer as long as it lives. Of a run that has begun already, or is gone on with, what its folder holds comes first. */
LockstepLogFeed *lockstep_log_feed_new (LockstepRun       *run,
                                        LockstepLogBuffer *buffer);

/* Whether the run has ended and all that its solvers printed was delivered. */
gboolean lockstep_log_feed_is_drained (LockstepLogFeed *self);

G_END_DECLS
