/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-log-view.h"

#include <adwaita.h>

/* Below drawing, as all that solvers can cause. */
#define FLUSH_PRIORITY 150

struct _LockstepLogView
{
  GtkWidget          parent_instance;
  GtkScrolledWindow *scrolled_window;
  GtkTextView       *text_view;
  LockstepLogBuffer *buffer;
  GtkTextMark       *end;    /* of the buffer; owned by it */
  guint              tick;   /* 0 while nothing waits for a frame */
  guint              flush;  /* 0 while nothing waits behind one */
  double             value;  /* of the adjustment when it was last looked at */
  double             bottom; /* largest value it could have then */
  gboolean           following;
};

G_DEFINE_FINAL_TYPE (LockstepLogView, lockstep_log_view, GTK_TYPE_WIDGET)

enum
{
  PROP_0,
  PROP_FOLLOWING,
  N_PROPERTIES
};

static GParamSpec *properties[N_PROPERTIES];

static double
get_bottom (GtkAdjustment *adjustment)
{
  return gtk_adjustment_get_upper (adjustment) - gtk_adjustment_get_page_size (adjustment);
}

static void
set_following (LockstepLogView *self,
               gboolean         following)
{
  if (following == self->following)
    return;

  self->following = following;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_FOLLOWING]);
}

static void
scroll_to_end (LockstepLogView *self)
{
  gtk_text_view_scroll_to_mark (self->text_view, self->end, 0, TRUE, 0, 1);
}

static gboolean
flush_cb (gpointer user_data)
{
  LockstepLogView *self = LOCKSTEP_LOG_VIEW (user_data);

  self->flush = 0;
  if (self->following)
    {
      GtkAdjustment *adjustment = gtk_scrolled_window_get_vadjustment (self->scrolled_window);

      gtk_adjustment_set_value (adjustment, get_bottom (adjustment));
    }
  if (lockstep_log_buffer_is_waiting (self->buffer))
    {
      lockstep_log_buffer_flush (self->buffer);
      if (self->following)
        scroll_to_end (self);
    }

  return G_SOURCE_REMOVE;
}

/* A frame is laid out and painted in one go, and text that changed meanwhile would not be measured yet: so the
 * frame gives the pace, and what waits is put in behind it. */
static gboolean
tick_cb (GtkWidget     *widget,
         GdkFrameClock *clock,
         gpointer       user_data)
{
  LockstepLogView *self = LOCKSTEP_LOG_VIEW (widget);

  self->tick = 0;
  self->flush = g_idle_add_full (FLUSH_PRIORITY, flush_cb, self, NULL);

  return G_SOURCE_REMOVE;
}

static void
queue_tick (LockstepLogView *self)
{
  if (self->tick == 0 && self->flush == 0)
    self->tick = gtk_widget_add_tick_callback (GTK_WIDGET (self), tick_cb, NULL, NULL);
}

/* Lines that come and go move the ends of the adjustment as well; only a person moves the value alone. */
static void
value_changed_cb (LockstepLogView *self,
                  GtkAdjustment   *adjustment)
{
  double   value = gtk_adjustment_get_value (adjustment);
  double   bottom = get_bottom (adjustment);
  gboolean alone = bottom == self->bottom;

  if (alone && value < self->value - 1)
    set_following (self, value >= bottom - 1);
  else if (alone && value > self->value + 1 && value >= bottom - 1)
    set_following (self, TRUE);

  self->value = value;
  self->bottom = bottom;
  if (self->following && value < bottom)
    queue_tick (self);
}

/* Comes in the middle of a layout, in which nothing may move: the next frame does. */
static void
ends_changed_cb (LockstepLogView *self,
                 GtkAdjustment   *adjustment)
{
  self->bottom = get_bottom (adjustment);
  self->value = gtk_adjustment_get_value (adjustment);
  if (self->following && self->value < self->bottom)
    queue_tick (self);
}

static void
dark_cb (LockstepLogView *self,
         GParamSpec      *pspec,
         AdwStyleManager *style)
{
  lockstep_log_buffer_set_dark (self->buffer, adw_style_manager_get_dark (style));
}

static void
copy_action (GtkWidget  *widget,
             const char *name,
             GVariant   *parameter)
{
  LockstepLogView *self = LOCKSTEP_LOG_VIEW (widget);
  GtkTextBuffer   *buffer = GTK_TEXT_BUFFER (self->buffer);
  g_autofree char *text = NULL;
  GtkTextIter      start;
  GtkTextIter      end;

  lockstep_log_buffer_flush (self->buffer);
  if (!gtk_text_buffer_get_selection_bounds (buffer, &start, &end))
    gtk_text_buffer_get_bounds (buffer, &start, &end);
  text = gtk_text_buffer_get_text (buffer, &start, &end, FALSE);
  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), text);
}

