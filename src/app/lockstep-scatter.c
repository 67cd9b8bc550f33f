/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-scatter.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "lockstep-scatter-cloud.h"

#define TOP          28
#define RIGHT        16
#define BOTTOM       42
#define LABEL_HEIGHT 34
#define LABEL_WIDTH  90

/* Of the ring around a point. */
#define RADIUS 6.5

/* How near the pointer has to be. */
#define REACH 12

struct _LockstepScatter
{
  LockstepPicture         parent_instance;
  LockstepScatterCloud    cloud;
  char                   *x_name;
  char                   *y_name;
  cairo_surface_t        *points;  /* as they were drawn last on the screen; NULL when they are to be drawn anew */
  const LockstepPalette  *palette; /* that they were drawn with */
  int                     selected;
  int                     hover;
  graphene_point_t        pointer; /* where it was last; see hovering */
  gboolean                hovering;
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

/* Ticks at such distances. */
static guint
count_ticks (LockstepScatter *self,
             guint            axis)
{
  return (guint) (axis == 0 ? MAX (self->cloud.area.size.width / LABEL_WIDTH, 2) : MAX (self->cloud.area.size.height / LABEL_HEIGHT, 2));
}

static void
arrange (LockstepScatter *self,
         LockstepCanvas  *canvas,
         int              width,
         int              height)
{
  LockstepScatterCloud *cloud = &self->cloud;
  g_autoptr (GArray)    ticks = NULL;
  double                left;

  if (cloud->n_placed == 0)
    return;

  cloud->area.size.height = (float) MAX (height - TOP - BOTTOM, 10);
  cloud->axes[1] = lockstep_axis_fit (LOCKSTEP_SCALE_LINEAR, cloud->lows[1], cloud->highs[1], count_ticks (self, 1));
  ticks = lockstep_axis_get_ticks (&cloud->axes[1], count_ticks (self, 1));
  left = 14 + lockstep_canvas_measure_ticks (canvas, ticks) + 8;
  cloud->area = GRAPHENE_RECT_INIT ((float) left, TOP, (float) MAX (width - left - RIGHT, 10), cloud->area.size.height);
  cloud->axes[0] = lockstep_axis_fit (LOCKSTEP_SCALE_LINEAR, cloud->lows[0], cloud->highs[0], count_ticks (self, 0));
}

/* As it is on the screen. */
static void
arrange_widget (LockstepScatter *self)
{
  const int width = gtk_widget_get_width (GTK_WIDGET (self)), height = gtk_widget_get_height (GTK_WIDGET (self));

  if (width > 0)
    arrange (self, lockstep_picture_get_measure (LOCKSTEP_PICTURE (self)), width, height);
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
      lockstep_scatter_cloud_draw (&self->cloud, canvas);
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
      lockstep_scatter_cloud_draw (&self->cloud, &kept);
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

  cairo_new_path (canvas->cr);
  cairo_arc (canvas->cr, x, y, RADIUS, 0, 2 * G_PI);
  lockstep_canvas_set_color (canvas, color);
  cairo_set_line_width (canvas->cr, 2);
  cairo_stroke (canvas->cr);
}

static char **
dup_tip (LockstepScatter *self,
         guint            point)
{
  g_autofree char *x = lockstep_axis_dup_value (self->cloud.x[point], 6);
  g_autofree char *y = lockstep_axis_dup_value (self->cloud.y[point], 6);
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

  if (self->cloud.n_points == 0)
    return;
  if (self->cloud.n_placed == 0)
    {
      lockstep_canvas_text (canvas, LOCKSTEP_TEXT_SMALL, &canvas->palette->dim, _ ("No task has a number in both columns"),
                            width / 2.0, height / 2.0, 0.5, 0.5);
      return;
    }

  arrange (self, canvas, width, height);
  x_ticks = lockstep_axis_get_ticks (&self->cloud.axes[0], count_ticks (self, 0));
  y_ticks = lockstep_axis_get_ticks (&self->cloud.axes[1], count_ticks (self, 1));
  lockstep_canvas_draw_x_axis (canvas, &self->cloud.axes[0], x_ticks, &self->cloud.area);
  lockstep_canvas_draw_y_axis (canvas, &self->cloud.axes[1], y_ticks, &self->cloud.area);
  lockstep_canvas_text (canvas, LOCKSTEP_TEXT_SMALL, &canvas->palette->foreground, self->y_name, self->cloud.area.origin.x, 5, 0, 0);
  lockstep_canvas_text (canvas, LOCKSTEP_TEXT_SMALL, &canvas->palette->foreground, self->x_name,
                        self->cloud.area.origin.x + self->cloud.area.size.width, height - 4, 1, 1);
  show_points (self, canvas, width, height);
  if (canvas->exporting)
    {
      /* The screen stays as it was. */
      arrange_widget (self);
      return;
    }

  draw_mark (self, canvas, self->selected, &canvas->palette->cursor);
  draw_mark (self, canvas, self->hover, &canvas->palette->foreground);
  if (self->hover >= 0)
    draw_tip (self, canvas, (guint) self->hover, width, height);
}

/* The point that the pointer is at now. */
static void
update_hover (LockstepScatter *self)
{
  const int hover = self->hovering ? lockstep_scatter_find_point (self, self->pointer.x, self->pointer.y) : -1;

  if (hover == self->hover)
    return;

  self->hover = hover;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
motion_cb (LockstepScatter *self,
           double           x,
           double           y)
{
  graphene_point_init (&self->pointer, (float) x, (float) y);
  self->hovering = TRUE;
  update_hover (self);
}

static void
leave_cb (LockstepScatter *self)
{
  self->hovering = FALSE;
  update_hover (self);
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

/* An arrow key goes to the next point on that side. */
static gboolean
step_cb (GtkWidget *widget,
         GVariant  *arguments,
         gpointer   user_data)
{
  LockstepScatter *self = LOCKSTEP_SCATTER (widget);
  const int        next = lockstep_scatter_cloud_find_next (&self->cloud, self->selected, (GtkDirectionType) g_variant_get_int32 (arguments));

  if (next >= 0)
    lockstep_scatter_set_selected (self, next);

  return TRUE;
}

/* Home and End: the first or last one from the left. */
static gboolean
edge_cb (GtkWidget *widget,
         GVariant  *arguments,
         gpointer   user_data)
{
  LockstepScatter *self = LOCKSTEP_SCATTER (widget);
  const int        edge = lockstep_scatter_cloud_find_next (&self->cloud, -1, (GtkDirectionType) g_variant_get_int32 (arguments));

  if (edge >= 0)
    lockstep_scatter_set_selected (self, edge);

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
  lockstep_scatter_cloud_clear (&self->cloud);
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

  gtk_widget_class_add_binding (widget_class, GDK_KEY_Left, 0, step_cb, "i", GTK_DIR_LEFT);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Up, 0, step_cb, "i", GTK_DIR_UP);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Right, 0, step_cb, "i", GTK_DIR_RIGHT);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Down, 0, step_cb, "i", GTK_DIR_DOWN);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Home, 0, edge_cb, "i", GTK_DIR_RIGHT);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_End, 0, edge_cb, "i", GTK_DIR_LEFT);
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

