/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lockstep-event.h"

G_BEGIN_DECLS

/**
 * Reads the journal of a run, event by event, in flat memory. What cannot be read is passed over and remembered, and
 * the rest is read.
 */
typedef struct _LockstepJournalReader LockstepJournalReader;

/* Opens the journal of the run folder @directory. NULL with an error when there is none, or when it is of a newer
 * version. */
LockstepJournalReader *lockstep_journal_reader_new (const char *directory,
                                                    GError    **error);

void lockstep_journal_reader_free (LockstepJournalReader *self);

/* Sets @event to the next one; clear it. A result that has a file of its own is mapped from there, so that it takes
 * memory only when it is looked at; where the file is gone the payload is NULL and @lost (may be NULL) is set to the
 * file's path, else to NULL. FALSE at the end. */
gboolean lockstep_journal_reader_next (LockstepJournalReader *self,
                                       LockstepEvent         *event,
                                       char                 **lost);

/* Reads an event again whose line begins at @start (bytes) and has @length bytes, with the newline; else as
 * lockstep_journal_reader_next(), which goes on where it was. */
gboolean lockstep_journal_reader_read_at (LockstepJournalReader *self,
                                          goffset                start,
                                          gsize                  length,
                                          LockstepEvent         *event,
                                          char                 **lost);

/* Where the line of the last event begins, and where it ends (bytes). After the last event, what follows the end was torn
 * when its writer died. */
goffset lockstep_journal_reader_get_start (LockstepJournalReader *self);
goffset lockstep_journal_reader_get_end (LockstepJournalReader *self);

/* How long the journal was when it was opened (bytes). */
goffset lockstep_journal_reader_get_size (LockstepJournalReader *self);

/* What was passed over, sentences for a person with the numbers of lines, at most a hundred. After the last event. */
GPtrArray *lockstep_journal_reader_get_complaints (LockstepJournalReader *self);

/* The number in the journal, from 1, of the event that was read last, or of what was passed over behind it; 0 before. */
guint64 lockstep_journal_reader_get_number (LockstepJournalReader *self);

/* Passes over the next @n_events, without looking at them. */
void lockstep_journal_reader_skip (LockstepJournalReader *self,
                                   guint64                n_events);

/* How many lines were passed over. */
guint64 lockstep_journal_reader_get_n_bad (LockstepJournalReader *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LockstepJournalReader, lockstep_journal_reader_free)

G_END_DECLS
