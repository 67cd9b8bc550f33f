/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lockstep-event.h"
#include "lockstep-plan.h"
#include "lockstep-run-solver.h"
#include "lockstep-trace-row.h"

G_BEGIN_DECLS

/**
 * What happened when in a run, from its events, in bounded memory: what each solver was at, the barriers, CPU and memory,
 * and the values that solvers report. Any moment of it can be searched.
 *
 * Its times are µs at work: they begin at 0 and pass over the time between the sessions of a run that was resumed.
 */
typedef struct _LockstepTrace LockstepTrace;

/* A step, from its start to its barrier; or several, where they are so short and so many that they became one. */
typedef struct
{
  gint64  start;
  gint64  end;   /* LOCKSTEP_TRACE_OPEN while it is at work */
  gint64  first; /* the number of its first task */
  guint32 n_tasks;
  guint32 n_steps;   /* that it stands for */
  gint32  iteration; /* of the innermost loop; of the first */
  guint16 step;      /* LockstepStep.index; of the first */
} LockstepTraceStep;

typedef struct
{
  gint64 start;
  gint64 end; /* LOCKSTEP_TRACE_OPEN while it lasts */
} LockstepTracePause;

/* A value that solvers report under one name: with their progress, or as a number in the result of a step on `one` or on
 * `all`. */
typedef struct
{
  char           *name;
  GPtrArray      *by_solver;  /* of LockstepSeries; elements may be NULL */
  LockstepSeries *of_one;     /* of steps on `one`; NULL for none */
  guint           n_series;   /* of both, that are not NULL */
  gboolean        has_target; /* a loop goes on until it is there */
  double          target;
  const char     *target_text; /* as the plan has it; owned by that */
  guint64         n_left_out;  /* reports of it that the journal did not keep, see lockstep_trace_take_left_out() */
} LockstepTraceValue;

/* How many names there may be; what is reported under more is passed over. */
#define LOCKSTEP_TRACE_MAX_VALUES 32

/* What a solver was at. */
typedef struct
{
  LockstepSolverState      state;
  gboolean                 waiting; /* for a barrier, or a step that others work at */
  gint64                   since;
  const LockstepSpan      *span;     /* what it computes; NULL for nothing */
  const LockstepTraceStep *step;     /* that was at work then; NULL for none */
  double                   fraction; /* of it, as was reported last until then; negative for unknown, as are the next two */
  double                   cpu;
  double                   memory;
} LockstepSight;

LockstepTrace *lockstep_trace_new (LockstepPlan *plan);

void lockstep_trace_free (LockstepTrace *self);

/* Takes in the next event. */
void lockstep_trace_take (LockstepTrace       *self,
                          const LockstepEvent *event);

/* Where the events are read from a journal, after each RUN_ENDED: what it says that the journal did not keep. */
void lockstep_trace_take_left_out (LockstepTrace       *self,
                                   const LockstepEvent *event);

/* There are no more: its controller has died. */
void lockstep_trace_end (LockstepTrace *self);

LockstepPlan *lockstep_trace_get_plan (LockstepTrace *self);

/* How long it has been at work at @now (UTC in µs), or was until its end. */
gint64 lockstep_trace_get_length (LockstepTrace *self,
                                  gint64         now);

/* The time of day (UTC in µs) of a time here, and the other way round. */
gint64 lockstep_trace_to_clock (LockstepTrace *self,
                                gint64         time);
gint64 lockstep_trace_from_clock (LockstepTrace *self,
                                  gint64         clock);

/* Of the newest event, UTC in µs; 0 before the first. */
gint64 lockstep_trace_get_latest (LockstepTrace *self);

guint lockstep_trace_get_n_rows (LockstepTrace *self);

/* A row for each solver, by its index. */
const LockstepTraceRow *lockstep_trace_get_row (LockstepTrace *self,
                                                guint          solver);

/* How many spans all rows have. */
guint64 lockstep_trace_get_n_spans (LockstepTrace *self);

/* Attempts at tasks that failed, and solvers that ended without being told to. */
guint64 lockstep_trace_get_n_failed (LockstepTrace *self);
guint64 lockstep_trace_get_n_crashed (LockstepTrace *self);

guint                    lockstep_trace_get_n_steps (LockstepTrace *self);
const LockstepTraceStep *lockstep_trace_get_step (LockstepTrace *self,
                                                  guint          index);

/* The index of the last step that began at @time or before; -1 for none. */
int lockstep_trace_find_step (LockstepTrace *self,
                              gint64         time);

/* When it was stopped; LOCKSTEP_TRACE_OPEN where it was not. Nothing waits from there on. */
gint64 lockstep_trace_get_stop (LockstepTrace *self);

const LockstepTracePause *lockstep_trace_get_pauses (LockstepTrace *self,
                                                     guint         *n_pauses);

/* When it was resumed: the times at which its further sessions begin. */
const gint64 *lockstep_trace_get_resumptions (LockstepTrace *self,
                                              guint         *n_resumptions);

/* Of all solvers together: cores that are used, and bytes. */
const LockstepSeries *lockstep_trace_get_cpu (LockstepTrace *self);
const LockstepSeries *lockstep_trace_get_memory (LockstepTrace *self);

/* Of LockstepTraceValue, in the order in which they were reported first. */
GPtrArray *lockstep_trace_get_values (LockstepTrace *self);

/* Sets @sight to what @solver was at. */
void lockstep_trace_look (LockstepTrace *self,
                          guint          solver,
                          gint64         time,
                          LockstepSight *sight);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LockstepTrace, lockstep_trace_free)

G_END_DECLS
