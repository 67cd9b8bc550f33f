/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/**
 * A cause that tasks of a run failed for, for good: a group of failures that are alike.
 *
 * Properties, all read-only: cause (string: TASK_FAILED's, such as "crash"; "other" for all that was left out of the groups),
 * text (string: the last line without its numbers and folders), count (uint64), and one of the failures as an example:
 * task (int64, counted through the run), solver (int), attempt (int). Notifications come at most 10 times a second.
 */
#define LOCKSTEP_TYPE_CAUSE (lockstep_cause_get_type ())
G_DECLARE_FINAL_TYPE (LockstepCause, lockstep_cause, LOCKSTEP, CAUSE, GObject)

const char *lockstep_cause_get_cause (LockstepCause *self);
const char *lockstep_cause_get_text (LockstepCause *self);
guint64     lockstep_cause_get_count (LockstepCause *self);

/* The task that failed first among those that are still in the group. */
gint64 lockstep_cause_get_task (LockstepCause *self);
int    lockstep_cause_get_solver (LockstepCause *self);
int    lockstep_cause_get_attempt (LockstepCause *self);

/* What a view calls the group: its text, with the cause in front where the solver did not say so itself: "FATAL: negative depth",
 * "silent for too long: reading skims". Translated. */
char *lockstep_cause_dup_title (LockstepCause *self);

G_END_DECLS
