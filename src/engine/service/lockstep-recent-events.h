/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lockstep-event.h"

G_BEGIN_DECLS

/**
 * The newest events of a live run, by number: those that the journal may not have written yet, and all that there is of
 * the past of a run that keeps none.
 */
typedef struct _LockstepRecentEvents LockstepRecentEvents;

/* The first event that is added has a number above @last. */
LockstepRecentEvents *lockstep_recent_events_new (guint64 last);

void lockstep_recent_events_free (LockstepRecentEvents *self);

/* @number follows that of the event before. The payload is referenced. */
void lockstep_recent_events_add (LockstepRecentEvents *self,
                                 const LockstepEvent  *event,
                                 guint64               number);

/* The number of the oldest one that is kept, and of the newest; where none is kept, the former is the one behind the
 * latter. */
guint64 lockstep_recent_events_get_first (LockstepRecentEvents *self);
guint64 lockstep_recent_events_get_last (LockstepRecentEvents *self);

/* The event of that number, which is kept. */
const LockstepEvent *lockstep_recent_events_get (LockstepRecentEvents *self,
                                                 guint64               number);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LockstepRecentEvents, lockstep_recent_events_free)

G_END_DECLS
