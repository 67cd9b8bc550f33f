/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-task-plot.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>

#include "lockstep-scatter.h"

/* New results are drawn so often (ms). */
#define FOLLOW_INTERVAL 500

struct _LockstepTaskPlot
{
  GtkWidget          parent_instance;
  GtkDropDown       *drop_downs[2]; /* x and y */
  LockstepScatter   *scatter;
  LockstepTaskTable *table; /* NULL without a run */
  GSignalGroup      *table_signals;
  GArray            *columns;   /* of LockstepTaskColumn, in the order of the drop-downs */
  char              *chosen[2]; /* what a person has chosen, by dup_name(); NULL for nothing yet */
  double            *numbers[2];
  GCancellable      *reading; /* NULL while none is at work */
  guint              follow_source;
  gboolean           filling; /* the drop-downs change by themselves */
  gboolean           placing; /* and so does the point that is selected */
  gint64             task;    /* selected; -1 for none */
};

G_DEFINE_FINAL_TYPE (LockstepTaskPlot, lockstep_task_plot, GTK_TYPE_WIDGET)

enum
{
  PROP_0,
  PROP_TASK,
  N_PROPERTIES
};

static GParamSpec *properties[N_PROPERTIES];

enum
{
  ACTIVATE,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* A column by what stays when others are found: a param and a result may have one title. */
static char *
dup_name (LockstepTaskPlot *self,
          guint             index)
{
  const LockstepTaskColumn *column = &g_array_index (self->columns, LockstepTaskColumn, index);
  g_autofree char          *title = lockstep_task_table_dup_title (self->table, column);

  return g_strdup_printf ("%d %s", column->kind, title);
}

static char *
dup_title (LockstepTaskPlot *self,
           guint             axis)
{
  const guint selected = gtk_drop_down_get_selected (self->drop_downs[axis]);

  return selected < self->columns->len ? lockstep_task_table_dup_title (self->table, &g_array_index (self->columns, LockstepTaskColumn, selected))
                                       : g_strdup ("");
}

/* The number of a task in the run by that of its point, and the other way round; -1 for none. */
static gint64
get_task (LockstepTaskPlot *self,
          int               point)
{
  g_autoptr (LockstepTaskRow) row = NULL;

  if (self->table == NULL || point < 0)
    return -1;

  row = lockstep_task_table_get_row (self->table, (guint) point);
  return lockstep_task_row_get_task (row);
}

static int
get_point (LockstepTaskPlot *self,
           gint64            task)
{
  g_autoptr (LockstepTaskRow) row = NULL;

  if (self->table == NULL || task < 0 || (row = lockstep_task_table_get_row_of (self->table, task)) == NULL)
    return -1;

  return (int) lockstep_task_row_get_index (row);
}

/* The selected task stays so, whatever becomes of the points. */
static void
update_selected (LockstepTaskPlot *self)
{
  self->placing = TRUE;
  lockstep_scatter_set_selected (self->scatter, get_point (self, self->task));
  self->placing = FALSE;
}

/* What the filter hides cannot be reached here, either. */
static void
update_shown (LockstepTaskPlot *self)
{
  if (self->table != NULL && lockstep_scatter_get_n_points (self->scatter) == lockstep_task_table_get_n_tasks (self->table))
    lockstep_scatter_take_shown (self->scatter, lockstep_task_table_dup_shown (self->table));
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
  update_selected (self);
  update_shown (self);
}

/* One axis after the other; what was being read before is not wanted any more. */
static void
read_numbers (LockstepTaskPlot *self)
{
  const guint selected = gtk_drop_down_get_selected (self->drop_downs[0]);

  if (self->reading != NULL)
    g_cancellable_cancel (self->reading);
  g_clear_object (&self->reading);
  g_clear_handle_id (&self->follow_source, g_source_remove);
  g_clear_pointer (&self->numbers[0], g_free);
  g_clear_pointer (&self->numbers[1], g_free);
  if (self->filling || self->table == NULL || selected >= self->columns->len || !gtk_widget_get_mapped (GTK_WIDGET (self)))
    return;

  self->reading = g_cancellable_new ();
  lockstep_task_table_read_column_async (self->table, &g_array_index (self->columns, LockstepTaskColumn, selected), self->reading,
                                         numbers_cb, g_object_ref (self));
}

/* Others wait until these are there. */
static gboolean
follow_cb (gpointer user_data)
{
  LockstepTaskPlot *self = user_data;

  if (self->reading != NULL)
    return G_SOURCE_CONTINUE;

  self->follow_source = 0;
  read_numbers (self);

  return G_SOURCE_REMOVE;
}

static void
queue_follow (LockstepTaskPlot *self)
{
  if (self->follow_source == 0 && gtk_widget_get_mapped (GTK_WIDGET (self)))
    self->follow_source = g_timeout_add (FOLLOW_INTERVAL, follow_cb, self);
}

/* A person's choice is kept where there is such a column again. */
static void
chosen_cb (LockstepTaskPlot *self,
           GParamSpec       *pspec,
           GtkDropDown      *drop_down)
{
  const guint axis = drop_down == self->drop_downs[0] ? 0 : 1;
  const guint selected = gtk_drop_down_get_selected (drop_down);

  if (self->filling || selected >= self->columns->len)
    return;

  g_free (self->chosen[axis]);
  self->chosen[axis] = dup_name (self, selected);
  read_numbers (self);
}

/* What was chosen, or else @usual. */
static void
choose (LockstepTaskPlot *self,
        guint             axis,
        guint             usual)
{
  guint found = usual;

  for (guint i = 0; self->chosen[axis] != NULL && i < self->columns->len; i++)
    {
      g_autofree char *name = dup_name (self, i);

      if (g_str_equal (name, self->chosen[axis]))
        found = i;
    }
  gtk_drop_down_set_selected (self->drop_downs[axis], found);
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
  choose (self, 0, 0);
  choose (self, 1, n_results > 0 ? n_params : MIN (1, self->columns->len));
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
  g_clear_handle_id (&self->follow_source, g_source_remove);
  g_clear_object (&self->table_signals);
  g_clear_object (&self->table);
  g_clear_pointer (&self->columns, g_array_unref);
  g_clear_pointer (&self->numbers[0], g_free);
  g_clear_pointer (&self->numbers[1], g_free);
  g_clear_pointer (&self->chosen[0], g_free);
  g_clear_pointer (&self->chosen[1], g_free);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);

