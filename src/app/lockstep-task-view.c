/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-task-view.h"

#include <glib/gi18n-lib.h>

#include "lockstep-column-title.h"
#include "lockstep-task-columns.h"

/* Columns of params, and of results, that are shown unless a person wants more. */
#define MAX_SHOWN 8

/* Columns that a menu can hold. */
#define MAX_COLUMNS 64

struct _LockstepTaskView
{
  GtkWidget           parent_instance;
  GtkColumnView      *column_view;
  GtkWidget          *empty_label;
  LockstepTaskTable  *table;     /* NULL without a run */
  GtkSingleSelection *selection; /* of table */
  GSignalGroup       *table_signals;
  GArray             *columns; /* of LockstepTaskColumn, in the order of the view and the menu */
  GPtrArray          *shown;   /* the same as GtkColumnViewColumn, shown or not */
  GSimpleActionGroup *actions; /* of the columns, called by their numbers */
  GMenu              *columns_menu;
  gint64              task;   /* selected; -1 for none */
  gboolean            moving; /* the selection is not a person's doing */
};

G_DEFINE_FINAL_TYPE (LockstepTaskView, lockstep_task_view, GTK_TYPE_WIDGET)

enum
{
  PROP_0,
  PROP_TASK,
  PROP_COLUMNS_MENU,
  N_PROPERTIES
};

static GParamSpec *properties[N_PROPERTIES];

enum
{
  ACTIVATE,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
set_task (LockstepTaskView *self,
          gint64            task)
{
  if (task == self->task)
    return;

  self->task = task;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TASK]);
}

static void
selected_cb (LockstepTaskView *self)
{
  LockstepTaskRow *row;

  if (self->moving)
    return;

  row = gtk_single_selection_get_selected_item (self->selection);
  set_task (self, row != NULL ? lockstep_task_row_get_task (row) : -1);
}

/* The list of a column view takes the action that its view has no function for in GTK 4.8. */
static void
scroll_to (LockstepTaskView *self,
           guint             position)
{
  for (GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (self->column_view)); child != NULL; child = gtk_widget_get_next_sibling (child))
    if (GTK_IS_LIST_VIEW (child))
      gtk_widget_activate_action (child, "list.scroll-to-item", "u", position);
}

/* A selection model would look for the row that is selected through all that come, and make each of them for it. */
static void
before_move_cb (LockstepTaskView *self)
{
  self->moving = TRUE;
  gtk_single_selection_set_selected (self->selection, GTK_INVALID_LIST_POSITION);
  self->moving = FALSE;
}

static void
update_empty (LockstepTaskView *self)
{
  gtk_widget_set_visible (self->empty_label, self->table != NULL && lockstep_task_table_get_n_tasks (self->table) > 0 &&
                                               g_list_model_get_n_items (G_LIST_MODEL (self->table)) == 0);
}

/* Where the task stands that is selected, if it is shown. */
static gboolean
show_selected (LockstepTaskView *self,
               guint            *position)
{
  gboolean found;

  self->moving = TRUE;
  found = self->task >= 0 && lockstep_task_table_find (self->table, self->task, position);
  gtk_single_selection_set_selected (self->selection, found ? *position : GTK_INVALID_LIST_POSITION);
  self->moving = FALSE;

  return found;
}

/* A task that is not shown any more stays the one that is looked at. */
static void
after_move_cb (LockstepTaskView *self)
{
  guint position;

  show_selected (self, &position);
  update_empty (self);
}

static void
align_title (LockstepTaskView *self,
             guint             index)
{
  if (lockstep_task_columns_are_numbers (self->table, &g_array_index (self->columns, LockstepTaskColumn, index)))
    lockstep_column_title_align_end (g_ptr_array_index (self->shown, index));
}

static void
show_column (LockstepTaskView *self,
             guint             index,
             gboolean          shown)
{
  GtkColumnViewColumn *column = g_ptr_array_index (self->shown, index);
  guint                position = 0;

  if (shown == (gtk_column_view_column_get_column_view (column) != NULL))
    return;

  /* Taken out: a column that is merely hidden keeps its width in GTK 4.8. */
  if (!shown)
    {
      gtk_column_view_remove_column (self->column_view, column);
      return;
    }
  for (guint i = 0; i < index; i++)
    position += gtk_column_view_column_get_column_view (g_ptr_array_index (self->shown, i)) != NULL;
  gtk_column_view_insert_column (self->column_view, position, column);
  align_title (self, index);
}

static void
column_state_cb (GSimpleAction *action,
                 GVariant      *state,
                 gpointer       user_data)
{
  LockstepTaskView *self = user_data;
  const guint       index = (guint) g_ascii_strtoull (g_action_get_name (G_ACTION (action)), NULL, 10);

  g_simple_action_set_state (action, state);
  if (index < self->shown->len)
    show_column (self, index, g_variant_get_boolean (state));
}

