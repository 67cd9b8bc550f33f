/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-timeline-legend.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#define TOP          8
#define LINE         20
#define SWATCH       12
#define AFTER_SWATCH 6
#define AFTER_ENTRY  16

/* More would leave no room for the rows. */
#define MAX_LINES 3

#define LONGEST 220

typedef enum
{
  ENTRY_STEP,
  ENTRY_STARTING,
  ENTRY_WAITING,
  ENTRY_FAILED,
  ENTRY_CRASHED,
  ENTRY_RESTARTED,
} EntryKind;

typedef struct
{
  EntryKind   kind;
  guint       color;
  const char *text;
} Entry;

guint8 *
lockstep_timeline_legend_dup_colors (LockstepTrace *trace)
{
  LockstepPlan *plan = lockstep_trace_get_plan (trace);
  LockstepStep *step;
  guint8       *colors = g_new0 (guint8, G_MAXUINT16 + 1);
  guint8        next = 0;

  for (guint i = 0; (step = lockstep_plan_get_step (plan, i)) != NULL && i <= G_MAXUINT16; i++)
    if (step->kind != LOCKSTEP_STEP_LOOP)
      colors[i] = next++ % LOCKSTEP_PALETTE_N_DATA;

  return colors;
}

static void
add_entry (GArray     *entries,
           EntryKind   kind,
           guint       color,
           const char *text)
{
  const Entry entry = { kind, color, text };

  g_array_append_val (entries, entry);
}

static GArray *
create_entries (LockstepTrace *trace)
{
  GArray       *entries = g_array_new (FALSE, FALSE, sizeof (Entry));
  LockstepPlan *plan = lockstep_trace_get_plan (trace);
  LockstepStep *step;
  guint         color = 0;

  for (guint i = 0; (step = lockstep_plan_get_step (plan, i)) != NULL; i++)
    if (step->kind != LOCKSTEP_STEP_LOOP)
      add_entry (entries, ENTRY_STEP, color++, step->title);
  add_entry (entries, ENTRY_STARTING, 0, _ ("starting"));
  add_entry (entries, ENTRY_WAITING, 0, _ ("waiting"));
  if (lockstep_trace_get_n_failed (trace) > 0)
    add_entry (entries, ENTRY_FAILED, 0, _ ("task failed"));
  if (lockstep_trace_get_n_crashed (trace) > 0)
    {
      add_entry (entries, ENTRY_CRASHED, 0, _ ("solver died"));
      add_entry (entries, ENTRY_RESTARTED, 0, _ ("started again"));
    }

  return entries;
}

static void
draw_entry (LockstepCanvas *canvas,
            const Entry    *entry,
            double          x,
            double          y,
            double          width)
{
  const double top = y + (LINE - SWATCH) / 2;

  switch (entry->kind)
    {
    case ENTRY_STEP:
      lockstep_canvas_fill (canvas, lockstep_palette_get_data (canvas->palette, entry->color), x, top, SWATCH, SWATCH);
      break;
    case ENTRY_STARTING:
      lockstep_canvas_fill (canvas, &canvas->palette->grid, x, top, SWATCH, SWATCH);
      break;
    case ENTRY_WAITING:
      lockstep_canvas_hatch (canvas, &canvas->palette->waiting, x, top, SWATCH, SWATCH);
      break;
    case ENTRY_FAILED:
      lockstep_timeline_legend_draw_failure (canvas, x + SWATCH / 2 + 3, top, SWATCH);
      break;
    case ENTRY_CRASHED:
      lockstep_timeline_legend_draw_crash (canvas, x + SWATCH / 2, top, SWATCH);
      break;
    case ENTRY_RESTARTED:
    default:
      lockstep_timeline_legend_draw_restart (canvas, x + SWATCH / 2 - 2, top, SWATCH);
    }
  lockstep_canvas_text_within (canvas, LOCKSTEP_TEXT_SMALL, &canvas->palette->foreground, entry->text, x + SWATCH + AFTER_SWATCH, y + 2, width);
}

