/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lockstep-plan.h"

G_BEGIN_DECLS

/* The params of the call that the task with the number @task would be in a new run of @plan, as JSON text on one line. Tasks are
 * counted through the steps in the order of the plan, from 0, a loop once; of a step on all solvers there are as many as the
 * plan has solvers, or one where that is "auto". What steps before it would bring is not there. Sets @step to the one that
 * it belongs to. NULL with an error where the plan has not so many. */
GBytes *lockstep_first_call_new (LockstepPlan  *plan,
                                 gint64         task,
                                 LockstepStep **step,
                                 GError       **error);

G_END_DECLS
