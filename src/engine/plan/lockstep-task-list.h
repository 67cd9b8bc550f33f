/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * The tasks of a step: how many there are, and the params of each, made when they are asked for.
 *
 * A hundred thousand tasks cost no more than the text they come from, with one exception: a latin hypercube keeps
 * the order of its cells, 4 bytes for each task and name.
 */
typedef struct _LockstepTaskList LockstepTaskList;

/* A step has no more tasks than this. */
#define LOCKSTEP_TASK_LIST_MAX 100000000

void lockstep_task_list_free (LockstepTaskList *self);

/* At least 1. */
guint64 lockstep_task_list_get_count (LockstepTaskList *self);

/* The names of the params, for the columns of a table, in the order of the plan (csv, grid, sample; members of
 * objects as they first appear). NULL-terminated, never NULL. Owned by the list. */
const char *const *lockstep_task_list_get_names (LockstepTaskList *self);

/* The params of task @index, from 0: the JSON text of an object. A call gets them over the step's own params.
 * Values from the plan or a file stand as they were written there. Where csv, grid and sample multiply, the last of
 * them varies fastest, and within grid the last name. */
GBytes *lockstep_task_list_dup_params (LockstepTaskList *self,
                                       guint64           index);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LockstepTaskList, lockstep_task_list_free)

G_END_DECLS
