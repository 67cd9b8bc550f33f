/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-solvers-page.h"

#include <glib/gi18n-lib.h>

#include "lockstep-clock.h"
#include "lockstep-settings.h"
#include "lockstep-solver-text.h"
#include "lockstep-solver-words.h"
#include "lockstep-timeline-words.h"
#include "lockstep-trace-solvers.h"

/* Pixels that the columns need which are shown unless a person chooses. */
#define WIDE 690

enum
{
  COLUMN_SOLVER,
  COLUMN_HOST,
  COLUMN_STATE,
  COLUMN_STEP,
  COLUMN_PROGRESS,
  COLUMN_WAITING,
  COLUMN_MESSAGE,
  COLUMN_CPU,
  COLUMN_MEMORY,
  COLUMN_ELAPSED,
  COLUMN_SIGN,
  N_COLUMNS
};

/* In the order in which they stand: their names in settings and in the template. */
static const char *const column_names[N_COLUMNS + 1] = {
  "solver", "host", "state", "step", "progress", "waiting", "message", "cpu", "memory", "elapsed", "sign", NULL
};

struct _LockstepSolversPage
{
  GtkWidget            parent_instance;
  GtkScrolledWindow   *scrolled_window;
  GtkColumnView       *column_view;
  GtkColumnViewColumn *columns[N_COLUMNS]; /* owned, in the table or not */
  gboolean             chosen[N_COLUMNS];  /* by a person, see has_choice */
  gboolean             has_choice;         /* else those are shown that fit and have something to tell */
  GMenu               *columns_menu;
  GtkMenuButton       *columns_button;
  GtkSearchBar        *search_bar;
  GtkEditable         *search_entry;
  GtkDropDown         *state_drop_down;
  GtkFilterListModel  *filter_model;
  GtkFilter           *filter; /* owned by filter_model */
  GtkSortListModel    *sort_model;
  GtkSingleSelection  *selection;
  GtkLabel            *total_label;
  GtkWidget           *popover;
  GtkWidget           *moment_bar;
  GtkLabel            *moment_label;
  LockstepChronicle   *chronicle; /* NULL for none */
  LockstepMoment      *moment;
  GListStore          *past; /* of LockstepRunSolver: as they were at the moment */
  GSignalGroup        *chronicle_signals;
  GSignalGroup        *moment_signals;
  LockstepRun         *run; /* NULL without a plan */
  GSignalGroup        *run_signals;
  LockstepClock       *clock;          /* runs while the run does */
  guint                columns_source; /* 0 while the columns are those for the width and the run */
};

G_DEFINE_FINAL_TYPE (LockstepSolversPage, lockstep_solvers_page, GTK_TYPE_WIDGET)

enum
{
  PROP_0,
  PROP_RUN,
  PROP_CHRONICLE,
  PROP_MOMENT,
  PROP_SELECTED,
  N_PROPERTIES
};

static GParamSpec *properties[N_PROPERTIES];

/* The value text of a progress bar is what it says; setting the fraction takes it away. */
static void
progress_text_changed (GtkProgressBar *bar)
{
  const char *text = gtk_progress_bar_get_text (bar);

  gtk_accessible_update_property (GTK_ACCESSIBLE (bar),
                                  GTK_ACCESSIBLE_PROPERTY_VALUE_TEXT, text != NULL ? text : "",
                                  -1);
}

static GtkExpression *
lookup_in_item (const char *property)
{
  GtkExpression *item = gtk_property_expression_new (GTK_TYPE_LIST_ITEM, NULL, "item");

  return gtk_property_expression_new (LOCKSTEP_TYPE_RUN_SOLVER, item, property);
}

/* What a cell says that changes with the clock. */
static GtkExpression *
create_clock_text (LockstepSolversPage *self,
                   const char          *first,
                   GCallback            function)
{
  GtkExpression *params[] = {
    lookup_in_item (first),
    gtk_property_expression_new (LOCKSTEP_TYPE_CLOCK, gtk_object_expression_new (G_OBJECT (self->clock)), "now"),
    lookup_in_item ("state"),
    lookup_in_item ("waiting"),
  };

  return gtk_cclosure_expression_new (G_TYPE_STRING, NULL, G_N_ELEMENTS (params), params, function, NULL, NULL);
}

