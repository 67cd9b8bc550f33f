/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lockstep-export-file.h"

G_BEGIN_DECLS

/**
 * Writes files into a .zip, one after the other.
 */
typedef struct _LockstepArchive LockstepArchive;

/* Is told of bytes that were read; FALSE with an error ends the writing. */
typedef gboolean (*LockstepArchiveFunc) (gsize    n_bytes,
                                         gpointer user_data,
                                         GError **error);

/* @file is borrowed. @func may be NULL. */
LockstepArchive *lockstep_archive_new (LockstepExportFile *file,
                                       LockstepArchiveFunc func,
                                       gpointer            user_data,
                                       GError            **error);

void lockstep_archive_free (LockstepArchive *self);

/* Adds the file @path as @name: a regular file with what is in it now, a folder without, a link as what it says. Of a file that
 * grows meanwhile, what it had at first. */
gboolean lockstep_archive_add (LockstepArchive *self,
                               const char      *name,
                               const char      *path,
                               GError         **error);

gboolean lockstep_archive_finish (LockstepArchive *self,
                                  GError         **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LockstepArchive, lockstep_archive_free)

G_END_DECLS
