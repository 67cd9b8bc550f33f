/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/**
 * The moment of a run that views show: now, or one that a person has gone back to. One for all views of a session.
 *
 * Property time (int64: UTC in µs; 0 for now). What a solver was at then tells lockstep_trace_look() of the session's
 * chronicle, at lockstep_trace_from_clock().
 */
#define LOCKSTEP_TYPE_MOMENT (lockstep_moment_get_type ())
G_DECLARE_FINAL_TYPE (LockstepMoment, lockstep_moment, LOCKSTEP, MOMENT, GObject)

LockstepMoment *lockstep_moment_new (void);

gint64 lockstep_moment_get_time (LockstepMoment *self);
void   lockstep_moment_set_time (LockstepMoment *self,
                                 gint64          time);

G_END_DECLS