/* What is selected, for those who cannot see it. */
static void
update_description (LockstepScatter *self)
{
  g_autofree char *description = NULL;

  if (self->selected >= 0 && self->selected < (int) self->cloud.n_points)
    {
      g_auto (GStrv) lines = dup_tip (self, (guint) self->selected);

      description = g_strjoinv (", ", lines);
    }
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, description != NULL ? description : "", -1);
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

  g_free (self->x_name);
  g_free (self->y_name);
  lockstep_scatter_cloud_set_points (&self->cloud, x, y, n_points);
  self->x_name = g_strdup (x_name);
  self->y_name = g_strdup (y_name);
  if (self->selected >= (int) n_points)
    lockstep_scatter_set_selected (self, -1);
  arrange_widget (self);
  update_hover (self);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  update_description (self);
  forget_points (self);
}

void
lockstep_scatter_take_shown (LockstepScatter *self,
                             guint8          *shown)
{
  g_return_if_fail (LOCKSTEP_IS_SCATTER (self));

  if (shown == NULL && self->cloud.shown == NULL)
    return;

  g_free (self->cloud.shown);
  self->cloud.shown = shown;
  update_hover (self);
  forget_points (self);
}

guint
lockstep_scatter_get_n_points (LockstepScatter *self)
{
  g_return_val_if_fail (LOCKSTEP_IS_SCATTER (self), 0);

  return self->cloud.n_points;
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
  g_return_if_fail (LOCKSTEP_IS_SCATTER (self));

  if (point == self->selected || point >= (int) self->cloud.n_points)
    return;

  self->selected = MAX (point, -1);
  update_description (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SELECTED]);
}

int
lockstep_scatter_find_point (LockstepScatter *self,
                             double           x,
                             double           y)
{
  g_return_val_if_fail (LOCKSTEP_IS_SCATTER (self), -1);

  return lockstep_scatter_cloud_find_nearest (&self->cloud, x, y, REACH);
}

gboolean
lockstep_scatter_get_position (LockstepScatter *self,
                               guint            point,
                               double          *x,
                               double          *y)
{
  g_return_val_if_fail (LOCKSTEP_IS_SCATTER (self), FALSE);

  return lockstep_scatter_cloud_get_position (&self->cloud, point, x, y);
}
