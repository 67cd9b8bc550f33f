/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "run-fixture.h"

G_BEGIN_DECLS

/* Sweeps with the fake solver that obeys (tests/fakes/fake-obey.c), and what came of them. */

/* A plan whose one step gives @tasks to fakes that obey; @more stands before the steps. @marker is that of
 * fake_solver(). */
LockstepPlan *make_task_plan (const char *marker,
                              guint       n_solvers,
                              const char *more,
                              const char *tasks);

/* @n_tasks tasks whose value is their number, and @member for the task @special (-1: for all); free with g_free(). */
char *make_tasks (guint       n_tasks,
                  int         special,
                  const char *member);

/* A member for make_tasks(): the tasks last until open_gate() is called with the same folder; free with g_free(). */
char *make_gate (const char *folder);
void  open_gate (const char *folder);

/* The number at @name in the result of a task of the last step; NaN where there is none. */
double get_member (LockstepRun *run,
                   guint        task,
                   const char  *name);

/* Every task's result is its own, but for @except (-1: none). */
void assert_values (LockstepRun *run,
                    guint        n_tasks,
                    int          except);

/* How often the event @name stands in the run's journal. */
guint count_events (LockstepRun *run,
                    const char  *name);

/* A controller of @plan, all of whose solvers are at work; the run's folder is made in @folder. */
LockstepController *start_task_plan (LockstepPlan *plan,
                                     const char   *folder);

G_END_DECLS
