/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-scatter-cloud.h"

#include <math.h>

#define RADIUS 3.0

/* Points that are drawn as small as can be. */
#define MANY 2000

void
lockstep_scatter_cloud_clear (LockstepScatterCloud *self)
{
  g_clear_pointer (&self->x, g_free);
  g_clear_pointer (&self->y, g_free);
  g_clear_pointer (&self->shown, g_free);
  self->n_points = self->n_placed = 0;
}

static gboolean
is_placed (const LockstepScatterCloud *self,
           guint                       point)
{
  return point < self->n_points && isfinite (self->x[point]) && isfinite (self->y[point]);
}

static void
measure (LockstepScatterCloud *self,
         guint                 axis,
         double                number)
{
  self->lows[axis] = self->n_placed > 0 ? MIN (self->lows[axis], number) : number;
  self->highs[axis] = self->n_placed > 0 ? MAX (self->highs[axis], number) : number;
}

void
lockstep_scatter_cloud_set_points (LockstepScatterCloud *self,
                                   const double         *x,
                                   const double         *y,
                                   guint                 n_points)
{
  lockstep_scatter_cloud_clear (self);
  self->x = g_memdup2 (x, n_points * sizeof *x);
  self->y = g_memdup2 (y, n_points * sizeof *y);
  self->n_points = n_points;
  for (guint i = 0; i < n_points; i++)
    if (is_placed (self, i))
      {
        measure (self, 0, x[i]);
        measure (self, 1, y[i]);
        self->n_placed++;
      }
}

gboolean
lockstep_scatter_cloud_is_reachable (const LockstepScatterCloud *self,
                                     guint                       point)
{
  return is_placed (self, point) && (self->shown == NULL || self->shown[point]);
}

gboolean
lockstep_scatter_cloud_get_position (const LockstepScatterCloud *self,
                                     guint                       point,
                                     double                     *x,
                                     double                     *y)
{
  if (!is_placed (self, point))
    return FALSE;

  *x = self->area.origin.x + lockstep_axis_to_share (&self->axes[0], self->x[point]) * self->area.size.width;
  *y = self->area.origin.y + (1 - lockstep_axis_to_share (&self->axes[1], self->y[point])) * self->area.size.height;
  return TRUE;
}

int
lockstep_scatter_cloud_find_nearest (const LockstepScatterCloud *self,
                                     double                      x,
                                     double                      y,
                                     double                      reach)
{
  double nearest = reach * reach;
  int    found = -1;

  for (guint i = 0; i < self->n_points; i++)
    {
      double px, py, distance;

      if (!lockstep_scatter_cloud_is_reachable (self, i) || !lockstep_scatter_cloud_get_position (self, i, &px, &py))
        continue;
      distance = (px - x) * (px - x) + (py - y) * (py - y);
      if (distance < nearest)
        {
          nearest = distance;
          found = (int) i;
        }
    }

  return found;
}

/* By @first, then by @second, then by their numbers, so that each has its place. */
static int
compare (const double *first,
         const double *second,
         guint         a,
         guint         b)
{
  if (first[a] != first[b])
    return first[a] < first[b] ? -1 : 1;
  if (second[a] != second[b])
    return second[a] < second[b] ? -1 : 1;

  return a < b ? -1 : a > b;
}

int
lockstep_scatter_cloud_find_next (const LockstepScatterCloud *self,
                                  int                         point,
                                  GtkDirectionType            direction)
{
  const gboolean across = direction == GTK_DIR_LEFT || direction == GTK_DIR_RIGHT;
  const int      sign = direction == GTK_DIR_RIGHT || direction == GTK_DIR_UP ? 1 : -1;
  const double  *first = across ? self->x : self->y;
  const double  *second = across ? self->y : self->x;
  const gboolean begun = point >= 0 && is_placed (self, (guint) point);
  int            found = -1;

  for (guint i = 0; i < self->n_points; i++)
    if (lockstep_scatter_cloud_is_reachable (self, i) && (!begun || sign * compare (first, second, i, (guint) point) > 0) &&
        (found < 0 || sign * compare (first, second, i, (guint) found) < 0))
      found = (int) i;

  return found;
}

/* Each place once: a hundred thousand points are mostly on top of each other. */
static void
draw_layer (const LockstepScatterCloud *self,
            LockstepCanvas             *canvas,
            gboolean                    reachable,
            const GdkRGBA              *color)
{
  const guint        columns = (guint) self->area.size.width + 1, rows = (guint) self->area.size.height + 1;
  g_autofree guint8 *taken = g_new0 (guint8, (gsize) columns * rows);

  lockstep_canvas_set_color (canvas, color);
  for (guint i = 0; i < self->n_points; i++)
    {
      double x, y;
      gsize  place;

      if (lockstep_scatter_cloud_is_reachable (self, i) != reachable || !lockstep_scatter_cloud_get_position (self, i, &x, &y))
        continue;
      place = (gsize) CLAMP (y - self->area.origin.y, 0, rows - 1) * columns + (gsize) CLAMP (x - self->area.origin.x, 0, columns - 1);
      if (taken[place])
        continue;
      taken[place] = 1;
      if (self->n_points > MANY)
        cairo_rectangle (canvas->cr, floor (x) - 1, floor (y) - 1, 3, 3);
      else
        cairo_arc (canvas->cr, x, y, RADIUS, 0, 2 * G_PI);
      cairo_fill (canvas->cr);
    }
}

void
lockstep_scatter_cloud_draw (const LockstepScatterCloud *self,
                             LockstepCanvas             *canvas)
{
  GdkRGBA color = *lockstep_palette_get_data (canvas->palette, 0);
  GdkRGBA shadow = canvas->palette->dim;

  color.alpha = self->n_points > MANY ? 0.5f : 0.75f;
  shadow.alpha *= 0.3f;
  if (self->shown != NULL)
    draw_layer (self, canvas, FALSE, &shadow);
  draw_layer (self, canvas, TRUE, &color);
}
