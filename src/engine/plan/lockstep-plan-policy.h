/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lockstep-plan-object.h"

G_BEGIN_DECLS

/**
 * The members that say what to do when a task does not go well. They stand at the top of a plan, as defaults,
 * and in a step.
 */
#define LOCKSTEP_PLAN_POLICY_MEMBERS "retries", "timeout", "stall", "late", "on-failure", "give-up"

/* What holds where a plan says nothing, in a step of @kind. */
void lockstep_plan_policy_init (LockstepPolicy  *policy,
                                LockstepStepKind kind);

/* Puts the members that @object has over @policy. */
gboolean lockstep_plan_policy_read (LockstepPolicy           *policy,
                                    const LockstepPlanObject *object,
                                    GError                  **error);

G_END_DECLS
