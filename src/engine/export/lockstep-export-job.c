/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-export-job.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>

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
  if (lockstep_journal_reader_get_number (reader) == 0 && !self->live)
    g_ptr_array_add (self->warnings, g_strdup_printf (_ ("%s/journal.jsonl has no event in it: what the run did is not known."),
                                                      self->directory));
}

void
lockstep_export_job_warn_of_left_out (const LockstepExportJob *self,
                                      guint64                  n_left_out)
{
  if (n_left_out > 0)
    g_ptr_array_add (self->warnings,
                     g_strdup_printf (ngettext ("%" PRIu64 " value is too long for a cell and says only how long it is; "
                                                "jsonl has it whole.",
                                                "%" PRIu64 " values are too long for a cell and say only how long they are; "
                                                "jsonl has them whole.",
                                                n_left_out),
                                      n_left_out));
}

static guint
get_depth (LockstepPlan *plan)
{
  LockstepStep *step;
  guint         deepest = 0;

  for (guint i = 0; (step = lockstep_plan_get_step (plan, i)) != NULL; i++)
    {
      guint depth = 0;

      for (LockstepStep *loop = step->parent; loop != NULL; loop = loop->parent)
        depth++;
      deepest = MAX (deepest, depth);
    }

  return deepest;
}

GPtrArray *
lockstep_export_job_dup_iteration_names (const LockstepExportJob *self)
{
  GPtrArray  *names = g_ptr_array_new_with_free_func (g_free);
  const guint depth = get_depth (self->plan);

  if (depth == 1)
    g_ptr_array_add (names, g_strdup ("iteration"));
  for (guint i = 0; depth > 1 && i < depth; i++)
    g_ptr_array_add (names, g_strdup_printf ("iteration_%u", i + 1));

  return names;
}
