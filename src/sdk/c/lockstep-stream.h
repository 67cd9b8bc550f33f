/* SPDX-License-Identifier: MIT */

#pragma once

#include <glib.h>
#include <sys/uio.h>

G_BEGIN_DECLS

/**
 * Lines over a connected socket. One thread reads at a time; any thread writes.
 */
typedef struct _LockstepStream LockstepStream;

/* Takes over @descriptor. */
LockstepStream *lockstep_stream_new (int descriptor);

/* Closes the socket. */
void lockstep_stream_free (LockstepStream *self);

int lockstep_stream_get_descriptor (LockstepStream *self);

/* The next line that has been read whole, without its end and ended by NUL, or NULL: then more must be read.
 * Free with g_free(). */
char *lockstep_stream_take_line (LockstepStream *self,
                                 gsize          *length);

/* Waits for bytes and reads them. FALSE when the other end has gone. */
gboolean lockstep_stream_fill (LockstepStream *self);

/* Writes the pieces, which together are whole lines, with nothing of another thread between them. The pieces are
 * changed. FALSE when the other end has gone, which the thread that reads will notice as well. */
gboolean lockstep_stream_write (LockstepStream *self,
                                struct iovec   *pieces,
                                guint           n_pieces);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LockstepStream, lockstep_stream_free)

G_END_DECLS
