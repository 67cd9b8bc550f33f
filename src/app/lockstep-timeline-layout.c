/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-timeline-layout.h"

#include <math.h>

/* Steps that are told apart within one pixel. */
#define N_WEIGHTS 16

/* How far from a narrow span the pointer may be. */
#define REACH 3

double
lockstep_timeline_layout_get_times_width (const LockstepTimelineLayout *self)
{
  return MAX (self->width - self->left - LOCKSTEP_TIMELINE_RIGHT, 1);
}

double
lockstep_timeline_layout_to_x (const LockstepTimelineLayout *self,
                               gint64                        time)
{
  return self->left + (double) (time - self->from) * self->scale;
}

gint64
lockstep_timeline_layout_to_time (const LockstepTimelineLayout *self,
                                  double                        x)
{
  return self->from + (gint64) round ((x - self->left) / self->scale);
}

double
lockstep_timeline_layout_get_row_y (const LockstepTimelineLayout *self,
                                    guint                         row)
{
  return self->top + row * self->row_height - floor (self->scroll);
}

int
lockstep_timeline_layout_find_row (const LockstepTimelineLayout *self,
                                   double                        y)
{
  const double row = (y - self->top + self->scroll) / self->row_height;

  if (y < self->top || y >= self->top + self->rows_height || row < 0 || row >= self->n_rows)
    return -1;

  return (int) row;
}

void
lockstep_timeline_layout_get_rows (const LockstepTimelineLayout *self,
                                   guint                        *first,
                                   guint                        *end)
{
  *first = (guint) MAX (self->scroll / self->row_height, 0);
  *end = MIN ((guint) ceil ((self->scroll + self->rows_height) / self->row_height), self->n_rows);
  *first = MIN (*first, *end);
}

double
lockstep_timeline_layout_choose_row_height (double available,
                                            guint  n_rows)
{
  return floor (CLAMP (available / MAX (n_rows, 1), LOCKSTEP_TIMELINE_MIN_ROW, LOCKSTEP_TIMELINE_MAX_ROW));
}

/* Pixels that @span is away from @x; 0 in it. */
static double
get_distance (const LockstepTimelineLayout *self,
              const LockstepSpan           *span,
              double                        x,
              gint64                        now)
{
  const double start = lockstep_timeline_layout_to_x (self, span->start);
  const double end = lockstep_timeline_layout_to_x (self, MIN (span->end, now));

  return MAX (MAX (start - x, x - end), 0);
}

int
lockstep_timeline_layout_find_span (const LockstepTimelineLayout *self,
                                    const LockstepTraceRow       *row,
                                    double                        x,
                                    gint64                        now)
{
  const int found = lockstep_trace_row_find (row, lockstep_timeline_layout_to_time (self, x));
  int       nearest = -1;
  double    distance = REACH + 1e-9;

  for (int i = MAX (found, 0); i <= found + 1 && i < (int) row->spans->len; i++)
    {
      const double away = get_distance (self, lockstep_trace_row_get_span (row, (guint) i), x, now);

      if (away < distance)
        {
          nearest = i;
          distance = away;
        }
    }

  return nearest;
}

/* One pixel, while the spans that fall on it are gathered. */
typedef struct
{
  int     at; /* -1 for none */
  gint64  busy;
  gint64  weights[N_WEIGHTS];
  guint16 steps[N_WEIGHTS];
  guint8  outcome;
} Pixel;

static void
add_cell (GArray                     *cells,
          const LockstepTimelineCell *cell)
{
  LockstepTimelineCell *last = cells->len > 0 ? &g_array_index (cells, LockstepTimelineCell, cells->len - 1) : NULL;

  /* Neighbours that look the same are one; but two spans that can be told apart stay two. */
  if (last != NULL && cell->end - cell->start == 1 && last->end == cell->start && last->step == cell->step &&
      last->share == cell->share && last->outcome == cell->outcome)
    last->end = cell->end;
  else
    g_array_append_vals (cells, cell, 1);
}

static void
flush_pixel (Pixel  *pixel,
             double  width,
             GArray *cells)
{
  guint                largest = 0;
  LockstepTimelineCell cell;

  if (pixel->at < 0)
    return;

  for (guint i = 1; i < N_WEIGHTS; i++)
    if (pixel->weights[i] > pixel->weights[largest])
      largest = i;
  cell = (LockstepTimelineCell){
    .start = pixel->at,
    .end = pixel->at + 1,
    .step = pixel->steps[largest],
    .share = (guint8) CLAMP (round (4 * (double) pixel->busy / width), 1, 4),
    .outcome = pixel->outcome,
  };
  add_cell (cells, &cell);
  pixel->at = -1;
}

static void
gather (Pixel              *pixel,
        int                 at,
        const LockstepSpan *span,
        gint64              busy)
{
  const guint slot = span->step % N_WEIGHTS;

  if (pixel->at != at)
    {
      *pixel = (Pixel){ .at = at, .outcome = LOCKSTEP_SPAN_DONE };
    }
  pixel->busy += busy;
  pixel->weights[slot] += busy + 1;
  pixel->steps[slot] = span->step;
  if (span->outcome == LOCKSTEP_SPAN_FAILED)
    pixel->outcome = LOCKSTEP_SPAN_FAILED;
}

void
lockstep_timeline_layout_add_cells (const LockstepTimelineLayout *self,
                                    const LockstepTraceRow       *row,
                                    gint64                        now,
                                    double                        pixels,
                                    GArray                       *cells)
{
  const double scale = self->scale * pixels;
  const double width = 1 / scale; /* µs to a pixel */
  const int    last = (int) ceil (lockstep_timeline_layout_get_times_width (self) * pixels);
  const int    found = lockstep_trace_row_find (row, self->from);
  Pixel        pixel = { .at = -1 };

  for (guint i = (guint) MAX (found, 0); i < row->spans->len; i++)
    {
      const LockstepSpan *span = lockstep_trace_row_get_span (row, i);
      const gint64        span_end = MIN (span->end, now);
      const double        a = (double) (span->start - self->from) * scale, b = (double) (span_end - self->from) * scale;
      const int           start = (int) floor (CLAMP (a, -1, last) + 0.5), end = (int) floor (CLAMP (b, -1, last) + 0.5);

      if (a >= last)
        break;
      if (b < 0)
        continue;

      if (b - a >= 1 && end > start)
        {
          const gint64               busy = span->end == LOCKSTEP_TRACE_OPEN ? span_end - span->start : span->busy;
          const LockstepTimelineCell cell = {
            .start = MAX (start, 0),
            .end = end,
            .step = span->step,
            .share = (guint8) CLAMP (round (4 * (double) busy / (double) MAX (span_end - span->start, 1)), 1, 4),
            .outcome = span->outcome,
          };

          flush_pixel (&pixel, width, cells);
          g_array_append_val (cells, cell);
        }
      else if (b - a < 1 && a >= 0)
        {
          const int at = (int) a;

          if (at != pixel.at)
            flush_pixel (&pixel, width, cells);
          gather (&pixel, at, span, MAX (span_end - span->start, 0));
        }
    }
  flush_pixel (&pixel, width, cells);
}
