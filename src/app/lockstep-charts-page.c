/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-charts-page.h"

#include "lockstep-chart-card.h"

/* Charts are drawn anew so often (ms): numbers come ten times a second, and nobody reads them so fast. */
#define UPDATE_INTERVAL 250

struct _LockstepChartsPage
{
  GtkWidget parent_instance;

  GtkFlowBox *flow_box;

  LockstepChronicle *chronicle;     /* NULL for none */
  GPtrArray         *cards;         /* of LockstepChartCard, in flow_box */
  guint              update_source; /* 0 while there is nothing new, or it is not seen */
  gboolean           has_data;
};

G_DEFINE_FINAL_TYPE (LockstepChartsPage, lockstep_charts_page, GTK_TYPE_WIDGET)

enum
{
  PROP_0,
  PROP_CHRONICLE,
  PROP_HAS_DATA,
  N_PROPERTIES
};

static GParamSpec *properties[N_PROPERTIES];

static LockstepChartCard *
find_card (LockstepChartsPage *self,
           const char         *name)
{
  for (guint i = 0; i < self->cards->len; i++)
    {
      LockstepChartCard *card = g_ptr_array_index (self->cards, i);

      if (g_str_equal (lockstep_chart_get_name (lockstep_chart_card_get_chart (card)), name))
        return card;
    }

  return NULL;
}

/* What a loop is done for stands first. */
static void
add_card (LockstepChartsPage *self,
          LockstepTraceValue *value)
{
  LockstepChart     *chart = lockstep_chart_new (self->chronicle, value->name);
  LockstepChartCard *card = lockstep_chart_card_new (chart);

  g_ptr_array_add (self->cards, card);
  gtk_flow_box_insert (self->flow_box, GTK_WIDGET (card), value->has_target ? 0 : -1);
  gtk_widget_set_focusable (gtk_widget_get_parent (GTK_WIDGET (card)), FALSE);
}

static gboolean
update (gpointer data)
{
  LockstepChartsPage *self = data;
  GPtrArray          *values = lockstep_trace_get_values (lockstep_chronicle_get_trace (self->chronicle));

  self->update_source = 0;
  for (guint i = 0; i < values->len; i++)
    {
      LockstepTraceValue *value = g_ptr_array_index (values, i);
      LockstepChartCard  *card = find_card (self, value->name);

      if (card != NULL)
        lockstep_chart_card_update (card);
      else
        add_card (self, value);
    }
  gtk_flow_box_set_max_children_per_line (self->flow_box, self->cards->len > 1 ? 2 : 1);

  return G_SOURCE_REMOVE;
}

static void
update_has_data (LockstepChartsPage *self)
{
  const gboolean has_data = self->chronicle != NULL && lockstep_trace_get_values (lockstep_chronicle_get_trace (self->chronicle))->len > 0;

  if (has_data == self->has_data)
    return;

  self->has_data = has_data;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_HAS_DATA]);
}

static void
changed_cb (LockstepChartsPage *self)
{
  update_has_data (self);
  if (self->chronicle != NULL && self->update_source == 0 && gtk_widget_get_mapped (GTK_WIDGET (self)))
    self->update_source = g_timeout_add (UPDATE_INTERVAL, update, self);
}

static void
remove_cards (LockstepChartsPage *self)
{
  for (guint i = 0; i < self->cards->len; i++)
    gtk_flow_box_remove (self->flow_box, g_ptr_array_index (self->cards, i));
  g_ptr_array_set_size (self->cards, 0);
}

static void
lockstep_charts_page_map (GtkWidget *widget)
{
  LockstepChartsPage *self = LOCKSTEP_CHARTS_PAGE (widget);

  GTK_WIDGET_CLASS (lockstep_charts_page_parent_class)->map (widget);

  if (self->chronicle != NULL)
    {
      g_clear_handle_id (&self->update_source, g_source_remove);
      update (self);
    }
}

static void
lockstep_charts_page_get_property (GObject    *object,
                                   guint       property_id,
                                   GValue     *value,
                                   GParamSpec *pspec)
{
  LockstepChartsPage *self = LOCKSTEP_CHARTS_PAGE (object);

  switch (property_id)
    {
    case PROP_CHRONICLE:
      g_value_set_object (value, self->chronicle);
      break;
    case PROP_HAS_DATA:
      g_value_set_boolean (value, self->has_data);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
lockstep_charts_page_set_property (GObject      *object,
                                   guint         property_id,
                                   const GValue *value,
                                   GParamSpec   *pspec)
{
  switch (property_id)
    {
    case PROP_CHRONICLE:
      lockstep_charts_page_set_chronicle (LOCKSTEP_CHARTS_PAGE (object), g_value_get_object (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
lockstep_charts_page_dispose (GObject *object)
{
  LockstepChartsPage *self = LOCKSTEP_CHARTS_PAGE (object);
  GtkWidget          *child;

  g_clear_handle_id (&self->update_source, g_source_remove);
  if (self->chronicle != NULL)
    g_signal_handlers_disconnect_by_func (self->chronicle, changed_cb, self);
  g_clear_object (&self->chronicle);
  g_clear_pointer (&self->cards, g_ptr_array_unref);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);

  G_OBJECT_CLASS (lockstep_charts_page_parent_class)->dispose (object);
}

static void
lockstep_charts_page_class_init (LockstepChartsPageClass *class)
{
  GObjectClass   *object_class = G_OBJECT_CLASS (class);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  object_class->get_property = lockstep_charts_page_get_property;
  object_class->set_property = lockstep_charts_page_set_property;
  object_class->dispose = lockstep_charts_page_dispose;
  widget_class->map = lockstep_charts_page_map;

  properties[PROP_CHRONICLE] = g_param_spec_object ("chronicle", NULL, NULL, LOCKSTEP_TYPE_CHRONICLE,
                                                    G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  properties[PROP_HAS_DATA] = g_param_spec_boolean ("has-data", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);

  gtk_widget_class_set_template_from_resource (widget_class, "/org/lockstep/Lockstep/lockstep-charts-page.ui");
  gtk_widget_class_bind_template_child (widget_class, LockstepChartsPage, flow_box);
}

static void
lockstep_charts_page_init (LockstepChartsPage *self)
{
  self->cards = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
lockstep_charts_page_set_chronicle (LockstepChartsPage *self,
                                    LockstepChronicle  *chronicle)
{
  g_return_if_fail (LOCKSTEP_IS_CHARTS_PAGE (self));

  if (chronicle == self->chronicle)
    return;

  g_clear_handle_id (&self->update_source, g_source_remove);
  if (self->chronicle != NULL)
    g_signal_handlers_disconnect_by_func (self->chronicle, changed_cb, self);
  remove_cards (self);
  g_set_object (&self->chronicle, chronicle);
  if (chronicle != NULL)
    g_signal_connect_swapped (chronicle, "changed", G_CALLBACK (changed_cb), self);
  changed_cb (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CHRONICLE]);
}
