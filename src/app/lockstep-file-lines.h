/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * A line of a file, as a view can show it.
 *
 * Properties: number (uint, from 1), text (string; NULL until it was read).
 */
#define LOCKSTEP_TYPE_FILE_LINE (lockstep_file_line_get_type ())
G_DECLARE_FINAL_TYPE (LockstepFileLine, lockstep_file_line, LOCKSTEP, FILE_LINE, GObject)

const char *lockstep_file_line_get_text (LockstepFileLine *self);

/**
 * The lines of a file of any size, as a GListModel of LockstepFileLine. Where lines begin is found on a thread, and the first
 * are there at once; their texts are read when one asks for them, on threads as well. The file may grow meanwhile.
 *
 * Properties: indexed (double: the share of the file whose lines are known), problem (string: why it cannot be read; NULL).
 */
#define LOCKSTEP_TYPE_FILE_LINES (lockstep_file_lines_get_type ())
G_DECLARE_FINAL_TYPE (LockstepFileLines, lockstep_file_lines, LOCKSTEP, FILE_LINES, GObject)

LockstepFileLines *lockstep_file_lines_new (const char *path);

double      lockstep_file_lines_get_indexed (LockstepFileLines *self);
const char *lockstep_file_lines_get_problem (LockstepFileLines *self);

/* Bytes of the lines that are known. */
guint64 lockstep_file_lines_get_size (LockstepFileLines *self);

/* Looks for a line with @wanted in it, in upper or lower case, behind the line @from (or before it, with @backwards), and then
 * from the other end. @from may be G_MAXUINT: all of them. */
void lockstep_file_lines_search_async (LockstepFileLines  *self,
                                       const char         *wanted,
                                       guint               from,
                                       gboolean            backwards,
                                       GCancellable       *cancellable,
                                       GAsyncReadyCallback callback,
                                       gpointer            user_data);

/* The index of the line, from 0; negative where there is none, or with an error. */
gint64 lockstep_file_lines_search_finish (LockstepFileLines *self,
                                          GAsyncResult      *result,
                                          GError           **error);

G_END_DECLS
