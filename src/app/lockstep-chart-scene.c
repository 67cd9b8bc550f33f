/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-chart-scene.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "lockstep-number-text.h"
#include "lockstep-timeline-words.h"

#define SECONDS(time) ((double) (time) / G_USEC_PER_SEC)

#define TOP           10
#define RIGHT         16
#define BOTTOM        26
#define LEGEND_HEIGHT 22
#define LABEL_HEIGHT  34 /* from one tick to the next, at least */
#define LABEL_WIDTH   90

/* Points of a band. */
#define N_BANDS 200

GArray *
lockstep_chart_scene_create_lines (LockstepTraceValue *value)
{
  GArray           *lines = g_array_new (FALSE, FALSE, sizeof (LockstepChartLine));
  LockstepChartLine line = { value->of_one, -1 };

  if (line.series != NULL)
    g_array_append_val (lines, line);
  for (guint i = 0; i < value->by_solver->len; i++)
    {
      line = (LockstepChartLine){ g_ptr_array_index (value->by_solver, i), (int) i };
      if (line.series != NULL)
        g_array_append_val (lines, line);
    }

  return lines;
}

static void
take_in (LockstepChartScene *self,
         double              number)
{
  self->low = MIN (self->low, number);
  self->high = MAX (self->high, number);
  if (number > 0)
    self->lowest_positive = MIN (self->lowest_positive, number);
}

void
lockstep_chart_scene_update (LockstepChartScene *self)
{
  g_autoptr (GArray) lines = lockstep_chart_scene_create_lines (self->value);

  self->low = self->lowest_positive = G_MAXDOUBLE;
  self->high = -G_MAXDOUBLE;
  self->from = G_MAXINT64;
  self->to = 0;
  for (guint i = 0; i < lines->len; i++)
    {
      guint                n_points;
      const LockstepPoint *points = lockstep_series_get_points (g_array_index (lines, LockstepChartLine, i).series, &n_points);

      self->from = MIN (self->from, points[0].time);
      self->to = MAX (self->to, points[n_points - 1].time);
      for (guint k = 0; k < n_points; k++)
        take_in (self, points[k].value);
    }
  if (self->value->has_target)
    take_in (self, self->value->target);
}

static gboolean
is_band (LockstepTraceValue *value)
{
  return value->n_series > LOCKSTEP_CHART_MAX_LINES;
}

static char *
dup_line_name (const LockstepChartLine *line)
{
  return line->solver >= 0 ? g_strdup_printf (_ ("Solver %d"), line->solver) : g_strdup (_ ("Run"));
}

static LockstepAxis
get_y_axis (const LockstepChartScene *self,
            double                    height)
{
  const guint most = (guint) MAX (height / LABEL_HEIGHT, 2);

  if (self->log && self->lowest_positive < G_MAXDOUBLE)
    return lockstep_axis_fit (LOCKSTEP_SCALE_LOG, self->lowest_positive, self->high, most);

  return lockstep_axis_fit (LOCKSTEP_SCALE_LINEAR, self->low, self->high, most);
}

/* What the parts of one drawing share. */
typedef struct
{
  LockstepCanvas     *canvas;
  LockstepTrace      *trace;
  LockstepTraceValue *value;
  graphene_rect_t     area;
  LockstepAxis        x;
  LockstepAxis        y;
} Drawing;

static double
to_x (const Drawing *drawing,
      gint64         time)
{
  return drawing->area.origin.x + lockstep_axis_to_share (&drawing->x, SECONDS (time)) * drawing->area.size.width;
}

static double
to_y (const Drawing *drawing,
      double         value)
{
  const double share = CLAMP (lockstep_axis_to_share (&drawing->y, value), -1, 2);

  return drawing->area.origin.y + (1 - share) * drawing->area.size.height;
}

/* What @solver was at when it reported something at @time. */
static const LockstepSpan *
find_span (LockstepTrace *trace,
           int            solver,
           gint64         time)
{
  const LockstepTraceRow *row;
  int                     found;

  if (solver < 0 || (guint) solver >= lockstep_trace_get_n_rows (trace))
    return NULL;

  /* A result is told at the end of its task, and that may be the start of the next. */
  row = lockstep_trace_get_row (trace, (guint) solver);
  found = lockstep_trace_row_find (row, time - 1);

  return found >= 0 ? lockstep_trace_row_get_span (row, (guint) found) : NULL;
}

