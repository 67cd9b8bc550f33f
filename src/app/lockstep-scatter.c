/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-scatter.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#define TOP          28
#define RIGHT        16
#define BOTTOM       42
#define LABEL_HEIGHT 34
#define LABEL_WIDTH  90

#define RADIUS 3.0

/* How near the pointer has to be. */
#define REACH 12

struct _LockstepScatter
{
  LockstepPicture         parent_instance;
  double                 *x;
  double                 *y;
  guint                   n_points;
  char                   *x_name;
  char                   *y_name;
  double                  lows[2];
  double                  highs[2];
  LockstepAxis            axes[2];
  graphene_rect_t         area;
  cairo_surface_t        *points;  /* as they were drawn last on the screen; NULL when they are to be drawn anew */
  const LockstepPalette  *palette; /* that they were drawn with */
  int                     selected;
  int                     hover;
  LockstepScatterNameFunc name_func;
  gpointer                name_data;
  GDestroyNotify          name_destroy;
};

G_DEFINE_FINAL_TYPE (LockstepScatter, lockstep_scatter, LOCKSTEP_TYPE_PICTURE)

enum
{
  PROP_0,
  PROP_SELECTED,
  N_PROPERTIES
};

static GParamSpec *properties[N_PROPERTIES];

enum
{
  ACTIVATE,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
forget_points (LockstepScatter *self)
{
  g_clear_pointer (&self->points, cairo_surface_destroy);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

gboolean
lockstep_scatter_get_position (LockstepScatter *self,
                               guint            point,
                               double          *x,
                               double          *y)
{
  g_return_val_if_fail (LOCKSTEP_IS_SCATTER (self), FALSE);

  if (point >= self->n_points || !isfinite (self->x[point]) || !isfinite (self->y[point]))
    return FALSE;

  *x = self->area.origin.x + lockstep_axis_to_share (&self->axes[0], self->x[point]) * self->area.size.width;
  *y = self->area.origin.y + (1 - lockstep_axis_to_share (&self->axes[1], self->y[point])) * self->area.size.height;
  return TRUE;
}

static void
arrange (LockstepScatter *self,
         LockstepCanvas  *canvas,
         int              width,
         int              height)
{
  const double       plot_height = MAX (height - TOP - BOTTOM, 10);
  g_autoptr (GArray) ticks = NULL;
  double             left;

  self->axes[1] = lockstep_axis_fit (LOCKSTEP_SCALE_LINEAR, self->lows[1], self->highs[1], (guint) MAX (plot_height / LABEL_HEIGHT, 2));
  ticks = lockstep_axis_get_ticks (&self->axes[1], (guint) MAX (plot_height / LABEL_HEIGHT, 2));
  left = 14 + lockstep_canvas_measure_ticks (canvas, ticks) + 8;
  self->area = GRAPHENE_RECT_INIT ((float) left, TOP, (float) MAX (width - left - RIGHT, 10), (float) plot_height);
  self->axes[0] = lockstep_axis_fit (LOCKSTEP_SCALE_LINEAR, self->lows[0], self->highs[0], (guint) MAX (self->area.size.width / LABEL_WIDTH, 2));
}

/* Each place once: a hundred thousand points are mostly on top of each other. */
static void
draw_points (LockstepScatter *self,
             LockstepCanvas  *canvas)
{
  GdkRGBA            color = *lockstep_palette_get_data (canvas->palette, 0);
  const guint        columns = (guint) self->area.size.width + 1, rows = (guint) self->area.size.height + 1;
  g_autofree guint8 *taken = g_new0 (guint8, (gsize) columns * rows);

  color.alpha = self->n_points > 2000 ? 0.5f : 0.75f;
  lockstep_canvas_set_color (canvas, &color);
  for (guint i = 0; i < self->n_points; i++)
    {
      double x, y;
      gsize  place;

      if (!lockstep_scatter_get_position (self, i, &x, &y))
        continue;
      place = (gsize) CLAMP (y - self->area.origin.y, 0, rows - 1) * columns + (gsize) CLAMP (x - self->area.origin.x, 0, columns - 1);
      if (taken[place]++ > 0)
        {
          taken[place] = 1;
          continue;
        }
      if (self->n_points > 2000)
        cairo_rectangle (canvas->cr, floor (x) - 1, floor (y) - 1, 3, 3);
      else
        cairo_arc (canvas->cr, x, y, RADIUS, 0, 2 * G_PI);
      cairo_fill (canvas->cr);
    }
}

/* On the screen they are drawn once, however often the pointer moves over them. */
static void
show_points (LockstepScatter *self,
             LockstepCanvas  *canvas,
             int              width,
             int              height)
{
  if (canvas->exporting)
    {
      draw_points (self, canvas);
      return;
    }

  if (self->points == NULL || self->palette != canvas->palette)
    {
      LockstepCanvas kept = *canvas;

      g_clear_pointer (&self->points, cairo_surface_destroy);
      self->points = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, (int) (width * canvas->scale), (int) (height * canvas->scale));
      cairo_surface_set_device_scale (self->points, canvas->scale, canvas->scale);
      self->palette = canvas->palette;
      kept.cr = cairo_create (self->points);
      draw_points (self, &kept);
      cairo_destroy (kept.cr);
    }
  cairo_set_source_surface (canvas->cr, self->points, 0, 0);
  cairo_paint (canvas->cr);
}

static void
draw_mark (LockstepScatter *self,
           LockstepCanvas  *canvas,
           int              point,
           const GdkRGBA   *color)
{
  double x, y;

  if (point < 0 || !lockstep_scatter_get_position (self, (guint) point, &x, &y))
    return;

  cairo_arc (canvas->cr, x, y, RADIUS + 3.5, 0, 2 * G_PI);
  lockstep_canvas_set_color (canvas, color);
  cairo_set_line_width (canvas->cr, 2);
  cairo_stroke (canvas->cr);
}

static char **
dup_tip (LockstepScatter *self,
         guint            point)
{
  g_autofree char *x = lockstep_axis_dup_value (self->x[point], 6);
  g_autofree char *y = lockstep_axis_dup_value (self->y[point], 6);
  char           **lines = g_new0 (char *, 4);

  lines[0] = self->name_func != NULL ? self->name_func (point, self->name_data) : g_strdup_printf ("%u", point);
  lines[1] = g_strdup_printf ("%s: %s", self->x_name, x);
  lines[2] = g_strdup_printf ("%s: %s", self->y_name, y);

  return lines;
}

static void
draw_tip (LockstepScatter *self,
          LockstepCanvas  *canvas,
          guint            point,
          int              width,
          int              height)
{
  const graphene_rect_t bounds = GRAPHENE_RECT_INIT (0, 0, (float) width, (float) height);
  g_auto (GStrv)        lines = dup_tip (self, point);
  double                x, y;

  if (lockstep_scatter_get_position (self, point, &x, &y))
    lockstep_canvas_tip (canvas, (const char *const *) lines, x, y, &bounds);
}

static void
lockstep_scatter_draw (LockstepPicture *picture,
                       LockstepCanvas  *canvas,
                       int              width,
                       int              height)
{
  LockstepScatter   *self = LOCKSTEP_SCATTER (picture);
  g_autoptr (GArray) x_ticks = NULL;
  g_autoptr (GArray) y_ticks = NULL;

  if (self->n_points == 0)
    return;

  arrange (self, canvas, width, height);
  x_ticks = lockstep_axis_get_ticks (&self->axes[0], (guint) MAX (self->area.size.width / LABEL_WIDTH, 2));
  y_ticks = lockstep_axis_get_ticks (&self->axes[1], (guint) MAX (self->area.size.height / LABEL_HEIGHT, 2));
  lockstep_canvas_draw_x_axis (canvas, &self->axes[0], x_ticks, &self->area);
  lockstep_canvas_draw_y_axis (canvas, &self->axes[1], y_ticks, &self->area);
  lockstep_canvas_text (canvas, LOCKSTEP_TEXT_SMALL, &canvas->palette->foreground, self->y_name, self->area.origin.x, 5, 0, 0);
  lockstep_canvas_text (canvas, LOCKSTEP_TEXT_SMALL, &canvas->palette->foreground, self->x_name,
                        self->area.origin.x + self->area.size.width, height - 4, 1, 1);
  show_points (self, canvas, width, height);
  if (canvas->exporting)
    {
      /* The screen stays as it was. */
      arrange (self, lockstep_picture_get_measure (picture), gtk_widget_get_width (GTK_WIDGET (self)), gtk_widget_get_height (GTK_WIDGET (self)));
      return;
    }

  draw_mark (self, canvas, self->selected, &canvas->palette->cursor);
  draw_mark (self, canvas, self->hover, &canvas->palette->foreground);
  if (self->hover >= 0)
    draw_tip (self, canvas, (guint) self->hover, width, height);
}

static void
motion_cb (LockstepScatter *self,
           double           x,
           double           y)
{
  const int hover = lockstep_scatter_find_point (self, x, y);

  if (hover == self->hover)
    return;

  self->hover = hover;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
leave_cb (LockstepScatter *self)
{
  self->hover = -1;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
pressed_cb (LockstepScatter *self,
            int              n_press,
            double           x,
            double           y)
{
  const int point = lockstep_scatter_find_point (self, x, y);

  gtk_widget_grab_focus (GTK_WIDGET (self));
  lockstep_scatter_set_selected (self, point);
  if (n_press == 2 && point >= 0)
    g_signal_emit (self, signals[ACTIVATE], 0, point);
}

/* The arrow keys go through the points in their order. */
static gboolean
step_cb (GtkWidget *widget,
         GVariant  *arguments,
         gpointer   user_data)
{
  LockstepScatter *self = LOCKSTEP_SCATTER (widget);
  const int        direction = g_variant_get_int32 (arguments);
  double           x, y;

  for (int point = self->selected + direction; point >= 0 && point < (int) self->n_points; point += direction)
    if (lockstep_scatter_get_position (self, (guint) point, &x, &y))
      {
        lockstep_scatter_set_selected (self, point);
        break;
      }

  return TRUE;
}

static gboolean
activate_cb (GtkWidget *widget,
             GVariant  *arguments,
             gpointer   user_data)
{
  LockstepScatter *self = LOCKSTEP_SCATTER (widget);

  if (self->selected < 0)
    return FALSE;

  g_signal_emit (self, signals[ACTIVATE], 0, self->selected);
  return TRUE;
}

static void
lockstep_scatter_measure (GtkWidget     *widget,
                          GtkOrientation orientation,
                          int            for_size,
                          int           *minimum,
                          int           *natural,
                          int           *minimum_baseline,
                          int           *natural_baseline)
{
  *minimum = orientation == GTK_ORIENTATION_HORIZONTAL ? 200 : 140;
  *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? 360 : 280;
}

static void
lockstep_scatter_size_allocate (GtkWidget *widget,
                                int        width,
                                int        height,
                                int        baseline)
{
  LockstepScatter *self = LOCKSTEP_SCATTER (widget);

  if (self->n_points > 0)
    arrange (self, lockstep_picture_get_measure (LOCKSTEP_PICTURE (self)), width, height);
  forget_points (self);
}

static void
lockstep_scatter_get_property (GObject    *object,
                               guint       property_id,
                               GValue     *value,
                               GParamSpec *pspec)
{
  switch (property_id)
    {
    case PROP_SELECTED:
      g_value_set_int (value, LOCKSTEP_SCATTER (object)->selected);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
lockstep_scatter_set_property (GObject      *object,
                               guint         property_id,
                               const GValue *value,
                               GParamSpec   *pspec)
{
  switch (property_id)
    {
    case PROP_SELECTED:
      lockstep_scatter_set_selected (LOCKSTEP_SCATTER (object), g_value_get_int (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
lockstep_scatter_finalize (GObject *object)
{
  LockstepScatter *self = LOCKSTEP_SCATTER (object);

  lockstep_scatter_set_name_func (self, NULL, NULL, NULL);
  g_clear_pointer (&self->points, cairo_surface_destroy);
  g_free (self->x);
  g_free (self->y);
  g_free (self->x_name);
  g_free (self->y_name);

  G_OBJECT_CLASS (lockstep_scatter_parent_class)->finalize (object);
}

static void
lockstep_scatter_class_init (LockstepScatterClass *class)
{
  GObjectClass   *object_class = G_OBJECT_CLASS (class);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  object_class->get_property = lockstep_scatter_get_property;
  object_class->set_property = lockstep_scatter_set_property;
  object_class->finalize = lockstep_scatter_finalize;
  widget_class->measure = lockstep_scatter_measure;
  widget_class->size_allocate = lockstep_scatter_size_allocate;
  LOCKSTEP_PICTURE_CLASS (class)->draw = lockstep_scatter_draw;

  properties[PROP_SELECTED] = g_param_spec_int ("selected", NULL, NULL, -1, G_MAXINT, -1,
                                                G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);

  signals[ACTIVATE] = g_signal_new ("activate", G_TYPE_FROM_CLASS (class), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_INT);

  gtk_widget_class_add_binding (widget_class, GDK_KEY_Left, 0, step_cb, "i", -1);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Up, 0, step_cb, "i", -1);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Right, 0, step_cb, "i", 1);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Down, 0, step_cb, "i", 1);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Return, 0, activate_cb, NULL);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_KP_Enter, 0, activate_cb, NULL);
}

static void
lockstep_scatter_init (LockstepScatter *self)
{
  GtkEventController *motion = gtk_event_controller_motion_new ();
  GtkGesture         *click = gtk_gesture_click_new ();

  self->selected = self->hover = -1;
  gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);
  g_signal_connect_swapped (motion, "motion", G_CALLBACK (motion_cb), self);
  g_signal_connect_swapped (motion, "leave", G_CALLBACK (leave_cb), self);
  g_signal_connect_swapped (click, "pressed", G_CALLBACK (pressed_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), motion);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (click));
}

LockstepScatter *
lockstep_scatter_new (void)
{
  return g_object_new (LOCKSTEP_TYPE_SCATTER, NULL);
}

static void
measure_numbers (LockstepScatter *self,
                 guint            axis,
                 const double    *numbers)
{
  self->lows[axis] = G_MAXDOUBLE;
  self->highs[axis] = -G_MAXDOUBLE;
  for (guint i = 0; i < self->n_points; i++)
    if (isfinite (numbers[i]))
      {
        self->lows[axis] = MIN (self->lows[axis], numbers[i]);
        self->highs[axis] = MAX (self->highs[axis], numbers[i]);
      }
}

void
lockstep_scatter_set_points (LockstepScatter *self,
                             const double    *x,
                             const double    *y,
                             guint            n_points,
                             const char      *x_name,
                             const char      *y_name)
{
  g_autofree char *label = g_strdup_printf (_ ("%s over %s"), y_name, x_name);

  g_return_if_fail (LOCKSTEP_IS_SCATTER (self));

  g_free (self->x);
  g_free (self->y);
  g_free (self->x_name);
  g_free (self->y_name);
  self->x = g_memdup2 (x, n_points * sizeof *x);
  self->y = g_memdup2 (y, n_points * sizeof *y);
  self->n_points = n_points;
  self->x_name = g_strdup (x_name);
  self->y_name = g_strdup (y_name);
  measure_numbers (self, 0, self->x);
  measure_numbers (self, 1, self->y);
  self->hover = -1;
  if (self->selected >= (int) n_points)
    lockstep_scatter_set_selected (self, -1);
  if (n_points > 0 && gtk_widget_get_width (GTK_WIDGET (self)) > 0)
    arrange (self, lockstep_picture_get_measure (LOCKSTEP_PICTURE (self)), gtk_widget_get_width (GTK_WIDGET (self)), gtk_widget_get_height (GTK_WIDGET (self)));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  forget_points (self);
}

void
lockstep_scatter_set_name_func (LockstepScatter        *self,
                                LockstepScatterNameFunc func,
                                gpointer                user_data,
                                GDestroyNotify          destroy)
{
  g_return_if_fail (LOCKSTEP_IS_SCATTER (self));

  if (self->name_destroy != NULL)
    self->name_destroy (self->name_data);
  self->name_func = func;
  self->name_data = user_data;
  self->name_destroy = destroy;
}

int
lockstep_scatter_get_selected (LockstepScatter *self)
{
  g_return_val_if_fail (LOCKSTEP_IS_SCATTER (self), -1);

  return self->selected;
}

void
lockstep_scatter_set_selected (LockstepScatter *self,
                               int              point)
{
  g_autofree char *description = NULL;

  g_return_if_fail (LOCKSTEP_IS_SCATTER (self));

  if (point == self->selected || point >= (int) self->n_points)
    return;

  self->selected = MAX (point, -1);
  if (self->selected >= 0)
    {
      g_auto (GStrv) lines = dup_tip (self, (guint) self->selected);

      description = g_strjoinv (", ", lines);
    }
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, description != NULL ? description : "", -1);
  gtk_widget_queue_draw (GTK_WIDGET (self));
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SELECTED]);
}

int
lockstep_scatter_find_point (LockstepScatter *self,
                             double           x,
                             double           y)
{
  double nearest = REACH * REACH;
  int    found = -1;

  g_return_val_if_fail (LOCKSTEP_IS_SCATTER (self), -1);

  for (guint i = 0; i < self->n_points; i++)
    {
      double px, py, distance;

      if (!lockstep_scatter_get_position (self, i, &px, &py))
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
