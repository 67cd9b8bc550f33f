/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-results-page.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "lockstep-task-columns.h"
#include "lockstep-task-plot.h"

/* Groups of failures that have a button; what is in none of them is in the table. */
#define MAX_CAUSES 12

/* Columns of params, and of results, that are shown unless a person wants more. */
#define MAX_SHOWN 8

/* Columns that a menu can hold. */
#define MAX_COLUMNS 64

struct _LockstepResultsPage
{
  GtkWidget           parent_instance;
  GtkWidget          *causes_window;
  GtkBox             *causes_box;
  GtkMenuButton      *filter_button;
  GtkLabel           *count_label;
  GtkMenuButton      *retry_button;
  GtkMenuButton      *columns_button;
  GtkColumnView      *column_view;
  GtkWidget          *empty_label;
  LockstepTaskPlot   *plot;
  LockstepSession    *session;
  GSignalGroup       *session_signals;
  LockstepTaskTable  *table;     /* of the session's run; NULL without one */
  GtkSingleSelection *selection; /* of table */
  GSignalGroup       *table_signals;
  GSignalGroup       *causes_signals;
  GHashTable         *causes;  /* LockstepCause → its toggle button, which the box owns */
  GArray             *columns; /* of LockstepTaskColumn, in the order of the view and the menu */
  GPtrArray          *shown;   /* the same as GtkColumnViewColumn, shown or not */
  GSimpleActionGroup *actions;
  gint64              task;   /* selected; -1 for none */
  gboolean            moving; /* the selection is not a person's doing */
};

G_DEFINE_FINAL_TYPE (LockstepResultsPage, lockstep_results_page, GTK_TYPE_WIDGET)

enum
{
  PROP_0,
  PROP_SESSION,
  PROP_TASK,
  PROP_FILLED,
  N_PROPERTIES
};

static GParamSpec *properties[N_PROPERTIES];

enum
{
  ACTIVATE,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static const struct
{
  const char *name;
  const char *label;
  guint       states;
} filters[] = {
  { "all", N_ ("All Tasks"), 0 },
  { "failed", N_ ("Failed"), 1 << LOCKSTEP_TASK_FAILED },
  { "done", N_ ("Done"), 1 << LOCKSTEP_TASK_DONE },
  { "running", N_ ("Running"), 1 << LOCKSTEP_TASK_RUNNING },
  { "waiting", N_ ("Waiting"), 1 << LOCKSTEP_TASK_WAITING | 1 << LOCKSTEP_TASK_STOPPED },
};

static void
set_action_enabled (LockstepResultsPage *self,
                    const char          *name,
                    gboolean             enabled)
{
  g_simple_action_set_enabled (G_SIMPLE_ACTION (g_action_map_lookup_action (G_ACTION_MAP (self->actions), name)), enabled);
}

static void
update_actions (LockstepResultsPage *self)
{
  const gboolean resumable = self->session != NULL && self->table != NULL && lockstep_session_can_resume (self->session);

  set_action_enabled (self, "retry-task", resumable && self->task >= 0);
  set_action_enabled (self, "retry-shown", resumable && lockstep_task_table_count (self->table, LOCKSTEP_TASK_FAILED) > 0);
  gtk_widget_set_sensitive (GTK_WIDGET (self->retry_button), resumable);
}

static void
set_task (LockstepResultsPage *self,
          gint64               task)
{
  if (task == self->task)
    return;

  self->task = task;
  update_actions (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TASK]);
}

static void
selected_cb (LockstepResultsPage *self)
{
  LockstepTaskRow *row;

  if (self->moving)
    return;

  row = gtk_single_selection_get_selected_item (self->selection);
  set_task (self, row != NULL ? lockstep_task_row_get_task (row) : -1);
}

/* Rows are about to move. A selection model would look for the row that is selected through all that come, and make each of them for
 * it. */
static void
before_move_cb (LockstepResultsPage *self)
{
  self->moving = TRUE;
  gtk_single_selection_set_selected (self->selection, GTK_INVALID_LIST_POSITION);
  self->moving = FALSE;
}

static void
update_empty (LockstepResultsPage *self)
{
  gtk_widget_set_visible (self->empty_label, self->table != NULL && lockstep_task_table_get_n_tasks (self->table) > 0 &&
                                               g_list_model_get_n_items (G_LIST_MODEL (self->table)) == 0);
}

