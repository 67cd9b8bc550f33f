/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lockstep-controller.h"
#include "lockstep-crew.h"
#include "lockstep-preflight.h"
#include "lockstep-record.h"
#include "lockstep-sequence.h"

G_BEGIN_DECLS

/* The controller is written in three files: lockstep-controller-start.c prepares a run until its solvers are launched,
 * lockstep-controller.c makes it from there on, lockstep-controller-pause.c lets it stand still, for a person or because its
 * record cannot be written. */

struct _LockstepController
{
  GObject parent_instance;

  LockstepPlan     *plan;
  LockstepRun      *run;
  LockstepRecord   *record;
  LockstepCrew     *crew;
  LockstepStepper  *stepper;
  LockstepSequence *sequence;
  char             *runs_directory; /* where runs are kept; NULL for the usual place */
  gboolean          no_record;
  double            grace;     /* what solvers are given to end (s) */
  gboolean          elsewhere; /* solvers run on a host that was handed over */

  LockstepPreflight   *preflight;   /* once it was made */
  LockstepReservation *reservation; /* of the solvers' CPUs, until the run has ended; NULL where there is none */

  LockstepRunLock    *lock;        /* of a run that is resumed, until the record has it */
  goffset             journal_end; /* where such a run's journal is gone on with */
  guint64             n_past;      /* events that it has */
  GPtrArray          *complaints;  /* what of it could not be read, of char *; NULL when it is a new one */
  LockstepResumption *resumption;  /* until the first step has begun */

  gboolean         started;
  gboolean         preparing;        /* before anything is launched: preflight is made, or the record opened */
  gboolean         terminated_early; /* it is to end as soon as that is done */
  gboolean         stepping;         /* the stepper is at a step */
  gboolean         pause_wanted;     /* by a person */
  gboolean         pause_now;        /* and the processes are to stand still */
  char            *trouble;          /* why the run pauses by itself: it cannot be written down; or NULL */
  gboolean         paused;           /* what these come to */
  gboolean         trees_paused;     /* and the processes stand still */
  gboolean         finishing;        /* tasks at work are finished, then the run is terminated */
  guint            check_source;
  LockstepRunState towards;   /* FINISHED, FAILED or TERMINATED once the end has begun; IDLE before */
  GString         *error;     /* why it failed; NULL when it did not */
  GString         *outs;      /* why solvers are out, a line each */
  guint            n_reading; /* last lines that are being read for it */
  gboolean         closed;    /* the last event was told */
};

/* Begins the end: no new task, all solvers are stopped. The one path that every run ends on. */
void lockstep_controller_end (LockstepController *self,
                              LockstepRunState    towards,
                              LockstepStop        how,
                              const char         *why);

/* Ends the run as failed. */
void lockstep_controller_fail (LockstepController *self,
                               const char         *why);

/* Tells that a loop came round; a LockstepLoopedFunc. */
void lockstep_controller_tell_looped (const LockstepLooped *looped,
                                      gpointer              user_data);

/* Begins the next step, or the end after the last, unless something is at work or the run stands still. */
void lockstep_controller_go_on (LockstepController *self);

/* From now on the run pauses while its record cannot be written. */
void lockstep_controller_heed_record (LockstepController *self);

G_END_DECLS