static void
setup_clock_cell (LockstepSolversPage *self,
                  GtkListItem         *item,
                  const char          *first,
                  GCallback            function)
{
  GtkWidget     *label = gtk_label_new (NULL);
  GtkExpression *text = create_clock_text (self, first, function);

  gtk_label_set_xalign (GTK_LABEL (label), 1);
  gtk_widget_add_css_class (label, "numeric");
  gtk_list_item_set_child (item, label);
  gtk_expression_bind (text, label, "label", item);
}

static void
setup_age (LockstepSolversPage *self,
           GtkListItem         *item)
{
  setup_clock_cell (self, item, "sign", G_CALLBACK (lockstep_solver_words_dup_age));
}

static void
setup_waiting (LockstepSolversPage *self,
               GtkListItem         *item)
{
  setup_clock_cell (self, item, "since", G_CALLBACK (lockstep_solver_words_dup_waiting));
}

static void
setup_elapsed (LockstepSolversPage *self,
               GtkListItem         *item)
{
  setup_clock_cell (self, item, "since", G_CALLBACK (lockstep_solver_words_dup_elapsed));
}

static void
set_clock_factory (LockstepSolversPage *self,
                   guint                column,
                   GCallback            setup)
{
  g_autoptr (GtkListItemFactory) factory = gtk_signal_list_item_factory_new ();

  g_signal_connect_object (factory, "setup", setup, self, G_CONNECT_SWAPPED);
  gtk_column_view_column_set_factory (self->columns[column], factory);
}

static gboolean
has_text (const char *text,
          const char *folded)
{
  g_autofree char *folded_text = text != NULL ? g_utf8_casefold (text, -1) : NULL;

  return folded_text != NULL && strstr (folded_text, folded) != NULL;
}

static gboolean
filter_cb (gpointer item,
           gpointer user_data)
{
  LockstepSolversPage *self = user_data;
  LockstepRunSolver   *solver = item;
  const guint          state = gtk_drop_down_get_selected (self->state_drop_down);
  g_autofree char     *wanted = g_utf8_casefold (gtk_editable_get_text (self->search_entry), -1);
  g_autofree char     *index = NULL;

  if (state > 0 && state != GTK_INVALID_LIST_POSITION &&
      lockstep_doing_get (lockstep_run_solver_get_state (solver), lockstep_run_solver_get_waiting (solver)) != state - 1)
    return FALSE;
  if (*wanted == '\0')
    return TRUE;

  index = g_strdup_printf ("%u", lockstep_run_solver_get_index (solver));
  return g_str_equal (index, wanted) || has_text (lockstep_run_solver_get_host (solver), wanted) ||
         has_text (lockstep_run_solver_get_step (solver), wanted) || has_text (lockstep_run_solver_get_message (solver), wanted) ||
         has_text (lockstep_run_solver_get_reason (solver), wanted);
}

static gboolean
is_filtering (LockstepSolversPage *self)
{
  return gtk_drop_down_get_selected (self->state_drop_down) > 0 || *gtk_editable_get_text (self->search_entry) != '\0';
}

static void
refilter (LockstepSolversPage *self)
{
  if (self->filter != NULL)
    gtk_filter_changed (self->filter, GTK_FILTER_CHANGE_DIFFERENT);
}

/* Together with the rows, which the run tells of its changes right before it tells its summary: at any other moment the sums
 * would be of values that no row shows. */
static void
update_total (LockstepSolversPage *self)
{
  g_autofree char *total = lockstep_solver_words_dup_total (NULL, gtk_filter_list_model_get_model (self->filter_model));

  gtk_label_set_label (self->total_label, total);
}

/* A sort list does not see that values change, so it is told to look again; where the order stands, nothing moves. */
static void
tick_cb (LockstepSolversPage *self)
{
  if (is_filtering (self))
    refilter (self);
  gtk_sorter_changed (gtk_column_view_get_sorter (self->column_view), GTK_SORTER_CHANGE_DIFFERENT);
}

