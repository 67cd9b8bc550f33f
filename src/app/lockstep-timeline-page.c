/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-timeline-page.h"

#include <adwaita.h>
#include <glib/gi18n-lib.h>

#include "lockstep-picture-file.h"
#include "lockstep-span-list.h"
#include "lockstep-timeline.h"

/* The table takes in what is new so often (ms): it is there to be read. */
#define TABLE_INTERVAL 1000

/* What the buttons zoom by. */
#define ZOOM_STEP 2.0

struct _LockstepTimelinePage
{
  GtkWidget parent_instance;

  LockstepTimeline *timeline;
  GtkLabel         *moment_label;
  GtkStack         *stack;
  GtkColumnView    *column_view;
  GtkWidget        *now_button;

  LockstepChronicle *chronicle; /* NULL for none */
  LockstepMoment    *moment;
  LockstepSpanList  *spans;
  guint              table_source; /* 0 while there is nothing new, or it is not seen */
  gboolean           has_data;
};

G_DEFINE_FINAL_TYPE (LockstepTimelinePage, lockstep_timeline_page, GTK_TYPE_WIDGET)

enum
{
  PROP_0,
  PROP_CHRONICLE,
  PROP_MOMENT,
  PROP_SHOW_TABLE,
  PROP_HAS_DATA,
  N_PROPERTIES
};

static GParamSpec *properties[N_PROPERTIES];

static gboolean
is_table_shown (LockstepTimelinePage *self)
{
  return g_strcmp0 (gtk_stack_get_visible_child_name (self->stack), "table") == 0;
}

static gboolean
update_table (gpointer data)
{
  LockstepTimelinePage *self = data;

  self->table_source = 0;
  lockstep_span_list_update (self->spans);

  return G_SOURCE_REMOVE;
}

static void
update_has_data (LockstepTimelinePage *self)
{
  const gboolean has_data = self->chronicle != NULL && lockstep_trace_get_n_rows (lockstep_chronicle_get_trace (self->chronicle)) > 0;

  if (has_data == self->has_data)
    return;

  self->has_data = has_data;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_HAS_DATA]);
}

static void
changed_cb (LockstepTimelinePage *self)
{
  update_has_data (self);
  if (is_table_shown (self) && self->table_source == 0)
    self->table_source = g_timeout_add (TABLE_INTERVAL, update_table, self);
}

/* What there is to say of the moment, or how to find one. */
static void
update_moment (LockstepTimelinePage *self)
{
  const char *text = lockstep_timeline_get_text (self->timeline);

  gtk_label_set_label (self->moment_label, text != NULL ? text : _ ("Click to see a moment of the run"));
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->moment_label), text);
  if (text != NULL)
    gtk_widget_remove_css_class (GTK_WIDGET (self->moment_label), "dim-label");
  else
    gtk_widget_add_css_class (GTK_WIDGET (self->moment_label), "dim-label");
  gtk_widget_set_visible (self->now_button, text != NULL);
}

static void
setup_cell (GtkSignalListItemFactory *factory,
            GtkListItem              *item,
            gpointer                  column)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_widget_add_css_class (label, "numeric");
  gtk_list_item_set_child (item, label);
}

static void
bind_cell (GtkSignalListItemFactory *factory,
           GtkListItem              *item,
           gpointer                  column)
{
  g_autofree char *text = lockstep_span_item_dup_text (gtk_list_item_get_item (item), GPOINTER_TO_UINT (column));

  gtk_label_set_label (GTK_LABEL (gtk_list_item_get_child (item)), text);
}

