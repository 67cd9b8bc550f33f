/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "lockstep-trace.h"

G_BEGIN_DECLS

/* Makes @rows (of LockstepRunSolver) what the solvers were at @time, one row for each; rows that are there stay and change.
 * What a solver reported of its progress is not kept: its fraction is the share that had passed of the time the task took,
 * and unknown of a task that has not ended. */
void lockstep_trace_show_solvers (LockstepTrace *self,
                                  gint64         time,
                                  GListStore    *rows);

G_END_DECLS
