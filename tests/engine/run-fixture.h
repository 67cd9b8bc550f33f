/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lockstep-controller.h"

G_BEGIN_DECLS

/* Runs of real plans with the fake solver, in a folder of their own. */

/* A new empty folder; free with remove_folder(). The first call also gives the process an XDG_RUNTIME_DIR of its own, so
 * that what its runs reserve is not seen by other tests, nor theirs by it. */
char *make_folder (void);
void  remove_folder (char *folder);

/* A plan from JSON in which ' stands for ". It must be right. */
LockstepPlan *make_plan (const char *text,
                         ...) G_GNUC_PRINTF (1, 2);

/* "'command': ['…/fake-solver', 'MODE', …], 'env': …" for such a text; free with g_free(). @marker goes into the
 * environment, so that every process of the run can be looked for. */
char *fake_solver (const char *marker,
                   const char *mode,
                   ...) G_GNUC_NULL_TERMINATED;

/* Iterates the main context until @run has ended. */
void wait_for_end (LockstepRun *run);

/* Iterates the main context for so long: to see that something does not happen. What is to happen is waited for. */
void iterate_for (double seconds);

/* Starts @plan and waits for its end; its folder is made in @folder. */
LockstepRun *run_plan (LockstepPlan *plan,
                       const char   *folder);

/* The result of a task of the last step, as text; free with g_free(). */
char *dup_result (LockstepRun *run,
                  guint        task);

/* The processes that have @marker in their environment or command line. */
guint count_processes (const char *marker);

G_END_DECLS
