/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/**
 * The time of day as a property, for what a view shows relative to now: bind to it, and it moves by itself.
 *
 * Properties: now (int64: UTC in µs, notified once a second while the clock runs), running (boolean)
 */
#define LOCKSTEP_TYPE_CLOCK (lockstep_clock_get_type ())
G_DECLARE_FINAL_TYPE (LockstepClock, lockstep_clock, LOCKSTEP, CLOCK, GObject)

LockstepClock *lockstep_clock_new (void);

gint64 lockstep_clock_get_now (LockstepClock *self);

/* It stands still at @time. */
void lockstep_clock_set_time (LockstepClock *self,
                              gint64         time);

/* Both ends of a stretch of running are notified as a new time. */
void lockstep_clock_set_running (LockstepClock *self,
                                 gboolean       running);

G_END_DECLS
