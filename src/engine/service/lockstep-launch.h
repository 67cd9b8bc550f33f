/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * Starts a controller of its own for a run: `lockstep-cli run` in a session of its own, which goes on when this process
 * and its terminal have gone, and which LockstepFollower follows.
 */

/* What the controller says once the run has started. */
typedef struct
{
  char *directory; /* the run's folder */
  char *socket;    /* where it listens; NULL where it does not */
} LockstepLaunched;

void lockstep_launched_free (LockstepLaunched *self);

/* The path of lockstep-cli: this program, or the one beside it. */
char *lockstep_launch_dup_program (void);

/* @arguments (ended by NULL) are those of `lockstep-cli run`: options and plan. */
void lockstep_launch_async (const char *const  *arguments,
                            GCancellable       *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer            user_data);

/* NULL with an error when the run did not start: why, in its words; or it ended before it had a folder. */
LockstepLaunched *lockstep_launch_finish (GAsyncResult *result,
                                          GError      **error);

/* The controller's side of it. The first of its arguments. */
#define LOCKSTEP_LAUNCH_OPTION "--background"

/* Where the launcher waits for word, which is a line of JSON on this descriptor: */
#define LOCKSTEP_LAUNCH_REPORT 3

/* The lines of it: what became of the run, and why it did not start. Free with g_free(). */
char *lockstep_launch_dup_started (const char *directory,
                                   const char *socket);
char *lockstep_launch_dup_failed (const char *why);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LockstepLaunched, lockstep_launched_free)

G_END_DECLS
