/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * Writes to a file descriptor in a thread of its own, so that a reader that does not read holds nobody up.
 *
 * The descriptor stays as it is: one that a shell shares must not be made non-blocking, or the shell's own reads fail.
 */
typedef struct _LockstepTerminalWriter LockstepTerminalWriter;

/* Writes to @fd, which stays the caller's. */
LockstepTerminalWriter *lockstep_terminal_writer_new (int fd);

/* Goes at once: what was not written by then is lost. */
void lockstep_terminal_writer_free (LockstepTerminalWriter *self);

/* Has @text written, in one piece where it is no longer than 16 KiB; nothing where nobody reads any more. */
void lockstep_terminal_writer_add (LockstepTerminalWriter *self,
                                   const char             *text,
                                   gsize                   length);

/* Bytes that were added and not yet written. */
gsize lockstep_terminal_writer_get_length (LockstepTerminalWriter *self);

/* Waits until all is written. FALSE where nobody reads any more, or where nothing was taken for @patience milliseconds
 * (negative: however long that may be). */
gboolean lockstep_terminal_writer_wait (LockstepTerminalWriter *self,
                                        int                     patience);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LockstepTerminalWriter, lockstep_terminal_writer_free)

G_END_DECLS
