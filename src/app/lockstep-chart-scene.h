/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lockstep-canvas.h"
#include "lockstep-trace.h"

G_BEGIN_DECLS

/* More solvers than that are a band. */
#define LOCKSTEP_CHART_MAX_LINES 7

/**
 * What a chart of a reported value shows, and the drawing of it.
 */
typedef struct
{
  LockstepTrace      *trace;
  LockstepTraceValue *value;
  gboolean            log;
  double              low; /* of all numbers */
  double              high;
  double              lowest_positive; /* G_MAXDOUBLE where there is none */
  gint64              from;
  gint64              to;
  double              hover_x; /* negative for none */
  double              hover_y;
} LockstepChartScene;

/* One of its lines. */
typedef struct
{
  LockstepSeries *series;
  int             solver; /* -1 for what is the run's, of a step on one */
} LockstepChartLine;

/* The lines of @value, of LockstepChartLine: that of the run first. */
GArray *lockstep_chart_scene_create_lines (LockstepTraceValue *value);

/* Finds out what the numbers are, once there are others. */
void lockstep_chart_scene_update (LockstepChartScene *self);

void lockstep_chart_scene_draw (const LockstepChartScene *self,
                                LockstepCanvas           *canvas,
                                int                       width,
                                int                       height);

G_END_DECLS