/* A task that is not shown any more stays the one that is looked at. */
static void
after_move_cb (LockstepResultsPage *self)
{
  guint position;

  self->moving = TRUE;
  if (self->task >= 0 && lockstep_task_table_find (self->table, self->task, &position))
    gtk_single_selection_set_selected (self->selection, position);
  self->moving = FALSE;
  update_empty (self);
}

static void
append_count (GString    *text,
              guint       count,
              const char *word)
{
  if (count > 0)
    g_string_append_printf (text, "%s%'u %s", text->len > 0 ? " · " : "", count, word);
}

static void
update_counts (LockstepResultsPage *self)
{
  static const LockstepTaskState order[] = { LOCKSTEP_TASK_DONE, LOCKSTEP_TASK_FAILED, LOCKSTEP_TASK_RUNNING,
                                             LOCKSTEP_TASK_STOPPED, LOCKSTEP_TASK_WAITING };
  g_autoptr (GString)            text = g_string_new (NULL);

  for (guint i = 0; self->table != NULL && i < G_N_ELEMENTS (order); i++)
    append_count (text, lockstep_task_table_count (self->table, order[i]), lockstep_task_state_to_text (order[i]));
  gtk_label_set_label (self->count_label, text->str);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->count_label), text->str);
  update_empty (self);
  update_actions (self);
}

static void
update_filter (LockstepResultsPage *self)
{
  g_autoptr (GVariant)  state = g_action_group_get_action_state (G_ACTION_GROUP (self->actions), "filter");
  g_autoptr (GPtrArray) causes = g_ptr_array_new_with_free_func (g_object_unref);
  GHashTableIter        iter;
  gpointer              cause, button;
  guint                 i = 0;

  while (!g_str_equal (filters[i].name, g_variant_get_string (state, NULL)))
    i++;
  gtk_menu_button_set_label (self->filter_button, _ (filters[i].label));

  g_hash_table_iter_init (&iter, self->causes);
  while (g_hash_table_iter_next (&iter, &cause, &button))
    if (gtk_toggle_button_get_active (button))
      g_ptr_array_add (causes, g_object_ref (cause));
  if (self->table != NULL)
    lockstep_task_table_set_filter (self->table, causes->len > 0 ? 1 << LOCKSTEP_TASK_FAILED : filters[i].states,
                                    causes->len > 0 ? causes : NULL);
  update_counts (self);
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
add_cause (LockstepResultsPage *self,
           LockstepCause       *cause)
{
  GtkWidget *button = gtk_toggle_button_new ();
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_label_set_max_width_chars (GTK_LABEL (label), 36);
  gtk_button_set_child (GTK_BUTTON (button), label);
  gtk_widget_add_css_class (button, "cause");
  g_signal_connect_object (cause, "notify::count", G_CALLBACK (count_cb), button, 0);
  g_signal_connect_object (button, "toggled", G_CALLBACK (update_filter), self, G_CONNECT_SWAPPED);
  count_cb (cause, NULL, button);
  gtk_box_append (self->causes_box, button);

  return button;
}

/* A button for each of the largest groups, in their order; those that stay keep whether they are pressed. */
static void
update_causes (LockstepResultsPage *self)
{
  GListModel    *model = g_signal_group_dup_target (self->causes_signals);
  const guint    n_causes = model != NULL ? MIN (g_list_model_get_n_items (model), MAX_CAUSES) : 0;
  GHashTable    *before = g_steal_pointer (&self->causes);
  GHashTableIter iter;
  gpointer       button;
  gboolean       pressed = FALSE;
  GtkWidget     *last = gtk_widget_get_first_child (GTK_WIDGET (self->causes_box));

  self->causes = g_hash_table_new_full (NULL, NULL, g_object_unref, NULL);
  for (guint i = 0; i < n_causes; i++)
    {
      LockstepCause *cause = g_list_model_get_item (model, i);

      button = g_hash_table_lookup (before, cause);
      if (button != NULL)
        g_hash_table_remove (before, cause);
      else
        button = add_cause (self, cause);
      gtk_box_reorder_child_after (self->causes_box, button, last);
      last = button;
      g_hash_table_insert (self->causes, cause, button);
    }

  g_hash_table_iter_init (&iter, before);
  while (g_hash_table_iter_next (&iter, NULL, &button))
    {
      pressed |= gtk_toggle_button_get_active (button);
      gtk_box_remove (self->causes_box, button);
    }
  g_hash_table_unref (before);
  gtk_widget_set_visible (self->causes_window, n_causes > 0);
  if (pressed)
    update_filter (self);
  g_clear_object (&model);
}

static void
show_column (LockstepResultsPage *self,
             guint                index,
             gboolean             shown)
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
}

