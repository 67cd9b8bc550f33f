/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-step-text.h"

#include <glib/gi18n-lib.h>

#include "lockstep-duration.h"

char *
lockstep_step_dup_text (const LockstepStep *step)
{
  g_autofree char *times = NULL;

  switch (step->kind)
    {
    case LOCKSTEP_STEP_ALL:
      return g_strdup (_ ("On all solvers, a part each"));
    case LOCKSTEP_STEP_ONE:
      return g_strdup (_ ("On one solver"));
    case LOCKSTEP_STEP_TASKS:
      return g_strdup (_ ("Tasks, shared out over free solvers"));
    case LOCKSTEP_STEP_LOOP:
    default:
      break;
    }

  if (step->until == NULL)
    return g_strdup_printf (ngettext ("%u time", "%u times", step->repeat), step->repeat);

  times = g_strdup_printf (ngettext ("At most %u time, until %s", "At most %u times, until %s", step->repeat),
                           step->repeat, lockstep_condition_get_text (step->until));
  if (!step->fail_otherwise)
    return g_steal_pointer (&times);

  return g_strdup_printf (_ ("%s; fails otherwise"), times);
}

char *
lockstep_step_dup_policy_text (const LockstepStep *step)
{
  const LockstepPolicy *policy = &step->policy;
  g_autoptr (GPtrArray) clauses = NULL;

  if (step->kind == LOCKSTEP_STEP_LOOP)
    return NULL;

  clauses = g_ptr_array_new_with_free_func (g_free);
  if (policy->retries > 0)
    g_ptr_array_add (clauses, g_strdup_printf (ngettext ("%u retry", "%u retries", policy->retries), policy->retries));
  if (policy->timeout > 0)
    {
      g_autofree char *duration = lockstep_duration_dup_text (policy->timeout);

      g_ptr_array_add (clauses, g_strdup_printf (_ ("at most %s"), duration));
    }
  if (policy->stall > 0)
    {
      g_autofree char *duration = lockstep_duration_dup_text (policy->stall);

      g_ptr_array_add (clauses, g_strdup_printf (_ ("silent at most %s"), duration));
    }
  if (policy->late == LOCKSTEP_LATE_DUPLICATE)
    g_ptr_array_add (clauses, g_strdup (_ ("late ones are duplicated")));
  else if (policy->late == LOCKSTEP_LATE_RESTART)
    g_ptr_array_add (clauses, g_strdup (_ ("late ones are restarted")));
  if (policy->give_up_share >= 0)
    g_ptr_array_add (clauses, g_strdup_printf (_ ("gives up when more than %.4g %% failed"), policy->give_up_share * 100));
  else if (policy->give_up_count >= 0)
    g_ptr_array_add (clauses, g_strdup_printf (_ ("gives up when more than %d failed"), (int) policy->give_up_count));

  if (clauses->len == 0)
    return NULL;

  g_ptr_array_add (clauses, NULL);
  return g_strjoinv (" · ", (char **) clauses->pdata);
}