/* Whether what was reported during one and the other is one line: not that of different steps, nor of tasks of a list, which
 * have nothing to do with each other. */
static gboolean
are_connected (LockstepTrace      *trace,
               const LockstepSpan *before,
               const LockstepSpan *after)
{
  LockstepStep *step;

  if (before == after || before == NULL || after == NULL)
    return TRUE;
  if (before->step != after->step)
    return FALSE;

  step = lockstep_plan_get_step (lockstep_trace_get_plan (trace), after->step);
  return step == NULL || step->kind != LOCKSTEP_STEP_TASKS;
}

static void
draw_line (const Drawing           *drawing,
           const LockstepChartLine *line,
           guint                    color)
{
  cairo_t             *cr = drawing->canvas->cr;
  guint                n_points;
  const LockstepPoint *points = lockstep_series_get_points (line->series, &n_points);
  const LockstepSpan  *before = NULL;
  gboolean             connected = FALSE;

  cairo_new_path (cr);
  for (guint i = 0; i < n_points; i++)
    {
      const double        x = to_x (drawing, points[i].time), y = to_y (drawing, points[i].value);
      const LockstepSpan *span = find_span (drawing->trace, line->solver, points[i].time);

      if (drawing->y.scale == LOCKSTEP_SCALE_LOG && points[i].value <= 0)
        {
          connected = FALSE;
          continue;
        }
      /* One that stands alone is a dot. */
      if (!connected || !are_connected (drawing->trace, before, span))
        cairo_move_to (cr, x, y);
      cairo_line_to (cr, x, y);
      connected = TRUE;
      before = span;
    }
  lockstep_canvas_set_color (drawing->canvas, lockstep_palette_get_data (drawing->canvas->palette, color));
  cairo_set_line_width (cr, 1.8);
  cairo_set_line_join (cr, CAIRO_LINE_JOIN_BEVEL);
  cairo_set_line_cap (cr, CAIRO_LINE_CAP_ROUND);
  cairo_stroke (cr);

  /* A lone point has no line, and few points are better seen. */
  if (n_points <= 40)
    for (guint i = 0; i < n_points; i++)
      {
        cairo_arc (cr, to_x (drawing, points[i].time), to_y (drawing, points[i].value), 2.5, 0, 2 * G_PI);
        cairo_fill (cr);
      }
}

static void
draw_band (const Drawing *drawing,
           gint64         from,
           gint64         to)
{
  cairo_t     *cr = drawing->canvas->cr;
  LockstepBand bands[N_BANDS];
  GdkRGBA      color = *lockstep_palette_get_data (drawing->canvas->palette, 0);
  guint        first = 0;

  lockstep_series_get_bands ((LockstepSeries **) drawing->value->by_solver->pdata, drawing->value->by_solver->len, from, to, bands, N_BANDS);
  while (first < N_BANDS && bands[first].n_series == 0)
    first++;

  for (guint i = first; i < N_BANDS; i++)
    cairo_line_to (cr, to_x (drawing, bands[i].time), to_y (drawing, bands[i].high));
  for (guint i = N_BANDS; i > first; i--)
    cairo_line_to (cr, to_x (drawing, bands[i - 1].time), to_y (drawing, bands[i - 1].low));
  cairo_close_path (cr);
  color.alpha = 0.28f;
  lockstep_canvas_set_color (drawing->canvas, &color);
  cairo_fill (cr);

  for (guint i = first; i < N_BANDS; i++)
    cairo_line_to (cr, to_x (drawing, bands[i].time), to_y (drawing, bands[i].middle));
  color.alpha = 1;
  lockstep_canvas_set_color (drawing->canvas, &color);
  cairo_set_line_width (cr, 2);
  cairo_stroke (cr);
}

