/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lockstep-estimate.h"

G_BEGIN_DECLS

/* The estimate is written in two files: lockstep-estimate.c takes in what happens, lockstep-estimate-step.c tells from it
 * what is left of the step at work. Times here are of a clock of its own, in µs, that stands still in pauses. */

/* How far a task was at a time since it began. */
typedef struct
{
  double fraction;
  double elapsed; /* s */
} LockstepProgress;

/* What a solver is at. */
typedef struct
{
  gint64           task; /* -1 for nothing */
  gint64           began;
  LockstepProgress told;   /* last; all 0 before */
  LockstepProgress half;   /* the last time that it was twice what it was at `before`, or before that nothing */
  LockstepProgress before; /* what recent speed is counted from */
} LockstepSeat;

/* So many moments at which an estimate is kept, to be judged. */
#define LOCKSTEP_N_MARKS 4

struct _LockstepEstimate
{
  LockstepStepTimes *times;
  LockstepStep      *step;       /* the plan's; NULL between steps */
  GArray            *iterations; /* of guint, outermost loop first */
  guint              n_tasks;
  gboolean           is_rest; /* some of them ended in an earlier session */
  gint64             step_began;
  gint64             first_began; /* the first step; -1 before */

  GArray *seats;     /* of LockstepSeat, by solver */
  guint   n_busy;    /* of them */
  guint   most_busy; /* in this step */
  double  fractions; /* sum of what those at work told */

  guint           n_ended;   /* tasks */
  LockstepSpread *durations; /* of them */
  double          lost;      /* s that failed attempts took */

  gint64   last;                /* event, as the clock of the run tells it */
  gint64   stopped;             /* µs that do not count */
  gint64   since;               /* the clock stands still since then, by the run's clock; -1 when it does not */
  gboolean paused;              /* no task begins */
  gboolean standing;            /* and those at work stand still */
  double   held_low, held_high; /* the least that was told in this pause (s) */

  LockstepEstimateMade made[LOCKSTEP_N_MARKS]; /* actual: when it was made, until the step ends */
  guint                n_made;
  guint                next_mark;
};

/* What is left of the step at @now by the estimate's clock. FALSE where there is nothing to go by. */
gboolean lockstep_estimate_get_step (LockstepEstimate *self,
                                     gint64            now,
                                     LockstepRange    *range);

G_END_DECLS
