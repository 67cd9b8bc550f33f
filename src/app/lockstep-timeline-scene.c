/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-timeline-scene.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "lockstep-timeline-legend.h"
#include "lockstep-timeline-words.h"

#define MARGIN          12
#define GAP             18
#define MIN_PANE_HEIGHT 44
#define MAX_PANE_HEIGHT 160
#define AXIS_HEIGHT     24

/* What has less room than that shows fewer of CPU and memory. */
#define HEIGHT_FOR_CPU  170
#define HEIGHT_FOR_BOTH 240

/* Barriers closer than that on the whole are left out: they would be all that one sees. */
#define MIN_BARRIER_DISTANCE 12

/* Marks of failures are so far apart at least. */
#define MIN_MARK_DISTANCE 5

#define TICK_DISTANCE 90

static double
get_row_label_width (LockstepTimelineScene *self,
                     LockstepCanvas        *canvas)
{
  g_autofree char *last = g_strdup_printf ("%u", MAX (lockstep_trace_get_n_rows (self->trace), 1) - 1);
  double           width, title;

  lockstep_canvas_measure (canvas, LOCKSTEP_TEXT_SMALL, last, &width, NULL);
  lockstep_canvas_measure (canvas, LOCKSTEP_TEXT_SMALL, _ ("Solver"), &title, NULL);

  return MAX (width, title);
}

void
lockstep_timeline_scene_arrange (LockstepTimelineScene *self,
                                 LockstepCanvas        *canvas,
                                 double                 width,
                                 double                 height)
{
  LockstepTimelineLayout *layout = &self->layout;
  const gboolean          has_usage = lockstep_series_get_count (lockstep_trace_get_memory (self->trace)) > 0;
  double                  memory_width, spare;
  guint                   n_panes;

  lockstep_canvas_measure (canvas, LOCKSTEP_TEXT_SMALL, "500 MB", &memory_width, NULL);
  layout->width = width;
  layout->height = height;
  layout->left = MARGIN + ceil (MAX (get_row_label_width (self, canvas), has_usage ? memory_width : 0)) + 8;
  layout->top = lockstep_timeline_legend_measure (self->trace, canvas, layout->left, width - MARGIN);
  layout->n_rows = lockstep_trace_get_n_rows (self->trace);

  n_panes = has_usage ? (height >= HEIGHT_FOR_CPU) + (height >= HEIGHT_FOR_BOTH) : 0;
  self->bottom = height - AXIS_HEIGHT;
  self->pane_height = MIN_PANE_HEIGHT;
  layout->rows_height = MAX (self->bottom - layout->top - n_panes * (MIN_PANE_HEIGHT + GAP), LOCKSTEP_TIMELINE_MIN_ROW);
  layout->row_height = lockstep_timeline_layout_choose_row_height (layout->rows_height, layout->n_rows);
  layout->scroll = CLAMP (layout->scroll, 0, MAX (layout->n_rows * layout->row_height - layout->rows_height, 0));

  /* What few rows leave is for CPU and memory, and there is no hole between. */
  spare = MAX (layout->rows_height - layout->n_rows * layout->row_height, 0);
  layout->rows_height -= spare;
  if (n_panes > 0)
    self->pane_height = floor (MIN (MIN_PANE_HEIGHT + spare / n_panes, MAX_PANE_HEIGHT));
  self->cpu_top = n_panes > 0 ? layout->top + layout->rows_height + GAP : 0;
  self->memory_top = n_panes > 1 ? self->cpu_top + self->pane_height + GAP : 0;
  self->bottom = layout->top + layout->rows_height + n_panes * (self->pane_height + GAP);
}

static double
to_x (const LockstepTimelineScene *self,
      gint64                       time)
{
  const double x = lockstep_timeline_layout_to_x (&self->layout, MIN (time, self->now));

  return CLAMP (x, self->layout.left - 10, self->layout.width - LOCKSTEP_TIMELINE_RIGHT + 10);
}

