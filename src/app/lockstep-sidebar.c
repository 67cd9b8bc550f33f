/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-sidebar.h"

#include <glib/gi18n-lib.h>

#include "lockstep-history-words.h"

struct _LockstepSidebar
{
  GtkWidget             parent_instance;
  GtkEditable          *search_entry;
  GtkListBox           *plan_list;
  GtkListBoxRow        *plan_row;
  GtkLabel             *plan_label;
  GtkStack             *stack;
  GtkLabel             *empty_label;
  GtkListView          *list_view;
  GtkFilterListModel   *filter_model;
  GtkSingleSelection   *selection;
  GtkFilter            *filter; /* owned by filter_model */
  LockstepHistory      *history;
  GCancellable         *loading;
  LockstepRun          *run;      /* that the window shows; NULL without one */
  LockstepHistoryEntry *followed; /* of run, where it is listed */
  char                 *plan_name;
  char                 *scope;
  char                 *shown;     /* the folder of the run that the window shows */
  char                 *problem;   /* why there are no runs; NULL when all is well */
  gboolean              selecting; /* it is not a person who selects */
};

G_DEFINE_FINAL_TYPE (LockstepSidebar, lockstep_sidebar, GTK_TYPE_WIDGET)

enum
{
  PROP_0,
  PROP_PLAN_NAME,
  PROP_SCOPE,
  PROP_SHOWN,
  N_PROPERTIES
};

static GParamSpec *properties[N_PROPERTIES];