/* Those that a person chose; else those whose values there is room for: where they do not fit, the columns go whose sums
 * stand below. Solvers that are gone have no such values, but something that they ended of. */
static gboolean
is_column_shown (LockstepSolversPage *self,
                 guint                column)
{
  GtkAdjustment *adjustment = gtk_scrolled_window_get_hadjustment (self->scrolled_window);
  const gboolean wide = gtk_adjustment_get_page_size (adjustment) >= WIDE;
  const gboolean ended = self->run != NULL && lockstep_run_has_ended (self->run);

  if (self->has_choice)
    return self->chosen[column];

  switch (column)
    {
    case COLUMN_CPU:
    case COLUMN_MEMORY:
      return wide && !ended;
    case COLUMN_SIGN:
      return !ended;
    case COLUMN_MESSAGE:
      return ended;
    case COLUMN_HOST:
    case COLUMN_WAITING:
    case COLUMN_ELAPSED:
      return FALSE;
    default:
      return TRUE;
    }
}

/* Taken out, and put in again: a column that is merely hidden keeps its width in GTK 4.8. */
static gboolean
update_columns_cb (gpointer user_data)
{
  LockstepSolversPage *self = user_data;
  guint                position = 0;

  self->columns_source = 0;
  for (guint i = 0; i < N_COLUMNS; i++)
    {
      const gboolean shown = is_column_shown (self, i);
      const gboolean there = gtk_column_view_column_get_column_view (self->columns[i]) != NULL;

      if (shown && !there)
        gtk_column_view_insert_column (self->column_view, position, self->columns[i]);
      else if (!shown && there)
        gtk_column_view_remove_column (self->column_view, self->columns[i]);
      position += shown;
    }

  /* What is left of the width goes to the message, or else to the step. */
  gtk_column_view_column_set_expand (self->columns[COLUMN_STEP], !is_column_shown (self, COLUMN_MESSAGE));

  return G_SOURCE_REMOVE;
}

/* Told in the middle of a layout, it waits for its end. */
static void
queue_update_columns (LockstepSolversPage *self)
{
  if (self->columns_source == 0)
    self->columns_source = g_idle_add_full (G_PRIORITY_HIGH_IDLE, update_columns_cb, self, NULL);
}

static void
update_column_actions (LockstepSolversPage *self)
{
  GActionGroup *group = G_ACTION_GROUP (g_object_get_data (G_OBJECT (self), "columns"));

  for (guint i = 0; i < N_COLUMNS; i++)
    g_action_group_change_action_state (group, column_names[i], g_variant_new_boolean (is_column_shown (self, i)));
}

static void
change_column_cb (GSimpleAction *action,
                  GVariant      *state,
                  gpointer       user_data)
{
  g_simple_action_set_state (action, state);
}

static void
choose_column_cb (GSimpleAction *action,
                  GVariant      *parameter,
                  gpointer       user_data)
{
  LockstepSolversPage  *self = user_data;
  g_autoptr (GPtrArray) chosen = g_ptr_array_new ();
  const char           *name = g_action_get_name (G_ACTION (action));

  for (guint i = 0; i < N_COLUMNS; i++)
    self->chosen[i] = is_column_shown (self, i) != g_str_equal (column_names[i], name);
  self->has_choice = TRUE;

  for (guint i = 0; i < N_COLUMNS; i++)
    if (self->chosen[i])
      g_ptr_array_add (chosen, (gpointer) column_names[i]);
  g_ptr_array_add (chosen, NULL);
  lockstep_settings_store_strings ("Solvers", "columns", (const char *const *) chosen->pdata);
  update_column_actions (self);
  queue_update_columns (self);
}

static void
columns_reset_cb (GSimpleAction *action,
                  GVariant      *parameter,
                  gpointer       user_data)
{
  LockstepSolversPage *self = user_data;
  const char *const    none[] = { NULL };

  self->has_choice = FALSE;
  lockstep_settings_store_strings ("Solvers", "columns", none);
  update_column_actions (self);
  queue_update_columns (self);
}

