/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lockstep-json.h"
#include "lockstep-trace.h"

G_BEGIN_DECLS

/* The trace is written in two files: lockstep-trace-fold.c takes events in, lockstep-trace.c tells what they came to. */

/* Points of a series that there is one of. */
#define LOCKSTEP_TRACE_SUM_POINTS 8192

struct _LockstepTrace
{
  LockstepPlan   *plan;        /* owned */
  gint64          session;     /* when this session began, UTC in µs; 0 before the first */
  gint64          worked;      /* in the sessions before */
  gint64          latest;      /* time of the newest event */
  gint64          stop;        /* LOCKSTEP_TRACE_OPEN until it stops */
  gboolean        ended;       /* there is nothing to come in this session */
  GArray         *clocks;      /* of gint64: when each session began, UTC in µs */
  GArray         *resumptions; /* of gint64: the time when each but the first began */
  GArray         *pauses;      /* of LockstepTracePause */
  GPtrArray      *rows;        /* of LockstepTraceRow */
  GArray         *steps;       /* of LockstepTraceStep, by start */
  gint64          resolution;  /* steps that are shorter have become one; 0 for nothing */
  GArray         *usages;      /* of double: the newest share of a core of each solver, then bytes */
  LockstepSeries *cpu;
  LockstepSeries *memory;
  gint64          summed; /* when the sums were taken last */
  GPtrArray      *values; /* of LockstepTraceValue */
  guint64         n_failed;
  guint64         n_crashed;
};

/* Keeps a number that @solver (-1: a step on `one`) reported. */
void lockstep_trace_report (LockstepTrace *self,
                            LockstepJson   name,
                            int            solver,
                            double         number);

G_END_DECLS
