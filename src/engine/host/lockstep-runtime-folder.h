/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * The folder that the live runs of a person share on this machine: $XDG_RUNTIME_DIR/lockstep, or /tmp/lockstep-UID
 * where there is no such folder, or where its path is so long that a socket in it could have no name. What stands in it
 * is gone when the machine is switched off.
 *
 * Who changes what is in it holds its lock, for some milliseconds.
 */
typedef struct _LockstepRuntimeFolder LockstepRuntimeFolder;

/* Its path, whether it is there or not. */
char *lockstep_runtime_folder_dup_path (void);

/* Opens it, made where it is missing, and takes its lock. Waits for another process that has it, up to 2 s: call it
 * on a thread. NULL with an error when that does not give it back, or when the folder is not this person's alone. */
LockstepRuntimeFolder *lockstep_runtime_folder_lock (GError **error);

/* Gives the lock back. */
void lockstep_runtime_folder_unlock (LockstepRuntimeFolder *self);

const char *lockstep_runtime_folder_get_path (LockstepRuntimeFolder *self);

/* For openat() and the like. */
int lockstep_runtime_folder_get_descriptor (LockstepRuntimeFolder *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LockstepRuntimeFolder, lockstep_runtime_folder_unlock)

G_END_DECLS
