/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-results-page.h"

#include <glib/gi18n-lib.h>

#include "lockstep-cause-bar.h"
#include "lockstep-number-text.h"
#include "lockstep-task-plot.h"
#include "lockstep-task-view.h"

struct _LockstepResultsPage
{
  GtkWidget           parent_instance;
  LockstepCauseBar   *cause_bar;
  GtkMenuButton      *filter_button;
  GtkLabel           *count_label;
  GtkMenuButton      *retry_button;
  LockstepTaskView   *task_view;
  LockstepTaskPlot   *plot;
  LockstepSession    *session;
  GSignalGroup       *session_signals;
  LockstepTaskTable  *table; /* of the session's run; NULL without one */
  GSignalGroup       *table_signals;
  GSimpleActionGroup *actions;
  gint64              wanted;        /* task of the run before, which may go on as this one; -1 for none */
  char               *wanted_folder; /* of that run */
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

  set_action_enabled (self, "retry-task", resumable && lockstep_results_page_get_task (self) >= 0);
  set_action_enabled (self, "retry-shown", resumable && lockstep_task_table_count (self->table, LOCKSTEP_TASK_FAILED) > 0);
  gtk_widget_set_sensitive (GTK_WIDGET (self->retry_button), resumable);
}

static void
append_count (GString    *text,
              guint       count,
              const char *word)
{
  g_autofree char *number = lockstep_number_dup_text (count);

  if (count > 0)
    g_string_append_printf (text, "%s%s %s", text->len > 0 ? " · " : "", number, word);
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
  update_actions (self);
}

static void
update_filter (LockstepResultsPage *self)
{
  g_autoptr (GVariant)  state = g_action_group_get_action_state (G_ACTION_GROUP (self->actions), "filter");
  g_autoptr (GPtrArray) causes = lockstep_cause_bar_dup_pressed (self->cause_bar);
  guint                 i = 0;

  while (!g_str_equal (filters[i].name, g_variant_get_string (state, NULL)))
    i++;
  gtk_menu_button_set_label (self->filter_button, _ (filters[i].label));

  if (self->table != NULL)
    lockstep_task_table_set_filter (self->table, causes != NULL ? 1 << LOCKSTEP_TASK_FAILED : filters[i].states, causes);
  update_counts (self);
}

/* A run that is gone on with is another one to a session, but not to a person. */
static void
restore_task (LockstepResultsPage *self)
{
  if (self->wanted < 0 || !lockstep_results_page_get_filled (self))
    return;

  if (g_strcmp0 (self->wanted_folder, lockstep_run_get_directory (lockstep_task_table_get_run (self->table))) == 0)
    lockstep_task_view_select (self->task_view, self->wanted);
  self->wanted = -1;
}

static void
n_tasks_cb (LockstepResultsPage *self)
{
  restore_task (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_FILLED]);
}

static void
task_cb (LockstepResultsPage *self)
{
  update_actions (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TASK]);
}

static void
run_cb (LockstepResultsPage *self)
{
  LockstepRun *run = lockstep_session_get_run (self->session);

  if (self->table != NULL && lockstep_results_page_get_task (self) >= 0)
    {
      self->wanted = lockstep_results_page_get_task (self);
      g_free (self->wanted_folder);
      self->wanted_folder = g_strdup (lockstep_run_get_directory (lockstep_task_table_get_run (self->table)));
    }
  g_clear_object (&self->table);
  if (run != NULL)
    self->table = lockstep_task_table_new (run);

  g_signal_group_set_target (self->table_signals, self->table);
  lockstep_task_plot_set_table (self->plot, self->table);
  lockstep_task_view_set_table (self->task_view, self->table);
  lockstep_cause_bar_set_causes (self->cause_bar, run != NULL ? lockstep_run_get_causes (run) : NULL);
  update_filter (self);
  n_tasks_cb (self);
}

static void
activate_cb (LockstepResultsPage *self,
             gint64               task)
{
  g_signal_emit (self, signals[ACTIVATE], 0, task);
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
    lockstep_session_resume (self->session, &what, 0);
}

