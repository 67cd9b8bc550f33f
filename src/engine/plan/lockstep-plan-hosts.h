/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lockstep-plan-object.h"

G_BEGIN_DECLS

/* Reads the solvers member of the plan or of a host; 0 for "auto". Leaves @n_solvers as it is where there is none. */
gboolean lockstep_plan_read_n_solvers (const LockstepPlanObject *object,
                                       guint                    *n_solvers,
                                       GError                  **error);

/* Reads the hosts member @json, absent or not, as an array of LockstepHostSpec; a host that does not say how many solvers
 * it has gets @n_solvers. This version runs solvers on this machine only, and refuses any other host, with an error
 * that says so. NULL with an error. */
GPtrArray *lockstep_plan_read_hosts (LockstepJson json,
                                     guint        n_solvers,
                                     GError     **error);

G_END_DECLS
