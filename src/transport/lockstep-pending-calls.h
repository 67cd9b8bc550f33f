/* SPDX-License-Identifier: MIT */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * The calls of a peer that wait for their reply, by id. Private to transport/.
 *
 * Each task that is added is ended exactly once: by a reply, by its cancellable, or with all others.
 */
typedef struct
{
  GHashTable *tasks; /* id → GTask, owned */
  gsize       last_id;
} LockstepPendingCalls;

void lockstep_pending_calls_init (LockstepPendingCalls *self);

/* There must be no calls any more. */
void lockstep_pending_calls_clear (LockstepPendingCalls *self);

/* Takes @task, and returns its id, which is never 0. When its cancellable is cancelled the task ends, in the main
 * context that is the thread's default now, and leaves. */
gsize lockstep_pending_calls_add (LockstepPendingCalls *self,
                                  GTask                *task);

/* The task @id, which leaves; or NULL. */
GTask *lockstep_pending_calls_take (LockstepPendingCalls *self,
                                    gint64                id);

/* Whether @id has been given to a task, ever. */
gboolean lockstep_pending_calls_knows (LockstepPendingCalls *self,
                                       gint64                id);

/* Ends all tasks, in the order of their ids, with @reason. */
void lockstep_pending_calls_end (LockstepPendingCalls *self,
                                 const GError         *reason);

G_END_DECLS
