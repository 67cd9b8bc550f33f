/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "lockstep-trace.h"

G_BEGIN_DECLS

/* Makes @rows (of LockstepRunSolver) what the solvers were at @time, one row for each; rows that are there stay and change.
 * A fraction is what the solver had reported last by then; what it said is not kept. */
void lockstep_trace_show_solvers (LockstepTrace *self,
                                  gint64         time,
                                  GListStore    *rows);

/* The same of one solver, as a new row; NULL where the trace has none of it. */
LockstepRunSolver *lockstep_trace_dup_solver (LockstepTrace *self,
                                              gint64         time,
                                              guint          index);

G_END_DECLS
