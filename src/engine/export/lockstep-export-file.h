/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * A file that is written whole or not at all: beside its place under another name, made durable, and then renamed. A pipe
 * or a device is written straight into.
 */
typedef struct _LockstepExportFile LockstepExportFile;

/* Begins the file @path; "-" is standard output. NULL with an error: G_IO_ERROR_EXISTS when there is such a file and it is
 * not to be replaced (@replace). */
LockstepExportFile *lockstep_export_file_new (const char *path,
                                              gboolean    replace,
                                              GError    **error);

/* Takes away what was not finished. */
void lockstep_export_file_free (LockstepExportFile *self);

gboolean lockstep_export_file_write (LockstepExportFile *self,
                                     const char         *data,
                                     gsize               length,
                                     GError            **error);

/* Everything is on disk, and the file in its place. */
gboolean lockstep_export_file_finish (LockstepExportFile *self,
                                      GError            **error);

/* The name under which it is written, which is not to be read meanwhile; NULL where there is none. */
const char *lockstep_export_file_get_partial (LockstepExportFile *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LockstepExportFile, lockstep_export_file_free)

G_END_DECLS
