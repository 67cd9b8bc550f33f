/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-chart-card.h"

#include <glib/gi18n-lib.h>

#include "lockstep-picture-file.h"

struct _LockstepChartCard
{
  GtkWidget parent_instance;

  GtkLabel  *name_label;
  GtkLabel  *newest_label;
  GtkWidget *log_button;
  GtkWidget *export_button;
  GtkBox    *chart_box;
  GtkLabel  *note_label;

  LockstepChart *chart; /* in chart_box */
};

G_DEFINE_FINAL_TYPE (LockstepChartCard, lockstep_chart_card, GTK_TYPE_WIDGET)

static void
export_action (GtkWidget  *widget,
               const char *name,
               GVariant   *parameter)
{
  LockstepChartCard *self = LOCKSTEP_CHART_CARD (widget);
  const char        *format = g_variant_get_string (parameter, NULL);
  g_autofree char   *file_name = g_strdelimit (g_strdup (lockstep_chart_get_name (self->chart)), "/", '-');

  if (g_str_equal (format, "svg"))
    {
      lockstep_picture_save_svg (LOCKSTEP_PICTURE (self->chart), file_name);
    }
  else if (g_str_equal (format, "png"))
    {
      lockstep_picture_save_png (LOCKSTEP_PICTURE (self->chart), file_name);
    }
  else
    {
      g_autoptr (GBytes) content = lockstep_chart_to_csv (self->chart);
      g_autofree char   *csv_name = g_strconcat (file_name, ".csv", NULL);

      lockstep_save (widget, csv_name, content);
    }
}

static void
log_action (GtkWidget  *widget,
            const char *name,
            GVariant   *parameter)
{
  LockstepChart *chart = LOCKSTEP_CHART_CARD (widget)->chart;

  lockstep_chart_set_log (chart, !lockstep_chart_get_log (chart));
}

static void
lockstep_chart_card_dispose (GObject *object)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (object))) != NULL)
    gtk_widget_unparent (child);

  G_OBJECT_CLASS (lockstep_chart_card_parent_class)->dispose (object);
}

static void
lockstep_chart_card_class_init (LockstepChartCardClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = lockstep_chart_card_dispose;
  gtk_widget_class_install_action (widget_class, "chart.export", "s", export_action);
  gtk_widget_class_install_action (widget_class, "chart.log", NULL, log_action);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/lockstep/Lockstep/lockstep-chart-card.ui");
  gtk_widget_class_bind_template_child (widget_class, LockstepChartCard, name_label);
  gtk_widget_class_bind_template_child (widget_class, LockstepChartCard, newest_label);
  gtk_widget_class_bind_template_child (widget_class, LockstepChartCard, log_button);
  gtk_widget_class_bind_template_child (widget_class, LockstepChartCard, export_button);
  gtk_widget_class_bind_template_child (widget_class, LockstepChartCard, chart_box);
  gtk_widget_class_bind_template_child (widget_class, LockstepChartCard, note_label);
}

static void
lockstep_chart_card_init (LockstepChartCard *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

LockstepChartCard *
lockstep_chart_card_new (LockstepChart *chart)
{
  LockstepChartCard *self = g_object_new (LOCKSTEP_TYPE_CHART_CARD, NULL);
  g_autofree char   *tooltip = g_strdup_printf (_ ("Export %s"), lockstep_chart_get_name (chart));

  self->chart = chart;
  gtk_label_set_label (self->name_label, lockstep_chart_get_name (chart));
  gtk_widget_set_tooltip_text (self->export_button, tooltip);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->export_button), GTK_ACCESSIBLE_PROPERTY_LABEL, tooltip, -1);
  gtk_widget_set_vexpand (GTK_WIDGET (chart), TRUE);
  gtk_box_append (self->chart_box, GTK_WIDGET (chart));
  g_object_bind_property (chart, "log", self->log_button, "active", G_BINDING_SYNC_CREATE | G_BINDING_BIDIRECTIONAL);
  lockstep_chart_card_update (self);

  return self;
}

LockstepChart *
lockstep_chart_card_get_chart (LockstepChartCard *self)
{
  g_return_val_if_fail (LOCKSTEP_IS_CHART_CARD (self), NULL);

  return self->chart;
}

void
lockstep_chart_card_update (LockstepChartCard *self)
{
  g_autofree char *newest = NULL;
  g_autofree char *note = NULL;

  g_return_if_fail (LOCKSTEP_IS_CHART_CARD (self));

  lockstep_chart_update (self->chart);
  newest = lockstep_chart_dup_newest (self->chart);
  gtk_label_set_label (self->newest_label, newest);
  note = lockstep_chart_dup_note (self->chart);
  gtk_label_set_label (self->note_label, note);
  gtk_widget_set_visible (GTK_WIDGET (self->note_label), note != NULL);
  gtk_widget_set_sensitive (self->log_button, lockstep_chart_can_log (self->chart));
}
