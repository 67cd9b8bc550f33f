/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lockstep-event.h"

G_BEGIN_DECLS

/**
 * Which samples a journal keeps: one a second of each solver and type (four of OUTPUT), the first of each task that has values, and what a solver
 * told last of a task, which is held until that is known. What is left out is counted. Acts on nothing.
 */
typedef struct _LockstepThinning LockstepThinning;

LockstepThinning *lockstep_thinning_new (void);

void lockstep_thinning_free (LockstepThinning *self);

/* Whether @event is kept; facts always are. */
gboolean lockstep_thinning_take (LockstepThinning    *self,
                                 const LockstepEvent *event);

/* Where @event, a fact, is the end or the start of what a solver does, and what that told last was left out: sets @held to that,
 * which is kept when it is taken again. Clear it with lockstep_event_clear(). */
gboolean lockstep_thinning_release (LockstepThinning    *self,
                                    const LockstepEvent *event,
                                    LockstepEvent       *held);

/* How many reports of which values were left out, as JSON: {"gap": 12}. NULL for none. */
char *lockstep_thinning_dup_left_out (LockstepThinning *self);

G_END_DECLS
