/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "lockstep-session.h"

G_BEGIN_DECLS

/**
 * What went wrong, and what can be done about it: a plan that cannot be used, a barrier that waits for a late task, a run that failed.
 *
 * Property session (LockstepSession).
 *
 * Actions of its group "late", about the tasks that a barrier waits for: duplicate, restart, skip, wait.
 */
#define LOCKSTEP_TYPE_NOTICE (lockstep_notice_get_type ())
G_DECLARE_FINAL_TYPE (LockstepNotice, lockstep_notice, LOCKSTEP, NOTICE, GtkWidget)

void lockstep_notice_set_session (LockstepNotice  *self,
                                  LockstepSession *session);

/* For the window to insert as "late", so that shortcuts reach it. */
GActionGroup *lockstep_notice_get_actions (LockstepNotice *self);

/* What it says; NULL while it is not shown. */
const char *lockstep_notice_get_text (LockstepNotice *self);

G_END_DECLS