static void
column_state_cb (GSimpleAction *action,
                 GVariant      *state,
                 gpointer       user_data)
{
  LockstepResultsPage *self = user_data;
  const guint          index = (guint) g_ascii_strtoull (g_action_get_name (G_ACTION (action)) + strlen ("column-"), NULL, 10);

  g_simple_action_set_state (action, state);
  if (index < self->shown->len)
    show_column (self, index, g_variant_get_boolean (state));
}

static void
add_column (LockstepResultsPage *self,
            GMenu               *menu,
            LockstepTaskColumn   column,
            gboolean             shown)
{
  g_autofree char          *name = g_strdup_printf ("column-%u", self->columns->len);
  g_autofree char          *action_name = g_strconcat ("results.", name, NULL);
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
    gtk_column_view_append_column (self->column_view, made);
}

static void
clear_columns (LockstepResultsPage *self)
{
  for (guint i = 0; i < self->shown->len; i++)
    {
      GtkColumnViewColumn *column = g_ptr_array_index (self->shown, i);
      g_autofree char     *name = g_strdup_printf ("column-%u", i);

      if (gtk_column_view_column_get_column_view (column) != NULL)
        gtk_column_view_remove_column (self->column_view, column);
      g_action_map_remove_action (G_ACTION_MAP (self->actions), name);
    }
  g_array_set_size (self->columns, 0);
  g_ptr_array_set_size (self->shown, 0);
}

/* The params, the results, and what is known of every task. */
static void
update_columns (LockstepResultsPage *self)
{
  g_autoptr (GMenu) menu = g_menu_new ();
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
  g_menu_append_section (menu, _ ("Params"), G_MENU_MODEL (params));
  g_menu_append_section (menu, _ ("Results"), G_MENU_MODEL (results));
  g_menu_append_section (menu, _ ("Tasks"), G_MENU_MODEL (tasks));
  gtk_menu_button_set_menu_model (self->columns_button, G_MENU_MODEL (menu));
}

static void
order_cb (LockstepResultsPage *self)
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
n_tasks_cb (LockstepResultsPage *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_FILLED]);
}

static void
run_cb (LockstepResultsPage *self)
{
  LockstepRun *run = lockstep_session_get_run (self->session);

  gtk_column_view_set_model (self->column_view, NULL);
  g_signal_group_set_target (self->table_signals, NULL);
  g_clear_object (&self->selection);
  g_clear_object (&self->table);
  set_task (self, -1);
  if (run != NULL)
    {
      self->table = lockstep_task_table_new (run);
      /* Told before the selection is, so connected before it is made. */
      g_signal_connect_object (self->table, "items-changed", G_CALLBACK (before_move_cb), self, G_CONNECT_SWAPPED);
      self->selection = gtk_single_selection_new (NULL);
      gtk_single_selection_set_autoselect (self->selection, FALSE);
      gtk_single_selection_set_can_unselect (self->selection, TRUE);
      gtk_single_selection_set_model (self->selection, G_LIST_MODEL (self->table));
      g_signal_connect_object (self->selection, "notify::selected", G_CALLBACK (selected_cb), self, G_CONNECT_SWAPPED);
      g_signal_connect_object (self->table, "items-changed", G_CALLBACK (after_move_cb), self, G_CONNECT_SWAPPED | G_CONNECT_AFTER);
    }

  g_signal_group_set_target (self->table_signals, self->table);
  g_signal_group_set_target (self->causes_signals, run != NULL ? lockstep_run_get_causes (run) : NULL);
  lockstep_task_plot_set_table (self->plot, self->table);
  update_columns (self);
  if (self->selection != NULL)
    gtk_column_view_set_model (self->column_view, GTK_SELECTION_MODEL (self->selection));
  update_causes (self);
  update_filter (self);
  order_cb (self);
  n_tasks_cb (self);
}

static void
activate_cb (LockstepResultsPage *self,
             guint                position)
{
  g_autoptr (LockstepTaskRow) row = g_list_model_get_item (G_LIST_MODEL (self->table), position);

  if (row != NULL)
    g_signal_emit (self, signals[ACTIVATE], 0, lockstep_task_row_get_task (row));
}

static void
filter_state_cb (GSimpleAction *action,
                 GVariant      *state,
                 gpointer       user_data)
{
  for (guint i = 0; i < G_N_ELEMENTS (filters); i++)
    if (g_str_equal (filters[i].name, g_variant_get_string (state, NULL)))
      {
        g_simple_action_set_state (action, state);
        update_filter (user_data);
      }
}

