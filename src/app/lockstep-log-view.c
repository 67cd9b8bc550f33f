/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-log-view-private.h"

#include <adwaita.h>
#include <glib/gi18n-lib.h>

/* Below drawing, as all that solvers can cause. */
#define FLUSH_PRIORITY 150

#define MOMENT_MARK "moment"

G_DEFINE_FINAL_TYPE (LockstepLogView, lockstep_log_view, GTK_TYPE_WIDGET)

enum
{
  PROP_0,
  PROP_FOLLOWING,
  PROP_RUN,
  PROP_MOMENT,
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
has_moment (LockstepLogView *self)
{
  return self->moment != NULL && lockstep_moment_get_time (self->moment) != 0;
}

/* Marks the line of the moment and brings it into sight. */
static void
show_moment (LockstepLogView *self)
{
  GtkTextBuffer *buffer = GTK_TEXT_BUFFER (self->buffer);
  const int      line = lockstep_log_buffer_find (self->buffer, lockstep_moment_get_time (self->moment));
  GtkTextIter    start;
  GtkTextIter    end;

  self->to_moment = FALSE;
  gtk_text_buffer_get_iter_at_line (buffer, &start, MAX (line, 0));
  end = start;
  gtk_text_iter_forward_line (&end);
  if (line >= 0)
    gtk_text_buffer_apply_tag (buffer, self->moment_tag, &start, &end);
  gtk_text_buffer_move_mark_by_name (buffer, MOMENT_MARK, &start);
  gtk_text_view_scroll_to_mark (self->text_view, gtk_text_buffer_get_mark (buffer, MOMENT_MARK), 0, TRUE, 0, 0.5);
}

static void queue_tick (LockstepLogView *self);

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
  if (self->to_moment && lockstep_log_buffer_get_n_lines (self->buffer) > 0)
    show_moment (self);
  if (lockstep_log_buffer_is_waiting (self->buffer))
    {
      lockstep_log_buffer_flush (self->buffer);
      if (self->following)
        scroll_to_end (self);
      if (self->to_moment)
        queue_tick (self);
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

/* What is in the buffer has been measured when a frame has passed, and only then can a line of it be scrolled to. */
static void
update_moment (LockstepLogView *self)
{
  GtkTextBuffer *buffer = GTK_TEXT_BUFFER (self->buffer);
  GtkTextIter    start;
  GtkTextIter    end;

  gtk_text_buffer_get_bounds (buffer, &start, &end);
  gtk_text_buffer_remove_tag (buffer, self->moment_tag, &start, &end);
  self->to_moment = has_moment (self);
  set_following (self, !self->to_moment);
  if (self->to_moment)
    queue_tick (self);
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
  else if (alone && value > self->value + 1 && value >= bottom - 1 && !has_moment (self))
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
changed_cb (LockstepLogView *self)
{
  gtk_widget_set_visible (self->empty_label, gtk_text_buffer_get_char_count (GTK_TEXT_BUFFER (self->buffer)) == 0);
}

static void
dark_cb (LockstepLogView *self,
         GParamSpec      *pspec,
         AdwStyleManager *style)
{
  lockstep_log_buffer_set_dark (self->buffer, adw_style_manager_get_dark (style));
}

/* The rest of a line that wraps stands below its text, in whatever font that is. */
static void
map_cb (LockstepLogView *self)
{
  g_autofree char        *prefix = g_strnfill (LOCKSTEP_LOG_BUFFER_PREFIX, '0');
  g_autoptr (PangoLayout) layout = gtk_widget_create_pango_layout (GTK_WIDGET (self->text_view), prefix);
  int                     width;

  pango_layout_get_pixel_size (layout, &width, NULL);
  gtk_text_view_set_indent (self->text_view, -width);
}

/* Whose lines are shown: all, the run's own, a solver's. */
static char *
dup_whose (guint index)
{
  if (index == 0)
    return g_strdup (_ ("Everything"));
  if (index == 1)
    return g_strdup (_ ("Run"));

  return g_strdup_printf (_ ("Solver %u"), index - 2);
}

static gpointer
map_solver (gpointer item,
            gpointer user_data)
{
  g_autoptr (LockstepRunSolver) solver = item;
  g_autofree char              *text = dup_whose (lockstep_run_solver_get_index (solver) + 2);

  return gtk_string_object_new (text);
}

/* There is a file to show once there is a solver. */
static void
update_whole (LockstepLogView *self)
{
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "log.whole",
                                 self->run != NULL && g_list_model_get_n_items (lockstep_run_get_solvers (self->run)) > 0);
}

static void
set_whose_model (LockstepLogView *self)
{
  g_autofree char          *all = dup_whose (0);
  g_autofree char          *run = dup_whose (1);
  const char               *first[] = { all, run, NULL };
  GListStore               *models = g_list_store_new (G_TYPE_LIST_MODEL);
  g_autoptr (GtkStringList) strings = gtk_string_list_new (first);
  g_autoptr (GListModel)    model = NULL;

  g_list_store_append (models, strings);
  if (self->run != NULL)
    {
      g_autoptr (GtkMapListModel) solvers = gtk_map_list_model_new (g_object_ref (lockstep_run_get_solvers (self->run)), map_solver, NULL, NULL);

      g_list_store_append (models, solvers);
    }
  model = G_LIST_MODEL (gtk_flatten_list_model_new (G_LIST_MODEL (models)));
  g_signal_connect_object (model, "items-changed", G_CALLBACK (update_whole), self, G_CONNECT_SWAPPED);
  gtk_drop_down_set_model (self->solver_drop_down, model);
  update_whole (self);
}

static void
filter_cb (LockstepLogView *self)
{
  const guint level = gtk_drop_down_get_selected (self->level_drop_down);

  if (self->buffer == NULL)
    return;

  lockstep_log_buffer_set_filter (self->buffer, lockstep_log_view_get_solver (self), level == GTK_INVALID_LIST_POSITION ? LOCKSTEP_LEVEL_DEBUG : level);
  if (has_moment (self))
    update_moment (self);
  else
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
    case PROP_RUN:
      g_value_set_object (value, self->run);
      break;
    case PROP_MOMENT:
      g_value_set_object (value, self->moment);
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
    case PROP_RUN:
      lockstep_log_view_set_run (LOCKSTEP_LOG_VIEW (object), g_value_get_object (value));
      break;
    case PROP_MOMENT:
      lockstep_log_view_set_moment (LOCKSTEP_LOG_VIEW (object), g_value_get_object (value));
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
  if (self->moment != NULL)
    g_signal_handlers_disconnect_by_func (self->moment, update_moment, self);
  g_clear_object (&self->moment);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);
  g_clear_object (&self->buffer);
  g_clear_object (&self->run);

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
  properties[PROP_RUN] = g_param_spec_object ("run", NULL, NULL, LOCKSTEP_TYPE_RUN,
                                              G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  properties[PROP_MOMENT] = g_param_spec_object ("moment", NULL, NULL, LOCKSTEP_TYPE_MOMENT,
                                                 G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);

  gtk_widget_class_set_template_from_resource (widget_class, "/org/lockstep/Lockstep/lockstep-log-view.ui");
  gtk_widget_class_bind_template_child (widget_class, LockstepLogView, scrolled_window);
  gtk_widget_class_bind_template_child (widget_class, LockstepLogView, text_view);
  gtk_widget_class_bind_template_child (widget_class, LockstepLogView, empty_label);
  gtk_widget_class_bind_template_child (widget_class, LockstepLogView, solver_drop_down);
  gtk_widget_class_bind_template_child (widget_class, LockstepLogView, level_drop_down);
  gtk_widget_class_bind_template_child (widget_class, LockstepLogView, search_bar);
  gtk_widget_class_bind_template_child (widget_class, LockstepLogView, search_entry);
  gtk_widget_class_bind_template_child (widget_class, LockstepLogView, search_label);
  gtk_widget_class_bind_template_callback (widget_class, filter_cb);
  gtk_widget_class_install_property_action (widget_class, "log.follow", "following");
  lockstep_log_view_class_add_actions (widget_class);
}

static void
lockstep_log_view_init (LockstepLogView *self)
{
  const GdkRGBA    moment_color = { .red = 0.21f, .green = 0.52f, .blue = 0.89f, .alpha = 0.3f };
  AdwStyleManager *style = adw_style_manager_get_default ();
  GtkAdjustment   *adjustment;
  GtkTextIter      end;

  gtk_widget_init_template (GTK_WIDGET (self));

  self->following = TRUE;
  self->buffer = lockstep_log_buffer_new ();
  gtk_text_view_set_buffer (self->text_view, GTK_TEXT_BUFFER (self->buffer));
  gtk_text_buffer_get_end_iter (GTK_TEXT_BUFFER (self->buffer), &end);
  self->end = gtk_text_buffer_create_mark (GTK_TEXT_BUFFER (self->buffer), NULL, &end, FALSE);
  gtk_text_buffer_create_mark (GTK_TEXT_BUFFER (self->buffer), MOMENT_MARK, &end, TRUE);
  self->moment_tag = gtk_text_buffer_create_tag (GTK_TEXT_BUFFER (self->buffer), MOMENT_MARK, "paragraph-background-rgba", &moment_color, NULL);
  g_signal_connect_object (self->buffer, "waiting", G_CALLBACK (queue_tick), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->buffer, "changed", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);

  g_signal_connect_object (self->text_view, "map", G_CALLBACK (map_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (style, "notify::dark", G_CALLBACK (dark_cb), self, G_CONNECT_SWAPPED);
  dark_cb (self, NULL, style);

  gtk_search_bar_connect_entry (self->search_bar, self->search_entry);
  set_whose_model (self);
  filter_cb (self);

  adjustment = gtk_scrolled_window_get_vadjustment (self->scrolled_window);
  g_signal_connect_object (adjustment, "value-changed", G_CALLBACK (value_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (adjustment, "changed", G_CALLBACK (ends_changed_cb), self, G_CONNECT_SWAPPED);
}

void
lockstep_log_view_set_run (LockstepLogView *self,
                           LockstepRun     *run)
{
  g_return_if_fail (LOCKSTEP_IS_LOG_VIEW (self));

  if (!g_set_object (&self->run, run))
    return;

  set_whose_model (self);
  filter_cb (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_RUN]);
}

void
lockstep_log_view_set_moment (LockstepLogView *self,
                              LockstepMoment  *moment)
{
  g_return_if_fail (LOCKSTEP_IS_LOG_VIEW (self));

  if (moment == self->moment)
    return;

  if (self->moment != NULL)
    g_signal_handlers_disconnect_by_func (self->moment, update_moment, self);
  g_set_object (&self->moment, moment);
  if (moment != NULL)
    g_signal_connect_swapped (moment, "notify::time", G_CALLBACK (update_moment), self);
  update_moment (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_MOMENT]);
}

void
lockstep_log_view_show_solver (LockstepLogView *self,
                               guint            solver)
{
  g_return_if_fail (LOCKSTEP_IS_LOG_VIEW (self));

  gtk_widget_set_visible (GTK_WIDGET (self), TRUE);
  gtk_drop_down_set_selected (self->solver_drop_down, solver + 2);
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
