/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "lockstep-archive.h"

G_BEGIN_DECLS

/**
 * Files to be put into an archive, with the names that they get there.
 */
typedef struct _LockstepFileList LockstepFileList;

LockstepFileList *lockstep_file_list_new (void);

/* Whether the files are of a run at work, which deletes some: what has gone when its turn comes is then left out. */
void lockstep_file_list_set_changing (LockstepFileList *self,
                                      gboolean          is_changing);

void lockstep_file_list_free (LockstepFileList *self);

/* Adds the file @path as @name, or a folder with all that is in it, in the order of names. Sockets, pipes and devices are left
 * out, and so is the file that is @except (may be NULL). What is in the list already is not added again. */
gboolean lockstep_file_list_add (LockstepFileList *self,
                                 const char       *name,
                                 const char       *path,
                                 const char       *except,
                                 GError          **error);

guint   lockstep_file_list_get_count (LockstepFileList *self);
guint64 lockstep_file_list_get_size (LockstepFileList *self);

const char *lockstep_file_list_get_name (LockstepFileList *self,
                                         guint             index);

/* Where it stands on disk. */
const char *lockstep_file_list_get_path (LockstepFileList *self,
                                         guint             index);

/* Puts them all into @archive. */
gboolean lockstep_file_list_write (LockstepFileList *self,
                                   LockstepArchive  *archive,
                                   GError          **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LockstepFileList, lockstep_file_list_free)

G_END_DECLS
