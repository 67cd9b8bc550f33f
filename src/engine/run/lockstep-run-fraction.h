/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lockstep-plan.h"

G_BEGIN_DECLS

/* How much of @plan is done, 0…1, when it stands at @step, in those @iterations of the loops around it (outermost
 * first, from 1), of which @within (0…1) is done. Each step of each iteration counts alike, and a loop with an
 * until as if it took all its iterations. */
double lockstep_run_fraction (LockstepPlan *plan,
                              LockstepStep *step,
                              const guint  *iterations,
                              guint         n_iterations,
                              double        within);

G_END_DECLS