enum
{
  SIGNAL_PLAN_CHOSEN,
  SIGNAL_RUN_CHOSEN,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static gboolean
has_text (const char *haystack,
          const char *folded)
{
  g_autofree char *text = haystack != NULL ? g_utf8_casefold (haystack, -1) : NULL;

  return text != NULL && strstr (text, folded) != NULL;
}

static gboolean
filter_cb (gpointer item,
           gpointer user_data)
{
  LockstepSidebar        *self = user_data;
  const LockstepRunFacts *facts = lockstep_history_entry_get_facts (item);
  g_autofree char        *wanted = g_utf8_casefold (gtk_editable_get_text (self->search_entry), -1);
  g_autofree char        *time = NULL;

  if (self->plan_name != NULL && g_str_equal (self->scope, "plan") && g_strcmp0 (facts->plan, self->plan_name) != 0)
    return FALSE;
  if (*wanted == '\0')
    return TRUE;

  time = lockstep_history_words_dup_time (NULL, facts->started);
  return has_text (facts->name, wanted) || has_text (facts->plan, wanted) || has_text (facts->note, wanted) ||
         has_text (facts->id, wanted) || has_text (time, wanted);
}

/* The row of what the window shows. */
static void
select_shown (LockstepSidebar *self)
{
  GListModel *model = G_LIST_MODEL (self->selection);
  guint       position = GTK_INVALID_LIST_POSITION;

  for (guint i = 0; self->shown != NULL && i < g_list_model_get_n_items (model); i++)
    {
      g_autoptr (LockstepHistoryEntry) entry = g_list_model_get_item (model, i);

      if (g_str_equal (lockstep_history_entry_get_facts (entry)->directory, self->shown))
        {
          position = i;
          break;
        }
    }

  self->selecting = TRUE;
  gtk_single_selection_set_selected (self->selection, position);
  if (self->shown == NULL)
    gtk_list_box_select_row (self->plan_list, self->plan_row);
  else
    gtk_list_box_unselect_all (self->plan_list);
  self->selecting = FALSE;
}

/* What the window knows of the run that it shows is newer than what is on disk. */
static void
follow_run (LockstepSidebar *self)
{
  const char           *directory = self->run != NULL ? lockstep_run_get_directory (self->run) : NULL;
  g_autofree char      *id = directory != NULL ? g_path_get_basename (directory) : NULL;
  LockstepHistoryEntry *entry = id != NULL ? lockstep_history_lookup (self->history, id) : NULL;

  if (entry != NULL && g_strcmp0 (lockstep_history_entry_get_facts (entry)->directory, directory) != 0)
    entry = NULL;
  if (entry == self->followed)
    return;

  if (self->followed != NULL)
    lockstep_history_entry_follow (self->followed, NULL);
  g_set_object (&self->followed, entry);
  if (entry != NULL)
    lockstep_history_entry_follow (entry, self->run);
}

static void
update_stack (LockstepSidebar *self)
{
  const char *text = _ ("No Runs Yet");

  if (self->problem != NULL)
    text = self->problem;
  else if (*gtk_editable_get_text (self->search_entry) != '\0')
    text = _ ("No Such Run");
  else if (g_list_model_get_n_items (G_LIST_MODEL (self->history)) > 0)
    text = _ ("No Run of This Plan Yet");

  gtk_label_set_label (self->empty_label, text);
  gtk_stack_set_visible_child_name (self->stack, g_list_model_get_n_items (G_LIST_MODEL (self->selection)) > 0 ? "runs" : "empty");
}

static void
items_changed_cb (LockstepSidebar *self)
{
  follow_run (self);
  select_shown (self);
  update_stack (self);
}

static void
refilter (LockstepSidebar *self)
{
  gtk_filter_changed (self->filter, GTK_FILTER_CHANGE_DIFFERENT);
  items_changed_cb (self);
}

static void
selected_cb (LockstepSidebar *self)
{
  LockstepHistoryEntry *entry = gtk_single_selection_get_selected_item (self->selection);

  if (self->selecting || entry == NULL)
    return;

  lockstep_sidebar_set_shown (self, lockstep_history_entry_get_facts (entry)->directory);
  g_signal_emit (self, signals[SIGNAL_RUN_CHOSEN], 0, self->shown);
}

static void
plan_selected_cb (LockstepSidebar *self,
                  GtkListBoxRow   *row)
{
  if (self->selecting || row == NULL)
    return;

  lockstep_sidebar_set_shown (self, NULL);
  g_signal_emit (self, signals[SIGNAL_PLAN_CHOSEN], 0);
}

static GtkExpression *
lookup (const char *property)
{
  GtkExpression *item = gtk_property_expression_new (GTK_TYPE_LIST_ITEM, NULL, "item");

  return gtk_property_expression_new (LOCKSTEP_TYPE_HISTORY_ENTRY, item, property);
}

static void
bind_state (GtkListItem *item,
            GCallback    function,
            GtkWidget   *widget,
            const char  *property)
{
  GtkExpression *params[] = { lookup ("state"), lookup ("failures"), lookup ("reached") };
  GtkExpression *text = gtk_cclosure_expression_new (G_TYPE_STRING, NULL, G_N_ELEMENTS (params), params, function, NULL, NULL);

  gtk_expression_bind (text, widget, property, item);
}

static void
bind_time (GtkListItem *item,
           GtkWidget   *label)
{
  GtkExpression *params[] = { lookup ("started") };
  GtkExpression *text = gtk_cclosure_expression_new (G_TYPE_STRING, NULL, G_N_ELEMENTS (params), params,
                                                     G_CALLBACK (lockstep_history_words_dup_time), NULL, NULL);

  gtk_expression_bind (text, label, "label", item);
}

static void
bind_result (LockstepSidebar *self,
             GtkListItem     *item,
             GtkWidget       *label)
{
  GtkExpression *params[] = {
    lookup ("state"), lookup ("tasks-done"), lookup ("tasks-total"), lookup ("listed"), lookup ("failures"), lookup ("reached"), lookup ("until"), lookup ("value"), lookup ("name"),
    gtk_property_expression_new (LOCKSTEP_TYPE_SIDEBAR, gtk_object_expression_new (G_OBJECT (self)), "plan-name"),
    lookup ("headline")
  };
  GtkExpression *text = gtk_cclosure_expression_new (G_TYPE_STRING, NULL, G_N_ELEMENTS (params), params,
                                                     G_CALLBACK (lockstep_history_words_dup_result), NULL, NULL);

  gtk_expression_bind (gtk_expression_ref (text), label, "label", item);
  gtk_expression_bind (text, label, "tooltip-text", item);
}

static GtkWidget *
create_line (void)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  /* However long a name is, the sidebar stays as wide as it was. */
  gtk_label_set_max_width_chars (GTK_LABEL (label), 24);

