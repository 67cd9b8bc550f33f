/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-step.h"

void
lockstep_step_free (LockstepStep *step)
{
  if (step == NULL)
    return;

  g_free (step->path);
  g_free (step->title);
  g_free (step->method);
  g_clear_pointer (&step->params, g_bytes_unref);
  g_clear_pointer (&step->tasks, lockstep_task_list_free);
  g_clear_pointer (&step->table, g_bytes_unref);
  g_clear_pointer (&step->until, lockstep_condition_free);
  g_clear_pointer (&step->steps, g_ptr_array_unref);
  g_free (step);
}
