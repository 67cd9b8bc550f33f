/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lockstep-plan-object.h"
#include "lockstep-task-axis.h"

G_BEGIN_DECLS

/* Reads one name of a grid: @json, which stands at @path, is a list of values or {"from", "to", "count", "log"}.
 * @document is what it lies in. NULL with an error. */
LockstepTaskAxis *lockstep_task_grid_read (LockstepJson json,
                                           const char  *name,
                                           const char  *path,
                                           GBytes      *document,
                                           GError     **error);

G_END_DECLS
