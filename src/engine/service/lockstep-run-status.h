/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lockstep-run.h"

G_BEGIN_DECLS

/* Where a run stands, as JSON for scripts. What is not known is null. docs/control-socket.md says what each member
 * is. */

/* {"run","name","directory","pid","state",…}; @n_events were told so far. */
GBytes *lockstep_run_status_new (LockstepRun *run,
                                 guint64      n_events);

/* {"solvers": [{"index","host","pid","state",…}]} */
GBytes *lockstep_run_status_new_solvers (LockstepRun *run);

G_END_DECLS
