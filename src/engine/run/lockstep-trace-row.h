/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lockstep-series.h"

G_BEGIN_DECLS

/* What one solver did when. Times are those of a LockstepTrace. A part of it. */

/* The end of what has not ended. */
#define LOCKSTEP_TRACE_OPEN G_MAXINT64

typedef enum
{
  LOCKSTEP_SPAN_RUNNING,
  LOCKSTEP_SPAN_DONE,
  LOCKSTEP_SPAN_FAILED,
  LOCKSTEP_SPAN_STOPPED, /* its solver ended, the run did, or another solver was faster */
} LockstepSpanOutcome;

/* An attempt at a task; or several that were so short, and are so many, that they became one. */
typedef struct
{
  gint64  start;
  gint64  end;  /* LOCKSTEP_TRACE_OPEN while it is at work */
  gint64  busy; /* of the time between, at work; when it has ended */
  gint64  task; /* counted through the run; the first one */
  guint32 n_tasks;
  guint16 step;    /* LockstepStep.index; of the longest one */
  guint8  attempt; /* 255 stands for more as well */
  guint8  outcome; /* LockstepSpanOutcome */
} LockstepSpan;

/* From the launch of a solver's process to its end. */
typedef struct
{
  gint64   launched;
  gint64   ready;    /* LOCKSTEP_TRACE_OPEN as long as it is not */
  gint64   stopping; /* when it was told to end */
  gint64   ended;
  gboolean crashed; /* it ended without being told to */
} LockstepLife;

typedef struct
{
  GArray         *spans;      /* of LockstepSpan, by start; they do not overlap */
  GArray         *lives;      /* of LockstepLife, likewise */
  char           *host;       /* NULL until it is known */
  LockstepSeries *cpu;        /* share of one core */
  LockstepSeries *memory;     /* bytes */
  LockstepSeries *progress;   /* what it reported of the task it was at: a share */
  gint64          resolution; /* what is shorter has become one; 0 for nothing */
} LockstepTraceRow;

LockstepTraceRow *lockstep_trace_row_new (guint series_limit);

void lockstep_trace_row_free (LockstepTraceRow *self);

/* Something begins; what was at work is over. At more than @limit spans the shortest become one. */
void lockstep_trace_row_begin (LockstepTraceRow   *self,
                               const LockstepSpan *span,
                               guint               limit);

/* @task ends, or with a negative number whatever is at work. */
void lockstep_trace_row_end (LockstepTraceRow   *self,
                             gint64              task,
                             gint64              time,
                             LockstepSpanOutcome outcome);

/* The life that has not ended; NULL for none. */
LockstepLife *lockstep_trace_row_get_life (LockstepTraceRow *self);

/* The process is gone, or nothing is known of it any more; and so is what it was at work on. */
void lockstep_trace_row_leave (LockstepTraceRow *self,
                               gint64            time);

/* The index of the last span that began at @time or before; -1 for none. */
int lockstep_trace_row_find (const LockstepTraceRow *self,
                             gint64                  time);

static inline const LockstepSpan *
lockstep_trace_row_get_span (const LockstepTraceRow *self,
                             guint                   index)
{
  return &g_array_index (self->spans, LockstepSpan, index);
}

G_END_DECLS