static void
settings_cb (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr (LockstepSolversPage) self = user_data;
  g_autoptr (GKeyFile)            file = lockstep_settings_load_finish (result);
  g_auto (GStrv)                  chosen = g_key_file_get_string_list (file, "Solvers", "columns", NULL, NULL);

  if (chosen == NULL || chosen[0] == NULL || self->clock == NULL)
    return;

  self->has_choice = TRUE;
  for (guint i = 0; i < N_COLUMNS; i++)
    self->chosen[i] = g_strv_contains ((const char *const *) chosen, column_names[i]);
  queue_update_columns (self);
}

/* A header's menu says which columns there are. */
static void
create_columns_menu (LockstepSolversPage *self)
{
  g_autoptr (GSimpleActionGroup) group = g_simple_action_group_new ();
  g_autoptr (GSimpleAction)      reset = g_simple_action_new ("reset", NULL);
  g_autoptr (GMenu)              last = g_menu_new ();
  g_autoptr (GMenu)              first = g_menu_new ();

  self->columns_menu = g_menu_new ();
  for (guint i = 0; i < N_COLUMNS; i++)
    {
      g_autoptr (GSimpleAction) action = g_simple_action_new_stateful (column_names[i], NULL, g_variant_new_boolean (FALSE));
      g_autofree char          *name = g_strconcat ("columns.", column_names[i], NULL);

      g_signal_connect_object (action, "activate", G_CALLBACK (choose_column_cb), self, 0);
      g_signal_connect_object (action, "change-state", G_CALLBACK (change_column_cb), self, 0);
      g_action_map_add_action (G_ACTION_MAP (group), G_ACTION (action));
      g_simple_action_set_enabled (action, i != COLUMN_SOLVER);
      g_menu_append (first, gtk_column_view_column_get_title (self->columns[i]), name);
    }
  g_signal_connect_object (reset, "activate", G_CALLBACK (columns_reset_cb), self, 0);
  g_action_map_add_action (G_ACTION_MAP (group), G_ACTION (reset));
  g_menu_append (last, _ ("_Usual Columns"), "columns.reset");
  g_menu_append_section (self->columns_menu, NULL, G_MENU_MODEL (first));
  g_menu_append_section (self->columns_menu, NULL, G_MENU_MODEL (last));

  gtk_widget_insert_action_group (GTK_WIDGET (self), "columns", G_ACTION_GROUP (group));
  g_object_set_data_full (G_OBJECT (self), "columns", g_object_ref (group), g_object_unref);
  gtk_menu_button_set_menu_model (self->columns_button, G_MENU_MODEL (self->columns_menu));
  for (guint i = 0; i < N_COLUMNS; i++)
    gtk_column_view_column_set_header_menu (self->columns[i], G_MENU_MODEL (self->columns_menu));
}

/* What can be done with a solver. */
static GMenuModel *
create_solver_menu (guint solver)
{
  static const struct
  {
    const char *label;
    const char *action;
  } items[] = {
    { N_ ("Show _Log"), "win.show-solver-log" },
    { N_ ("Show _All That It Printed"), "win.show-solver-output" },
    { N_ ("_Restart"), "win.restart-solver" },
    { N_ ("_Copy Command"), "win.copy-solver-command" },
  };
  GMenu *menu = g_menu_new ();

  for (guint i = 0; i < G_N_ELEMENTS (items); i++)
    {
      g_autoptr (GMenuItem) item = g_menu_item_new (_ (items[i].label), NULL);

      g_menu_item_set_action_and_target (item, items[i].action, "u", solver);
      g_menu_append_item (menu, item);
    }
  g_menu_append (menu, _ ("Open _Folder"), "win.open-folder");

  return G_MENU_MODEL (menu);
}

static void
popup_menu (LockstepSolversPage *self,
            double               x,
            double               y)
{
  LockstepRunSolver     *solver = gtk_single_selection_get_selected_item (self->selection);
  g_autoptr (GMenuModel) menu = NULL;

  if (solver == NULL)
    return;

  menu = create_solver_menu (lockstep_run_solver_get_index (solver));
  g_clear_pointer (&self->popover, gtk_widget_unparent);
  self->popover = gtk_popover_menu_new_from_model (menu);
  gtk_widget_set_parent (self->popover, GTK_WIDGET (self));
  gtk_popover_set_has_arrow (GTK_POPOVER (self->popover), FALSE);
  gtk_widget_set_halign (self->popover, GTK_ALIGN_START);
  gtk_popover_set_pointing_to (GTK_POPOVER (self->popover), &(GdkRectangle){ (int) x, (int) y, 1, 1 });
  gtk_popover_popup (GTK_POPOVER (self->popover));
}

