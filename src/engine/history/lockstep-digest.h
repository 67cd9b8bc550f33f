/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lockstep-inquest.h"
#include "lockstep-past-run.h"

G_BEGIN_DECLS

/**
 * A run that is kept, read once and whole: the run as every view has it, its failures and deaths, how long its steps took,
 * and, if wanted, what each step brought the last time.
 */
typedef struct _LockstepDigest LockstepDigest;

/* What became of a step, over all times it was done. */
typedef struct
{
  guint      n_times; /* it ended so often */
  double     seconds; /* in all; without pauses of the run between sessions */
  double     waited;  /* core-seconds at its barriers */
  GPtrArray *results; /* of the last time, by task; GBytes, or NULL where it failed. NULL unless wanted, or before it ended */
} LockstepDigestStep;

/* Reads the run folder @directory; with @results those of every step are kept. Blocks: for threads. */
LockstepDigest *lockstep_digest_load (const char *directory,
                                      gboolean    results,
                                      GError    **error);

/* The same on a thread. */
void            lockstep_digest_load_async (const char         *directory,
                                            gboolean            results,
                                            GAsyncReadyCallback callback,
                                            gpointer            user_data);
LockstepDigest *lockstep_digest_load_finish (GAsyncResult *result,
                                             GError      **error);

void lockstep_digest_free (LockstepDigest *self);

LockstepPastRun *lockstep_digest_get_past (LockstepDigest *self);
LockstepRun     *lockstep_digest_get_run (LockstepDigest *self);
LockstepInquest *lockstep_digest_get_inquest (LockstepDigest *self);

/* Of the step with that index; a loop's says how often it came round. NULL where the plan has no such step. */
const LockstepDigestStep *lockstep_digest_get_step (LockstepDigest *self,
                                                    guint           step);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LockstepDigest, lockstep_digest_free)

G_END_DECLS
