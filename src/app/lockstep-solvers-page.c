/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-solvers-page.h"

#include <glib/gi18n-lib.h>

#include "lockstep-clock.h"
#include "lockstep-solver-columns.h"
#include "lockstep-solver-filter.h"
#include "lockstep-solver-text.h"
#include "lockstep-solver-words.h"
#include "lockstep-timeline-words.h"
#include "lockstep-trace-solvers.h"

struct _LockstepSolversPage
{
  GtkWidget              parent_instance;
  GtkColumnView         *column_view;
  LockstepSolverColumns *columns;
  GtkMenuButton         *columns_button;
  GtkSearchBar          *search_bar;
  GtkEditable           *search_entry;
  GtkDropDown           *state_drop_down;
  GtkFilterListModel    *filter_model;
  LockstepSolverFilter  *filter;
  GtkSortListModel      *sort_model;
  GtkSingleSelection    *selection;
  GtkLabel              *total_label;
  GtkWidget             *popover;
  GtkWidget             *moment_bar;
  GtkLabel              *moment_label;
  LockstepChronicle     *chronicle; /* NULL for none */
  LockstepMoment        *moment;
  GListStore            *past; /* of LockstepRunSolver: as they were at the moment */
  GSignalGroup          *chronicle_signals;
  GSignalGroup          *moment_signals;
  LockstepRun           *run; /* NULL without a plan */
  GSignalGroup          *run_signals;
  LockstepClock         *clock; /* runs while the run does */
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
                                  GTK_ACCESSIBLE_PROPERTY_VALUE_TEXT, text != NULL && *text != '\0' ? text : _ ("not known yet"),
                                  -1);
}

static void
refilter (LockstepSolversPage *self)
{
  const guint state = gtk_drop_down_get_selected (self->state_drop_down);

  /* The first of the states stands for all. */
  lockstep_solver_filter_set_doing (self->filter, state != GTK_INVALID_LIST_POSITION ? (int) state - 1 : -1);
  lockstep_solver_filter_set_text (self->filter, gtk_editable_get_text (self->search_entry));
}

/* Only of the one that is selected; another menu is made for another one. */
static void
update_restart (LockstepSolversPage *self)
{
  LockstepRunSolver *solver = gtk_single_selection_get_selected_item (self->selection);

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "solvers.restart",
                                 self->run != NULL && solver != NULL &&
                                   lockstep_run_may_restart (self->run, lockstep_run_solver_get_index (solver)));
}

/* Together with the rows, which the run tells of its changes right before it tells its summary: at any other moment the sums
 * would be of values that no row shows. */
static void
update_total (LockstepSolversPage *self)
{
  g_autofree char *total = lockstep_solver_words_dup_total (NULL, gtk_filter_list_model_get_model (self->filter_model));

  gtk_label_set_label (self->total_label, total);
  update_restart (self);
}

/* A sort list does not see that values change, so it is told to look again; where the order stands, nothing moves. */
static void
tick_cb (LockstepSolversPage *self)
{
  lockstep_solver_filter_refresh (self->filter);
  gtk_sorter_changed (gtk_column_view_get_sorter (self->column_view), GTK_SORTER_CHANGE_DIFFERENT);
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
    { N_ ("_Restart"), "solvers.restart" },
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

  update_restart (self);
  menu = create_solver_menu (lockstep_run_solver_get_index (solver));
  g_clear_pointer (&self->popover, gtk_widget_unparent);
  self->popover = gtk_popover_menu_new_from_model (menu);
  gtk_widget_set_parent (self->popover, GTK_WIDGET (self));
  gtk_popover_set_has_arrow (GTK_POPOVER (self->popover), FALSE);
  /* Who came from the list with a key is back there. */
  g_signal_connect_object (self->popover, "closed", G_CALLBACK (gtk_widget_grab_focus), self->column_view, G_CONNECT_SWAPPED);
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
restart_action (GtkWidget  *widget,
                const char *name,
                GVariant   *parameter)
{
  gtk_widget_activate_action_variant (widget, "win.restart-solver", parameter);
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
  update_restart (self);
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
  const gboolean begun = self->run != NULL && lockstep_run_get_state (self->run) != LOCKSTEP_RUN_IDLE;
  const gboolean ended = self->run != NULL && lockstep_run_has_ended (self->run);

  if (!is_past (self))
    lockstep_clock_set_running (self->clock, begun && !ended);
  lockstep_solver_columns_set_scene (self->columns, ended, is_past (self));
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
      update_state (self);
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
  g_clear_object (&self->run_signals);
  g_clear_object (&self->chronicle_signals);
  g_clear_object (&self->moment_signals);
  g_clear_object (&self->chronicle);
  g_clear_object (&self->moment);
  g_clear_object (&self->past);
  g_clear_object (&self->clock);
  g_clear_object (&self->run);
  g_clear_object (&self->columns);
  g_clear_object (&self->filter);
  g_clear_pointer (&self->popover, gtk_widget_unparent);
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
  gtk_widget_class_install_action (widget_class, "solvers.restart", "u", restart_action);
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
  gtk_widget_class_bind_template_callback (widget_class, lockstep_solver_words_dup_text);
  gtk_widget_class_bind_template_callback (widget_class, lockstep_solver_words_dup_step);
  gtk_widget_class_bind_template_callback (widget_class, lockstep_solver_words_dup_part);
  gtk_widget_class_bind_template_callback (widget_class, lockstep_solver_words_dup_progress);
  gtk_widget_class_bind_template_callback (widget_class, lockstep_solver_words_get_progress);
  gtk_widget_class_bind_template_callback (widget_class, lockstep_solver_words_dup_message);
  gtk_widget_class_bind_template_callback (widget_class, lockstep_solver_words_dup_cpu);
  gtk_widget_class_bind_template_callback (widget_class, lockstep_solver_words_dup_memory);
}

static void
lockstep_solvers_page_init (LockstepSolversPage *self)
{
  GtkGesture *click = gtk_gesture_click_new ();

  self->filter = lockstep_solver_filter_new ();
  gtk_widget_init_template (GTK_WIDGET (self));

  self->clock = lockstep_clock_new ();
  g_signal_connect_object (self->clock, "notify::now", G_CALLBACK (tick_cb), self, G_CONNECT_SWAPPED);

  self->columns = lockstep_solver_columns_new (self->column_view, self->clock);
  gtk_widget_insert_action_group (GTK_WIDGET (self), "columns", lockstep_solver_columns_get_actions (self->columns));
  gtk_menu_button_set_menu_model (self->columns_button, lockstep_solver_columns_get_menu (self->columns));

  set_state_model (self);
  gtk_filter_list_model_set_filter (self->filter_model, GTK_FILTER (self->filter));
  gtk_search_bar_connect_entry (self->search_bar, self->search_entry);

  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (click), GDK_BUTTON_SECONDARY);
  g_signal_connect_object (click, "pressed", G_CALLBACK (pressed_cb), self, G_CONNECT_SWAPPED);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (click));

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
