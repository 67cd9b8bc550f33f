/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lockstep-run.h"

G_BEGIN_DECLS

/**
 * How a run stands, for a glance: what is said of it in one line, what matters most first, and the one thing that a person
 * may want to do about it now. All texts are translated.
 */
typedef enum
{
  LOCKSTEP_STANDING_NOTHING,
  LOCKSTEP_STANDING_TRY,            /* one task of the plan, before all of it is run */
  LOCKSTEP_STANDING_CONTINUE,       /* it is paused */
  LOCKSTEP_STANDING_STOP_ITERATING, /* leave the loop at the end of the iteration */
  LOCKSTEP_STANDING_EXPORT,         /* what it has brought */
} LockstepStandingAction;

typedef struct
{
  char                  *text;  /* "Iteration 112 · gap 3.2e-4 → 1e-4 · 3 h 10 min · 2–3 h left" */
  char                  *aside; /* "at most 500", "kept: 111 iterations"; NULL where there is nothing to add */
  LockstepStandingAction action;
} LockstepStanding;

/* Where @run stands at @now (UTC in µs). @n_solvers are those that one that has not started would get; 0 where that is not
 * known. */
LockstepStanding *lockstep_standing_new (LockstepRun *run,
                                         guint        n_solvers,
                                         gint64       now);

void lockstep_standing_free (LockstepStanding *self);

/* The least of it, for a row of a list: "solver 3 is late", "gap 3.2e-4", "120 of 2,000", "finishing tasks, then stopping",
 * "paused". Of a run that is at work;
 * NULL of another. */
char *lockstep_standing_dup_headline (LockstepRun *run);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LockstepStanding, lockstep_standing_free)

G_END_DECLS
