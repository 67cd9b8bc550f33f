/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "lockstep-plan.h"

G_BEGIN_DECLS

/**
 * What a plan says, to be read.
 *
 * Property plan (LockstepPlan).
 */
#define LOCKSTEP_TYPE_PLAN_PAGE (lockstep_plan_page_get_type ())
G_DECLARE_FINAL_TYPE (LockstepPlanPage, lockstep_plan_page, LOCKSTEP, PLAN_PAGE, GtkWidget)

void lockstep_plan_page_set_plan (LockstepPlanPage *self,
                                  LockstepPlan     *plan);

G_END_DECLS
