/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "lockstep-axis.h"
#include "lockstep-palette.h"

G_BEGIN_DECLS

/**
 * What a picture is drawn on: the same drawing goes to the screen and into a file.
 */
typedef struct
{
  cairo_t               *cr;
  const LockstepPalette *palette;
  PangoContext          *pango;
  GHashTable            *layouts;   /* of PangoLayout by what it says: text is drawn again and again */
  double                 scale;     /* pixels of the device to one of ours */
  gboolean               exporting; /* into a file: without what is only there for the hand that moves in it */
} LockstepCanvas;

typedef enum
{
  LOCKSTEP_TEXT_NORMAL,
  LOCKSTEP_TEXT_SMALL,
  LOCKSTEP_TEXT_BOLD,
} LockstepTextStyle;

/* A table for LockstepCanvas.layouts. */
GHashTable *lockstep_canvas_new_layouts (void);

void lockstep_canvas_set_color (LockstepCanvas *self,
                                const GdkRGBA  *color);

void lockstep_canvas_fill (LockstepCanvas *self,
                           const GdkRGBA  *color,
                           double          x,
                           double          y,
                           double          width,
                           double          height);

/* A line of one pixel, upright or level, that falls on whole pixels. */
void lockstep_canvas_line (LockstepCanvas *self,
                           const GdkRGBA  *color,
                           double          x0,
                           double          y0,
                           double          x1,
                           double          y1);

/* Fills a rectangle with slanting lines. */
void lockstep_canvas_hatch (LockstepCanvas *self,
                            const GdkRGBA  *color,
                            double          x,
                            double          y,
                            double          width,
                            double          height);

/* May be NULL. */
void lockstep_canvas_measure (LockstepCanvas   *self,
                              LockstepTextStyle style,
                              const char       *text,
                              double           *width,
                              double           *height);

/* Draws @text so that the point of it at the shares @across (0: its left, 1: its right) and @down is at @x, @y. */
void lockstep_canvas_text (LockstepCanvas   *self,
                           LockstepTextStyle style,
                           const GdkRGBA    *color,
                           const char       *text,
                           double            x,
                           double            y,
                           double            across,
                           double            down);

/* The same, from @x on, cut at @width with dots. */
void lockstep_canvas_text_within (LockstepCanvas   *self,
                                  LockstepTextStyle style,
                                  const GdkRGBA    *color,
                                  const char       *text,
                                  double            x,
                                  double            y,
                                  double            width);

/* A box with @lines of text (the first one bold) beside the point @x, @y, within @bounds. */
void lockstep_canvas_tip (LockstepCanvas        *self,
                          const char *const     *lines,
                          double                 x,
                          double                 y,
                          const graphene_rect_t *bounds);

/* The widest of the labels of @ticks. */
double lockstep_canvas_measure_ticks (LockstepCanvas *self,
                                      GArray         *ticks);

/* The grid, ticks and labels of an axis that runs to the right below @area, or upwards left of it. */
void lockstep_canvas_draw_x_axis (LockstepCanvas        *self,
                                  const LockstepAxis    *axis,
                                  GArray                *ticks,
                                  const graphene_rect_t *area);
void lockstep_canvas_draw_y_axis (LockstepCanvas        *self,
                                  const LockstepAxis    *axis,
                                  GArray                *ticks,
                                  const graphene_rect_t *area);

G_END_DECLS
