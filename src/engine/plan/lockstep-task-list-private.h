/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lockstep-json.h"
#include "lockstep-task-axis.h"
#include "lockstep-task-list.h"

G_BEGIN_DECLS

/* How the plan's reader makes a list. Counts are at least 1 and at most LOCKSTEP_TASK_LIST_MAX. */

/* @count tasks without params. */
LockstepTaskList *lockstep_task_list_new_count (guint64 count);

/* A task for each element of @array, which are objects of @document. */
LockstepTaskList *lockstep_task_list_new_objects (LockstepJson array,
                                                  GBytes      *document);

/* The product of @axes (of LockstepTaskAxis, at least one; taken over), no two of which share a name. */
LockstepTaskList *lockstep_task_list_new_product (GPtrArray *axes);

G_END_DECLS
