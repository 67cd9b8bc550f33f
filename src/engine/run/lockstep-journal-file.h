/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * journal.jsonl as the writer of the journal has it: what is yet to be written, what is written and not durable, and the
 * space reserved ahead, so that a full disk still takes the facts. Nothing that was handed over is given up when the disk
 * refuses: it is kept in memory and written with the next try. For one thread; it blocks.
 */
typedef struct _LockstepJournalFile LockstepJournalFile;

/* A result that is a file of its own, and is written before the line that names it. */
typedef struct
{
  char   *name; /* relative to the run's folder */
  GBytes *text;
  gsize   line; /* where the line that names it begins, in the text that it is handed over with */
} LockstepResultFile;

void lockstep_result_file_free (LockstepResultFile *self);

/* Of the run folder @directory; opens nothing yet. */
LockstepJournalFile *lockstep_journal_file_new (const char *directory);

/* Closes the file, and gives up what is reserved. */
void lockstep_journal_file_free (LockstepJournalFile *self);

/* Takes over the text of @lines, which is empty then, and the array @files (of LockstepResultFile, in the order of their
 * lines). */
void lockstep_journal_file_take (LockstepJournalFile *self,
                                 GString             *lines,
                                 GPtrArray           *files);

/* Writes what there is, up to the first that the disk refuses. */
gboolean lockstep_journal_file_write (LockstepJournalFile *self,
                                      GError             **error);

/* Makes durable what is written. What a disk takes and loses then is written once more with the next try. */
gboolean lockstep_journal_file_sync (LockstepJournalFile *self,
                                     GError             **error);

/* Whether something is written and not durable. */
gboolean lockstep_journal_file_is_dirty (LockstepJournalFile *self);

/* Whether all that was handed over is durable. */
gboolean lockstep_journal_file_is_done (LockstepJournalFile *self);

/* Whether there was no room to reserve when something was written last. */
gboolean lockstep_journal_file_is_short (LockstepJournalFile *self);

/* Whether the disk has room for more than was reserved: FALSE, with an error, while the reserve still takes facts. */
gboolean lockstep_journal_file_check_room (LockstepJournalFile *self,
                                           GError             **error);

/* Gives up the results that the disk refuses, with the lines that name them: those tasks count as not done. */
void lockstep_journal_file_drop_results (LockstepJournalFile *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LockstepJournalFile, lockstep_journal_file_free)

G_END_DECLS
