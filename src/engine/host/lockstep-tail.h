/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * Follows a file that grows, such as a solver's log, at its own pace: reads on a thread, delivers whole lines
 * at priority 150, never faster than they are taken.
 */
#define LOCKSTEP_TYPE_TAIL (lockstep_tail_get_type ())
G_DECLARE_FINAL_TYPE (LockstepTail, lockstep_tail, LOCKSTEP, TAIL, GObject)

/* Signals:
 *
 * lines (GBytes *text, guint64 skipped): new whole lines (as they are in the file, any bytes), ended by a newline but
 *   for a last line of an ended file, and a line over 1 MiB, which comes in pieces; @skipped bytes before them were
 *   passed over, because more came than a view can show. The text may be empty when the file ended in what was skipped.
 * drained: after lockstep_tail_finish(), everything was delivered.
 */

/* Follows @path (which need not exist yet) from its start; with @start_at_end from the last 64 KiB. The signals
 * are emitted in the main context that is the default of the calling thread. */
LockstepTail *lockstep_tail_new (const char *path,
                                 gboolean    start_at_end);

/* Follows @path from @offset (bytes) on, the beginning of a line. */
LockstepTail *lockstep_tail_new_from (const char *path,
                                      guint64     offset);

/* Nothing will be written to the file any more: delivers what is left, then emits drained. */
void lockstep_tail_finish (LockstepTail *self);

/* The last @n_lines lines of the first @end bytes (negative: of all) of the file @path; valid UTF-8, whatever is in the
 * file. NULL with an error. Blocks: for threads. */
char *lockstep_tail_dup_last (const char *path,
                              guint       n_lines,
                              goffset     end,
                              GError    **error);

/* The last @n_lines lines of the file @path, read on a thread; valid UTF-8, whatever is in the file. */
void  lockstep_tail_read_last_async (const char         *path,
                                     guint               n_lines,
                                     GCancellable       *cancellable,
                                     GAsyncReadyCallback callback,
                                     gpointer            user_data);
char *lockstep_tail_read_last_finish (GAsyncResult *result,
                                      GError      **error);

G_END_DECLS
