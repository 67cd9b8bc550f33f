/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-stepper-private.h"

#include "lockstep-results.h"
#include "lockstep-run-private.h"

void
lockstep_stepper_restore_batch (LockstepStepper *self)
{
  LockstepResults           *outcome = lockstep_run_get_outcome (lockstep_record_get_run (self->record));
  const LockstepStepResults *results = lockstep_results_get_current (outcome);
  const guint                n_tasks = MIN (lockstep_batch_get_n_tasks (self->batch), results->results->len);

  for (guint i = 0; i < n_tasks; i++)
    {
      const guint    attempts = g_array_index (results->attempts, guint16, i);
      const gboolean failed = g_hash_table_contains (results->failures, GUINT_TO_POINTER (i));

      if (failed || g_ptr_array_index (results->results, i) != NULL)
        lockstep_batch_set_ended (self->batch, i, failed, attempts);
      else if (attempts > 0)
        lockstep_batch_set_attempts (self->batch, i, attempts);
    }
}