static void
show_plot_cb (GSimpleAction *action,
              GVariant      *state,
              gpointer       user_data)
{
  LockstepResultsPage *self = user_data;

  g_simple_action_set_state (action, state);
  gtk_widget_set_visible (GTK_WIDGET (self->plot), g_variant_get_boolean (state));
}

static void
retry (LockstepResultsPage *self,
       const char          *tasks)
{
  const LockstepResumeOptions what = { .tasks = tasks };

  if (tasks != NULL)
    lockstep_session_resume (self->session, &what);
}

static void
retry_task_action (GSimpleAction *action,
                   GVariant      *parameter,
                   gpointer       user_data)
{
  LockstepResultsPage *self = user_data;
  g_autofree char     *tasks = g_strdup_printf ("%" G_GINT64_FORMAT, self->task);

  retry (self, tasks);
}

static void
retry_shown_action (GSimpleAction *action,
                    GVariant      *parameter,
                    gpointer       user_data)
{
  LockstepResultsPage *self = user_data;
  g_autofree char     *tasks = lockstep_task_table_dup_failed (self->table);

  retry (self, tasks);
}

static const GActionEntry actions[] = {
  { .name = "filter", .parameter_type = "s", .state = "'all'", .change_state = filter_state_cb },
  { .name = "show-plot", .state = "false", .change_state = show_plot_cb },
  { .name = "retry-task", .activate = retry_task_action },
  { .name = "retry-shown", .activate = retry_shown_action },
};

