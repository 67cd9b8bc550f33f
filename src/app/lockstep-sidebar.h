/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "lockstep-history.h"

G_BEGIN_DECLS

/**
 * The plan, and the runs that are kept: those of this plan, or all; what is searched for.
 *
 * Properties: plan-name (string; NULL without a plan), scope (string: "plan" or "all"), shown (string: the folder of the run
 * that the window shows; NULL for the plan itself).
 *
 * Signals: plan-chosen (); run-chosen (const char *directory): a person wants to see it.
 *
 * Actions: sidebar.scope::plan, sidebar.scope::all
 */
#define LOCKSTEP_TYPE_SIDEBAR (lockstep_sidebar_get_type ())
G_DECLARE_FINAL_TYPE (LockstepSidebar, lockstep_sidebar, LOCKSTEP, SIDEBAR, GtkWidget)

void lockstep_sidebar_set_plan_name (LockstepSidebar *self,
                                     const char      *name);

void lockstep_sidebar_set_shown (LockstepSidebar *self,
                                 const char      *directory);

/* The run that the window shows, which its row may tell of; NULL without one. */
void lockstep_sidebar_set_run (LockstepSidebar *self,
                               LockstepRun     *run);

/* To type what is looked for. */
void lockstep_sidebar_search (LockstepSidebar *self);

G_END_DECLS
