/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-timeline-private.h"

#include <glib/gi18n-lib.h>
#include <math.h>

/* Of the title that a file has. */
#define TITLE_LEFT   12
#define TITLE_TOP    8
#define TITLE_HEIGHT 28

enum
{
  PROP_0,
  PROP_CHRONICLE,
  PROP_MOMENT,
  PROP_FITTING,
  PROP_TEXT,
  N_PROPERTIES,
  PROP_HADJUSTMENT = N_PROPERTIES,
  PROP_VADJUSTMENT,
  PROP_HSCROLL_POLICY,
  PROP_VSCROLL_POLICY,
};

static GParamSpec *properties[N_PROPERTIES];

G_DEFINE_FINAL_TYPE_WITH_CODE (LockstepTimeline, lockstep_timeline, LOCKSTEP_TYPE_PICTURE, G_IMPLEMENT_INTERFACE (GTK_TYPE_SCROLLABLE, NULL))

double
lockstep_timeline_get_seen (LockstepTimeline *self)
{
  return lockstep_timeline_layout_get_times_width (&self->scene.layout) / self->scene.layout.scale;
}

static double
get_fitting_scale (LockstepTimeline *self)
{
  return lockstep_timeline_layout_get_times_width (&self->scene.layout) / (double) MAX (self->scene.now, 1);
}

static void
configure (GtkAdjustment *adjustment,
           double         value,
           double         upper,
           double         page)
{
  if (adjustment != NULL)
    gtk_adjustment_configure (adjustment, value, 0, MAX (upper, page), page / 10, page * 0.9, page);
}

static void
update_adjustments (LockstepTimeline *self)
{
  const LockstepTimelineLayout *layout = &self->scene.layout;

  self->adjusting = TRUE;
  configure (self->hadjustment, (double) layout->from * layout->scale, (double) self->scene.now * layout->scale,
             lockstep_timeline_layout_get_times_width (layout));
  configure (self->vadjustment, layout->scroll, layout->n_rows * layout->row_height, layout->rows_height);
  self->adjusting = FALSE;
}

static void
set_fitting (LockstepTimeline *self,
             gboolean          fitting)
{
  if (fitting == self->fitting)
    return;

  self->fitting = fitting;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_FITTING]);
}

