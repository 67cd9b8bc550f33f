/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lockstep-follower.h"
#include "lockstep-reading.h"

G_BEGIN_DECLS

/**
 * Fetches what is to be shown, one thing at a time: a plan or a kept run is read from disk, a live one is followed. What is
 * asked for takes the place of what was asked for before, of which nothing is heard any more. Beside that it launches runs.
 *
 * Property loading (boolean, read-only): something is being fetched.
 *
 * Signals, when it is not any more:
 * read (LockstepReading *reading, const GError *error): it was read; with an error, nothing was.
 * followed (LockstepFollower *follower): the run can be followed.
 * And of a run in the background:
 * launched (const char *directory): it has started, and this is its folder.
 * refused (const char *why): it has not; a sentence for a person.
 */
#define LOCKSTEP_TYPE_LOADER (lockstep_loader_get_type ())
G_DECLARE_FINAL_TYPE (LockstepLoader, lockstep_loader, LOCKSTEP, LOADER, GObject)

LockstepLoader *lockstep_loader_new (void);

/* Takes @reading over. */
void lockstep_loader_read (LockstepLoader  *self,
                           LockstepReading *reading);

/* The run in the folder @directory. One that is at work and cannot be followed is read as far as it is written down. */
void lockstep_loader_follow (LockstepLoader *self,
                             const char     *directory);

/* Has a process of its own make a run of the plan's @file. What is being fetched goes on. */
void lockstep_loader_launch (LockstepLoader *self,
                             GFile          *file);

/* Nothing is fetched any more. */
void lockstep_loader_cancel (LockstepLoader *self);

gboolean lockstep_loader_get_loading (LockstepLoader *self);

G_END_DECLS
