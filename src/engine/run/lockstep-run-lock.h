/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * The lock of a run's folder, which the controller of the run holds as long as it lives: the kernel gives it up when
 * the process ends, however that happens. So it tells whether a run is alive, and there is no second controller.
 */
typedef struct _LockstepRunLock LockstepRunLock;

/* Takes the lock of the run folder @directory. NULL with an error: G_IO_ERROR_BUSY when a live controller has it. On a
 * file system without locks there is nothing to take, and this succeeds. */
LockstepRunLock *lockstep_run_lock_take (const char *directory,
                                         GError    **error);

/* Gives the lock up. */
void lockstep_run_lock_free (LockstepRunLock *self);

/* Whether a live controller has the run folder @directory. */
gboolean lockstep_run_lock_is_held (const char *directory);

/* The process id of the controller that has or had it, as text; NULL where it is not known. */
char *lockstep_run_lock_dup_holder (const char *directory);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LockstepRunLock, lockstep_run_lock_free)

G_END_DECLS
