/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/* Lines of one block. */
#define LOCKSTEP_FILE_INDEX_BLOCK 256

/**
 * Where the lines of a file begin: the offset of every LOCKSTEP_FILE_INDEX_BLOCKth one, so that a file of a gigabyte takes a
 * megabyte. Shared by threads; all that reads, blocks.
 */
typedef struct _LockstepFileIndex LockstepFileIndex;

LockstepFileIndex *lockstep_file_index_new (const char *path);

LockstepFileIndex *lockstep_file_index_ref (LockstepFileIndex *self);
void               lockstep_file_index_unref (LockstepFileIndex *self);

/* Reads on, @bytes at most; @more is set to whether there is more. One thread at a time. FALSE with an error. */
gboolean lockstep_file_index_advance (LockstepFileIndex *self,
                                      gsize              bytes,
                                      gboolean          *more,
                                      GError           **error);

/* What is known: lines, the bytes that were read, and how many the file had then. */
void lockstep_file_index_get_state (LockstepFileIndex *self,
                                    guint             *n_lines,
                                    guint64           *done,
                                    guint64           *size);

/* The lines of a block (of char *), as a view can show them; fewer, or none, where the file has changed. */
GPtrArray *lockstep_file_index_read_block (LockstepFileIndex *self,
                                           guint              block);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LockstepFileIndex, lockstep_file_index_unref)

G_END_DECLS
