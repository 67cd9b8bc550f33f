/* SPDX-License-Identifier: MIT */

#pragma once

#include "lockstep-sdk-solver.h"

G_BEGIN_DECLS

/* Calls initialize, and then @method, without a controller: progress and log lines go to standard error, the result to
 * standard output. @params and @initialize are JSON, or NULL: all params of the call where they have a member of one
 * (params, input, part …), else what stands there as "params". Returns the exit status. */
int lockstep_try (LockstepSdkSolver *solver,
                  const char        *method,
                  const char        *params,
                  const char        *initialize);

G_END_DECLS
