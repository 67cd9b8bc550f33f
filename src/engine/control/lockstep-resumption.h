/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lockstep-past-run.h"
#include "lockstep-sequence.h"

G_BEGIN_DECLS

/**
 * Where and how a run goes on that had ended or was interrupted. Pure: what is known of the run and what is wanted,
 * nothing is done.
 */

#define LOCKSTEP_RESUME_ERROR (lockstep_resume_error_quark ())
GQuark lockstep_resume_error_quark (void);

typedef enum
{
  LOCKSTEP_RESUME_ERROR_NOTHING, /* the run is finished, and nothing is wanted again */
  LOCKSTEP_RESUME_ERROR_TASKS,   /* tasks are wanted that there are not, or cannot be appended any more */
  LOCKSTEP_RESUME_ERROR_LOST,    /* a result that is needed is missing */
} LockstepResumeError;

/* What is to be done besides what was not done. */
typedef struct
{
  gboolean    failed; /* tasks that failed for good */
  const char *tasks;  /* those with these numbers, "17,33-40"; or NULL */
} LockstepResumeOptions;

typedef struct _LockstepResumption LockstepResumption;

/* How @past goes on as @plan, which lockstep_plan_changes_check() allows. NULL with an error,
 * LOCKSTEP_RESUME_ERROR_NOTHING among them. */
LockstepResumption *lockstep_resumption_new (LockstepPastRun             *past,
                                             LockstepPlan                *plan,
                                             const LockstepResumeOptions *options,
                                             GError                     **error);

void lockstep_resumption_free (LockstepResumption *self);

/* Makes @sequence, a new one of the plan, stand where the run goes on. @looped is told of loops that come round on the
 * way. FALSE with an error as lockstep_sequence_advance(). */
gboolean lockstep_resumption_place (LockstepResumption *self,
                                    LockstepSequence   *sequence,
                                    LockstepLoopedFunc  looped,
                                    gpointer            user_data,
                                    GError            **error);

/* The first task of the step that the run goes on with, where that had begun before, and those of its tasks that are
 * done again (of LockstepTaskSpan); -1 where it begins now. */
gint64 lockstep_resumption_get_first (LockstepResumption *self,
                                      GArray            **again);

/* The task before which a loop goes on that was left; -1 where none does, and once it was told. */
gint64 lockstep_resumption_take_back (LockstepResumption *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LockstepResumption, lockstep_resumption_free)

G_END_DECLS
