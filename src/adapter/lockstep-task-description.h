/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lockstep-program.h"

G_BEGIN_DECLS

/**
 * `task.json` in the folder of an attempt: what was started there, to be looked at or started again by hand.
 *
 *   {"task": 137, "attempt": 2, "solver": 0, "command": ["/plan/netsim", "case.nml"], "directory": "/run/tasks/0137/2",
 *    "stdin": null, "env": {"SEED": "5"}, "params": {"seed": 5}}
 *
 * env is what the plan puts over the environment; params are those of the task.
 */

/* Writes it in @folder. FALSE with LOCKSTEP_PROGRAM_ERROR_START, or that of a placeholder. */
gboolean lockstep_task_description_write (const LockstepProgram      *program,
                                          const LockstepPlaceholders *placeholders,
                                          const char                 *folder,
                                          char                      **command,
                                          const char                 *directory,
                                          const char                 *input,
                                          GError                    **error);

G_END_DECLS
