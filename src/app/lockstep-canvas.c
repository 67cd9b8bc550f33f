/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-canvas.h"

#include <math.h>

/* More texts than a picture shows are kept, but not without end. */
#define MAX_LAYOUTS 1000

#define SMALL 0.85

/* From one slanting line to the next. */
#define HATCH 6

/* Around the text of a tip, and from the point that it is about. */
#define TIP_PADDING  8
#define TIP_DISTANCE 12

GHashTable *
lockstep_canvas_new_layouts (void)
{
  return g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
}

static PangoAttrList *
create_attributes (LockstepTextStyle style)
{
  PangoAttrList *attributes = pango_attr_list_new ();

  pango_attr_list_insert (attributes, pango_attr_font_features_new ("tnum=1"));
  if (style == LOCKSTEP_TEXT_SMALL)
    pango_attr_list_insert (attributes, pango_attr_scale_new (SMALL));
  if (style == LOCKSTEP_TEXT_BOLD)
    pango_attr_list_insert (attributes, pango_attr_weight_new (PANGO_WEIGHT_BOLD));

  return attributes;
}

/* Of @width (-1: as wide as it is). */
static PangoLayout *
get_layout (LockstepCanvas   *self,
            LockstepTextStyle style,
            const char       *text,
            int               width)
{
  g_autofree char *key = g_strdup_printf ("%d %d %s", style, width, text);
  PangoLayout     *layout = g_hash_table_lookup (self->layouts, key);
  PangoAttrList   *attributes;

  if (layout != NULL)
    return layout;

  if (g_hash_table_size (self->layouts) >= MAX_LAYOUTS)
    g_hash_table_remove_all (self->layouts);
  attributes = create_attributes (style);
  layout = pango_layout_new (self->pango);
  pango_layout_set_text (layout, text, -1);
  pango_layout_set_attributes (layout, attributes);
  pango_attr_list_unref (attributes);
  if (width >= 0)
    {
      pango_layout_set_width (layout, width * PANGO_SCALE);
      pango_layout_set_ellipsize (layout, PANGO_ELLIPSIZE_END);
    }
  g_hash_table_insert (self->layouts, g_steal_pointer (&key), layout);

  return layout;
}

void
lockstep_canvas_set_color (LockstepCanvas *self,
                           const GdkRGBA  *color)
{
  cairo_set_source_rgba (self->cr, color->red, color->green, color->blue, color->alpha);
}

void
lockstep_canvas_fill (LockstepCanvas *self,
                      const GdkRGBA  *color,
                      double          x,
                      double          y,
                      double          width,
                      double          height)
{
  lockstep_canvas_set_color (self, color);
  cairo_rectangle (self->cr, x, y, width, height);
  cairo_fill (self->cr);
}

void
lockstep_canvas_line (LockstepCanvas *self,
                      const GdkRGBA  *color,
                      double          x0,
                      double          y0,
                      double          x1,
                      double          y1)
{
  x0 = floor (x0);
  y0 = floor (y0);
  lockstep_canvas_fill (self, color, x0, y0, MAX (floor (x1) - x0, 1), MAX (floor (y1) - y0, 1));
}

/* One tile of the pattern, in pixels of the device. */
static cairo_pattern_t *
create_tile (LockstepCanvas *self,
             const GdkRGBA  *color)
{
  const int        size = (int) round (HATCH * self->scale);
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, size, size);
  cairo_t         *cr = cairo_create (surface);
  cairo_pattern_t *pattern;
  cairo_matrix_t   matrix;

  gdk_cairo_set_source_rgba (cr, color);
  cairo_set_line_width (cr, self->scale);
  for (int shift = -1; shift <= 1; shift++)
    {
      cairo_move_to (cr, shift * size, size);
      cairo_line_to (cr, (shift + 1) * size, 0);
    }
  cairo_stroke (cr);
  cairo_destroy (cr);

  pattern = cairo_pattern_create_for_surface (surface);
  cairo_surface_destroy (surface);
  cairo_pattern_set_extend (pattern, CAIRO_EXTEND_REPEAT);
  cairo_matrix_init_scale (&matrix, self->scale, self->scale);
  cairo_pattern_set_matrix (pattern, &matrix);

  return pattern;
}