/* Walks through the entries, line by line, and draws them unless @measure. Returns where they end. */
static double
walk (LockstepTrace  *trace,
      LockstepCanvas *canvas,
      double          left,
      double          right,
      gboolean        measure)
{
  g_autoptr (GArray) entries = create_entries (trace);
  double             x = left, y = TOP;
  guint              line = 1;

  for (guint i = 0; i < entries->len; i++)
    {
      const Entry *entry = &g_array_index (entries, Entry, i);
      double       width;

      lockstep_canvas_measure (canvas, LOCKSTEP_TEXT_SMALL, entry->text, &width, NULL);
      width = MIN (ceil (width) + 1, LONGEST);
      if (x > left && x + SWATCH + AFTER_SWATCH + width > right)
        {
          if (line++ == MAX_LINES)
            break;
          x = left;
          y += LINE;
        }
      if (!measure)
        draw_entry (canvas, entry, x, y, width);
      x += SWATCH + AFTER_SWATCH + width + AFTER_ENTRY;
    }

  return y + LINE;
}

double
lockstep_timeline_legend_measure (LockstepTrace  *trace,
                                  LockstepCanvas *canvas,
                                  double          left,
                                  double          right)
{
  return walk (trace, canvas, left, right, TRUE) + TOP;
}

void
lockstep_timeline_legend_draw (LockstepTrace  *trace,
                               LockstepCanvas *canvas,
                               double          left,
                               double          right)
{
  walk (trace, canvas, left, right, FALSE);
}

/* A shape in the colour of failures, with an edge that sets it off from what is behind. */
static void
finish_mark (LockstepCanvas *canvas,
             const GdkRGBA  *color)
{
  cairo_set_line_join (canvas->cr, CAIRO_LINE_JOIN_ROUND);
  cairo_set_line_width (canvas->cr, 2);
  lockstep_canvas_set_color (canvas, &canvas->palette->background);
  cairo_stroke_preserve (canvas->cr);
  lockstep_canvas_set_color (canvas, color);
  cairo_fill (canvas->cr);
}

void
lockstep_timeline_legend_draw_failure (LockstepCanvas *canvas,
                                       double          x,
                                       double          y,
                                       double          height)
{
  const double size = MIN (height, 10);

  /* A flag at the end of the task. */
  cairo_move_to (canvas->cr, x - size * 0.8, y);
  cairo_line_to (canvas->cr, x, y);
  cairo_line_to (canvas->cr, x, y + size);
  cairo_close_path (canvas->cr);
  finish_mark (canvas, &canvas->palette->failure);
}

void
lockstep_timeline_legend_draw_crash (LockstepCanvas *canvas,
                                     double          x,
                                     double          y,
                                     double          height)
{
  const double half = MIN (height, 12) / 2 - 1, middle = y + height / 2;

  cairo_set_line_cap (canvas->cr, CAIRO_LINE_CAP_ROUND);
  for (guint pass = 0; pass < 2; pass++)
    {
      cairo_move_to (canvas->cr, x - half, middle - half);
      cairo_line_to (canvas->cr, x + half, middle + half);
      cairo_move_to (canvas->cr, x - half, middle + half);
      cairo_line_to (canvas->cr, x + half, middle - half);
      cairo_set_line_width (canvas->cr, pass == 0 ? 5 : 2.4);
      lockstep_canvas_set_color (canvas, pass == 0 ? &canvas->palette->background : &canvas->palette->failure);
      cairo_stroke (canvas->cr);
    }
}

void
lockstep_timeline_legend_draw_restart (LockstepCanvas *canvas,
                                       double          x,
                                       double          y,
                                       double          height)
{
  const double half = MIN (height, 12) / 2, middle = y + height / 2;

  cairo_move_to (canvas->cr, x, middle - half);
  cairo_line_to (canvas->cr, x + 1.4 * half, middle);
  cairo_line_to (canvas->cr, x, middle + half);
  cairo_close_path (canvas->cr);
  finish_mark (canvas, &canvas->palette->foreground);
}