/* The row that is below the pointer: its cells know which item they show. */
static void
pressed_cb (LockstepSolversPage *self,
            int                  n_press,
            double               x,
            double               y)
{
  GtkWidget *row = gtk_widget_pick (GTK_WIDGET (self), x, y, GTK_PICK_DEFAULT);

  while (row != NULL && g_strcmp0 (gtk_widget_get_css_name (row), "row") != 0)
    row = gtk_widget_get_parent (row);
  if (row == NULL)
    return;

  gtk_widget_activate_action (row, "listitem.select", "(bb)", FALSE, FALSE);
  popup_menu (self, x, y);
}

static void
menu_action (GtkWidget  *widget,
             const char *name,
             GVariant   *parameter)
{
  popup_menu (LOCKSTEP_SOLVERS_PAGE (widget), 24, 48);
}

static void
search_action (GtkWidget  *widget,
               const char *name,
               GVariant   *parameter)
{
  LockstepSolversPage *self = LOCKSTEP_SOLVERS_PAGE (widget);

  gtk_search_bar_set_search_mode (self->search_bar, TRUE);
  gtk_widget_grab_focus (GTK_WIDGET (self->search_entry));
}

static void
selected_cb (LockstepSolversPage *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SELECTED]);
}

static void
activate_cb (LockstepSolversPage *self,
             guint                position)
{
  g_autoptr (LockstepRunSolver) solver = g_list_model_get_item (G_LIST_MODEL (self->selection), position);

  gtk_widget_activate_action (GTK_WIDGET (self), "win.show-solver-log", "u", lockstep_run_solver_get_index (solver));
}

static void
set_state_model (LockstepSolversPage *self)
{
  g_autoptr (GtkStringList) states = gtk_string_list_new (NULL);

  gtk_string_list_append (states, _ ("All states"));
  for (guint i = 0; i < LOCKSTEP_N_DOINGS; i++)
    gtk_string_list_append (states, lockstep_doing_to_text (i));
  gtk_drop_down_set_model (self->state_drop_down, G_LIST_MODEL (states));
}

static gboolean
is_past (LockstepSolversPage *self)
{
  return self->run != NULL && self->chronicle != NULL && self->moment != NULL && lockstep_moment_get_time (self->moment) != 0;
}

static void
update_state (LockstepSolversPage *self)
{
  if (!is_past (self))
    lockstep_clock_set_running (self->clock, self->run != NULL && lockstep_run_get_state (self->run) != LOCKSTEP_RUN_IDLE && !lockstep_run_has_ended (self->run));
  queue_update_columns (self);
}

/* Another list of the same solvers: what was selected stays so. */
static void
set_model (LockstepSolversPage *self,
           GListModel          *model)
{
  LockstepRunSolver *solver = gtk_single_selection_get_selected_item (self->selection);
  const guint        index = solver != NULL ? lockstep_run_solver_get_index (solver) : G_MAXUINT;

  if (model == gtk_filter_list_model_get_model (self->filter_model))
    return;

  gtk_filter_list_model_set_model (self->filter_model, model);
  for (guint i = 0; index != G_MAXUINT && i < g_list_model_get_n_items (G_LIST_MODEL (self->selection)); i++)
    {
      g_autoptr (LockstepRunSolver) other = g_list_model_get_item (G_LIST_MODEL (self->selection), i);

      if (lockstep_run_solver_get_index (other) == index)
        {
          gtk_single_selection_set_selected (self->selection, i);
          break;
        }
    }
}

