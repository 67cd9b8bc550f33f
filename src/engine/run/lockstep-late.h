/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lockstep-run.h"

G_BEGIN_DECLS

/**
 * A task that a barrier waits for: who is late, what that costs, and what will come of it. All texts are for people, and
 * translated.
 */
typedef struct
{
  gint64 task;      /* counted through the run */
  int    solver;    /* that was late first */
  int    attempt;   /* from 1 */
  gint64 begun;     /* UTC in µs */
  double median;    /* of the tasks that had ended (s) */
  guint  n_solvers; /* that are at it */
} LockstepLateTask;

/* The tasks that the barrier of @run waits for, in the order in which they were noticed (of LockstepLateTask). Borrowed until
 * the next event; the property n-late of the run tells of changes. */
GArray *lockstep_run_get_late (LockstepRun *run);

/* Core-seconds that solvers have waited at the barrier at work, at @now (UTC in µs). */
double lockstep_run_get_waited (LockstepRun *run,
                                gint64       now);

/* "Solver 3 is 11 min late: 33 core-minutes lost. Silent 9 min, CPU 0 %." NULL where nobody is late. */
char *lockstep_run_dup_late_text (LockstepRun *run,
                                  gint64       now);

/* What the plan does about the first of them, and when: "In 1 min: restarted (plan: silent 10 min)." NULL
 * where nobody is late. */
char *lockstep_run_dup_late_prospect (LockstepRun *run,
                                      gint64       now);

/* Whether another solver may be given @late as well; whether the step may end without it. */
gboolean lockstep_late_may_be_duplicated (LockstepRun            *run,
                                          const LockstepLateTask *late);
gboolean lockstep_late_may_be_skipped (LockstepRun            *run,
                                       const LockstepLateTask *late);

G_END_DECLS
