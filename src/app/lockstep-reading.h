/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lockstep-past-run.h"
#include "lockstep-resumption.h"

G_BEGIN_DECLS

/**
 * Something to be read from disk on a thread, a plan or a kept run, and what is to become of it. Plain data.
 */
typedef struct
{
  GFile                *file;      /* the plan's; or NULL: a run */
  char                 *directory; /* of that run */
  gboolean              start;     /* a new run is to be made of the plan; of a kept run's plan, too */
  gboolean              resume;    /* the run is to go on: its lock is taken */
  LockstepResumeOptions what;      /* to be done again then; owns its texts */
  guint                 n_solvers; /* that it goes on with; 0 for as many as its plan says */

  /* what was read */
  LockstepPlan    *plan; /* to be run; NULL for a run that is only to be looked at */
  LockstepPastRun *past;
} LockstepReading;

LockstepReading *lockstep_reading_new (GFile      *file,
                                       const char *directory);

/* The run in the folder @directory, to go on with @n_solvers (0 for as many as its plan says), and to do again what @what (may be
 * NULL) says. */
LockstepReading *lockstep_reading_new_resume (const char                  *directory,
                                              const LockstepResumeOptions *what,
                                              guint                        n_solvers);

void lockstep_reading_free (LockstepReading *self);

/* Takes @self over until the end of the call. */
void lockstep_reading_read_async (LockstepReading    *self,
                                  GCancellable       *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer            user_data);

/* Borrowed from @result; with an error nothing was read. */
LockstepReading *lockstep_reading_read_finish (GAsyncResult *result,
                                               GError      **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LockstepReading, lockstep_reading_free)

G_END_DECLS
