/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-timeline-private.h"

#include <math.h>

/* One notch of the wheel, or one press of a key. */
#define ZOOM_STEP 1.25

/* Further than that the pointer moves is a drag, and no click (pixels). */
#define DRAG_THRESHOLD 4

/* What an arrow key moves the cursor (pixels). */
#define KEY_STEP 10

/* What a gesture began with. */
typedef struct
{
  LockstepTimeline *timeline;
  gint64            from;
  double            scroll;
  gboolean          dragging;
  double            pinch;
  double            x; /* where the pointer was last */
} Hand;

static void
motion_cb (Hand  *hand,
           double x,
           double y)
{
  hand->x = x;
  lockstep_timeline_set_hover (hand->timeline, x, y);
}

static void
leave_cb (Hand *hand)
{
  hand->x = -1;
  lockstep_timeline_set_hover (hand->timeline, -1, -1);
}

static gboolean
scroll_cb (GtkEventControllerScroll *controller,
           double                    dx,
           double                    dy,
           Hand                     *hand)
{
  const GdkModifierType state = gtk_event_controller_get_current_event_state (GTK_EVENT_CONTROLLER (controller));

  if ((state & GDK_CONTROL_MASK) == 0)
    return GDK_EVENT_PROPAGATE;

  lockstep_timeline_zoom (hand->timeline, pow (ZOOM_STEP, -dy), hand->x);
  return GDK_EVENT_STOP;
}

static void
drag_begin_cb (Hand *hand)
{
  const LockstepTimelineLayout *layout = lockstep_timeline_get_layout (hand->timeline);

  gtk_widget_grab_focus (GTK_WIDGET (hand->timeline));
  hand->from = layout->from;
  hand->scroll = layout->scroll;
  hand->dragging = FALSE;
}

static void
drag_update_cb (GtkGestureDrag *gesture,
                double          dx,
                double          dy,
                Hand           *hand)
{
  const LockstepTimelineLayout *layout = lockstep_timeline_get_layout (hand->timeline);

  if (!hand->dragging && MAX (fabs (dx), fabs (dy)) < DRAG_THRESHOLD)
    return;

  hand->dragging = TRUE;
  gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_CLAIMED);
  lockstep_timeline_set_hover (hand->timeline, -1, -1);
  lockstep_timeline_scroll_to (hand->timeline, hand->from - (gint64) (dx / layout->scale), hand->scroll - dy);
}

static void
drag_end_cb (GtkGestureDrag *gesture,
             double          dx,
             double          dy,
             Hand           *hand)
{
  double x, y;

  if (!hand->dragging && gtk_gesture_drag_get_start_point (gesture, &x, &y))
    lockstep_timeline_point (hand->timeline, x);
  hand->dragging = FALSE;
}

static void
pinch_begin_cb (Hand *hand)
{
  hand->pinch = 1;
}

static void
pinch_cb (GtkGestureZoom *gesture,
          double          scale,
          Hand           *hand)
{
  double x, y;

  if (!gtk_gesture_get_bounding_box_center (GTK_GESTURE (gesture), &x, &y))
    return;

  lockstep_timeline_zoom (hand->timeline, scale / hand->pinch, x);
  hand->pinch = scale;
}