/* The solvers as they are, or as they were at the moment. */
static void
update_moment (LockstepSolversPage *self)
{
  const gboolean past = is_past (self);

  if (past)
    {
      LockstepTrace   *trace = lockstep_chronicle_get_trace (self->chronicle);
      const gint64     now = lockstep_moment_get_time (self->moment);
      const gint64     time = lockstep_trace_from_clock (trace, now);
      g_autofree char *clock = lockstep_timeline_words_dup_clock (trace, time, G_USEC_PER_SEC);
      g_autofree char *text = g_strdup_printf (_ ("At %s"), clock);

      gtk_label_set_label (self->moment_label, text);
      lockstep_trace_show_solvers (trace, time, self->past);
      set_model (self, G_LIST_MODEL (self->past));
      lockstep_clock_set_time (self->clock, now);
    }
  else
    {
      set_model (self, self->run != NULL ? lockstep_run_get_solvers (self->run) : NULL);
      g_list_store_remove_all (self->past);
      if (gtk_widget_get_visible (self->moment_bar))
        lockstep_clock_set_time (self->clock, g_get_real_time ());
      update_state (self);
    }
  gtk_widget_set_visible (self->moment_bar, past);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "solvers.now", past);
  update_total (self);
}

static void
chronicle_changed_cb (LockstepSolversPage *self)
{
  if (is_past (self))
    update_moment (self);
}

static void
now_action (GtkWidget  *widget,
            const char *name,
            GVariant   *parameter)
{
  lockstep_moment_set_time (LOCKSTEP_SOLVERS_PAGE (widget)->moment, 0);
}