/* Files are looked at closely: there it is lines, not pixels. */
static void
hatch_with_lines (LockstepCanvas *self,
                  const GdkRGBA  *color,
                  double          x,
                  double          y,
                  double          width,
                  double          height)
{
  cairo_save (self->cr);
  cairo_rectangle (self->cr, x, y, width, height);
  cairo_clip (self->cr);
  for (double start = HATCH * floor ((x - height) / HATCH); start < x + width; start += HATCH)
    {
      cairo_move_to (self->cr, start, y + height);
      cairo_line_to (self->cr, start + height, y);
    }
  lockstep_canvas_set_color (self, color);
  cairo_set_line_width (self->cr, 0.8);
  cairo_stroke (self->cr);
  cairo_restore (self->cr);
}

void
lockstep_canvas_hatch (LockstepCanvas *self,
                       const GdkRGBA  *color,
                       double          x,
                       double          y,
                       double          width,
                       double          height)
{
  cairo_pattern_t *pattern;

  if (width <= 0 || height <= 0)
    return;
  if (self->exporting)
    {
      hatch_with_lines (self, color, x, y, width, height);
      return;
    }

  pattern = create_tile (self, color);
  cairo_set_source (self->cr, pattern);
  cairo_rectangle (self->cr, x, y, width, height);
  cairo_fill (self->cr);
  cairo_pattern_destroy (pattern);
}

void
lockstep_canvas_measure (LockstepCanvas   *self,
                         LockstepTextStyle style,
                         const char       *text,
                         double           *width,
                         double           *height)
{
  PangoRectangle extents;

  pango_layout_get_extents (get_layout (self, style, text, -1), NULL, &extents);
  if (width != NULL)
    *width = (double) extents.width / PANGO_SCALE;
  if (height != NULL)
    *height = (double) extents.height / PANGO_SCALE;
}

void
lockstep_canvas_text (LockstepCanvas   *self,
                      LockstepTextStyle style,
                      const GdkRGBA    *color,
                      const char       *text,
                      double            x,
                      double            y,
                      double            across,
                      double            down)
{
  PangoLayout   *layout = get_layout (self, style, text, -1);
  PangoRectangle extents;

  pango_layout_get_extents (layout, NULL, &extents);
  lockstep_canvas_set_color (self, color);
  cairo_move_to (self->cr, round (x - across * extents.width / PANGO_SCALE), round (y - down * extents.height / PANGO_SCALE));
  pango_cairo_show_layout (self->cr, layout);
}

void
lockstep_canvas_text_within (LockstepCanvas   *self,
                             LockstepTextStyle style,
                             const GdkRGBA    *color,
                             const char       *text,
                             double            x,
                             double            y,
                             double            width)
{
  if (width < 1)
    return;

  lockstep_canvas_set_color (self, color);
  cairo_move_to (self->cr, round (x), round (y));
  pango_cairo_show_layout (self->cr, get_layout (self, style, text, (int) width));
}

static void
trace_rounded (cairo_t *cr,
               double   x,
               double   y,
               double   width,
               double   height,
               double   radius)
{
  cairo_new_sub_path (cr);
  cairo_arc (cr, x + width - radius, y + radius, radius, -G_PI_2, 0);
  cairo_arc (cr, x + width - radius, y + height - radius, radius, 0, G_PI_2);
  cairo_arc (cr, x + radius, y + height - radius, radius, G_PI_2, G_PI);
  cairo_arc (cr, x + radius, y + radius, radius, G_PI, 3 * G_PI_2);
  cairo_close_path (cr);
}

