/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lockstep-causes.h"
#include "lockstep-late.h"
#include "lockstep-result-files.h"
#include "lockstep-run-private.h"

G_BEGIN_DECLS

/* The run is written in two files: lockstep-run-fold.c takes events in, lockstep-run.c tells what they came to. */

struct _LockstepRun
{
  GObject parent_instance;

  LockstepPlan    *plan; /* owned */
  char            *directory;
  LockstepRunState state;
  LockstepRunState towards;   /* IDLE until it stops */
  gboolean         finishing; /* a person wants no new tasks, and then the end */
  char            *error;
  char            *trouble;     /* why it pauses by itself; NULL while it does not */
  guint            n_solvers;   /* of this session */
  guint64          memory;      /* bytes, that could be had when this session began; 0 for not known */
  guint64          peak_memory; /* bytes, the most that a solver needed */
  gint64           start;
  gint64           session; /* when it was resumed last; start where it was not */
  gint64           worked;  /* µs at work in the sessions before */
  gint64           latest;  /* time of the newest event */
  gint64           end;
  gint64           kill_time; /* of a stop, as it was told; 0 for not known */

  GListStore *solvers; /* of LockstepRunSolver, by index */
  GPtrArray  *rows;    /* the same, not owned: what each event asks for is found at once */

  LockstepStep *step; /* the plan's; at work or last at work */
  int           iteration;
  GArray       *iterations; /* of guint, outermost loop first */
  gboolean      at_work;    /* the step has not ended */

  GHashTable   *leaving; /* indices of loops that a person wants left at the end of their iteration */
  LockstepStep *loop;    /* the plan's; the last that came round */
  double        loop_value;

  GArray *late; /* of LockstepLateTask: the barrier waits for them */

  LockstepResults     *results;
  LockstepResultFiles *files; /* where those stand that are files */
  LockstepCauses      *causes;
  LockstepEstimate    *estimate;

  guint    n_late_told; /* when the views were told last */
  guint    notify_source;
  gboolean loading; /* nobody is told anything */
};

/* The only place that writes self->state. */
void lockstep_run_set_state (LockstepRun     *self,
                             LockstepRunState state);

/* The only place that writes self->finishing. */
void lockstep_run_set_finishing (LockstepRun *self,
                                 gboolean     finishing);

/* The same of self->trouble, which goes with the pause. */
void lockstep_run_set_trouble (LockstepRun *self,
                               const char  *trouble);

/* The row of that index, which the run owns; the first event that names a solver makes it. NULL for a negative index.
 * */
LockstepRunSolver *lockstep_run_get_solver (LockstepRun *self,
                                            int          index);

/* No process of the run is left: what its solvers were last seen at is over. */
void lockstep_run_leave_solvers (LockstepRun *self,
                                 gint64       time);

/* What the list of late tasks says of its solvers is told to their rows; or the list ends. */
void lockstep_run_mark_late (LockstepRun *self);
void lockstep_run_forget_late (LockstepRun *self);

/* The late task of that number, which the run owns; NULL where it is not late. */
LockstepLateTask *lockstep_run_find_late (LockstepRun *self,
                                          gint64       task);

/* Takes in that a task is late, and that it is not waited for any more, or by one solver less. */
void lockstep_run_fold_late (LockstepRun         *self,
                             const LockstepEvent *event);
void lockstep_run_leave_late (LockstepRun         *self,
                              const LockstepEvent *event);

/* Takes @event in, and tells nobody. */
void lockstep_run_take_in (LockstepRun         *self,
                           const LockstepEvent *event);

G_END_DECLS
