/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "lockstep-run-solver.h"

G_BEGIN_DECLS

/**
 * What a solver is doing, in the words that every view uses. All texts are for people, and translated.
 */
typedef enum
{
  LOCKSTEP_DOING_COMPUTING,
  LOCKSTEP_DOING_WAITING, /* at the barrier */
  LOCKSTEP_DOING_READY,
  LOCKSTEP_DOING_INITIALIZING,
  LOCKSTEP_DOING_STARTING,
  LOCKSTEP_DOING_STOPPING,
  LOCKSTEP_DOING_ENDED,
  LOCKSTEP_N_DOINGS
} LockstepDoing;

/* From the properties state and waiting of a LockstepRunSolver. */
LockstepDoing lockstep_doing_get (LockstepSolverState state,
                                  gboolean            waiting);

/* "computing", "waiting", … */
const char *lockstep_doing_to_text (LockstepDoing doing);

/* "assign · 3 of 4"; @step alone where @part is negative, empty where @step is NULL. */
char *lockstep_solver_dup_step_text (const char *step,
                                     int         part,
                                     int         parts);

/* How much of its task a solver has done, 0…1, from its property fraction; negative where there is nothing to show. */
double lockstep_solver_get_progress (LockstepDoing doing,
                                     double        fraction);

/* The same as "81 %" or "done"; empty where there is nothing to show. */
char *lockstep_solver_dup_progress_text (LockstepDoing doing,
                                         double        fraction);

/* What there is to read on a solver: its own @message, or the @reason for its end. Borrowed from them; never NULL. */
const char *lockstep_solver_get_message_text (LockstepDoing doing,
                                              const char   *message,
                                              const char   *reason);

/* Whole percents of @fraction, rounded down: 100 is all of it. */
int lockstep_fraction_get_percent (double fraction);

/* Whole percents of one core, from the property cpu; negative where it is not known. */
int lockstep_solver_get_cpu_percent (LockstepDoing doing,
                                     double        cpu);

/* What several solvers do. */
typedef struct
{
  guint   n_solvers;
  guint   n_doing[LOCKSTEP_N_DOINGS];
  int     cpu_percent; /* the sum of what lockstep_solver_get_cpu_percent() says of each; negative where nothing is known */
  guint64 memory;      /* bytes */
} LockstepSolverTotals;

/* Counts those of @solvers (of LockstepRunSolver) from @first on. */
void lockstep_solver_totals_count (LockstepSolverTotals *self,
                                   GListModel           *solvers,
                                   guint                 first);

/* "3 computing · 1 waiting"; empty where there is no solver. */
char *lockstep_solver_totals_dup_text (const LockstepSolverTotals *self);

G_END_DECLS