static void
draw_target (const Drawing *drawing)
{
  static const double dashes[] = { 6, 4 };
  cairo_t            *cr = drawing->canvas->cr;
  const double        y = floor (to_y (drawing, drawing->value->target)) + 0.5;
  g_autofree char    *target = lockstep_number_dup_local (drawing->value->target_text);
  g_autofree char    *text = g_strdup_printf (_ ("target %s"), target);

  cairo_save (cr);
  cairo_set_dash (cr, dashes, G_N_ELEMENTS (dashes), 0);
  cairo_move_to (cr, drawing->area.origin.x, y);
  cairo_line_to (cr, drawing->area.origin.x + drawing->area.size.width, y);
  lockstep_canvas_set_color (drawing->canvas, &drawing->canvas->palette->failure);
  cairo_set_line_width (cr, 1.2);
  cairo_stroke (cr);
  cairo_restore (cr);
  lockstep_canvas_text (drawing->canvas, LOCKSTEP_TEXT_SMALL, &drawing->canvas->palette->failure, text,
                        drawing->area.origin.x + 4, y - 2, 0, 1);
}

/* What the colours stand for, where there is more than one. */
static void
draw_legend (const Drawing *drawing,
             GArray        *lines,
             double         y)
{
  LockstepCanvas *canvas = drawing->canvas;
  double          x = drawing->area.origin.x;

  if (is_band (drawing->value))
    {
      g_autofree char *text = g_strdup_printf (_ ("median of %u solvers, and the smallest and largest"), drawing->value->n_series);

      lockstep_canvas_text (canvas, LOCKSTEP_TEXT_SMALL, &canvas->palette->dim, text, x, y, 0, 0);
      return;
    }

  for (guint i = 0; i < lines->len && lines->len > 1; i++)
    {
      const LockstepChartLine *line = &g_array_index (lines, LockstepChartLine, i);
      g_autofree char         *name = dup_line_name (line);
      double                   width;

      lockstep_canvas_measure (canvas, LOCKSTEP_TEXT_SMALL, name, &width, NULL);
      lockstep_canvas_fill (canvas, lockstep_palette_get_data (canvas->palette, i), x, y + 7, 14, 3);
      lockstep_canvas_text (canvas, LOCKSTEP_TEXT_SMALL, &canvas->palette->foreground, name, x + 19, y, 0, 0);
      x += 19 + ceil (width) + 14;
    }
}

static void
add_number (GPtrArray  *texts,
            const char *name,
            double      number)
{
  g_autofree char *value = lockstep_axis_dup_value (number, 5);

  g_ptr_array_add (texts, g_strdup_printf ("%s: %s", name, value));
}

/* The values at the pointer. */
static void
draw_hover (const LockstepChartScene *self,
            const Drawing            *drawing,
            GArray                   *lines,
            int                       width,
            int                       height)
{
  LockstepTrace        *trace = self->trace;
  const double          share = (self->hover_x - drawing->area.origin.x) / drawing->area.size.width;
  const gint64          time = (gint64) (lockstep_axis_from_share (&drawing->x, CLAMP (share, 0, 1)) * G_USEC_PER_SEC);
  const graphene_rect_t bounds = GRAPHENE_RECT_INIT (0, 0, (float) width, (float) height);
  g_autoptr (GPtrArray) texts = g_ptr_array_new_with_free_func (g_free);
  g_autofree char      *elapsed = lockstep_axis_dup_time (SECONDS (time), (drawing->x.high - drawing->x.low) / 1000);
  g_autofree char      *clock = lockstep_timeline_words_dup_clock (trace, time, G_USEC_PER_SEC);

  if (share < 0 || share > 1)
    return;

  g_ptr_array_add (texts, g_strdup_printf ("%s · %s", elapsed, clock));
  if (is_band (drawing->value))
    {
      LockstepBand band;

      lockstep_series_get_bands ((LockstepSeries **) drawing->value->by_solver->pdata, drawing->value->by_solver->len, time, time, &band, 1);
      if (band.n_series == 0)
        return;
      add_number (texts, _ ("Largest"), band.high);
      add_number (texts, _ ("Median"), band.middle);
      add_number (texts, _ ("Smallest"), band.low);
    }
  else
    {
      for (guint i = 0; i < lines->len; i++)
        {
          const LockstepChartLine *line = &g_array_index (lines, LockstepChartLine, i);
          g_autofree char         *name = dup_line_name (line);
          const int                found = lockstep_series_find (line->series, time);
          guint                    n_points;
          const LockstepPoint     *point;

          if (found < 0)
            continue;
          point = &lockstep_series_get_points (line->series, &n_points)[found];
          add_number (texts, lines->len == 1 ? self->value->name : name, point->value);
          /* Where it was told, which is on the line. */
          lockstep_canvas_set_color (drawing->canvas, lockstep_palette_get_data (drawing->canvas->palette, i));
          cairo_arc (drawing->canvas->cr, to_x (drawing, point->time), to_y (drawing, point->value), 4, 0, 2 * G_PI);
          cairo_fill (drawing->canvas->cr);
        }
    }
  g_ptr_array_add (texts, NULL);
  lockstep_canvas_line (drawing->canvas, &drawing->canvas->palette->dim, self->hover_x, drawing->area.origin.y, self->hover_x,
                        drawing->area.origin.y + drawing->area.size.height);
  lockstep_canvas_tip (drawing->canvas, (const char *const *) texts->pdata, self->hover_x, self->hover_y, &bounds);
}

