/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Files that are expected at a place where somebody may have put something else: a pipe, that would hold its reader up for
 * ever, or a device without an end. */

/* Opens the regular file @path for reading; @size is set to its length where it is not NULL. -1 with an error of
 * G_IO_ERROR, which names the path, where there is none. */
int lockstep_regular_file_open (const char *path,
                                goffset    *size,
                                GError    **error);

/* The contents of the regular file @path, behind which stands a NUL that does not count; NULL with an error of G_IO_ERROR,
 * also when they are longer than @most (bytes). */
char *lockstep_regular_file_read (const char *path,
                                  gsize       most,
                                  gsize      *length,
                                  GError    **error);

G_END_DECLS
