/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lockstep-json.h"

G_BEGIN_DECLS

/* Checks the hosts member @json. This version runs solvers on this machine only, and refuses any other host, with
 * an error that says so. */
gboolean lockstep_plan_check_hosts (LockstepJson json,
                                    GError     **error);

G_END_DECLS
