/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-cause-bar.h"

#include <glib/gi18n-lib.h>

#include "lockstep-cause.h"

/* Groups of failures that have a button; what is in none of them is in the table. */
#define MAX_CAUSES 12

struct _LockstepCauseBar
{
  GtkWidget     parent_instance;
  GtkBox       *box;
  GSignalGroup *model_signals;
  GHashTable   *causes; /* LockstepCause → its toggle button, which the box owns */
};

G_DEFINE_FINAL_TYPE (LockstepCauseBar, lockstep_cause_bar, GTK_TYPE_WIDGET)

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
tell_changed (LockstepCauseBar *self)
{
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
count_cb (LockstepCause *cause,
          GParamSpec    *pspec,
          GtkWidget     *button)
{
  g_autofree char *title = lockstep_cause_dup_title (cause);
  g_autofree char *text = g_strdup_printf ("%" G_GUINT64_FORMAT " × %s", lockstep_cause_get_count (cause), title);
  g_autofree char *tooltip = g_strdup_printf (_ ("Show Only These: %s"), text);

  gtk_label_set_label (GTK_LABEL (gtk_button_get_child (GTK_BUTTON (button))), text);
  gtk_widget_set_tooltip_text (button, tooltip);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
}

static GtkWidget *
add_cause (LockstepCauseBar *self,
           LockstepCause    *cause)
{
  GtkWidget *button = gtk_toggle_button_new ();
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_label_set_max_width_chars (GTK_LABEL (label), 36);
  gtk_button_set_child (GTK_BUTTON (button), label);
  gtk_widget_add_css_class (button, "cause");
  g_signal_connect_object (cause, "notify::count", G_CALLBACK (count_cb), button, 0);
  g_signal_connect_object (button, "toggled", G_CALLBACK (tell_changed), self, G_CONNECT_SWAPPED);
  count_cb (cause, NULL, button);
  gtk_box_append (self->box, button);

  return button;
}

/* A button for each of the largest groups, in their order; those that stay keep whether they are pressed. */
static void
update_causes (LockstepCauseBar *self)
{
  GListModel    *model = g_signal_group_dup_target (self->model_signals);
  const guint    n_causes = model != NULL ? MIN (g_list_model_get_n_items (model), MAX_CAUSES) : 0;
  GHashTable    *before = g_steal_pointer (&self->causes);
  GHashTableIter iter;
  gpointer       button;
  gboolean       pressed = FALSE;
  GtkWidget     *last = gtk_widget_get_first_child (GTK_WIDGET (self->box));

  self->causes = g_hash_table_new_full (NULL, NULL, g_object_unref, NULL);
  for (guint i = 0; i < n_causes; i++)
    {
      LockstepCause *cause = g_list_model_get_item (model, i);

      button = g_hash_table_lookup (before, cause);
      if (button != NULL)
        g_hash_table_remove (before, cause);
      else
        button = add_cause (self, cause);
      gtk_box_reorder_child_after (self->box, button, last);
      last = button;
      g_hash_table_insert (self->causes, cause, button);
    }

  g_hash_table_iter_init (&iter, before);
  while (g_hash_table_iter_next (&iter, NULL, &button))
    {
      pressed |= gtk_toggle_button_get_active (button);
      gtk_box_remove (self->box, button);
    }
  g_hash_table_unref (before);
  gtk_widget_set_visible (GTK_WIDGET (self), n_causes > 0);
  if (pressed)
    tell_changed (self);
  g_clear_object (&model);
}

static void
lockstep_cause_bar_dispose (GObject *object)
{
  LockstepCauseBar *self = LOCKSTEP_CAUSE_BAR (object);
  GtkWidget        *child;

  g_clear_object (&self->model_signals);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);
  g_clear_pointer (&self->causes, g_hash_table_unref);

  G_OBJECT_CLASS (lockstep_cause_bar_parent_class)->dispose (object);
}

static void
lockstep_cause_bar_class_init (LockstepCauseBarClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = lockstep_cause_bar_dispose;

  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (class), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (widget_class, "/org/lockstep/Lockstep/lockstep-cause-bar.ui");
  gtk_widget_class_bind_template_child (widget_class, LockstepCauseBar, box);
}

static void
lockstep_cause_bar_init (LockstepCauseBar *self)
{
  self->causes = g_hash_table_new_full (NULL, NULL, g_object_unref, NULL);
  gtk_widget_init_template (GTK_WIDGET (self));
  self->model_signals = g_signal_group_new (G_TYPE_LIST_MODEL);
  g_signal_group_connect_swapped (self->model_signals, "items-changed", G_CALLBACK (update_causes), self);
}

void
lockstep_cause_bar_set_causes (LockstepCauseBar *self,
                               GListModel       *causes)
{
  g_return_if_fail (LOCKSTEP_IS_CAUSE_BAR (self));

  g_signal_group_set_target (self->model_signals, causes);
  update_causes (self);
}

GPtrArray *
lockstep_cause_bar_dup_pressed (LockstepCauseBar *self)
{
  g_autoptr (GPtrArray) pressed = g_ptr_array_new_with_free_func (g_object_unref);
  GHashTableIter        iter;
  gpointer              cause, button;

  g_return_val_if_fail (LOCKSTEP_IS_CAUSE_BAR (self), NULL);

  g_hash_table_iter_init (&iter, self->causes);
  while (g_hash_table_iter_next (&iter, &cause, &button))
    if (gtk_toggle_button_get_active (button))
      g_ptr_array_add (pressed, g_object_ref (cause));

  return pressed->len > 0 ? g_steal_pointer (&pressed) : NULL;
}