/* When solvers that are ready at @time begin to wait for others. */
static gint64
find_first_step (LockstepTrace *trace,
                 gint64         time)
{
  const int found = lockstep_trace_find_step (trace, time);

  if (found >= 0 && lockstep_trace_get_step (trace, (guint) found)->end > time)
    return time;
  if (found + 1 < (int) lockstep_trace_get_n_steps (trace))
    return lockstep_trace_get_step (trace, (guint) (found + 1))->start;

  return LOCKSTEP_TRACE_OPEN;
}

/* What lies behind the work: starting, waiting. */
static void
draw_life (const LockstepTimelineScene *self,
           LockstepCanvas              *canvas,
           const LockstepLife          *life,
           double                       y,
           double                       height)
{
  const double launched = to_x (self, life->launched), ready = to_x (self, MIN (life->ready, life->ended));
  const double waits = to_x (self, life->ready == LOCKSTEP_TRACE_OPEN ? LOCKSTEP_TRACE_OPEN : find_first_step (self->trace, life->ready));
  const double ends = to_x (self, MIN (MIN (life->stopping, life->ended), lockstep_trace_get_stop (self->trace)));

  if (ready > launched)
    lockstep_canvas_fill (canvas, &canvas->palette->grid, launched, y, ready - launched, height);
  if (life->ready != LOCKSTEP_TRACE_OPEN)
    lockstep_canvas_hatch (canvas, &canvas->palette->waiting, waits, y, ends - waits, height);
}

/* Death and return, over the work. */
static void
draw_marks_of_lives (const LockstepTimelineScene *self,
                     LockstepCanvas              *canvas,
                     const LockstepTraceRow      *row,
                     double                       y,
                     double                       height)
{
  double last_death = -G_MAXDOUBLE, last_return = -G_MAXDOUBLE;

  for (guint i = 0; i < row->lives->len; i++)
    {
      const LockstepLife *life = &g_array_index (row->lives, LockstepLife, i);
      const double        back = to_x (self, MIN (life->ready, life->ended)), ended = to_x (self, life->ended);

      if (life->crashed && ended - last_death >= MIN_MARK_DISTANCE)
        lockstep_timeline_legend_draw_crash (canvas, last_death = ended, y, height);
      if (i > 0 && back - last_return >= MIN_MARK_DISTANCE)
        lockstep_timeline_legend_draw_restart (canvas, last_return = back, y, height);
    }
}

static GdkRGBA
get_cell_color (LockstepCanvas             *canvas,
                const LockstepTimelineCell *cell,
                const guint8               *colors)
{
  const GdkRGBA *color = lockstep_palette_get_data (canvas->palette, colors[cell->step]);
  const GdkRGBA *behind = &canvas->palette->background;
  const float    share = cell->outcome == LOCKSTEP_SPAN_STOPPED ? 0.4f : 0.25f * cell->share;

  /* Opaque: hatching must not shine through. */
  return (GdkRGBA){
    behind->red + share * (color->red - behind->red),
    behind->green + share * (color->green - behind->green),
    behind->blue + share * (color->blue - behind->blue),
    1,
  };
}

/* Neighbours stay apart where there is room. */
static int
get_cell_end (LockstepCanvas             *canvas,
              const LockstepTimelineCell *cell)
{
  return cell->end - (cell->end - cell->start >= 4 * canvas->scale ? (int) canvas->scale : 0);
}

/* Files get rectangles. */
static void
draw_cells_as_rectangles (const LockstepTimelineScene *self,
                          LockstepCanvas              *canvas,
                          GArray                      *cells,
                          const guint8                *colors,
                          double                       y,
                          double                       height)
{
  const double pixel = 1 / canvas->scale;

  for (guint i = 0; i < cells->len; i++)
    {
      const LockstepTimelineCell *cell = &g_array_index (cells, LockstepTimelineCell, i);
      const GdkRGBA               color = get_cell_color (canvas, cell, colors);

      lockstep_canvas_fill (canvas, &color, self->layout.left + cell->start * pixel, y,
                            (get_cell_end (canvas, cell) - cell->start) * pixel, height);
    }
}

