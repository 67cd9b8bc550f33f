/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lockstep-plan-object.h"
#include "lockstep-task-axis.h"

G_BEGIN_DECLS

/**
 * Values drawn at random, by lockstep-task-random.h. With S the stream of a name, n the count and u(k) number k of S
 * between 0 and 1, task i lies at this share of the name's range:
 *
 * - uniform: u(i)
 * - latin, so that each of n slices of the range has exactly one task: (order[i] + u(n + i)) / n, where order is 0…n-1,
 *   shuffled: for j from n-1 down to 1, elements j and floor ((j + 1) u(n-1-j)) change places.
 */

/* Reads the members sample, method, count and seed of @object, which has a sample. NULL with an error. */
LockstepTaskAxis *lockstep_task_sample_read (const LockstepPlanObject *object,
                                             GError                  **error);

G_END_DECLS