static void
add_columns (LockstepTimelinePage *self)
{
  const struct
  {
    const char *title;
    int         width;
  } columns[] = {
    [LOCKSTEP_SPAN_SOLVER] = { _ ("Solver"), 72 },
    [LOCKSTEP_SPAN_STEP] = { _ ("Step"), 180 },
    [LOCKSTEP_SPAN_ITERATION] = { _ ("Iteration"), 80 },
    [LOCKSTEP_SPAN_TASK] = { _ ("Task"), 90 },
    [LOCKSTEP_SPAN_ATTEMPT] = { _ ("Attempt"), 76 },
    [LOCKSTEP_SPAN_START] = { _ ("Start"), 120 },
    [LOCKSTEP_SPAN_LENGTH] = { _ ("Duration"), 110 },
    [LOCKSTEP_SPAN_OUTCOME] = { _ ("Outcome"), 100 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (columns); i++)
    {
      GtkListItemFactory             *factory = gtk_signal_list_item_factory_new ();
      g_autoptr (GtkColumnViewColumn) column = NULL;

      g_signal_connect (factory, "setup", G_CALLBACK (setup_cell), GUINT_TO_POINTER (i));
      g_signal_connect (factory, "bind", G_CALLBACK (bind_cell), GUINT_TO_POINTER (i));
      column = gtk_column_view_column_new (columns[i].title, factory);
      gtk_column_view_column_set_fixed_width (column, columns[i].width);
      gtk_column_view_column_set_resizable (column, TRUE);
      gtk_column_view_column_set_expand (column, i == LOCKSTEP_SPAN_STEP);
      gtk_column_view_append_column (self->column_view, column);
    }
}

/* A row of the table is a moment as well. */
static void
activate_cb (LockstepTimelinePage *self,
             guint                 position)
{
  g_autoptr (LockstepSpanItem) item = g_list_model_get_item (G_LIST_MODEL (self->spans), position);

  if (item != NULL && self->moment != NULL)
    lockstep_moment_set_time (self->moment, lockstep_span_item_get_start (item));
}

static void
export_action (GtkWidget  *widget,
               const char *name,
               GVariant   *parameter)
{
  LockstepTimelinePage *self = LOCKSTEP_TIMELINE_PAGE (widget);
  g_autofree char      *file_name = NULL;

  if (self->chronicle == NULL)
    return;

  file_name = g_strdup_printf (_ ("%s, timeline"), lockstep_plan_get_name (lockstep_run_get_plan (lockstep_chronicle_get_run (self->chronicle))));
  g_strdelimit (file_name, "/", '-');
  if (g_str_equal (g_variant_get_string (parameter, NULL), "png"))
    lockstep_picture_save_png (LOCKSTEP_PICTURE (self->timeline), file_name);
  else
    lockstep_picture_save_svg (LOCKSTEP_PICTURE (self->timeline), file_name);
}

static void
zoom_in_action (GtkWidget  *widget,
                const char *name,
                GVariant   *parameter)
{
  lockstep_timeline_zoom (LOCKSTEP_TIMELINE_PAGE (widget)->timeline, ZOOM_STEP, -1);
}

static void
zoom_out_action (GtkWidget  *widget,
                 const char *name,
                 GVariant   *parameter)
{
  lockstep_timeline_zoom (LOCKSTEP_TIMELINE_PAGE (widget)->timeline, 1 / ZOOM_STEP, -1);
}

static void
fit_action (GtkWidget  *widget,
            const char *name,
            GVariant   *parameter)
{
  lockstep_timeline_fit (LOCKSTEP_TIMELINE_PAGE (widget)->timeline);
}

static void
now_action (GtkWidget  *widget,
            const char *name,
            GVariant   *parameter)
{
  lockstep_timeline_let_go (LOCKSTEP_TIMELINE_PAGE (widget)->timeline);
}

static void
update_fitting (LockstepTimelinePage *self)
{
  const gboolean fitting = lockstep_timeline_get_fitting (self->timeline);

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "timeline.fit", !fitting);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "timeline.zoom-out", !fitting);
}

