/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * The files that the assignment's tests read and write.
 */

/* A folder of its own for a test, removed with all that was written into it by assignment_files_remove(). */
char *assignment_files_make_folder (void);
void  assignment_files_remove (const char *folder);

/* Writes @contents to @name in @folder and returns the path. */
char *assignment_files_write (const char *folder,
                              const char *name,
                              const char *contents);

/* The path of a file of the Transportation Networks collection, or NULL where the collection is not there; the
 * test is then marked as skipped. */
char *assignment_files_find_tntp (const char *name);

/* The path of a file of the generated city. */
char *assignment_files_find_city (const char *name);

G_END_DECLS
