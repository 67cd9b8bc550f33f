/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lockstep-batch.h"
#include "lockstep-run.h"

G_BEGIN_DECLS

/**
 * The params of the calls of one step, as the data-flow rule says: a `one` step gets the results of the step before it
 * and its own last result, every other step the result of the last `one` step. What all its calls share is put
 * together once, from the text the values arrived in.
 */
typedef struct _LockstepCallText LockstepCallText;

/* For @step in @iteration, with what @run holds now. @parts is how many parts an `all` step has, else 0. */
LockstepCallText *lockstep_call_text_new (LockstepRun  *run,
                                          LockstepStep *step,
                                          guint         iteration,
                                          guint         parts);

void lockstep_call_text_free (LockstepCallText *self);

/* The params of one call, in pieces, for lockstep_peer_call_async(). Valid until the next call of this function. */
GBytes *const *lockstep_call_text_get (LockstepCallText   *self,
                                       const LockstepTurn *turn);

/* The pieces of a call as one text. */
GBytes *lockstep_call_text_join (GBytes *const *pieces);

/* The params of initialize. @run is the run's name, @directory where it keeps what it writes. */
GBytes *lockstep_call_text_new_initialize (LockstepPlan *plan,
                                           guint         solver,
                                           const char   *run,
                                           const char   *directory);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LockstepCallText, lockstep_call_text_free)

G_END_DECLS