  G_OBJECT_CLASS (lockstep_task_plot_parent_class)->dispose (object);
}

static void
selected_cb (LockstepTaskPlot *self)
{
  if (!self->placing)
    lockstep_task_plot_set_task (self, get_task (self, lockstep_scatter_get_selected (self->scatter)));
}

static void
activate_cb (LockstepTaskPlot *self,
             int               point)
{
  g_signal_emit (self, signals[ACTIVATE], 0, get_task (self, point));
}

static void
map_cb (LockstepTaskPlot *self)
{
  read_numbers (self);
}

static void
unmap_cb (LockstepTaskPlot *self)
{
  g_clear_handle_id (&self->follow_source, g_source_remove);
}

static char *
dup_point_name (guint    point,
                gpointer user_data)
{
  return g_strdup_printf (_ ("Task %" PRId64), get_task (user_data, (int) point));
}

static void
lockstep_task_plot_get_property (GObject    *object,
                                 guint       property_id,
                                 GValue     *value,
                                 GParamSpec *pspec)
{
  switch (property_id)
    {
    case PROP_TASK:
      g_value_set_int64 (value, LOCKSTEP_TASK_PLOT (object)->task);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
lockstep_task_plot_set_property (GObject      *object,
                                 guint         property_id,
                                 const GValue *value,
                                 GParamSpec   *pspec)
{
  switch (property_id)
    {
    case PROP_TASK:
      lockstep_task_plot_set_task (LOCKSTEP_TASK_PLOT (object), g_value_get_int64 (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
lockstep_task_plot_class_init (LockstepTaskPlotClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);

  object_class->get_property = lockstep_task_plot_get_property;
  object_class->set_property = lockstep_task_plot_set_property;
  object_class->dispose = lockstep_task_plot_dispose;

  properties[PROP_TASK] = g_param_spec_int64 ("task", NULL, NULL, -1, G_MAXINT64, -1,
                                              G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);

  signals[ACTIVATE] = g_signal_new ("activate", G_TYPE_FROM_CLASS (class), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                    G_TYPE_NONE, 1, G_TYPE_INT64);

  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (class), GTK_TYPE_BOX_LAYOUT);
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
      g_signal_connect_object (self->drop_downs[axis], "notify::selected", G_CALLBACK (chosen_cb), self, G_CONNECT_SWAPPED);
    }
  self->scatter = lockstep_scatter_new ();
  gtk_widget_set_vexpand (GTK_WIDGET (self->scatter), TRUE);
  gtk_widget_set_hexpand (GTK_WIDGET (self->scatter), TRUE);
  gtk_widget_set_parent (GTK_WIDGET (self->scatter), GTK_WIDGET (self));
  lockstep_scatter_set_name_func (self->scatter, dup_point_name, self, NULL);
  g_signal_connect_object (self->scatter, "notify::selected", G_CALLBACK (selected_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->scatter, "activate", G_CALLBACK (activate_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect (self, "map", G_CALLBACK (map_cb), NULL);
  g_signal_connect (self, "unmap", G_CALLBACK (unmap_cb), NULL);
  self->task = -1;

  self->table_signals = g_signal_group_new (LOCKSTEP_TYPE_TASK_TABLE);
  g_signal_group_connect_swapped (self->table_signals, "columns-changed", G_CALLBACK (fill), self);
  g_signal_group_connect_swapped (self->table_signals, "updated", G_CALLBACK (queue_follow), self);
  g_signal_group_connect_swapped (self->table_signals, "items-changed", G_CALLBACK (update_shown), self);
}

void
lockstep_task_plot_set_table (LockstepTaskPlot  *self,
                              LockstepTaskTable *table)
{
  g_return_if_fail (LOCKSTEP_IS_TASK_PLOT (self));

  lockstep_task_plot_set_task (self, -1);
  g_set_object (&self->table, table);
  g_signal_group_set_target (self->table_signals, table);
  fill (self);
}

void
lockstep_task_plot_set_task (LockstepTaskPlot *self,
                             gint64            task)
{
  g_return_if_fail (LOCKSTEP_IS_TASK_PLOT (self));

  if (task == self->task)
    return;

  self->task = task;
  update_selected (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TASK]);
}