static void
lockstep_solvers_page_get_property (GObject    *object,
                                    guint       property_id,
                                    GValue     *value,
                                    GParamSpec *pspec)
{
  LockstepSolversPage *self = LOCKSTEP_SOLVERS_PAGE (object);

  switch (property_id)
    {
    case PROP_RUN:
      g_value_set_object (value, self->run);
      break;
    case PROP_CHRONICLE:
      g_value_set_object (value, self->chronicle);
      break;
    case PROP_MOMENT:
      g_value_set_object (value, self->moment);
      break;
    case PROP_SELECTED:
      g_value_set_object (value, lockstep_solvers_page_get_selected (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
lockstep_solvers_page_set_property (GObject      *object,
                                    guint         property_id,
                                    const GValue *value,
                                    GParamSpec   *pspec)
{
  switch (property_id)
    {
    case PROP_RUN:
      lockstep_solvers_page_set_run (LOCKSTEP_SOLVERS_PAGE (object), g_value_get_object (value));
      break;
    case PROP_CHRONICLE:
      lockstep_solvers_page_set_chronicle (LOCKSTEP_SOLVERS_PAGE (object), g_value_get_object (value));
      break;
    case PROP_MOMENT:
      lockstep_solvers_page_set_moment (LOCKSTEP_SOLVERS_PAGE (object), g_value_get_object (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
lockstep_solvers_page_dispose (GObject *object)
{
  LockstepSolversPage *self = LOCKSTEP_SOLVERS_PAGE (object);
  GtkWidget           *child;

  if (self->clock != NULL)
    lockstep_clock_set_running (self->clock, FALSE);
  g_clear_handle_id (&self->columns_source, g_source_remove);
  g_clear_object (&self->run_signals);
  g_clear_object (&self->chronicle_signals);
  g_clear_object (&self->moment_signals);
  g_clear_object (&self->chronicle);
  g_clear_object (&self->moment);
  g_clear_object (&self->past);
  g_clear_object (&self->clock);
  g_clear_object (&self->run);
  g_clear_object (&self->columns_menu);
  g_clear_pointer (&self->popover, gtk_widget_unparent);
  for (guint i = 0; i < N_COLUMNS; i++)
    g_clear_object (&self->columns[i]);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);

  G_OBJECT_CLASS (lockstep_solvers_page_parent_class)->dispose (object);
}

static void
lockstep_solvers_page_class_init (LockstepSolversPageClass *class)
{
  GObjectClass   *object_class = G_OBJECT_CLASS (class);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  object_class->get_property = lockstep_solvers_page_get_property;
  object_class->set_property = lockstep_solvers_page_set_property;
  object_class->dispose = lockstep_solvers_page_dispose;

  properties[PROP_RUN] = g_param_spec_object ("run", NULL, NULL, LOCKSTEP_TYPE_RUN,
                                              G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  properties[PROP_CHRONICLE] = g_param_spec_object ("chronicle", NULL, NULL, LOCKSTEP_TYPE_CHRONICLE,
                                                    G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  properties[PROP_MOMENT] = g_param_spec_object ("moment", NULL, NULL, LOCKSTEP_TYPE_MOMENT,
                                                 G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  properties[PROP_SELECTED] = g_param_spec_object ("selected", NULL, NULL, LOCKSTEP_TYPE_RUN_SOLVER,
                                                   G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);

  g_type_ensure (LOCKSTEP_TYPE_RUN_SOLVER);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/lockstep/Lockstep/lockstep-solvers-page.ui");
  gtk_widget_class_bind_template_child (widget_class, LockstepSolversPage, moment_bar);
  gtk_widget_class_bind_template_child (widget_class, LockstepSolversPage, moment_label);
  gtk_widget_class_bind_template_child (widget_class, LockstepSolversPage, scrolled_window);
  gtk_widget_class_bind_template_child (widget_class, LockstepSolversPage, column_view);
  gtk_widget_class_bind_template_child (widget_class, LockstepSolversPage, sort_model);
  gtk_widget_class_bind_template_child (widget_class, LockstepSolversPage, filter_model);
  gtk_widget_class_bind_template_child (widget_class, LockstepSolversPage, selection);
  gtk_widget_class_bind_template_child (widget_class, LockstepSolversPage, columns_button);
  gtk_widget_class_bind_template_child (widget_class, LockstepSolversPage, search_bar);
  gtk_widget_class_bind_template_child (widget_class, LockstepSolversPage, search_entry);
  gtk_widget_class_bind_template_child (widget_class, LockstepSolversPage, state_drop_down);
  gtk_widget_class_bind_template_callback (widget_class, refilter);
  gtk_widget_class_bind_template_callback (widget_class, selected_cb);
  gtk_widget_class_bind_template_callback (widget_class, activate_cb);
  gtk_widget_class_install_action (widget_class, "solvers.menu", NULL, menu_action);
  gtk_widget_class_install_action (widget_class, "solvers.search", NULL, search_action);
  gtk_widget_class_install_action (widget_class, "solvers.now", NULL, now_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "solvers.now", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Menu, 0, "solvers.menu", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_F10, GDK_SHIFT_MASK, "solvers.menu", NULL);
  gtk_widget_class_bind_template_child (widget_class, LockstepSolversPage, total_label);
  gtk_widget_class_bind_template_callback (widget_class, progress_text_changed);
  gtk_widget_class_bind_template_callback (widget_class, lockstep_solver_words_get_doing);
  gtk_widget_class_bind_template_callback (widget_class, lockstep_solver_words_dup_state);
  gtk_widget_class_bind_template_callback (widget_class, lockstep_solver_words_dup_icon);
  gtk_widget_class_bind_template_callback (widget_class, lockstep_solver_words_dup_step);
  gtk_widget_class_bind_template_callback (widget_class, lockstep_solver_words_dup_progress);
  gtk_widget_class_bind_template_callback (widget_class, lockstep_solver_words_get_progress);
  gtk_widget_class_bind_template_callback (widget_class, lockstep_solver_words_dup_message);
  gtk_widget_class_bind_template_callback (widget_class, lockstep_solver_words_dup_cpu);
  gtk_widget_class_bind_template_callback (widget_class, lockstep_solver_words_dup_memory);
}

static void
lockstep_solvers_page_init (LockstepSolversPage *self)
{
  g_autoptr (GtkFilter) filter = GTK_FILTER (gtk_custom_filter_new (filter_cb, self, NULL));
  GtkGesture           *click = gtk_gesture_click_new ();
  GListModel           *columns;

  gtk_widget_init_template (GTK_WIDGET (self));

  self->clock = lockstep_clock_new ();
  g_signal_connect_object (self->clock, "notify::now", G_CALLBACK (tick_cb), self, G_CONNECT_SWAPPED);

  columns = gtk_column_view_get_columns (self->column_view);
  g_assert (g_list_model_get_n_items (columns) == N_COLUMNS);
  for (guint i = 0; i < N_COLUMNS; i++)
    self->columns[i] = g_list_model_get_item (columns, i);
  set_clock_factory (self, COLUMN_WAITING, G_CALLBACK (setup_waiting));
  set_clock_factory (self, COLUMN_ELAPSED, G_CALLBACK (setup_elapsed));
  set_clock_factory (self, COLUMN_SIGN, G_CALLBACK (setup_age));
  create_columns_menu (self);
  g_signal_connect_object (gtk_menu_button_get_popover (self->columns_button), "map", G_CALLBACK (update_column_actions), self,
                           G_CONNECT_SWAPPED);

  set_state_model (self);
  self->filter = filter;
  gtk_filter_list_model_set_filter (self->filter_model, filter);
  gtk_search_bar_connect_entry (self->search_bar, self->search_entry);

  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (click), GDK_BUTTON_SECONDARY);
  g_signal_connect_object (click, "pressed", G_CALLBACK (pressed_cb), self, G_CONNECT_SWAPPED);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (click));

  g_signal_connect_object (gtk_scrolled_window_get_hadjustment (self->scrolled_window), "notify::page-size",
                           G_CALLBACK (queue_update_columns), self, G_CONNECT_SWAPPED);
  gtk_column_view_sort_by_column (self->column_view, self->columns[COLUMN_SOLVER], GTK_SORT_ASCENDING);
  queue_update_columns (self);
  lockstep_settings_load_async (settings_cb, g_object_ref (self));

  self->past = g_list_store_new (LOCKSTEP_TYPE_RUN_SOLVER);
  self->chronicle_signals = g_signal_group_new (LOCKSTEP_TYPE_CHRONICLE);
  g_signal_group_connect_swapped (self->chronicle_signals, "changed", G_CALLBACK (chronicle_changed_cb), self);
  self->moment_signals = g_signal_group_new (LOCKSTEP_TYPE_MOMENT);
  g_signal_group_connect_swapped (self->moment_signals, "notify::time", G_CALLBACK (update_moment), self);
  update_moment (self);

  self->run_signals = g_signal_group_new (LOCKSTEP_TYPE_RUN);
  g_signal_group_connect_swapped (self->run_signals, "notify::state", G_CALLBACK (update_state), self);
  g_signal_group_connect_swapped (self->run_signals, "notify::summary", G_CALLBACK (update_total), self);
}

void
lockstep_solvers_page_set_run (LockstepSolversPage *self,
                               LockstepRun         *run)
{
  g_return_if_fail (LOCKSTEP_IS_SOLVERS_PAGE (self));

  if (!g_set_object (&self->run, run))
    return;

  g_signal_group_set_target (self->run_signals, run);
  update_moment (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_RUN]);
}

void
lockstep_solvers_page_set_chronicle (LockstepSolversPage *self,
                                     LockstepChronicle   *chronicle)
{
  g_return_if_fail (LOCKSTEP_IS_SOLVERS_PAGE (self));

  if (!g_set_object (&self->chronicle, chronicle))
    return;

  g_signal_group_set_target (self->chronicle_signals, chronicle);
  update_moment (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CHRONICLE]);
}

void
lockstep_solvers_page_set_moment (LockstepSolversPage *self,
                                  LockstepMoment      *moment)
{
  g_return_if_fail (LOCKSTEP_IS_SOLVERS_PAGE (self));

  if (!g_set_object (&self->moment, moment))
    return;

  g_signal_group_set_target (self->moment_signals, moment);
  update_moment (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_MOMENT]);
}

LockstepRunSolver *
lockstep_solvers_page_get_selected (LockstepSolversPage *self)
{
  g_autoptr (LockstepRunSolver) now = NULL;
  LockstepRunSolver            *solver;

  g_return_val_if_fail (LOCKSTEP_IS_SOLVERS_PAGE (self), NULL);

  solver = self->selection != NULL ? gtk_single_selection_get_selected_item (self->selection) : NULL;
  if (solver == NULL || !is_past (self))
    return solver;

  /* The run's own, which the list keeps. */
  now = g_list_model_get_item (lockstep_run_get_solvers (self->run), lockstep_run_solver_get_index (solver));

  return now;
}