static void
retry_task_action (GSimpleAction *action,
                   GVariant      *parameter,
                   gpointer       user_data)
{
  LockstepResultsPage *self = user_data;
  g_autofree char     *tasks = g_strdup_printf ("%" G_GINT64_FORMAT, lockstep_results_page_get_task (self));

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
      g_value_set_int64 (value, lockstep_results_page_get_task (self));
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
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);
  g_clear_object (&self->table);
  g_clear_object (&self->session);
  g_clear_object (&self->actions);
  g_clear_pointer (&self->wanted_folder, g_free);

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

  g_type_ensure (LOCKSTEP_TYPE_CAUSE_BAR);
  g_type_ensure (LOCKSTEP_TYPE_TASK_PLOT);
  g_type_ensure (LOCKSTEP_TYPE_TASK_VIEW);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/lockstep/Lockstep/lockstep-results-page.ui");
  gtk_widget_class_bind_template_child (widget_class, LockstepResultsPage, cause_bar);
  gtk_widget_class_bind_template_child (widget_class, LockstepResultsPage, filter_button);
  gtk_widget_class_bind_template_child (widget_class, LockstepResultsPage, count_label);
  gtk_widget_class_bind_template_child (widget_class, LockstepResultsPage, retry_button);
  gtk_widget_class_bind_template_child (widget_class, LockstepResultsPage, task_view);
  gtk_widget_class_bind_template_child (widget_class, LockstepResultsPage, plot);
  gtk_widget_class_bind_template_callback (widget_class, update_filter);
  gtk_widget_class_bind_template_callback (widget_class, task_cb);
  gtk_widget_class_bind_template_callback (widget_class, activate_cb);
}

static void
lockstep_results_page_init (LockstepResultsPage *self)
{
  self->wanted = -1;
  self->actions = g_simple_action_group_new ();
  g_action_map_add_action_entries (G_ACTION_MAP (self->actions), actions, G_N_ELEMENTS (actions), self);

  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_widget_insert_action_group (GTK_WIDGET (self), "results", G_ACTION_GROUP (self->actions));
  gtk_widget_insert_action_group (GTK_WIDGET (self), "columns", lockstep_task_view_get_actions (self->task_view));

  self->session_signals = g_signal_group_new (LOCKSTEP_TYPE_SESSION);
  g_signal_group_connect_swapped (self->session_signals, "notify::run", G_CALLBACK (run_cb), self);
  g_signal_group_connect_swapped (self->session_signals, "notify::busy", G_CALLBACK (update_actions), self);
  g_signal_group_connect_swapped (self->session_signals, "notify::loading", G_CALLBACK (update_actions), self);
  self->table_signals = g_signal_group_new (LOCKSTEP_TYPE_TASK_TABLE);
  g_signal_group_connect_swapped (self->table_signals, "updated", G_CALLBACK (update_counts), self);
  g_signal_group_connect_swapped (self->table_signals, "notify::n-tasks", G_CALLBACK (n_tasks_cb), self);
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

  return lockstep_task_view_get_task (self->task_view);
}

LockstepTaskRow *
lockstep_results_page_dup_row (LockstepResultsPage *self)
{
  g_return_val_if_fail (LOCKSTEP_IS_RESULTS_PAGE (self), NULL);

  return lockstep_results_page_get_task (self) >= 0 ? lockstep_task_table_get_row_of (self->table, lockstep_results_page_get_task (self)) : NULL;
}

void
lockstep_results_page_select (LockstepResultsPage *self,
                              gint64               task)
{
  g_return_if_fail (LOCKSTEP_IS_RESULTS_PAGE (self));

  lockstep_task_view_select (self->task_view, task);
}

LockstepTaskTable *
lockstep_results_page_get_table (LockstepResultsPage *self)
{
  g_return_val_if_fail (LOCKSTEP_IS_RESULTS_PAGE (self), NULL);

  return self->table;
}
