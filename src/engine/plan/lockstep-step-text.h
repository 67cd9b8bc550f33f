/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lockstep-step.h"

G_BEGIN_DECLS

/* What a step does, in words, translated: "On all solvers, a part each", "At most 500 times, until gap < 1e-6". */
char *lockstep_step_dup_text (const LockstepStep *step);

/* What happens when its tasks do not go well: "2 retries · silent 10 min at most"; NULL where nothing but the default. */
char *lockstep_step_dup_policy_text (const LockstepStep *step);

G_END_DECLS