/* The screen gets a line of pixels that is as high as the row: a thousand rectangles to each of a hundred rows are too much for
 * a frame. */
static void
draw_cells_as_pixels (const LockstepTimelineScene *self,
                      LockstepCanvas              *canvas,
                      GArray                      *cells,
                      const guint8                *colors,
                      double                       y,
                      double                       height)
{
  const int        width = (int) ceil (lockstep_timeline_layout_get_times_width (&self->layout) * canvas->scale);
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, width, 1);
  guint32         *pixels = (guint32 *) (gpointer) cairo_image_surface_get_data (surface);
  cairo_matrix_t   matrix;

  for (guint i = 0; i < cells->len; i++)
    {
      const LockstepTimelineCell *cell = &g_array_index (cells, LockstepTimelineCell, i);
      const GdkRGBA               color = get_cell_color (canvas, cell, colors);
      const guint32               pixel = 0xff000000 | (guint32) (color.red * 255 + 0.5f) << 16 | (guint32) (color.green * 255 + 0.5f) << 8 | (guint32) (color.blue * 255 + 0.5f);
      const int                   end = MIN (get_cell_end (canvas, cell), width);

      for (int x = cell->start; x < end; x++)
        pixels[x] = pixel;
    }
  cairo_surface_mark_dirty (surface);

  cairo_set_source_surface (canvas->cr, surface, 0, 0);
  cairo_matrix_init (&matrix, canvas->scale, 0, 0, 1 / height, -self->layout.left * canvas->scale, -y / height);
  cairo_pattern_set_matrix (cairo_get_source (canvas->cr), &matrix);
  cairo_pattern_set_filter (cairo_get_source (canvas->cr), CAIRO_FILTER_NEAREST);
  cairo_rectangle (canvas->cr, self->layout.left, y, width / canvas->scale, height);
  cairo_fill (canvas->cr);
  cairo_surface_destroy (surface);
}

static void
draw_failures (const LockstepTimelineScene *self,
               LockstepCanvas              *canvas,
               GArray                      *cells,
               double                       y,
               double                       height)
{
  double last = -G_MAXDOUBLE;

  for (guint i = 0; i < cells->len; i++)
    {
      const LockstepTimelineCell *cell = &g_array_index (cells, LockstepTimelineCell, i);
      const double                end = self->layout.left + cell->end / canvas->scale;

      if (cell->outcome != LOCKSTEP_SPAN_FAILED || end - last < MIN_MARK_DISTANCE)
        continue;
      last = end;
      lockstep_timeline_legend_draw_failure (canvas, end, y, height);
    }
}

static void
draw_row (const LockstepTimelineScene *self,
          LockstepCanvas              *canvas,
          guint                        index,
          GArray                      *cells,
          const guint8                *colors)
{
  const LockstepTraceRow *row = lockstep_trace_get_row (self->trace, index);
  const double            top = lockstep_timeline_layout_get_row_y (&self->layout, index);
  const double            padding = self->layout.row_height >= 20 ? 3 : self->layout.row_height >= 12 ? 2
                                                                                                      : 1;
  const double            y = top + padding, height = self->layout.row_height - 2 * padding;

  if (index % 2 == 1)
    lockstep_canvas_fill (canvas, &canvas->palette->stripe, self->layout.left, top,
                          lockstep_timeline_layout_get_times_width (&self->layout), self->layout.row_height);

  for (guint i = 0; i < row->lives->len; i++)
    draw_life (self, canvas, &g_array_index (row->lives, LockstepLife, i), y, height);

  g_array_set_size (cells, 0);
  lockstep_timeline_layout_add_cells (&self->layout, row, self->now, canvas->scale, cells);
  if (canvas->exporting)
    draw_cells_as_rectangles (self, canvas, cells, colors, y, height);
  else
    draw_cells_as_pixels (self, canvas, cells, colors, y, height);
  draw_failures (self, canvas, cells, y, height);

  draw_marks_of_lives (self, canvas, row, y, height);
}

