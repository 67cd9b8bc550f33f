/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "lockstep-cause.h"

G_BEGIN_DECLS

/**
 * Why tasks failed for good: the failures of a run, grouped by TASK_FAILED's cause and the folded last line. A part of
 * LockstepRun. A task is in one group at most; it is in none again once it has brought a result after all.
 */
typedef struct _LockstepCauses LockstepCauses;

/* Groups; what fits into none of them is counted together as "other". */
#define LOCKSTEP_CAUSES_MAX 1000

LockstepCauses *lockstep_causes_new (void);

void lockstep_causes_free (LockstepCauses *self);

/* @task failed for good, or once more: then it counts for its new cause alone. @line is what tells its cause from others:
 * the signal that killed its solver, else the last line that this printed, else the reason. */
void lockstep_causes_add (LockstepCauses *self,
                          const char     *cause,
                          const char     *line,
                          gint64          task,
                          int             solver,
                          int             attempt);

/* @task brought a result. TRUE when it had failed for good before. */
gboolean lockstep_causes_remove (LockstepCauses *self,
                                 gint64          task);

/* What came of the tasks from @first on is forgotten, but for the failures in @kept (of the task @first + key). */
void lockstep_causes_forget (LockstepCauses *self,
                             gint64          first,
                             GHashTable     *kept);

/* The tasks that failed for good, each once. */
guint64 lockstep_causes_get_count (LockstepCauses *self);

/* The group that @task is in, or NULL. */
LockstepCause *lockstep_causes_lookup (LockstepCauses *self,
                                       gint64          task);

/* Of LockstepCause, the largest first. Changes only in lockstep_causes_flush(). */
GListModel *lockstep_causes_get_model (LockstepCauses *self);

/* Brings the model up to date. */
void lockstep_causes_flush (LockstepCauses *self);

G_END_DECLS
