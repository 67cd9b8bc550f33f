/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <sys/resource.h>

#include "lockstep-program.h"

G_BEGIN_DECLS

/**
 * `task.json` in the folder of an attempt: what was started there, to be looked at or started again by hand.
 *
 *   {"task": 137, "attempt": 2, "solver": 0, "command": ["/plan/netsim", "case.nml"], "directory": "/run/tasks/0137/2",
 *    "stdin": null, "env": {"SEED": "5"}, "params": {"seed": 5}}
 *
 * env is what the plan puts over the environment; params are those of the task. Once the program has ended, how and what it
 * used is added: "exit" (its code) or "signal", "seconds", "cpu-seconds" and "peak-memory" (bytes).
 */

/* Writes it in @folder. FALSE with LOCKSTEP_PROGRAM_ERROR_START, or that of a placeholder. */
gboolean lockstep_task_description_write (const LockstepProgram      *program,
                                          const LockstepPlaceholders *placeholders,
                                          const char                 *folder,
                                          char                      **command,
                                          const char                 *directory,
                                          const char                 *input,
                                          GError                    **error);

/* Adds how the program ended (@status as of waitpid(2)) and what it used. Where the file is not as it was written, nothing is
 * done: no run depends on what it says. */
void lockstep_task_description_add_usage (const char          *folder,
                                          int                  status,
                                          double               seconds,
                                          const struct rusage *usage);

G_END_DECLS