static void
clear_action (GtkWidget  *widget,
              const char *name,
              GVariant   *parameter)
{
  LockstepLogView *self = LOCKSTEP_LOG_VIEW (widget);

  lockstep_log_buffer_clear (self->buffer);
  set_following (self, TRUE);
}

static void
lockstep_log_view_get_property (GObject    *object,
                                guint       property_id,
                                GValue     *value,
                                GParamSpec *pspec)
{
  LockstepLogView *self = LOCKSTEP_LOG_VIEW (object);

  switch (property_id)
    {
    case PROP_FOLLOWING:
      g_value_set_boolean (value, self->following);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
lockstep_log_view_set_property (GObject      *object,
                                guint         property_id,
                                const GValue *value,
                                GParamSpec   *pspec)
{
  switch (property_id)
    {
    case PROP_FOLLOWING:
      lockstep_log_view_set_following (LOCKSTEP_LOG_VIEW (object), g_value_get_boolean (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
lockstep_log_view_dispose (GObject *object)
{
  LockstepLogView *self = LOCKSTEP_LOG_VIEW (object);
  GtkWidget       *child;

  if (self->tick != 0)
    gtk_widget_remove_tick_callback (GTK_WIDGET (self), self->tick);
  self->tick = 0;
  g_clear_handle_id (&self->flush, g_source_remove);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);
  g_clear_object (&self->buffer);

  G_OBJECT_CLASS (lockstep_log_view_parent_class)->dispose (object);
}

static void
lockstep_log_view_class_init (LockstepLogViewClass *class)
{
  GObjectClass   *object_class = G_OBJECT_CLASS (class);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  object_class->get_property = lockstep_log_view_get_property;
  object_class->set_property = lockstep_log_view_set_property;
  object_class->dispose = lockstep_log_view_dispose;

  properties[PROP_FOLLOWING] = g_param_spec_boolean ("following", NULL, NULL, TRUE,
                                                     G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);

  gtk_widget_class_set_template_from_resource (widget_class, "/org/lockstep/Lockstep/lockstep-log-view.ui");
  gtk_widget_class_bind_template_child (widget_class, LockstepLogView, scrolled_window);
  gtk_widget_class_bind_template_child (widget_class, LockstepLogView, text_view);
  gtk_widget_class_install_property_action (widget_class, "log.follow", "following");
  gtk_widget_class_install_action (widget_class, "log.copy", NULL, copy_action);
  gtk_widget_class_install_action (widget_class, "log.clear", NULL, clear_action);
}

static void
lockstep_log_view_init (LockstepLogView *self)
{
  AdwStyleManager *style = adw_style_manager_get_default ();
  GtkAdjustment   *adjustment;
  GtkTextIter      end;

  gtk_widget_init_template (GTK_WIDGET (self));

  self->following = TRUE;
  self->buffer = lockstep_log_buffer_new ();
  gtk_text_view_set_buffer (self->text_view, GTK_TEXT_BUFFER (self->buffer));
  gtk_text_buffer_get_end_iter (GTK_TEXT_BUFFER (self->buffer), &end);
  self->end = gtk_text_buffer_create_mark (GTK_TEXT_BUFFER (self->buffer), NULL, &end, FALSE);
  g_signal_connect_object (self->buffer, "waiting", G_CALLBACK (queue_tick), self, G_CONNECT_SWAPPED);

  g_signal_connect_object (style, "notify::dark", G_CALLBACK (dark_cb), self, G_CONNECT_SWAPPED);
  dark_cb (self, NULL, style);

  adjustment = gtk_scrolled_window_get_vadjustment (self->scrolled_window);
  g_signal_connect_object (adjustment, "value-changed", G_CALLBACK (value_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (adjustment, "changed", G_CALLBACK (ends_changed_cb), self, G_CONNECT_SWAPPED);
}

LockstepLogBuffer *
lockstep_log_view_get_buffer (LockstepLogView *self)
{
  g_return_val_if_fail (LOCKSTEP_IS_LOG_VIEW (self), NULL);

  return self->buffer;
}

gboolean
lockstep_log_view_get_following (LockstepLogView *self)
{
  g_return_val_if_fail (LOCKSTEP_IS_LOG_VIEW (self), FALSE);

  return self->following;
}

void
lockstep_log_view_set_following (LockstepLogView *self,
                                 gboolean         following)
{
  g_return_if_fail (LOCKSTEP_IS_LOG_VIEW (self));

  set_following (self, following);
  if (following)
    scroll_to_end (self);
}
