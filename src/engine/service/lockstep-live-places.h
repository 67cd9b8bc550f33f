/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * Where a controller may be at work on this machine: a socket in the runtime folder, and a kept run whose lock is held,
 * whether its socket is there or not.
 */
typedef struct
{
  char   *path;      /* of the socket */
  char   *directory; /* of the run; NULL where the socket alone is known */
  GError *error;     /* why it did not answer; NULL where it did, or was not asked */
} LockstepLivePlace;

LockstepLivePlace *lockstep_live_place_new (const char *path,
                                            const char *directory);

void lockstep_live_place_free (LockstepLivePlace *self);

/* All of them. Reads folders: call it on a thread. */
GPtrArray *lockstep_live_places_read (void);

/* Why who did not answer does not, a sentence with what to do; NULL where nobody is at work there. A run that is about to
 * end is waited for until then (@until, monotonic). What the dead left is removed. On a thread. */
char *lockstep_live_place_dup_silence (LockstepLivePlace *self,
                                       gint64             until);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LockstepLivePlace, lockstep_live_place_free)

G_END_DECLS
