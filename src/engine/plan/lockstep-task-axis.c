/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-task-axis.h"

void
lockstep_task_axis_free (LockstepTaskAxis *self)
{
  if (self == NULL)
    return;

  g_strfreev (self->names);
  self->free (self);
}
