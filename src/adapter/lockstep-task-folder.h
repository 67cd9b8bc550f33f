/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lockstep-program.h"

G_BEGIN_DECLS

/**
 * The folder of one attempt at one task: `tasks/0137/2/` in the run's folder, with what the program needs, what it writes, and
 * what it prints (output.log).
 *
 * No two share one: where the folder is there already, since a rival computes the same attempt or a run was resumed, it is
 * called `2-2`, then `2-3`.
 */
typedef struct _LockstepTaskFolder LockstepTaskFolder;

/* Makes it in the run's folder of @placeholders; NULL with LOCKSTEP_PROGRAM_ERROR_START. */
LockstepTaskFolder *lockstep_task_folder_new (const LockstepPlaceholders *placeholders,
                                              GError                    **error);

void lockstep_task_folder_free (LockstepTaskFolder *self);

const char *lockstep_task_folder_get_path (const LockstepTaskFolder *self);

/* The descriptor of output.log, for writing at its end and for reading; owned by the folder. */
int lockstep_task_folder_get_log (const LockstepTaskFolder *self);

/* Puts the files of @program into it. */
gboolean lockstep_task_folder_place (LockstepTaskFolder         *self,
                                     const LockstepProgram      *program,
                                     const LockstepPlaceholders *placeholders,
                                     GError                    **error);

/* Copies the files that are to be collected to `collected/` in the run's folder, each as `0137-NAME`. */
gboolean lockstep_task_folder_collect (LockstepTaskFolder         *self,
                                       const LockstepProgram      *program,
                                       const LockstepPlaceholders *placeholders,
                                       const char                 *working_folder,
                                       GError                    **error);

/* Deletes it with all that is in it, and that of the task where nothing else is in it. */
void lockstep_task_folder_remove (LockstepTaskFolder *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LockstepTaskFolder, lockstep_task_folder_free)

G_END_DECLS
