/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lockstep-canvas.h"
#include "lockstep-timeline-layout.h"

G_BEGIN_DECLS

/**
 * What a timeline shows, and the drawing of it: rows of solvers, CPU and memory below them, and the times.
 */
typedef struct
{
  LockstepTrace         *trace;
  gint64                 now; /* how long the run has been at work */
  LockstepTimelineLayout layout;
  double                 cpu_top; /* 0: not shown */
  double                 memory_top;
  double                 pane_height; /* of each of these two */
  double                 bottom;      /* the labels of the times stand below */
  gint64                 cursor;      /* a moment; -1 for none */
  int                    row;         /* that the keyboard is on; -1 for none */
  double                 hover_x;
  double                 hover_y; /* negative for none */
} LockstepTimelineScene;

/* Finds a place for everything in @width × @height: all of the layout but scroll, from and scale. */
void lockstep_timeline_scene_arrange (LockstepTimelineScene *self,
                                      LockstepCanvas        *canvas,
                                      double                 width,
                                      double                 height);

void lockstep_timeline_scene_draw (const LockstepTimelineScene *self,
                                   LockstepCanvas              *canvas);

G_END_DECLS