void
lockstep_timeline_take_input (LockstepTimeline *self)
{
  Hand               *hand = g_new0 (Hand, 1);
  GtkWidget          *widget = GTK_WIDGET (self);
  GtkEventController *motion = gtk_event_controller_motion_new ();
  GtkEventController *scroll = gtk_event_controller_scroll_new (GTK_EVENT_CONTROLLER_SCROLL_VERTICAL);
  GtkGesture         *drag = gtk_gesture_drag_new ();
  GtkGesture         *pinch = gtk_gesture_zoom_new ();

  hand->timeline = self;
  hand->x = -1;
  g_object_set_data_full (G_OBJECT (self), "lockstep-hand", hand, g_free);

  g_signal_connect_swapped (motion, "enter", G_CALLBACK (motion_cb), hand);
  g_signal_connect_swapped (motion, "motion", G_CALLBACK (motion_cb), hand);
  g_signal_connect_swapped (motion, "leave", G_CALLBACK (leave_cb), hand);
  g_signal_connect (scroll, "scroll", G_CALLBACK (scroll_cb), hand);
  g_signal_connect_swapped (drag, "drag-begin", G_CALLBACK (drag_begin_cb), hand);
  g_signal_connect (drag, "drag-update", G_CALLBACK (drag_update_cb), hand);
  g_signal_connect (drag, "drag-end", G_CALLBACK (drag_end_cb), hand);
  g_signal_connect_swapped (pinch, "begin", G_CALLBACK (pinch_begin_cb), hand);
  g_signal_connect (pinch, "scale-changed", G_CALLBACK (pinch_cb), hand);

  gtk_widget_add_controller (widget, motion);
  gtk_widget_add_controller (widget, scroll);
  gtk_widget_add_controller (widget, GTK_EVENT_CONTROLLER (drag));
  gtk_widget_add_controller (widget, GTK_EVENT_CONTROLLER (pinch));
}

static gboolean
move_cb (GtkWidget *widget,
         GVariant  *arguments,
         gpointer   user_data)
{
  int      direction;
  gboolean barriers;

  g_variant_get (arguments, "(ib)", &direction, &barriers);
  lockstep_timeline_move (LOCKSTEP_TIMELINE (widget), direction * KEY_STEP, barriers);

  return TRUE;
}

static gboolean
move_row_cb (GtkWidget *widget,
             GVariant  *arguments,
             gpointer   user_data)
{
  lockstep_timeline_move_row (LOCKSTEP_TIMELINE (widget), g_variant_get_int32 (arguments));

  return TRUE;
}

static gboolean
zoom_cb (GtkWidget *widget,
         GVariant  *arguments,
         gpointer   user_data)
{
  lockstep_timeline_zoom (LOCKSTEP_TIMELINE (widget), pow (ZOOM_STEP, g_variant_get_int32 (arguments)), -1);

  return TRUE;
}

static gboolean
fit_cb (GtkWidget *widget,
        GVariant  *arguments,
        gpointer   user_data)
{
  lockstep_timeline_fit (LOCKSTEP_TIMELINE (widget));

  return TRUE;
}

static gboolean
now_cb (GtkWidget *widget,
        GVariant  *arguments,
        gpointer   user_data)
{
  return lockstep_timeline_let_go (LOCKSTEP_TIMELINE (widget));
}

void
lockstep_timeline_class_take_keys (GtkWidgetClass *widget_class)
{
  static const struct
  {
    guint    key;
    gboolean ahead;
  } arrows[] = {
    { GDK_KEY_Left, FALSE },
    { GDK_KEY_KP_Left, FALSE },
    { GDK_KEY_Right, TRUE },
    { GDK_KEY_KP_Right, TRUE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (arrows); i++)
    {
      const int direction = arrows[i].ahead ? 1 : -1;

      gtk_widget_class_add_binding (widget_class, arrows[i].key, 0, move_cb, "(ib)", direction, FALSE);
      gtk_widget_class_add_binding (widget_class, arrows[i].key, GDK_SHIFT_MASK, move_cb, "(ib)", 10 * direction, FALSE);
      gtk_widget_class_add_binding (widget_class, arrows[i].key, GDK_CONTROL_MASK, move_cb, "(ib)", direction, TRUE);
    }
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Up, 0, move_row_cb, "i", -1);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Down, 0, move_row_cb, "i", 1);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_plus, 0, zoom_cb, "i", 2);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_equal, 0, zoom_cb, "i", 2);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_KP_Add, 0, zoom_cb, "i", 2);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_minus, 0, zoom_cb, "i", -2);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_KP_Subtract, 0, zoom_cb, "i", -2);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_0, 0, fit_cb, NULL);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_KP_0, 0, fit_cb, NULL);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Escape, 0, now_cb, NULL);
}