void
lockstep_chart_scene_draw (const LockstepChartScene *self,
                           LockstepCanvas           *canvas,
                           int                       width,
                           int                       height)
{
  Drawing            drawing = { .canvas = canvas, .trace = self->trace, .value = self->value };
  double             top = TOP;
  g_autoptr (GArray) x_ticks = NULL;
  g_autoptr (GArray) y_ticks = NULL;
  g_autoptr (GArray) lines = NULL;
  double             left;

  lines = lockstep_chart_scene_create_lines (drawing.value);
  if (lines->len > 1)
    top += LEGEND_HEIGHT;
  if (canvas->exporting)
    top += LEGEND_HEIGHT;
  drawing.y = get_y_axis (self, height - top - BOTTOM);
  y_ticks = lockstep_axis_get_ticks (&drawing.y, (guint) MAX ((height - top - BOTTOM) / LABEL_HEIGHT, 2));
  left = 14 + lockstep_canvas_measure_ticks (canvas, y_ticks) + 8;
  drawing.area = GRAPHENE_RECT_INIT ((float) left, (float) top, (float) MAX (width - left - RIGHT, 10), (float) MAX (height - top - BOTTOM, 10));
  drawing.x = lockstep_axis_fit (LOCKSTEP_SCALE_TIME, SECONDS (self->from), SECONDS (self->to), 1);
  x_ticks = lockstep_axis_get_ticks (&drawing.x, (guint) MAX (drawing.area.size.width / LABEL_WIDTH, 2));

  if (canvas->exporting)
    {
      g_autofree char *title = self->value->n_left_out > 0 ? g_strdup_printf (_ ("%s (kept once a second)"), self->value->name)
                                                           : g_strdup (self->value->name);

      lockstep_canvas_text (canvas, LOCKSTEP_TEXT_BOLD, &canvas->palette->foreground, title, left, 4, 0, 0);
    }
  lockstep_canvas_draw_x_axis (canvas, &drawing.x, x_ticks, &drawing.area);
  lockstep_canvas_draw_y_axis (canvas, &drawing.y, y_ticks, &drawing.area);
  /* Below the title: side by side there is no room for seven names. */
  draw_legend (&drawing, lines, canvas->exporting ? 4 + LEGEND_HEIGHT : 4);

  cairo_save (canvas->cr);
  cairo_rectangle (canvas->cr, left - 3, top - 3, drawing.area.size.width + 6, drawing.area.size.height + 6);
  cairo_clip (canvas->cr);
  if (is_band (drawing.value))
    draw_band (&drawing, self->from, self->to);
  if (is_band (drawing.value) && drawing.value->of_one != NULL)
    draw_line (&drawing, &g_array_index (lines, LockstepChartLine, 0), 1);
  else if (!is_band (drawing.value))
    for (guint i = 0; i < lines->len; i++)
      draw_line (&drawing, &g_array_index (lines, LockstepChartLine, i), i);
  cairo_restore (canvas->cr);

  if (drawing.value->has_target && lockstep_axis_to_share (&drawing.y, drawing.value->target) >= 0)
    draw_target (&drawing);
  if (!canvas->exporting && self->hover_x >= 0)
    draw_hover (self, &drawing, lines, width, height);
}
