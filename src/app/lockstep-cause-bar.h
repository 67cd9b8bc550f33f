/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * Why tasks failed: a toggle button for each of the largest groups, "31 × FATAL: negative depth". It is hidden where nothing failed.
 *
 * Signal changed: others are pressed.
 */
#define LOCKSTEP_TYPE_CAUSE_BAR (lockstep_cause_bar_get_type ())
G_DECLARE_FINAL_TYPE (LockstepCauseBar, lockstep_cause_bar, LOCKSTEP, CAUSE_BAR, GtkWidget)

/* @causes (of LockstepCause, the largest first) may be NULL. */
void lockstep_cause_bar_set_causes (LockstepCauseBar *self,
                                    GListModel       *causes);

/* Those whose buttons are pressed, of LockstepCause; NULL for none. */
GPtrArray *lockstep_cause_bar_dup_pressed (LockstepCauseBar *self);

G_END_DECLS
