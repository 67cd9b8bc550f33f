/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lockstep-peer.h"
#include "lockstep-recent-events.h"

G_BEGIN_DECLS

/**
 * One reader of a run's events: first those of the past, from the journal and as fast as it reads, then each as it
 * happens; every one once. Nobody waits for a reader: one that lets LOCKSTEP_SUBSCRIPTION_MAX_QUEUE bytes gather is
 * told why in the notification "dropped", and dropped.
 */
typedef struct _LockstepSubscription LockstepSubscription;

#define LOCKSTEP_SUBSCRIPTION_MAX_QUEUE (16 * 1024 * 1024)

/* @peer gets the events from number @from on, which comes behind 0 and at most one behind the last of @recent.
 * @directory is the run's folder, or NULL where there is none: then @from is kept in @recent, which outlives the
 * subscription. The first may be sent at once. */
LockstepSubscription *lockstep_subscription_new (LockstepPeer         *peer,
                                                 const char           *directory,
                                                 guint64               from,
                                                 LockstepRecentEvents *recent);

void lockstep_subscription_free (LockstepSubscription *self);

LockstepPeer *lockstep_subscription_get_peer (LockstepSubscription *self);

/* Whether it wants events as they happen; only such is told of them. */
gboolean lockstep_subscription_is_live (LockstepSubscription *self);

/* The event of @number just happened; or with 0 a sample that has none, which a reader that is busy is not told of. */
void lockstep_subscription_tell (LockstepSubscription *self,
                                 guint64               number,
                                 GBytes               *params);

/* Whether it has read all that there is, or reads nothing more. */
gboolean lockstep_subscription_is_done (LockstepSubscription *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LockstepSubscription, lockstep_subscription_free)

G_END_DECLS