static void
lockstep_results_page_get_property (GObject    *object,
                                    guint       property_id,
                                    GValue     *value,
                                    GParamSpec *pspec)
{
  LockstepResultsPage *self = LOCKSTEP_RESULTS_PAGE (object);

  switch (property_id)
    {
    case PROP_SESSION:
      g_value_set_object (value, self->session);
      break;
    case PROP_TASK:
      g_value_set_int64 (value, self->task);
      break;
    case PROP_FILLED:
      g_value_set_boolean (value, lockstep_results_page_get_filled (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
lockstep_results_page_set_property (GObject      *object,
                                    guint         property_id,
                                    const GValue *value,
                                    GParamSpec   *pspec)
{
  switch (property_id)
    {
    case PROP_SESSION:
      lockstep_results_page_set_session (LOCKSTEP_RESULTS_PAGE (object), g_value_get_object (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
lockstep_results_page_dispose (GObject *object)
{
  LockstepResultsPage *self = LOCKSTEP_RESULTS_PAGE (object);
  GtkWidget           *child;

  g_clear_object (&self->session_signals);
  g_clear_object (&self->table_signals);
  g_clear_object (&self->causes_signals);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);
  g_clear_pointer (&self->causes, g_hash_table_unref);
  g_clear_pointer (&self->shown, g_ptr_array_unref);
  g_clear_pointer (&self->columns, g_array_unref);
  g_clear_object (&self->selection);
  g_clear_object (&self->table);
  g_clear_object (&self->session);
  g_clear_object (&self->actions);

  G_OBJECT_CLASS (lockstep_results_page_parent_class)->dispose (object);
}

static void
lockstep_results_page_class_init (LockstepResultsPageClass *class)
{
  GObjectClass   *object_class = G_OBJECT_CLASS (class);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  object_class->get_property = lockstep_results_page_get_property;
  object_class->set_property = lockstep_results_page_set_property;
  object_class->dispose = lockstep_results_page_dispose;

  properties[PROP_SESSION] = g_param_spec_object ("session", NULL, NULL, LOCKSTEP_TYPE_SESSION,
                                                  G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  properties[PROP_TASK] = g_param_spec_int64 ("task", NULL, NULL, -1, G_MAXINT64, -1, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_FILLED] = g_param_spec_boolean ("filled", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);

  signals[ACTIVATE] = g_signal_new ("activate", G_TYPE_FROM_CLASS (class), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                    G_TYPE_NONE, 1, G_TYPE_INT64);

  g_type_ensure (LOCKSTEP_TYPE_TASK_PLOT);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/lockstep/Lockstep/lockstep-results-page.ui");
  gtk_widget_class_bind_template_child (widget_class, LockstepResultsPage, causes_window);
  gtk_widget_class_bind_template_child (widget_class, LockstepResultsPage, causes_box);
  gtk_widget_class_bind_template_child (widget_class, LockstepResultsPage, filter_button);
  gtk_widget_class_bind_template_child (widget_class, LockstepResultsPage, count_label);
  gtk_widget_class_bind_template_child (widget_class, LockstepResultsPage, retry_button);
  gtk_widget_class_bind_template_child (widget_class, LockstepResultsPage, columns_button);
  gtk_widget_class_bind_template_child (widget_class, LockstepResultsPage, column_view);
  gtk_widget_class_bind_template_child (widget_class, LockstepResultsPage, empty_label);
  gtk_widget_class_bind_template_child (widget_class, LockstepResultsPage, plot);
  gtk_widget_class_bind_template_callback (widget_class, activate_cb);
}

static void
lockstep_results_page_init (LockstepResultsPage *self)
{
  self->task = -1;
  self->causes = g_hash_table_new_full (NULL, NULL, g_object_unref, NULL);
  self->columns = g_array_new (FALSE, FALSE, sizeof (LockstepTaskColumn));
  self->shown = g_ptr_array_new_with_free_func (g_object_unref);
  self->actions = g_simple_action_group_new ();
  g_action_map_add_action_entries (G_ACTION_MAP (self->actions), actions, G_N_ELEMENTS (actions), self);

  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_widget_insert_action_group (GTK_WIDGET (self), "results", G_ACTION_GROUP (self->actions));
  g_signal_connect_object (gtk_column_view_get_sorter (self->column_view), "changed", G_CALLBACK (order_cb), self, G_CONNECT_SWAPPED);

  self->session_signals = g_signal_group_new (LOCKSTEP_TYPE_SESSION);
  g_signal_group_connect_swapped (self->session_signals, "notify::run", G_CALLBACK (run_cb), self);
  g_signal_group_connect_swapped (self->session_signals, "notify::busy", G_CALLBACK (update_actions), self);
  g_signal_group_connect_swapped (self->session_signals, "notify::loading", G_CALLBACK (update_actions), self);
  self->table_signals = g_signal_group_new (LOCKSTEP_TYPE_TASK_TABLE);
  g_signal_group_connect_swapped (self->table_signals, "columns-changed", G_CALLBACK (update_columns), self);
  g_signal_group_connect_swapped (self->table_signals, "updated", G_CALLBACK (update_counts), self);
  g_signal_group_connect_swapped (self->table_signals, "notify::n-tasks", G_CALLBACK (n_tasks_cb), self);
  self->causes_signals = g_signal_group_new (G_TYPE_LIST_MODEL);
  g_signal_group_connect_swapped (self->causes_signals, "items-changed", G_CALLBACK (update_causes), self);
}

void
lockstep_results_page_set_session (LockstepResultsPage *self,
                                   LockstepSession     *session)
{
  g_return_if_fail (LOCKSTEP_IS_RESULTS_PAGE (self));
  g_return_if_fail (LOCKSTEP_IS_SESSION (session));

  if (!g_set_object (&self->session, session))
    return;

  g_signal_group_set_target (self->session_signals, session);
  run_cb (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SESSION]);
}

GActionGroup *
lockstep_results_page_get_actions (LockstepResultsPage *self)
{
  g_return_val_if_fail (LOCKSTEP_IS_RESULTS_PAGE (self), NULL);

  return G_ACTION_GROUP (self->actions);
}

gboolean
lockstep_results_page_get_filled (LockstepResultsPage *self)
{
  g_return_val_if_fail (LOCKSTEP_IS_RESULTS_PAGE (self), FALSE);

  return self->table != NULL && lockstep_task_table_get_n_tasks (self->table) > 0;
}

gint64
lockstep_results_page_get_task (LockstepResultsPage *self)
{
  g_return_val_if_fail (LOCKSTEP_IS_RESULTS_PAGE (self), -1);

  return self->task;
}

LockstepTaskRow *
lockstep_results_page_dup_row (LockstepResultsPage *self)
{
  g_return_val_if_fail (LOCKSTEP_IS_RESULTS_PAGE (self), NULL);

  return self->task >= 0 ? lockstep_task_table_get_row_of (self->table, self->task) : NULL;
}

void
lockstep_results_page_select (LockstepResultsPage *self,
                              gint64               task)
{
  guint position;

  g_return_if_fail (LOCKSTEP_IS_RESULTS_PAGE (self));

  if (self->table != NULL && lockstep_task_table_find (self->table, task, &position))
    gtk_single_selection_set_selected (self->selection, position);
}

LockstepTaskTable *
lockstep_results_page_get_table (LockstepResultsPage *self)
{
  g_return_val_if_fail (LOCKSTEP_IS_RESULTS_PAGE (self), NULL);

  return self->table;
}