/* Keeps what is shown within the run. */
static void
settle (LockstepTimeline *self)
{
  LockstepTimelineLayout *layout = &self->scene.layout;
  const double            fitting = get_fitting_scale (self);

  if (self->fitting || layout->scale <= fitting)
    {
      set_fitting (self, TRUE);
      layout->scale = fitting;
      layout->from = 0; /* not what rounding makes of the run's length */
    }
  layout->scale = MIN (layout->scale, MAX (fitting, LOCKSTEP_TIMELINE_MAX_SCALE));
  layout->from = CLAMP (layout->from, 0, MAX (self->scene.now - (gint64) lockstep_timeline_get_seen (self), 0));
  layout->scroll = CLAMP (layout->scroll, 0, MAX (layout->n_rows * layout->row_height - layout->rows_height, 0));
  update_adjustments (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
arrange (LockstepTimeline *self)
{
  if (self->scene.trace != NULL)
    lockstep_timeline_scene_arrange (&self->scene, lockstep_picture_get_measure (LOCKSTEP_PICTURE (self)),
                                     gtk_widget_get_width (GTK_WIDGET (self)), gtk_widget_get_height (GTK_WIDGET (self)));
}

/* There is more of the run. */
static void
update (LockstepTimeline *self)
{
  LockstepTimelineScene *scene = &self->scene;
  gboolean               at_end;

  scene->trace = self->chronicle != NULL ? lockstep_chronicle_get_trace (self->chronicle) : NULL;
  if (scene->trace == NULL)
    {
      gtk_widget_queue_draw (GTK_WIDGET (self));
      return;
    }

  /* Who looks at the newest goes on seeing it. */
  at_end = (double) scene->layout.from + lockstep_timeline_get_seen (self) >= (double) scene->now - 1 / scene->layout.scale;
  scene->now = lockstep_trace_get_length (scene->trace, g_get_real_time ());
  arrange (self);
  if (at_end)
    scene->layout.from = scene->now - (gint64) lockstep_timeline_get_seen (self);
  settle (self);
  lockstep_timeline_update_cursor (self);
}

static void
update_clock (LockstepTimeline *self)
{
  lockstep_clock_set_running (self->clock, self->chronicle != NULL && gtk_widget_get_mapped (GTK_WIDGET (self)) &&
                                             !lockstep_run_has_ended (lockstep_chronicle_get_run (self->chronicle)));
}

static void
changed_cb (LockstepTimeline *self)
{
  update_clock (self);
  if (gtk_widget_get_mapped (GTK_WIDGET (self)))
    {
      update (self);
      return;
    }

  /* The one that is known may be gone. */
  self->scene.trace = NULL;
}

static void
adjustment_cb (LockstepTimeline *self)
{
  if (self->adjusting || self->scene.trace == NULL)
    return;

  lockstep_timeline_scroll_to (self, (gint64) (gtk_adjustment_get_value (self->hadjustment) / self->scene.layout.scale),
                               gtk_adjustment_get_value (self->vadjustment));
}

static void
set_adjustment (LockstepTimeline *self,
                GtkAdjustment   **adjustment,
                GtkAdjustment    *value)
{
  if (*adjustment != NULL)
    g_signal_handlers_disconnect_by_func (*adjustment, adjustment_cb, self);
  g_set_object (adjustment, value);
  if (value != NULL)
    g_signal_connect_swapped (value, "value-changed", G_CALLBACK (adjustment_cb), self);
}

static void
lockstep_timeline_draw (LockstepPicture *picture,
                        LockstepCanvas  *canvas,
                        int              width,
                        int              height)
{
  LockstepTimeline     *self = LOCKSTEP_TIMELINE (picture);
  LockstepTimelineScene scene = self->scene;

  if (scene.trace == NULL)
    return;

  /* A file has room of its own, and says of which plan it is, but shows the same stretch of time. */
  cairo_save (canvas->cr);
  if (canvas->exporting)
    {
      LockstepPlan *plan = lockstep_run_get_plan (lockstep_chronicle_get_run (self->chronicle));

      lockstep_canvas_text (canvas, LOCKSTEP_TEXT_BOLD, &canvas->palette->foreground, lockstep_plan_get_name (plan), TITLE_LEFT,
                            TITLE_TOP, 0, 0);
      cairo_translate (canvas->cr, 0, TITLE_HEIGHT);
      lockstep_timeline_scene_arrange (&scene, canvas, width, height - TITLE_HEIGHT);
      scene.layout.scale *= lockstep_timeline_layout_get_times_width (&scene.layout) /
                            lockstep_timeline_layout_get_times_width (&self->scene.layout);
    }
  lockstep_timeline_scene_draw (&scene, canvas);
  cairo_restore (canvas->cr);
}

static void
lockstep_timeline_size_allocate (GtkWidget *widget,
                                 int        width,
                                 int        height,
                                 int        baseline)
{
  LockstepTimeline *self = LOCKSTEP_TIMELINE (widget);

  if (self->scene.trace == NULL)
    return;

  arrange (self);
  settle (self);
}

static void
lockstep_timeline_measure (GtkWidget     *widget,
                           GtkOrientation orientation,
                           int            for_size,
                           int           *minimum,
                           int           *natural,
                           int           *minimum_baseline,
                           int           *natural_baseline)
{
  *minimum = orientation == GTK_ORIENTATION_HORIZONTAL ? 240 : 90;
  *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? 800 : 320;
}

static void
lockstep_timeline_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (lockstep_timeline_parent_class)->map (widget);

  update_clock (LOCKSTEP_TIMELINE (widget));
  update (LOCKSTEP_TIMELINE (widget));
}

static void
lockstep_timeline_unmap (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (lockstep_timeline_parent_class)->unmap (widget);

  update_clock (LOCKSTEP_TIMELINE (widget));
}

static void
lockstep_timeline_get_property (GObject    *object,
                                guint       property_id,
                                GValue     *value,
                                GParamSpec *pspec)
{
  LockstepTimeline *self = LOCKSTEP_TIMELINE (object);

  switch (property_id)
    {
    case PROP_CHRONICLE:
      g_value_set_object (value, self->chronicle);
      break;
    case PROP_MOMENT:
      g_value_set_object (value, self->moment);
      break;
    case PROP_FITTING:
      g_value_set_boolean (value, self->fitting);
      break;
    case PROP_TEXT:
      g_value_set_string (value, self->text);
      break;
    case PROP_HADJUSTMENT:
      g_value_set_object (value, self->hadjustment);
      break;
    case PROP_VADJUSTMENT:
      g_value_set_object (value, self->vadjustment);
      break;
    case PROP_HSCROLL_POLICY:
    case PROP_VSCROLL_POLICY:
      g_value_set_enum (value, GTK_SCROLL_MINIMUM);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
lockstep_timeline_set_property (GObject      *object,
                                guint         property_id,
                                const GValue *value,
                                GParamSpec   *pspec)
{
  LockstepTimeline *self = LOCKSTEP_TIMELINE (object);

  switch (property_id)
    {
    case PROP_CHRONICLE:
      lockstep_timeline_set_chronicle (self, g_value_get_object (value));
      break;
    case PROP_MOMENT:
      lockstep_timeline_set_moment (self, g_value_get_object (value));
      break;
    case PROP_HADJUSTMENT:
      set_adjustment (self, &self->hadjustment, g_value_get_object (value));
      break;
    case PROP_VADJUSTMENT:
      set_adjustment (self, &self->vadjustment, g_value_get_object (value));
      break;
    case PROP_HSCROLL_POLICY:
    case PROP_VSCROLL_POLICY:
      /* It takes what it gets. */
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
lockstep_timeline_dispose (GObject *object)
{
  LockstepTimeline *self = LOCKSTEP_TIMELINE (object);

  lockstep_timeline_set_chronicle (self, NULL);
  lockstep_timeline_set_moment (self, NULL);
  set_adjustment (self, &self->hadjustment, NULL);
  set_adjustment (self, &self->vadjustment, NULL);
  g_clear_object (&self->clock);
  g_clear_pointer (&self->text, g_free);

  G_OBJECT_CLASS (lockstep_timeline_parent_class)->dispose (object);
}

static void
lockstep_timeline_class_init (LockstepTimelineClass *class)
{
  GObjectClass     *object_class = G_OBJECT_CLASS (class);
  GtkWidgetClass   *widget_class = GTK_WIDGET_CLASS (class);
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;
  const GParamFlags readable = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = lockstep_timeline_get_property;
  object_class->set_property = lockstep_timeline_set_property;
  object_class->dispose = lockstep_timeline_dispose;
  widget_class->size_allocate = lockstep_timeline_size_allocate;
  widget_class->measure = lockstep_timeline_measure;
  widget_class->map = lockstep_timeline_map;
  widget_class->unmap = lockstep_timeline_unmap;
  LOCKSTEP_PICTURE_CLASS (class)->draw = lockstep_timeline_draw;

  properties[PROP_CHRONICLE] = g_param_spec_object ("chronicle", NULL, NULL, LOCKSTEP_TYPE_CHRONICLE, flags);
  properties[PROP_MOMENT] = g_param_spec_object ("moment", NULL, NULL, LOCKSTEP_TYPE_MOMENT, flags);
  properties[PROP_FITTING] = g_param_spec_boolean ("fitting", NULL, NULL, TRUE, readable);
  properties[PROP_TEXT] = g_param_spec_string ("text", NULL, NULL, NULL, readable);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);
  g_object_class_override_property (object_class, PROP_HADJUSTMENT, "hadjustment");
  g_object_class_override_property (object_class, PROP_VADJUSTMENT, "vadjustment");
  g_object_class_override_property (object_class, PROP_HSCROLL_POLICY, "hscroll-policy");
  g_object_class_override_property (object_class, PROP_VSCROLL_POLICY, "vscroll-policy");

  lockstep_timeline_class_take_keys (widget_class);
}

static void
lockstep_timeline_init (LockstepTimeline *self)
{
  self->fitting = TRUE;
  self->scene.cursor = -1;
  self->scene.row = -1;
  self->scene.hover_x = self->scene.hover_y = -1;
  self->scene.layout.scale = 1e-6;
  self->clock = lockstep_clock_new ();
  g_signal_connect_object (self->clock, "notify::now", G_CALLBACK (update), self, G_CONNECT_SWAPPED);

  gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Timeline"), -1);
  lockstep_timeline_take_input (self);
}

void
lockstep_timeline_set_chronicle (LockstepTimeline  *self,
                                 LockstepChronicle *chronicle)
{
  g_return_if_fail (LOCKSTEP_IS_TIMELINE (self));

  if (chronicle == self->chronicle)
    return;

  if (self->chronicle != NULL)
    g_signal_handlers_disconnect_by_func (self->chronicle, changed_cb, self);
  g_set_object (&self->chronicle, chronicle);
  self->scene.trace = NULL;
  self->scene.row = -1;
  if (chronicle != NULL)
    {
      g_signal_connect_swapped (chronicle, "changed", G_CALLBACK (changed_cb), self);
      set_fitting (self, TRUE);
      changed_cb (self);
    }
  lockstep_timeline_update_cursor (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CHRONICLE]);
}

void
lockstep_timeline_set_moment (LockstepTimeline *self,
                              LockstepMoment   *moment)
{
  g_return_if_fail (LOCKSTEP_IS_TIMELINE (self));

  if (moment == self->moment)
    return;

  if (self->moment != NULL)
    g_signal_handlers_disconnect_by_func (self->moment, lockstep_timeline_update_cursor, self);
  g_set_object (&self->moment, moment);
  if (moment != NULL)
    g_signal_connect_swapped (moment, "notify::time", G_CALLBACK (lockstep_timeline_update_cursor), self);
  lockstep_timeline_update_cursor (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_MOMENT]);
}

void
lockstep_timeline_zoom (LockstepTimeline *self,
                        double            factor,
                        double            x)
{
  LockstepTimelineLayout *layout = &self->scene.layout;
  double                  time, scale;

  g_return_if_fail (LOCKSTEP_IS_TIMELINE (self));

  if (self->scene.trace == NULL)
    return;
  if (x < layout->left && self->scene.cursor >= 0)
    x = lockstep_timeline_layout_to_x (layout, self->scene.cursor);
  if (x < layout->left || x > layout->width)
    x = layout->left + lockstep_timeline_layout_get_times_width (layout) / 2;

  scale = MIN (layout->scale * factor, MAX (get_fitting_scale (self), LOCKSTEP_TIMELINE_MAX_SCALE));
  time = (double) layout->from + (x - layout->left) / layout->scale;
  set_fitting (self, FALSE);
  layout->scale = scale;
  layout->from = (gint64) round (time - (x - layout->left) / scale);
  settle (self);
}

void
lockstep_timeline_fit (LockstepTimeline *self)
{
  g_return_if_fail (LOCKSTEP_IS_TIMELINE (self));

  set_fitting (self, TRUE);
  if (self->scene.trace != NULL)
    settle (self);
}

gboolean
lockstep_timeline_get_fitting (LockstepTimeline *self)
{
  g_return_val_if_fail (LOCKSTEP_IS_TIMELINE (self), FALSE);

  return self->fitting;
}

const LockstepTimelineLayout *
lockstep_timeline_get_layout (LockstepTimeline *self)
{
  g_return_val_if_fail (LOCKSTEP_IS_TIMELINE (self), NULL);

  return &self->scene.layout;
}

void
lockstep_timeline_set_hover (LockstepTimeline *self,
                             double            x,
                             double            y)
{
  self->scene.hover_x = x;
  self->scene.hover_y = y;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
lockstep_timeline_scroll_to (LockstepTimeline *self,
                             gint64            from,
                             double            scroll)
{
  if (self->scene.trace == NULL)
    return;

  self->scene.layout.from = from;
  self->scene.layout.scroll = scroll;
  settle (self);
}