static void
draw_row_labels (const LockstepTimelineScene *self,
                 LockstepCanvas              *canvas,
                 guint                        first,
                 guint                        end)
{
  for (guint i = first; i < end; i++)
    {
      const double     y = lockstep_timeline_layout_get_row_y (&self->layout, i) + self->layout.row_height / 2;
      g_autofree char *text = g_strdup_printf ("%u", i);
      const gboolean   is_current = (int) i == self->row && !canvas->exporting;

      lockstep_canvas_text (canvas, is_current ? LOCKSTEP_TEXT_BOLD : LOCKSTEP_TEXT_SMALL,
                            is_current ? &canvas->palette->foreground : &canvas->palette->dim, text, self->layout.left - 8, y, 1, 0.5);
    }
}

static void
draw_rows (const LockstepTimelineScene *self,
           LockstepCanvas              *canvas)
{
  const double       width = lockstep_timeline_layout_get_times_width (&self->layout);
  g_autofree guint8 *colors = lockstep_timeline_legend_dup_colors (self->trace);
  g_autoptr (GArray) cells = g_array_new (FALSE, FALSE, sizeof (LockstepTimelineCell));
  guint              first, end;

  lockstep_timeline_layout_get_rows (&self->layout, &first, &end);
  cairo_save (canvas->cr);
  cairo_rectangle (canvas->cr, self->layout.left, self->layout.top, width, self->layout.rows_height);
  cairo_clip (canvas->cr);
  for (guint i = first; i < end; i++)
    draw_row (self, canvas, i, cells, colors);
  cairo_restore (canvas->cr);

  cairo_save (canvas->cr);
  cairo_rectangle (canvas->cr, 0, self->layout.top, self->layout.left, self->layout.rows_height);
  cairo_clip (canvas->cr);
  draw_row_labels (self, canvas, first, end);
  cairo_restore (canvas->cr);
}

/* Barriers, where there are few enough to be lines; pauses; and where the run was resumed. */
static void
draw_events (const LockstepTimelineScene *self,
             LockstepCanvas              *canvas)
{
  const LockstepTimelineLayout *layout = &self->layout;
  const gint64                  to = lockstep_timeline_layout_to_time (layout, layout->width - LOCKSTEP_TIMELINE_RIGHT);
  const int                     first = MAX (lockstep_trace_find_step (self->trace, layout->from), 0);
  const int                     last = lockstep_trace_find_step (self->trace, to);
  const LockstepTracePause     *pauses;
  const gint64                 *resumptions;
  guint                         n_pauses, n_resumptions;

  cairo_save (canvas->cr);
  cairo_rectangle (canvas->cr, layout->left, layout->top, lockstep_timeline_layout_get_times_width (layout), self->bottom - layout->top);
  cairo_clip (canvas->cr);

  if ((last - first) * MIN_BARRIER_DISTANCE < lockstep_timeline_layout_get_times_width (layout))
    for (int i = first; i <= last; i++)
      {
        const LockstepTraceStep *step = lockstep_trace_get_step (self->trace, (guint) i);
        const double             x = to_x (self, step->end);

        if (step->end <= self->now)
          lockstep_canvas_line (canvas, &canvas->palette->dim, x, layout->top, x, layout->top + layout->rows_height);
      }

  pauses = lockstep_trace_get_pauses (self->trace, &n_pauses);
  for (guint i = 0; i < n_pauses; i++)
    lockstep_canvas_fill (canvas, &canvas->palette->grid, to_x (self, pauses[i].start), layout->top,
                          MAX (to_x (self, pauses[i].end) - to_x (self, pauses[i].start), 1), layout->rows_height);

  resumptions = lockstep_trace_get_resumptions (self->trace, &n_resumptions);
  for (guint i = 0; i < n_resumptions; i++)
    lockstep_canvas_fill (canvas, &canvas->palette->foreground, floor (to_x (self, resumptions[i])) - 1, layout->top, 2, self->bottom - layout->top);
  cairo_restore (canvas->cr);
}

