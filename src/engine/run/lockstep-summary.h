/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lockstep-run.h"

G_BEGIN_DECLS

/* The outcome of @run as one JSON object: state, run, directory, name and note (the plan's), started (UTC in µs), seconds,
 * solvers (of the last session), tasks ({"done","total"} of the last step of tasks, or else of the last step), until
 * ({"text","value"} of the last loop that has one), result (the last step's: the value for `one`, an array otherwise),
 * failures, causes ([{"cause","text","count","task"}, …], the most frequent first), reached (null unless the run finished),
 * error. The result is there when the run finished and it is not longer than @result_max bytes. @ended is the run's last
 * event where that was not folded yet, else NULL. */
GBytes *lockstep_summary_new (LockstepRun         *run,
                              const LockstepEvent *ended,
                              gsize                result_max);

G_END_DECLS