static void
add_column (LockstepTaskView  *self,
            GMenu             *menu,
            LockstepTaskColumn column,
            gboolean           shown)
{
  g_autofree char          *name = g_strdup_printf ("%u", self->columns->len);
  g_autofree char          *action_name = g_strconcat ("columns.", name, NULL);
  g_autofree char          *title = lockstep_task_table_dup_title (self->table, &column);
  g_autoptr (GSimpleAction) action = g_simple_action_new_stateful (name, NULL, g_variant_new_boolean (shown));
  GtkColumnViewColumn      *made = lockstep_task_columns_new_column (self->table, &column);

  g_array_append_val (self->columns, column);
  g_ptr_array_add (self->shown, made);
  g_signal_connect_object (action, "change-state", G_CALLBACK (column_state_cb), self, 0);
  g_action_map_add_action (G_ACTION_MAP (self->actions), G_ACTION (action));
  if (menu != NULL)
    {
      g_auto (GStrv)   parts = g_strsplit (title, "_", -1);
      g_autofree char *escaped = g_strjoinv ("__", parts);

      g_menu_append (menu, escaped, action_name);
    }
  if (shown)
    {
      gtk_column_view_append_column (self->column_view, made);
      align_title (self, self->columns->len - 1);
    }
}

static void
clear_columns (LockstepTaskView *self)
{
  for (guint i = 0; i < self->shown->len; i++)
    {
      GtkColumnViewColumn *column = g_ptr_array_index (self->shown, i);
      g_autofree char     *name = g_strdup_printf ("%u", i);

      if (gtk_column_view_column_get_column_view (column) != NULL)
        gtk_column_view_remove_column (self->column_view, column);
      g_action_map_remove_action (G_ACTION_MAP (self->actions), name);
    }
  g_array_set_size (self->columns, 0);
  g_ptr_array_set_size (self->shown, 0);
  g_menu_remove_all (self->columns_menu);
}

/* The params, the results, and what is known of every task. */
static void
update_columns (LockstepTaskView *self)
{
  g_autoptr (GMenu) params = g_menu_new ();
  g_autoptr (GMenu) results = g_menu_new ();
  g_autoptr (GMenu) tasks = g_menu_new ();
  guint             n_params, n_results;

  clear_columns (self);
  if (self->table == NULL)
    return;

  n_params = MIN (lockstep_task_table_get_n_params (self->table), MAX_COLUMNS);
  n_results = MIN (lockstep_task_table_get_n_results (self->table), MAX_COLUMNS);
  add_column (self, NULL, (LockstepTaskColumn){ LOCKSTEP_TASK_COLUMN_TASK, 0 }, TRUE);
  add_column (self, NULL, (LockstepTaskColumn){ LOCKSTEP_TASK_COLUMN_STATE, 0 }, TRUE);
  for (guint i = 0; i < n_params; i++)
    add_column (self, params, (LockstepTaskColumn){ LOCKSTEP_TASK_COLUMN_PARAM, i }, i < MAX_SHOWN);
  for (guint i = 0; i < n_results; i++)
    add_column (self, results, (LockstepTaskColumn){ LOCKSTEP_TASK_COLUMN_RESULT, i }, i < MAX_SHOWN);
  add_column (self, tasks, (LockstepTaskColumn){ LOCKSTEP_TASK_COLUMN_DURATION, 0 }, TRUE);
  add_column (self, tasks, (LockstepTaskColumn){ LOCKSTEP_TASK_COLUMN_ATTEMPTS, 0 }, TRUE);
  g_menu_append_section (self->columns_menu, _ ("Params"), G_MENU_MODEL (params));
  g_menu_append_section (self->columns_menu, _ ("Results"), G_MENU_MODEL (results));
  g_menu_append_section (self->columns_menu, _ ("Tasks"), G_MENU_MODEL (tasks));
}

static void
order_cb (LockstepTaskView *self)
{
  LockstepTaskColumn column;
  gboolean           descending;

  if (self->table == NULL)
    return;

  if (lockstep_task_columns_get_order (self->column_view, &column, &descending))
    lockstep_task_table_set_order (self->table, &column, descending);
  else
    lockstep_task_table_set_order (self->table, NULL, FALSE);
}

static void
activate_cb (LockstepTaskView *self,
             guint             position)
{
  g_autoptr (LockstepTaskRow) row = g_list_model_get_item (G_LIST_MODEL (self->table), position);

  if (row != NULL)
    g_signal_emit (self, signals[ACTIVATE], 0, lockstep_task_row_get_task (row));
}