  return label;
}

/* The icon's tooltip is what one hears of it. */
static void
icon_tooltip_cb (GtkWidget *icon)
{
  const char *text = gtk_widget_get_tooltip_text (icon);

  gtk_accessible_update_property (GTK_ACCESSIBLE (icon), GTK_ACCESSIBLE_PROPERTY_LABEL, text != NULL ? text : "", -1);
}

/* What one hears of a row: when it was, what became of it, and how it stands. */
static void
name_row_cb (GtkWidget  *changed,
             GParamSpec *pspec,
             GtkWidget  *row)
{
  GtkWidget       *item = gtk_widget_get_parent (row);
  GtkWidget       *icon = gtk_widget_get_first_child (row);
  GtkWidget       *time = gtk_widget_get_first_child (gtk_widget_get_last_child (row));
  GtkWidget       *result = gtk_widget_get_next_sibling (time);
  g_autofree char *name = NULL;

  if (item == NULL)
    return;

  name = g_strdup_printf ("%s, %s, %s", gtk_label_get_label (GTK_LABEL (time)),
                          gtk_widget_get_tooltip_text (icon) != NULL ? gtk_widget_get_tooltip_text (icon) : "",
                          gtk_label_get_label (GTK_LABEL (result)));
  gtk_accessible_update_property (GTK_ACCESSIBLE (item), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

static void
setup_cb (LockstepSidebar *self,
          GtkListItem     *item)
{
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 9);
  GtkWidget *lines = gtk_box_new (GTK_ORIENTATION_VERTICAL, 1);
  GtkWidget *icon = gtk_image_new ();
  GtkWidget *time = create_line ();
  GtkWidget *result = create_line ();

  gtk_widget_add_css_class (time, "numeric");
  gtk_widget_add_css_class (result, "numeric");
  gtk_widget_add_css_class (result, "dim-label");
  gtk_widget_add_css_class (result, "caption");
  gtk_box_append (GTK_BOX (lines), time);
  gtk_box_append (GTK_BOX (lines), result);
  gtk_box_append (GTK_BOX (row), icon);
  gtk_box_append (GTK_BOX (row), lines);
  gtk_widget_add_css_class (row, "run-row");
  gtk_list_item_set_child (item, row);

  g_signal_connect (icon, "notify::tooltip-text", G_CALLBACK (icon_tooltip_cb), NULL);
  g_signal_connect_object (icon, "notify::tooltip-text", G_CALLBACK (name_row_cb), row, 0);
  g_signal_connect_object (time, "notify::label", G_CALLBACK (name_row_cb), row, 0);
  g_signal_connect_object (result, "notify::label", G_CALLBACK (name_row_cb), row, 0);
  bind_state (item, G_CALLBACK (lockstep_history_words_dup_icon), icon, "icon-name");
  bind_state (item, G_CALLBACK (lockstep_history_words_dup_state), icon, "tooltip-text");
  bind_time (item, time);
  bind_result (self, item, result);
}

static void
loaded_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (LockstepSidebar) self = user_data;
  g_autoptr (GError)          error = NULL;

  if (!lockstep_history_load_finish (LOCKSTEP_HISTORY (object), result, &error))
    self->problem = g_utf8_make_valid (error->message, -1);
  if (self->history != NULL)
    update_stack (self);
}

