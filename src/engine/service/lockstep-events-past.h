/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * The events that a run's journal has so far, as LockstepEventParams, piece by piece, read on threads while the run
 * goes on writing it.
 */
typedef struct _LockstepEventsPast LockstepEventsPast;

/* Those of the run folder @directory from number @from on. */
LockstepEventsPast *lockstep_events_past_new (const char *directory,
                                              guint64     from);

void lockstep_events_past_unref (LockstepEventsPast *self);

/* Reads a piece of what comes next (256 KiB, or one event), up to the event @last. One call at a time. */
void lockstep_events_past_read_async (LockstepEventsPast *self,
                                      guint64             last,
                                      GCancellable       *cancellable,
                                      GAsyncReadyCallback callback,
                                      gpointer            user_data);

/* Returns the texts (of GBytes), none when the journal has no more yet. */
GPtrArray *lockstep_events_past_read_finish (GAsyncResult *result,
                                             GError      **error);

/* The number of the event that would be read next. Not while a call is at work. */
guint64 lockstep_events_past_get_next (LockstepEventsPast *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LockstepEventsPast, lockstep_events_past_unref)

G_END_DECLS
