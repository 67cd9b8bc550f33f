/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "lockstep-canvas.h"

G_BEGIN_DECLS

/* The points of a scatter plot, and where they are, without a widget. A part of LockstepScatter. */
typedef struct
{
  double         *x; /* owned, as is y; NaN for no number */
  double         *y;
  guint8         *shown; /* whether a point can be reached; NULL: all of them */
  guint           n_points;
  guint           n_placed; /* that have two numbers */
  double          lows[2];  /* of those, where there are any */
  double          highs[2];
  LockstepAxis    axes[2];
  graphene_rect_t area; /* of the plot, in the widget */
} LockstepScatterCloud;

void lockstep_scatter_cloud_clear (LockstepScatterCloud *self);

/* Copies the numbers; all points can be reached. */
void lockstep_scatter_cloud_set_points (LockstepScatterCloud *self,
                                        const double         *x,
                                        const double         *y,
                                        guint                 n_points);

/* Whether @point has two numbers, and is shown. */
gboolean lockstep_scatter_cloud_is_reachable (const LockstepScatterCloud *self,
                                              guint                       point);

/* Where a point is in the widget, shown or not. FALSE where it has no place. */
gboolean lockstep_scatter_cloud_get_position (const LockstepScatterCloud *self,
                                              guint                       point,
                                              double                     *x,
                                              double                     *y);

/* The point nearest to @x, @y that can be reached; -1 where none is within @reach. */
int lockstep_scatter_cloud_find_nearest (const LockstepScatterCloud *self,
                                         double                      x,
                                         double                      y,
                                         double                      reach);

/* The next point from @point (-1: from outside) along an axis that can be reached; those of one number come by the other axis. -1 for
 * none. */
int lockstep_scatter_cloud_find_next (const LockstepScatterCloud *self,
                                      int                         point,
                                      GtkDirectionType            direction);

/* Those that cannot be reached stay behind as a shadow, so that the scale stays, and what the others are among can be seen. */
void lockstep_scatter_cloud_draw (const LockstepScatterCloud *self,
                                  LockstepCanvas             *canvas);

G_END_DECLS
