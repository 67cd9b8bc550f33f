/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lockstep-peer.h"

G_BEGIN_DECLS

/**
 * Who is connected to a service, and when each asked something last: which of them can go when another wants to come.
 */
typedef struct _LockstepGuests LockstepGuests;

LockstepGuests *lockstep_guests_new (void);
void            lockstep_guests_free (LockstepGuests *self);

guint lockstep_guests_get_n (LockstepGuests *self);

void lockstep_guests_add (LockstepGuests *self,
                          LockstepPeer   *peer);

/* Drops the reference to @peer. */
void lockstep_guests_remove (LockstepGuests *self,
                             LockstepPeer   *peer);

/* @peer has asked something just now. */
void lockstep_guests_note_request (LockstepGuests *self,
                                   LockstepPeer   *peer);

/* @peer stays, however long it asks nothing. */
void lockstep_guests_keep (LockstepGuests *self,
                           LockstepPeer   *peer);

/* The one that has asked nothing for the longest time, a second at least, waits for no answer and is not kept; NULL where
 * there is none. */
LockstepPeer *lockstep_guests_find_idle (LockstepGuests *self);

/* Any of them; NULL where there is none. */
LockstepPeer *lockstep_guests_find_any (LockstepGuests *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LockstepGuests, lockstep_guests_free)

G_END_DECLS
