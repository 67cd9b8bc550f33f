/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lockstep-proposal.h"
#include "lockstep-rerun.h"
#include "lockstep-sighting.h"

G_BEGIN_DECLS

/**
 * A task of a plan tried out: done once for real, outside of any run, and then looked at. Of a plan with a program it tells where
 * everything was seen that the plan looks for, and what else it could look for.
 */
#define LOCKSTEP_TYPE_TRIAL (lockstep_trial_get_type ())
G_DECLARE_FINAL_TYPE (LockstepTrial, lockstep_trial, LOCKSTEP, TRIAL, GObject)

/* What became of it. */
typedef struct
{
  GBytes *result;      /* JSON text; NULL where there is none */
  char   *error;       /* why there is none, for people; NULL where there is one */
  double  seconds;     /* wall time; negative where nothing was started, or a program was not */
  double  cpu_seconds; /* user and system */
  guint64 peak_memory; /* bytes, the largest process */
  guint64 disk;        /* bytes of files, with what was printed */

  char      *folder;         /* with what it wrote */
  char      *log;            /* what it printed */
  char     **command;        /* of a program, as it was started; or NULL */
  char      *working_folder; /* of a program; or NULL */
  GPtrArray *sightings;      /* of LockstepSighting; NULL unless a program was run */
  GPtrArray *proposals;      /* of LockstepProposal; NULL unless a program ended as it should */
  char      *missing;        /* a file beside the plan that a program which failed seems to miss; or NULL */
} LockstepTrialReport;

/* The task with the number @task of a new run of @plan. @directory (NULL for a temporary one) is where its files go; it is made,
 * or is empty. */
LockstepTrial *lockstep_trial_new (LockstepPlan *plan,
                                   gint64        task,
                                   const char   *directory,
                                   GError      **error);

/* The work itself, for its signals and to stop it. */
LockstepRerun *lockstep_trial_get_rerun (LockstepTrial *self);

/* Does it, once, and looks at what is left. The report is the trial's; that the task failed is no error. */
void                       lockstep_trial_run_async (LockstepTrial      *self,
                                                     GAsyncReadyCallback callback,
                                                     gpointer            user_data);
const LockstepTrialReport *lockstep_trial_run_finish (LockstepTrial *self,
                                                      GAsyncResult  *result,
                                                      GError       **error);

/* The plan that is tried, and what fills its placeholders. */
LockstepPlan               *lockstep_trial_get_plan (LockstepTrial *self);
const LockstepPlaceholders *lockstep_trial_get_placeholders (LockstepTrial *self);

/* Deletes what it left on the disk. */
void lockstep_trial_remove (LockstepTrial *self);

G_END_DECLS
