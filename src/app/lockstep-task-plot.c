/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-task-plot.h"

#include <glib/gi18n-lib.h>

#include "lockstep-scatter.h"

struct _LockstepTaskPlot
{
  GtkWidget          parent_instance;
  GtkDropDown       *drop_downs[2]; /* x and y */
  LockstepScatter   *scatter;
  LockstepTaskTable *table; /* NULL without a run */
  GSignalGroup      *table_signals;
  GArray            *columns; /* of LockstepTaskColumn, in the order of the drop-downs */
  double            *numbers[2];
  guint              n_tasks;
  GCancellable      *reading; /* NULL while none is at work */
  gboolean           filling; /* the drop-downs change by themselves */
};

G_DEFINE_FINAL_TYPE (LockstepTaskPlot, lockstep_task_plot, GTK_TYPE_WIDGET)

static char *
dup_title (LockstepTaskPlot *self,
           guint             axis)
{
  const guint selected = gtk_drop_down_get_selected (self->drop_downs[axis]);

  return selected < self->columns->len ? lockstep_task_table_dup_title (self->table, &g_array_index (self->columns, LockstepTaskColumn, selected))
                                       : g_strdup ("");
}

static void
numbers_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (LockstepTaskPlot) self = user_data;
  guint                        n_tasks, axis;
  double                      *numbers;
  g_autofree char             *x = NULL;
  g_autofree char             *y = NULL;

  numbers = lockstep_task_table_read_column_finish (LOCKSTEP_TASK_TABLE (object), result, &n_tasks, NULL);
  if (numbers == NULL)
    return;

  axis = self->numbers[0] == NULL ? 0 : 1;
  self->numbers[axis] = numbers;
  self->n_tasks = n_tasks;
  if (axis == 0)
    {
      const guint selected = gtk_drop_down_get_selected (self->drop_downs[1]);

      lockstep_task_table_read_column_async (self->table, &g_array_index (self->columns, LockstepTaskColumn, selected),
                                             self->reading, numbers_cb, g_object_ref (self));
      return;
    }

  g_clear_object (&self->reading);
  x = dup_title (self, 0);
  y = dup_title (self, 1);
  lockstep_scatter_set_points (self->scatter, self->numbers[0], self->numbers[1], n_tasks, x, y);
}

/* One axis after the other; what was being read before is not wanted any more. */
static void
read_numbers (LockstepTaskPlot *self)
{
  const guint selected = gtk_drop_down_get_selected (self->drop_downs[0]);

  if (self->reading != NULL)
    g_cancellable_cancel (self->reading);
  g_clear_object (&self->reading);
  g_clear_pointer (&self->numbers[0], g_free);
  g_clear_pointer (&self->numbers[1], g_free);
  if (self->filling || self->table == NULL || selected >= self->columns->len || !gtk_widget_get_mapped (GTK_WIDGET (self)))
    return;

  self->reading = g_cancellable_new ();
  lockstep_task_table_read_column_async (self->table, &g_array_index (self->columns, LockstepTaskColumn, selected), self->reading,
                                         numbers_cb, g_object_ref (self));
}

static void
add_column (LockstepTaskPlot      *self,
            GtkStringList         *titles,
            LockstepTaskColumnKind kind,
            guint                  number)
{
  const LockstepTaskColumn column = { kind, number };
  g_autofree char         *title = lockstep_task_table_dup_title (self->table, &column);

  g_array_append_val (self->columns, column);
  gtk_string_list_append (titles, title);
}

