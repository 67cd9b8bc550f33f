/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * Which results of a run stand in files of their own, and which of those nobody can need any more: a step that is done
 * again in a loop supersedes what it brought before. The last two of each `one` step stay, the last of every other step,
 * and what a run would need that goes back to a moment before. Pure. A part of LockstepRun.
 */
typedef struct _LockstepResultFiles LockstepResultFiles;

LockstepResultFiles *lockstep_result_files_new (void);

void lockstep_result_files_free (LockstepResultFiles *self);

/* The step with the index @step begins; its first task has the number @first. */
void lockstep_result_files_begin (LockstepResultFiles *self,
                                  guint                step,
                                  gint64               first);

/* The run goes back to before the task @first: what came after is void, but for what a step of tasks that had begun with
 * it brought, with @keep. */
void lockstep_result_files_go_back (LockstepResultFiles *self,
                                    gint64               first,
                                    gboolean             keep);

/* The result of @task, of the step that began last, is a file. */
void lockstep_result_files_add (LockstepResultFiles *self,
                                gint64               task);

/* Whether there is none: the end of a step need not be told. */
gboolean lockstep_result_files_is_empty (LockstepResultFiles *self);

/* The step that began last has ended, of whose results the last @n_kept stay. The run may go back to before the tasks in
 * @moments (of gint64). */
void lockstep_result_files_end (LockstepResultFiles *self,
                                guint                n_kept,
                                GArray              *moments);

/* The tasks (of gint64) whose files are superseded, each once; NULL where there are none. */
GArray *lockstep_result_files_take_superseded (LockstepResultFiles *self);

G_END_DECLS