static void
lockstep_timeline_page_get_property (GObject    *object,
                                     guint       property_id,
                                     GValue     *value,
                                     GParamSpec *pspec)
{
  LockstepTimelinePage *self = LOCKSTEP_TIMELINE_PAGE (object);

  switch (property_id)
    {
    case PROP_CHRONICLE:
      g_value_set_object (value, self->chronicle);
      break;
    case PROP_MOMENT:
      g_value_set_object (value, self->moment);
      break;
    case PROP_SHOW_TABLE:
      g_value_set_boolean (value, is_table_shown (self));
      break;
    case PROP_HAS_DATA:
      g_value_set_boolean (value, self->has_data);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
lockstep_timeline_page_set_property (GObject      *object,
                                     guint         property_id,
                                     const GValue *value,
                                     GParamSpec   *pspec)
{
  LockstepTimelinePage *self = LOCKSTEP_TIMELINE_PAGE (object);

  switch (property_id)
    {
    case PROP_CHRONICLE:
      lockstep_timeline_page_set_chronicle (self, g_value_get_object (value));
      break;
    case PROP_MOMENT:
      lockstep_timeline_page_set_moment (self, g_value_get_object (value));
      break;
    case PROP_SHOW_TABLE:
      lockstep_timeline_page_set_show_table (self, g_value_get_boolean (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

/* What keys move in. */
static gboolean
lockstep_timeline_page_grab_focus (GtkWidget *widget)
{
  LockstepTimelinePage *self = LOCKSTEP_TIMELINE_PAGE (widget);

  return gtk_widget_grab_focus (is_table_shown (self) ? GTK_WIDGET (self->column_view) : GTK_WIDGET (self->timeline));
}

static void
lockstep_timeline_page_dispose (GObject *object)
{
  LockstepTimelinePage *self = LOCKSTEP_TIMELINE_PAGE (object);
  GtkWidget            *child;

  g_clear_handle_id (&self->table_source, g_source_remove);
  if (self->chronicle != NULL)
    g_signal_handlers_disconnect_by_func (self->chronicle, changed_cb, self);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);
  g_clear_object (&self->chronicle);
  g_clear_object (&self->moment);
  g_clear_object (&self->spans);

  G_OBJECT_CLASS (lockstep_timeline_page_parent_class)->dispose (object);
}

static void
lockstep_timeline_page_class_init (LockstepTimelinePageClass *class)
{
  GObjectClass     *object_class = G_OBJECT_CLASS (class);
  GtkWidgetClass   *widget_class = GTK_WIDGET_CLASS (class);
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->get_property = lockstep_timeline_page_get_property;
  object_class->set_property = lockstep_timeline_page_set_property;
  object_class->dispose = lockstep_timeline_page_dispose;
  widget_class->grab_focus = lockstep_timeline_page_grab_focus;

  properties[PROP_CHRONICLE] = g_param_spec_object ("chronicle", NULL, NULL, LOCKSTEP_TYPE_CHRONICLE, flags);
  properties[PROP_MOMENT] = g_param_spec_object ("moment", NULL, NULL, LOCKSTEP_TYPE_MOMENT, flags);
  properties[PROP_SHOW_TABLE] = g_param_spec_boolean ("show-table", NULL, NULL, FALSE, flags);
  properties[PROP_HAS_DATA] = g_param_spec_boolean ("has-data", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);

  gtk_widget_class_install_action (widget_class, "timeline.export", "s", export_action);
  gtk_widget_class_install_action (widget_class, "timeline.zoom-in", NULL, zoom_in_action);
  gtk_widget_class_install_action (widget_class, "timeline.zoom-out", NULL, zoom_out_action);
  gtk_widget_class_install_action (widget_class, "timeline.fit", NULL, fit_action);
  gtk_widget_class_install_action (widget_class, "timeline.now", NULL, now_action);
  gtk_widget_class_install_property_action (widget_class, "timeline.table", "show-table");

  g_type_ensure (LOCKSTEP_TYPE_TIMELINE);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/lockstep/Lockstep/lockstep-timeline-page.ui");
  gtk_widget_class_bind_template_child (widget_class, LockstepTimelinePage, timeline);
  gtk_widget_class_bind_template_child (widget_class, LockstepTimelinePage, moment_label);
  gtk_widget_class_bind_template_child (widget_class, LockstepTimelinePage, stack);
  gtk_widget_class_bind_template_child (widget_class, LockstepTimelinePage, column_view);
  gtk_widget_class_bind_template_child (widget_class, LockstepTimelinePage, now_button);
  gtk_widget_class_bind_template_callback (widget_class, activate_cb);
}

static void
lockstep_timeline_page_init (LockstepTimelinePage *self)
{
  GtkSelectionModel *selection;

  gtk_widget_init_template (GTK_WIDGET (self));

  self->spans = lockstep_span_list_new ();
  selection = GTK_SELECTION_MODEL (gtk_single_selection_new (g_object_ref (G_LIST_MODEL (self->spans))));
  gtk_single_selection_set_autoselect (GTK_SINGLE_SELECTION (selection), FALSE);
  gtk_single_selection_set_can_unselect (GTK_SINGLE_SELECTION (selection), TRUE);
  gtk_column_view_set_model (self->column_view, selection);
  g_object_unref (selection);
  add_columns (self);

  g_signal_connect_object (self->timeline, "notify::text", G_CALLBACK (update_moment), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->timeline, "notify::fitting", G_CALLBACK (update_fitting), self, G_CONNECT_SWAPPED);
  update_moment (self);
  update_fitting (self);
}

void
lockstep_timeline_page_set_chronicle (LockstepTimelinePage *self,
                                      LockstepChronicle    *chronicle)
{
  g_return_if_fail (LOCKSTEP_IS_TIMELINE_PAGE (self));

  if (chronicle == self->chronicle)
    return;

  if (self->chronicle != NULL)
    g_signal_handlers_disconnect_by_func (self->chronicle, changed_cb, self);
  g_set_object (&self->chronicle, chronicle);
  lockstep_timeline_set_chronicle (self->timeline, chronicle);
  lockstep_span_list_set_chronicle (self->spans, chronicle);
  if (chronicle != NULL)
    g_signal_connect_swapped (chronicle, "changed", G_CALLBACK (changed_cb), self);
  changed_cb (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CHRONICLE]);
}

void
lockstep_timeline_page_set_moment (LockstepTimelinePage *self,
                                   LockstepMoment       *moment)
{
  g_return_if_fail (LOCKSTEP_IS_TIMELINE_PAGE (self));

  if (!g_set_object (&self->moment, moment))
    return;

  lockstep_timeline_set_moment (self->timeline, moment);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_MOMENT]);
}

void
lockstep_timeline_page_set_show_table (LockstepTimelinePage *self,
                                       gboolean              show_table)
{
  g_return_if_fail (LOCKSTEP_IS_TIMELINE_PAGE (self));

  if (show_table == is_table_shown (self))
    return;

  if (show_table)
    lockstep_span_list_update (self->spans);
  gtk_stack_set_visible_child_name (self->stack, show_table ? "table" : "picture");
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SHOW_TABLE]);
}
