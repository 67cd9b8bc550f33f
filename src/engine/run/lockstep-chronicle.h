/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lockstep-run.h"
#include "lockstep-trace.h"

G_BEGIN_DECLS

/**
 * The trace of a run, for views that show time: made when one asks for it, so that a run without such views pays nothing.
 * Of a run that has begun already its folder's journal is read, on a thread, and what happens goes on top of it.
 *
 * Properties: run (LockstepRun), loading (boolean: the journal is being read), problem (string: why it could not be; NULL).
 *
 * Signal changed: there is more in the trace, or another one; at most 10 times a second.
 */
#define LOCKSTEP_TYPE_CHRONICLE (lockstep_chronicle_get_type ())
G_DECLARE_FINAL_TYPE (LockstepChronicle, lockstep_chronicle, LOCKSTEP, CHRONICLE, GObject)

LockstepChronicle *lockstep_chronicle_new (LockstepRun *run);

LockstepRun *lockstep_chronicle_get_run (LockstepChronicle *self);
gboolean     lockstep_chronicle_get_loading (LockstepChronicle *self);
const char  *lockstep_chronicle_get_problem (LockstepChronicle *self);

/* Never NULL. Valid until the next signal changed. */
LockstepTrace *lockstep_chronicle_get_trace (LockstepChronicle *self);

G_END_DECLS
