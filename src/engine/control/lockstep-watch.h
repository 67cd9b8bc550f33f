/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * The clocks of the solvers at work: how long each has computed its task, and how long it has been silent. They
 * stand still while the run is paused. Each is told what time it is (@now, monotonic, µs), because to read a clock costs as
 * much as a hundred instructions, and one reading does for all that happens at once.
 */
typedef struct _LockstepWatch LockstepWatch;

LockstepWatch *lockstep_watch_new (void);

void lockstep_watch_free (LockstepWatch *self);

/* @solver begins a task, which is a sign of life. */
void lockstep_watch_begin (LockstepWatch *self,
                           guint          solver,
                           gint64         now);

/* @solver gave a sign of life. */
void lockstep_watch_sign (LockstepWatch *self,
                          guint          solver,
                          gint64         now);

/* Since @solver began its task, and since its last sign of life; in seconds. */
double lockstep_watch_get_elapsed (LockstepWatch *self,
                                   guint          solver,
                                   gint64         now);
double lockstep_watch_get_silence (LockstepWatch *self,
                                   guint          solver,
                                   gint64         now);

void lockstep_watch_set_paused (LockstepWatch *self,
                                gboolean       paused,
                                gint64         now);

/* The time of these clocks, in µs. */
gint64 lockstep_watch_get_time (LockstepWatch *self,
                                gint64         now);

G_END_DECLS