static void
fill (LockstepTaskPlot *self)
{
  g_autoptr (GtkStringList) titles = gtk_string_list_new (NULL);
  const guint               n_params = self->table != NULL ? lockstep_task_table_get_n_params (self->table) : 0;
  const guint               n_results = self->table != NULL ? lockstep_task_table_get_n_results (self->table) : 0;

  self->filling = TRUE;
  g_array_set_size (self->columns, 0);
  for (guint i = 0; i < n_params; i++)
    add_column (self, titles, LOCKSTEP_TASK_COLUMN_PARAM, i);
  for (guint i = 0; i < n_results; i++)
    add_column (self, titles, LOCKSTEP_TASK_COLUMN_RESULT, i);
  if (self->table != NULL)
    {
      add_column (self, titles, LOCKSTEP_TASK_COLUMN_TASK, 0);
      add_column (self, titles, LOCKSTEP_TASK_COLUMN_DURATION, 0);
    }

  /* What was varied first, against what came of it first. */
  for (guint axis = 0; axis < 2; axis++)
    gtk_drop_down_set_model (self->drop_downs[axis], G_LIST_MODEL (titles));
  gtk_drop_down_set_selected (self->drop_downs[0], 0);
  gtk_drop_down_set_selected (self->drop_downs[1], n_results > 0 ? n_params : MIN (1, self->columns->len));
  self->filling = FALSE;
  read_numbers (self);
}

static void
lockstep_task_plot_dispose (GObject *object)
{
  LockstepTaskPlot *self = LOCKSTEP_TASK_PLOT (object);
  GtkWidget        *child;

  if (self->reading != NULL)
    g_cancellable_cancel (self->reading);
  g_clear_object (&self->reading);
  g_clear_object (&self->table_signals);
  g_clear_object (&self->table);
  g_clear_pointer (&self->columns, g_array_unref);
  g_clear_pointer (&self->numbers[0], g_free);
  g_clear_pointer (&self->numbers[1], g_free);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);

  G_OBJECT_CLASS (lockstep_task_plot_parent_class)->dispose (object);
}

static void
lockstep_task_plot_class_init (LockstepTaskPlotClass *class)
{
  G_OBJECT_CLASS (class)->dispose = lockstep_task_plot_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (class), GTK_TYPE_BOX_LAYOUT);
}

static void
map_cb (LockstepTaskPlot *self)
{
  read_numbers (self);
}

static void
lockstep_task_plot_init (LockstepTaskPlot *self)
{
  static const char *const names[] = { N_ ("Horizontally"), N_ ("Vertically") };
  GtkWidget               *bar = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);

  gtk_orientable_set_orientation (GTK_ORIENTABLE (gtk_widget_get_layout_manager (GTK_WIDGET (self))), GTK_ORIENTATION_VERTICAL);
  gtk_widget_add_css_class (bar, "page-bar");
  gtk_widget_set_parent (bar, GTK_WIDGET (self));
  self->columns = g_array_new (FALSE, FALSE, sizeof (LockstepTaskColumn));
  for (guint axis = 0; axis < 2; axis++)
    {
      self->drop_downs[axis] = GTK_DROP_DOWN (gtk_drop_down_new (NULL, NULL));
      gtk_widget_set_hexpand (GTK_WIDGET (self->drop_downs[axis]), TRUE);
      gtk_widget_set_tooltip_text (GTK_WIDGET (self->drop_downs[axis]), _ (names[axis]));
      gtk_accessible_update_property (GTK_ACCESSIBLE (self->drop_downs[axis]), GTK_ACCESSIBLE_PROPERTY_LABEL, _ (names[axis]), -1);
      gtk_box_append (GTK_BOX (bar), GTK_WIDGET (self->drop_downs[axis]));
      g_signal_connect_object (self->drop_downs[axis], "notify::selected", G_CALLBACK (read_numbers), self, G_CONNECT_SWAPPED);
    }
  self->scatter = lockstep_scatter_new ();
  gtk_widget_set_vexpand (GTK_WIDGET (self->scatter), TRUE);
  gtk_widget_set_hexpand (GTK_WIDGET (self->scatter), TRUE);
  gtk_widget_set_parent (GTK_WIDGET (self->scatter), GTK_WIDGET (self));
  g_signal_connect (self, "map", G_CALLBACK (map_cb), NULL);

  self->table_signals = g_signal_group_new (LOCKSTEP_TYPE_TASK_TABLE);
  g_signal_group_connect_swapped (self->table_signals, "columns-changed", G_CALLBACK (fill), self);
}

void
lockstep_task_plot_set_table (LockstepTaskPlot  *self,
                              LockstepTaskTable *table)
{
  g_return_if_fail (LOCKSTEP_IS_TASK_PLOT (self));

  g_set_object (&self->table, table);
  g_signal_group_set_target (self->table_signals, table);
  fill (self);
}
