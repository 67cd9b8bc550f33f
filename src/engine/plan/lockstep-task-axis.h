/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * One direction in which the tasks of a step vary: a name with its values, a table, a sample. The tasks are the
 * product of their axes. Each kind is a struct of its own that starts with this one.
 */
typedef struct _LockstepTaskAxis LockstepTaskAxis;

struct _LockstepTaskAxis
{
  guint64 count; /* of places on the axis, at least 1 */
  char  **names; /* of the params it gives */

  /* Appends the members at @index to the object that @out ends in. */
  void (*append) (LockstepTaskAxis *self,
                  guint64           index,
                  GString          *out);

  void (*free) (LockstepTaskAxis *self);
};

void lockstep_task_axis_free (LockstepTaskAxis *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LockstepTaskAxis, lockstep_task_axis_free)

G_END_DECLS