/* CPU or memory of all solvers together, as a filled curve that stays as it is until it is measured again. */
static void
draw_pane (const LockstepTimelineScene *self,
           LockstepCanvas              *canvas,
           const LockstepSeries        *series,
           LockstepScale                scale,
           guint                        color,
           const char                  *title,
           double                       top)
{
  const graphene_rect_t area = GRAPHENE_RECT_INIT ((float) self->layout.left, (float) top,
                                                   (float) lockstep_timeline_layout_get_times_width (&self->layout), (float) self->pane_height);
  const double          bottom = top + self->pane_height, right = area.origin.x + area.size.width;
  GdkRGBA               fill = *lockstep_palette_get_data (canvas->palette, color);
  g_autoptr (GArray)    ticks = NULL;
  LockstepAxis          axis;
  const LockstepPoint  *points;
  guint                 n_points;
  double                highest = 0, y = bottom;

  points = lockstep_series_get_points (series, &n_points);
  for (guint i = 0; i < n_points; i++)
    highest = MAX (highest, points[i].value);
  if (highest <= 0)
    highest = scale == LOCKSTEP_SCALE_BYTES ? 1e6 : 1;
  axis = lockstep_axis_fit (scale, 0, highest, 2);
  ticks = lockstep_axis_get_ticks (&axis, 2);
  lockstep_canvas_draw_y_axis (canvas, &axis, ticks, &area);

  cairo_save (canvas->cr);
  cairo_rectangle (canvas->cr, area.origin.x, top - 1, area.size.width, self->pane_height + 1);
  cairo_clip (canvas->cr);
  for (guint i = (guint) MAX (lockstep_series_find (series, self->layout.from), 0); i < n_points; i++)
    {
      const double x = to_x (self, points[i].time);

      if (!cairo_has_current_point (canvas->cr))
        cairo_move_to (canvas->cr, x, bottom);
      cairo_line_to (canvas->cr, x, y);
      y = bottom - lockstep_axis_to_share (&axis, points[i].value) * self->pane_height;
      cairo_line_to (canvas->cr, x, y);
      if (x > right)
        break;
    }
  if (cairo_has_current_point (canvas->cr))
    {
      const double x = to_x (self, self->now);

      cairo_line_to (canvas->cr, x, y);
      cairo_line_to (canvas->cr, x, bottom);
      cairo_close_path (canvas->cr);
      fill.alpha = 0.55f;
      lockstep_canvas_set_color (canvas, &fill);
      cairo_fill (canvas->cr);
    }
  cairo_restore (canvas->cr);
  lockstep_canvas_text (canvas, LOCKSTEP_TEXT_SMALL, &canvas->palette->foreground, title, area.origin.x + 4, top + 1, 0, 0);
}

static void
draw_times (const LockstepTimelineScene *self,
            LockstepCanvas              *canvas)
{
  const LockstepTimelineLayout *layout = &self->layout;
  const double                  width = lockstep_timeline_layout_get_times_width (layout);
  const graphene_rect_t         area = GRAPHENE_RECT_INIT ((float) layout->left, (float) layout->top, (float) width,
                                                           (float) (self->bottom - layout->top));
  const LockstepAxis            axis = {
               .scale = LOCKSTEP_SCALE_TIME,
               .low = (double) layout->from / G_USEC_PER_SEC,
               .high = ((double) layout->from + width / layout->scale) / G_USEC_PER_SEC,
  };
  g_autoptr (GArray) ticks = lockstep_axis_get_ticks (&axis, (guint) MAX (width / TICK_DISTANCE, 2));

  lockstep_canvas_draw_x_axis (canvas, &axis, ticks, &area);
}