static void
lockstep_task_view_get_property (GObject    *object,
                                 guint       property_id,
                                 GValue     *value,
                                 GParamSpec *pspec)
{
  LockstepTaskView *self = LOCKSTEP_TASK_VIEW (object);

  switch (property_id)
    {
    case PROP_TASK:
      g_value_set_int64 (value, self->task);
      break;
    case PROP_COLUMNS_MENU:
      g_value_set_object (value, self->columns_menu);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
lockstep_task_view_set_property (GObject      *object,
                                 guint         property_id,
                                 const GValue *value,
                                 GParamSpec   *pspec)
{
  switch (property_id)
    {
    case PROP_TASK:
      lockstep_task_view_select (LOCKSTEP_TASK_VIEW (object), g_value_get_int64 (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
lockstep_task_view_dispose (GObject *object)
{
  LockstepTaskView *self = LOCKSTEP_TASK_VIEW (object);
  GtkWidget        *child;

  g_clear_object (&self->table_signals);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);
  g_clear_pointer (&self->shown, g_ptr_array_unref);
  g_clear_pointer (&self->columns, g_array_unref);
  g_clear_object (&self->selection);
  g_clear_object (&self->table);
  g_clear_object (&self->actions);
  g_clear_object (&self->columns_menu);

  G_OBJECT_CLASS (lockstep_task_view_parent_class)->dispose (object);
}

static void
lockstep_task_view_class_init (LockstepTaskViewClass *class)
{
  GObjectClass   *object_class = G_OBJECT_CLASS (class);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  object_class->get_property = lockstep_task_view_get_property;
  object_class->set_property = lockstep_task_view_set_property;
  object_class->dispose = lockstep_task_view_dispose;

  properties[PROP_TASK] = g_param_spec_int64 ("task", NULL, NULL, -1, G_MAXINT64, -1,
                                              G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  properties[PROP_COLUMNS_MENU] = g_param_spec_object ("columns-menu", NULL, NULL, G_TYPE_MENU_MODEL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);

  signals[ACTIVATE] = g_signal_new ("activate", G_TYPE_FROM_CLASS (class), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                    G_TYPE_NONE, 1, G_TYPE_INT64);

  gtk_widget_class_set_template_from_resource (widget_class, "/org/lockstep/Lockstep/lockstep-task-view.ui");
  gtk_widget_class_bind_template_child (widget_class, LockstepTaskView, column_view);
  gtk_widget_class_bind_template_child (widget_class, LockstepTaskView, empty_label);
  gtk_widget_class_bind_template_callback (widget_class, activate_cb);
}

static void
lockstep_task_view_init (LockstepTaskView *self)
{
  self->task = -1;
  self->columns = g_array_new (FALSE, FALSE, sizeof (LockstepTaskColumn));
  self->shown = g_ptr_array_new_with_free_func (g_object_unref);
  self->actions = g_simple_action_group_new ();
  self->columns_menu = g_menu_new ();

  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect_object (gtk_column_view_get_sorter (self->column_view), "changed", G_CALLBACK (order_cb), self, G_CONNECT_SWAPPED);

  self->table_signals = g_signal_group_new (LOCKSTEP_TYPE_TASK_TABLE);
  g_signal_group_connect_swapped (self->table_signals, "columns-changed", G_CALLBACK (update_columns), self);
  g_signal_group_connect_swapped (self->table_signals, "updated", G_CALLBACK (update_empty), self);
}

void
lockstep_task_view_set_table (LockstepTaskView  *self,
                              LockstepTaskTable *table)
{
  g_return_if_fail (LOCKSTEP_IS_TASK_VIEW (self));

  gtk_column_view_set_model (self->column_view, NULL);
  g_signal_group_set_target (self->table_signals, NULL);
  if (self->table != NULL)
    g_signal_handlers_disconnect_by_data (self->table, self);
  g_clear_object (&self->selection);
  g_clear_object (&self->table);
  set_task (self, -1);
  if (table != NULL)
    {
      self->table = g_object_ref (table);
      g_signal_connect_object (self->table, "moving", G_CALLBACK (before_move_cb), self, G_CONNECT_SWAPPED);
      self->selection = gtk_single_selection_new (NULL);
      gtk_single_selection_set_autoselect (self->selection, FALSE);
      gtk_single_selection_set_can_unselect (self->selection, TRUE);
      gtk_single_selection_set_model (self->selection, G_LIST_MODEL (self->table));
      g_signal_connect_object (self->selection, "notify::selected", G_CALLBACK (selected_cb), self, G_CONNECT_SWAPPED);
      g_signal_connect_object (self->table, "items-changed", G_CALLBACK (after_move_cb), self, G_CONNECT_SWAPPED | G_CONNECT_AFTER);
    }

  g_signal_group_set_target (self->table_signals, self->table);
  update_columns (self);
  if (self->selection != NULL)
    gtk_column_view_set_model (self->column_view, GTK_SELECTION_MODEL (self->selection));
  order_cb (self);
  update_empty (self);
}

GActionGroup *
lockstep_task_view_get_actions (LockstepTaskView *self)
{
  g_return_val_if_fail (LOCKSTEP_IS_TASK_VIEW (self), NULL);

  return G_ACTION_GROUP (self->actions);
}

gint64
lockstep_task_view_get_task (LockstepTaskView *self)
{
  g_return_val_if_fail (LOCKSTEP_IS_TASK_VIEW (self), -1);

  return self->task;
}

void
lockstep_task_view_select (LockstepTaskView *self,
                           gint64            task)
{
  g_autoptr (LockstepTaskRow) row = NULL;
  guint                       position;

  g_return_if_fail (LOCKSTEP_IS_TASK_VIEW (self));

  if (self->table == NULL || task == self->task)
    return;
  if (task >= 0 && (row = lockstep_task_table_get_row_of (self->table, task)) == NULL)
    return;

  set_task (self, MAX (task, -1));
  if (show_selected (self, &position))
    scroll_to (self, position);
}
