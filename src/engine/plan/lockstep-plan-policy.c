/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-plan-policy.h"

#include "lockstep-quantity.h"

#define MAX_RETRIES 1000000

static const char *const late_names[] = {
  [LOCKSTEP_LATE_WAIT] = "wait",
  [LOCKSTEP_LATE_DUPLICATE] = "duplicate",
  [LOCKSTEP_LATE_RESTART] = "restart",
  NULL,
};

static const char *const on_failure_names[] = { "continue", "stop", NULL };

void
lockstep_plan_policy_init (LockstepPolicy  *policy,
                           LockstepStepKind kind)
{
  *policy = (LockstepPolicy){
    .late = LOCKSTEP_LATE_WAIT,
    /* A part that is missing would give a wrong answer that looks right; a task stands for itself. */
    .stop_on_failure = kind != LOCKSTEP_STEP_TASKS,
    .give_up_share = -1.0,
    .give_up_count = -1,
  };
}

static gboolean
read_give_up (LockstepPolicy           *policy,
              const LockstepPlanObject *object,
              GError                  **error)
{
  LockstepJson     json = lockstep_plan_object_get (object, "give-up");
  g_autofree char *path = NULL;

  if (json.text == NULL ||
      lockstep_quantity_read_share (json, &policy->give_up_share, &policy->give_up_count, error))
    return TRUE;

  path = lockstep_plan_object_dup_path (object, "give-up");
  g_prefix_error (error, "%s: ", path);
  return FALSE;
}

gboolean
lockstep_plan_policy_read (LockstepPolicy           *policy,
                           const LockstepPlanObject *object,
                           GError                  **error)
{
  gint64 retries = policy->retries;
  guint  late = policy->late;
  guint  stop = policy->stop_on_failure;

  if (!lockstep_plan_object_read_int (object, "retries", 0, MAX_RETRIES, &retries, error) ||
      !lockstep_plan_object_read_duration (object, "timeout", &policy->timeout, error) ||
      !lockstep_plan_object_read_duration (object, "stall", &policy->stall, error) ||
      !lockstep_plan_object_read_choice (object, "late", late_names, &late, error) ||
      !lockstep_plan_object_read_choice (object, "on-failure", on_failure_names, &stop, error) ||
      !read_give_up (policy, object, error))
    return FALSE;

  policy->retries = retries;
  policy->late = late;
  policy->stop_on_failure = stop;
  return TRUE;
}
