/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lockstep-canvas.h"
#include "lockstep-trace.h"

G_BEGIN_DECLS

/* What the colours and marks of a timeline stand for, in lines above it. */

/* The number of the colour of each step of the plan, by LockstepStep.index. */
guint8 *lockstep_timeline_legend_dup_colors (LockstepTrace *trace);

/* How high it is between @left and @right. */
double lockstep_timeline_legend_measure (LockstepTrace  *trace,
                                         LockstepCanvas *canvas,
                                         double          left,
                                         double          right);

void lockstep_timeline_legend_draw (LockstepTrace  *trace,
                                    LockstepCanvas *canvas,
                                    double          left,
                                    double          right);

/* The marks, at @x in a row: a task failed, a solver died, one was started again. */
void lockstep_timeline_legend_draw_failure (LockstepCanvas *canvas,
                                            double          x,
                                            double          y,
                                            double          height);
void lockstep_timeline_legend_draw_crash (LockstepCanvas *canvas,
                                          double          x,
                                          double          y,
                                          double          height);
void lockstep_timeline_legend_draw_restart (LockstepCanvas *canvas,
                                            double          x,
                                            double          y,
                                            double          height);

G_END_DECLS
