/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-export-job.h"

/* Bytes of the journal between two looks at the clock. */
#define SOME_BYTES (64 * 1024)

gboolean
lockstep_export_job_advance (const LockstepExportJob *self,
                             double                   fraction,
                             GError                 **error)
{
  g_atomic_int_set (self->progress, (int) (CLAMP (fraction, 0, 1) * 1000));

  return !g_cancellable_set_error_if_cancelled (self->cancellable, error);
}

gboolean
lockstep_export_job_advance_reader (const LockstepExportJob *self,
                                    LockstepJournalReader   *reader,
                                    double                   from,
                                    double                   to,
                                    GError                 **error)
{
  const goffset start = lockstep_journal_reader_get_start (reader);
  const goffset end = lockstep_journal_reader_get_end (reader);
  const goffset size = MAX (lockstep_journal_reader_get_size (reader), 1);

  if (start / SOME_BYTES == end / SOME_BYTES)
    return TRUE;

  return lockstep_export_job_advance (self, from + (to - from) * MIN ((double) end / (double) size, 1), error);
}

void
lockstep_export_job_warn_of (const LockstepExportJob *self,
                             LockstepJournalReader   *reader)
{
  GPtrArray *complaints = lockstep_journal_reader_get_complaints (reader);

  for (guint i = 0; i < complaints->len; i++)
    g_ptr_array_add (self->warnings, g_strdup (g_ptr_array_index (complaints, i)));
}
