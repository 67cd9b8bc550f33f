/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lockstep-plan.h"

G_BEGIN_DECLS

/**
 * What may change in a plan while a run of it stands still: what does not change the results of what is done already.
 * These are hosts, solvers, the limits (timeout, stall, late, give-up, nice, initialize), retries and names; a loop
 * may repeat more often or have an until that is reached sooner, and tasks may be appended to a list.
 */

/* Whether a run of @old may go on as @new. FALSE with an error (LOCKSTEP_PLAN_ERROR_MEMBER) that names the member that
 * differs. */
gboolean lockstep_plan_changes_check (LockstepPlan *old,
                                      LockstepPlan *new,
                                      GError **error);

G_END_DECLS