static void
lockstep_sidebar_get_property (GObject    *object,
                               guint       property_id,
                               GValue     *value,
                               GParamSpec *pspec)
{
  LockstepSidebar *self = LOCKSTEP_SIDEBAR (object);

  switch (property_id)
    {
    case PROP_PLAN_NAME:
      g_value_set_string (value, self->plan_name);
      break;
    case PROP_SCOPE:
      g_value_set_string (value, self->scope);
      break;
    case PROP_SHOWN:
      g_value_set_string (value, self->shown);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
lockstep_sidebar_set_property (GObject      *object,
                               guint         property_id,
                               const GValue *value,
                               GParamSpec   *pspec)
{
  LockstepSidebar *self = LOCKSTEP_SIDEBAR (object);

  switch (property_id)
    {
    case PROP_PLAN_NAME:
      lockstep_sidebar_set_plan_name (self, g_value_get_string (value));
      break;
    case PROP_SCOPE:
      g_free (self->scope);
      self->scope = g_value_dup_string (value);
      refilter (self);
      break;
    case PROP_SHOWN:
      lockstep_sidebar_set_shown (self, g_value_get_string (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
lockstep_sidebar_dispose (GObject *object)
{
  LockstepSidebar *self = LOCKSTEP_SIDEBAR (object);
  GtkWidget       *child;

  if (self->loading != NULL)
    g_cancellable_cancel (self->loading);
  g_clear_object (&self->loading);
  if (self->followed != NULL)
    lockstep_history_entry_follow (self->followed, NULL);
  g_clear_object (&self->followed);
  g_clear_object (&self->run);
  if (self->history != NULL)
    g_signal_handlers_disconnect_by_data (self->history, self);
  if (self->selection != NULL)
    g_signal_handlers_disconnect_by_data (self->selection, self);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);
  g_clear_object (&self->history);

  G_OBJECT_CLASS (lockstep_sidebar_parent_class)->dispose (object);
}

static void
lockstep_sidebar_finalize (GObject *object)
{
  LockstepSidebar *self = LOCKSTEP_SIDEBAR (object);

  g_free (self->plan_name);
  g_free (self->scope);
  g_free (self->shown);
  g_free (self->problem);

  G_OBJECT_CLASS (lockstep_sidebar_parent_class)->finalize (object);
}

static void
lockstep_sidebar_class_init (LockstepSidebarClass *class)
{
  GObjectClass     *object_class = G_OBJECT_CLASS (class);
  GtkWidgetClass   *widget_class = GTK_WIDGET_CLASS (class);
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->get_property = lockstep_sidebar_get_property;
  object_class->set_property = lockstep_sidebar_set_property;
  object_class->dispose = lockstep_sidebar_dispose;
  object_class->finalize = lockstep_sidebar_finalize;

  properties[PROP_PLAN_NAME] = g_param_spec_string ("plan-name", NULL, NULL, NULL, flags);
  properties[PROP_SCOPE] = g_param_spec_string ("scope", NULL, NULL, "plan", G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  properties[PROP_SHOWN] = g_param_spec_string ("shown", NULL, NULL, NULL, flags);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);

  signals[SIGNAL_PLAN_CHOSEN] = g_signal_new ("plan-chosen", LOCKSTEP_TYPE_SIDEBAR, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                              G_TYPE_NONE, 0);
  signals[SIGNAL_RUN_CHOSEN] = g_signal_new ("run-chosen", LOCKSTEP_TYPE_SIDEBAR, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                             G_TYPE_NONE, 1, G_TYPE_STRING);

  gtk_widget_class_set_template_from_resource (widget_class, "/org/lockstep/Lockstep/lockstep-sidebar.ui");
  gtk_widget_class_bind_template_child (widget_class, LockstepSidebar, search_entry);
  gtk_widget_class_bind_template_child (widget_class, LockstepSidebar, plan_list);
  gtk_widget_class_bind_template_child (widget_class, LockstepSidebar, plan_row);
  gtk_widget_class_bind_template_child (widget_class, LockstepSidebar, plan_label);
  gtk_widget_class_bind_template_child (widget_class, LockstepSidebar, stack);
  gtk_widget_class_bind_template_child (widget_class, LockstepSidebar, empty_label);
  gtk_widget_class_bind_template_child (widget_class, LockstepSidebar, list_view);
  gtk_widget_class_bind_template_child (widget_class, LockstepSidebar, filter_model);
  gtk_widget_class_bind_template_child (widget_class, LockstepSidebar, selection);
  gtk_widget_class_bind_template_callback (widget_class, refilter);
  gtk_widget_class_bind_template_callback (widget_class, plan_selected_cb);
  gtk_widget_class_bind_template_callback (widget_class, selected_cb);
  gtk_widget_class_install_property_action (widget_class, "sidebar.scope", "scope");
}

static void
lockstep_sidebar_init (LockstepSidebar *self)
{
  g_autoptr (GtkListItemFactory) factory = gtk_signal_list_item_factory_new ();
  g_autoptr (GtkFilter)          filter = GTK_FILTER (gtk_custom_filter_new (filter_cb, self, NULL));

  self->scope = g_strdup ("plan");
  gtk_widget_init_template (GTK_WIDGET (self));

  g_signal_connect_object (factory, "setup", G_CALLBACK (setup_cb), self, G_CONNECT_SWAPPED);
  gtk_list_view_set_factory (self->list_view, factory);

  self->history = lockstep_history_new (NULL);
  g_signal_connect_object (self->history, "items-changed", G_CALLBACK (follow_run), self, G_CONNECT_SWAPPED);
  self->filter = filter;
  gtk_filter_list_model_set_filter (self->filter_model, filter);
  gtk_filter_list_model_set_model (self->filter_model, G_LIST_MODEL (self->history));
  g_signal_connect_object (self->selection, "items-changed", G_CALLBACK (items_changed_cb), self, G_CONNECT_SWAPPED);

  self->loading = g_cancellable_new ();
  lockstep_history_watch (self->history);
  lockstep_history_load_async (self->history, self->loading, loaded_cb, g_object_ref (self));
  lockstep_sidebar_set_plan_name (self, NULL);
}

void
lockstep_sidebar_set_plan_name (LockstepSidebar *self,
                                const char      *name)
{
  g_return_if_fail (LOCKSTEP_IS_SIDEBAR (self));

  if (name != self->plan_name)
    {
      g_free (self->plan_name);
      self->plan_name = g_strdup (name);
    }
  gtk_label_set_label (self->plan_label, name != NULL ? name : "");
  gtk_widget_set_visible (GTK_WIDGET (self->plan_list), name != NULL);
  refilter (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PLAN_NAME]);
}

void
lockstep_sidebar_set_shown (LockstepSidebar *self,
                            const char      *directory)
{
  g_return_if_fail (LOCKSTEP_IS_SIDEBAR (self));

  if (g_strcmp0 (directory, self->shown) != 0)
    {
      g_free (self->shown);
      self->shown = g_strdup (directory);
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SHOWN]);
    }
  select_shown (self);
}

void
lockstep_sidebar_set_run (LockstepSidebar *self,
                          LockstepRun     *run)
{
  g_return_if_fail (LOCKSTEP_IS_SIDEBAR (self));

  /* An entry follows one run: it lets go of it first. */
  if (run != self->run && self->followed != NULL)
    {
      lockstep_history_entry_follow (self->followed, NULL);
      g_clear_object (&self->followed);
    }
  g_set_object (&self->run, run);
  follow_run (self);
}

void
lockstep_sidebar_search (LockstepSidebar *self)
{
  g_return_if_fail (LOCKSTEP_IS_SIDEBAR (self));

  gtk_widget_grab_focus (GTK_WIDGET (self->search_entry));
}
