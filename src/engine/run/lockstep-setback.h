/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lockstep-run.h"

G_BEGIN_DECLS

/**
 * Why a run failed, and what may help: for a person who decides how to go on with it. All texts are translated.
 */
typedef struct
{
  char *text;      /* "Solver 3 was killed, probably out of memory, after 3 attempts (4 × 6 GB of 16 GB)." */
  char *advice;    /* "2 solvers fit in memory."; NULL where there is none */
  guint n_solvers; /* to be resumed with; 0 for as many as the plan says */
} LockstepSetback;

/* NULL where @run did not fail. */
LockstepSetback *lockstep_setback_new (LockstepRun *run);

void lockstep_setback_free (LockstepSetback *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LockstepSetback, lockstep_setback_free)

G_END_DECLS