static void
draw_cursor (const LockstepTimelineScene *self,
             LockstepCanvas              *canvas)
{
  const double x = lockstep_timeline_layout_to_x (&self->layout, self->cursor);

  if (self->cursor < 0 || x < self->layout.left - 1 || x > self->layout.width - LOCKSTEP_TIMELINE_RIGHT + 1)
    return;

  lockstep_canvas_fill (canvas, &canvas->palette->cursor, floor (x) - 0.5, self->layout.top - 4, 2, self->bottom - self->layout.top + 8);
  cairo_move_to (canvas->cr, x - 5, self->layout.top - 8);
  cairo_line_to (canvas->cr, x + 5, self->layout.top - 8);
  cairo_line_to (canvas->cr, x, self->layout.top - 1);
  cairo_fill (canvas->cr);
}

static char **
dup_pane_tip (const LockstepTimelineScene *self,
              gint64                       time)
{
  double           cpu = 0, memory = 0;
  g_autofree char *clock = lockstep_timeline_words_dup_clock (self->trace, time, G_USEC_PER_SEC);
  g_autofree char *size = NULL;
  char           **lines = g_new0 (char *, 4);

  lockstep_series_get_at (lockstep_trace_get_cpu (self->trace), time, &cpu);
  lockstep_series_get_at (lockstep_trace_get_memory (self->trace), time, &memory);
  size = g_format_size ((guint64) memory);
  lines[0] = g_strdup (clock);
  lines[1] = g_strdup_printf (_ ("CPU: %.1f cores"), cpu);
  lines[2] = g_strdup_printf (_ ("Memory: %s"), size);

  return lines;
}

static void
draw_tip (const LockstepTimelineScene *self,
          LockstepCanvas              *canvas)
{
  const LockstepTimelineLayout *layout = &self->layout;
  const int                     row = lockstep_timeline_layout_find_row (layout, self->hover_y);
  const gint64                  time = lockstep_timeline_layout_to_time (layout, self->hover_x);
  const graphene_rect_t         bounds = GRAPHENE_RECT_INIT (0, 0, (float) layout->width, (float) layout->height);
  g_auto (GStrv)                lines = NULL;

  if (self->hover_x < layout->left || time > self->now || time < 0)
    return;

  if (row >= 0)
    {
      const LockstepTraceRow *trace_row = lockstep_trace_get_row (self->trace, (guint) row);
      const int               found = lockstep_timeline_layout_find_span (layout, trace_row, self->hover_x, self->now);

      lines = found >= 0 ? lockstep_timeline_words_dup_span (self->trace, (guint) row, lockstep_trace_row_get_span (trace_row, (guint) found), self->now)
                         : lockstep_timeline_words_dup_rest (self->trace, (guint) row, time);
    }
  else if (self->cpu_top > 0 && self->hover_y >= self->cpu_top && self->hover_y < self->bottom)
    {
      lines = dup_pane_tip (self, time);
    }

  if (lines != NULL)
    lockstep_canvas_tip (canvas, (const char *const *) lines, self->hover_x, self->hover_y, &bounds);
}

void
lockstep_timeline_scene_draw (const LockstepTimelineScene *self,
                              LockstepCanvas              *canvas)
{
  lockstep_timeline_legend_draw (self->trace, canvas, self->layout.left, self->layout.width - MARGIN);
  lockstep_canvas_text (canvas, LOCKSTEP_TEXT_SMALL, &canvas->palette->dim, _ ("Solver"), self->layout.left - 8, self->layout.top - 2, 1, 1);
  draw_times (self, canvas);
  draw_rows (self, canvas);
  draw_events (self, canvas);
  if (self->cpu_top > 0)
    draw_pane (self, canvas, lockstep_trace_get_cpu (self->trace), LOCKSTEP_SCALE_LINEAR, 6, _ ("CPU, cores"), self->cpu_top);
  if (self->memory_top > 0)
    draw_pane (self, canvas, lockstep_trace_get_memory (self->trace), LOCKSTEP_SCALE_BYTES, 6, _ ("Memory"), self->memory_top);
  if (!canvas->exporting)
    {
      draw_cursor (self, canvas);
      if (self->hover_y >= 0)
        draw_tip (self, canvas);
    }
}