void
lockstep_canvas_tip (LockstepCanvas        *self,
                     const char *const     *lines,
                     double                 x,
                     double                 y,
                     const graphene_rect_t *bounds)
{
  double width = 0, height = 0, left, top;

  for (guint i = 0; lines[i] != NULL; i++)
    {
      double line_width, line_height;

      lockstep_canvas_measure (self, i == 0 ? LOCKSTEP_TEXT_BOLD : LOCKSTEP_TEXT_NORMAL, lines[i], &line_width, &line_height);
      width = MAX (width, line_width);
      height += line_height;
    }
  width = ceil (width) + 2 * TIP_PADDING;
  height = ceil (height) + 2 * TIP_PADDING;

  /* Right of the point where there is room, else left of it. */
  left = x + TIP_DISTANCE;
  if (left + width > bounds->origin.x + bounds->size.width)
    left = x - TIP_DISTANCE - width;
  left = CLAMP (left, bounds->origin.x, MAX (bounds->origin.x + bounds->size.width - width, bounds->origin.x));
  top = CLAMP (y + TIP_DISTANCE, bounds->origin.y, MAX (bounds->origin.y + bounds->size.height - height, bounds->origin.y));

  trace_rounded (self->cr, round (left) + 0.5, round (top) + 0.5, width, height, 6);
  lockstep_canvas_set_color (self, &self->palette->background);
  cairo_fill_preserve (self->cr);
  lockstep_canvas_set_color (self, &self->palette->grid);
  cairo_set_line_width (self->cr, 1);
  cairo_stroke (self->cr);

  top += TIP_PADDING;
  for (guint i = 0; lines[i] != NULL; i++)
    {
      const LockstepTextStyle style = i == 0 ? LOCKSTEP_TEXT_BOLD : LOCKSTEP_TEXT_NORMAL;
      double                  line_height;

      lockstep_canvas_measure (self, style, lines[i], NULL, &line_height);
      lockstep_canvas_text (self, style, &self->palette->foreground, lines[i], left + TIP_PADDING, top, 0, 0);
      top += line_height;
    }
}

double
lockstep_canvas_measure_ticks (LockstepCanvas *self,
                               GArray         *ticks)
{
  double widest = 0;

  for (guint i = 0; i < ticks->len; i++)
    {
      const LockstepTick *tick = &g_array_index (ticks, LockstepTick, i);
      double              width;

      if (tick->label == NULL)
        continue;
      lockstep_canvas_measure (self, LOCKSTEP_TEXT_SMALL, tick->label, &width, NULL);
      widest = MAX (widest, width);
    }

  return ceil (widest);
}

void
lockstep_canvas_draw_x_axis (LockstepCanvas        *self,
                             const LockstepAxis    *axis,
                             GArray                *ticks,
                             const graphene_rect_t *area)
{
  const double bottom = area->origin.y + area->size.height;
  double       free_from = -G_MAXDOUBLE;

  for (guint i = 0; i < ticks->len; i++)
    {
      const LockstepTick *tick = &g_array_index (ticks, LockstepTick, i);
      const double        x = area->origin.x + lockstep_axis_to_share (axis, tick->value) * area->size.width;
      double              width, left;

      if (tick->label == NULL)
        continue;
      lockstep_canvas_line (self, &self->palette->grid, x, area->origin.y, x, bottom + 4);

      /* The last one stands within the picture, and none on another. */
      lockstep_canvas_measure (self, LOCKSTEP_TEXT_SMALL, tick->label, &width, NULL);
      left = MIN (x - width / 2, area->origin.x + area->size.width + 6 - width);
      if (left < free_from)
        continue;
      free_from = left + width + 6;
      lockstep_canvas_text (self, LOCKSTEP_TEXT_SMALL, &self->palette->dim, tick->label, left, bottom + 5, 0, 0);
    }
}

void
lockstep_canvas_draw_y_axis (LockstepCanvas        *self,
                             const LockstepAxis    *axis,
                             GArray                *ticks,
                             const graphene_rect_t *area)
{
  for (guint i = 0; i < ticks->len; i++)
    {
      const LockstepTick *tick = &g_array_index (ticks, LockstepTick, i);
      const double        y = area->origin.y + (1 - lockstep_axis_to_share (axis, tick->value)) * area->size.height;

      if (tick->label == NULL)
        continue;
      lockstep_canvas_line (self, &self->palette->grid, area->origin.x, y, area->origin.x + area->size.width, y);
      lockstep_canvas_text (self, LOCKSTEP_TEXT_SMALL, &self->palette->dim, tick->label, area->origin.x - 6, y, 1, 0.5);
    }
}
