/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-solvers-page.h"

#include "lockstep-clock.h"
#include "lockstep-solver-words.h"

/* Pixels that all columns need. */
#define WIDE 760

struct _LockstepSolversPage
{
  GtkWidget            parent_instance;
  GtkScrolledWindow   *scrolled_window;
  GtkColumnView       *column_view;
  GtkColumnViewColumn *solver_column;
  GtkColumnViewColumn *cpu_column;
  GtkColumnViewColumn *memory_column;
  GtkColumnViewColumn *sign_column;
  GtkSortListModel    *sort_model;
  GtkLabel            *total_label;
  LockstepRun         *run; /* NULL without a plan */
  GSignalGroup        *run_signals;
  LockstepClock       *clock;          /* runs while the run does */
  GtkExpression       *age;            /* of a list item: how long ago its solver's last sign of life was */
  guint                columns_source; /* 0 while the columns are those for the width and the run */
};

G_DEFINE_FINAL_TYPE (LockstepSolversPage, lockstep_solvers_page, GTK_TYPE_WIDGET)

enum
{
  PROP_0,
  PROP_RUN,
  N_PROPERTIES
};

static GParamSpec *properties[N_PROPERTIES];

/* The value text of a progress bar is what it says. */
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

static GtkExpression *
create_age (LockstepClock *clock)
{
  GtkExpression *params[] = {
    lookup_in_item ("sign"),
    gtk_property_expression_new (LOCKSTEP_TYPE_CLOCK, gtk_object_expression_new (G_OBJECT (clock)), "now"),
    lookup_in_item ("state"),
  };

  return gtk_cclosure_expression_new (G_TYPE_STRING, NULL, G_N_ELEMENTS (params), params,
                                      G_CALLBACK (lockstep_solver_words_dup_age), NULL, NULL);
}

static void
setup_age (LockstepSolversPage *self,
           GtkListItem         *item)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 1);
  gtk_widget_add_css_class (label, "numeric");
  gtk_list_item_set_child (item, label);
  gtk_expression_bind (gtk_expression_ref (self->age), label, "label", item);
}

/* Together with the rows, which the run tells of its changes right before it tells its summary: at any other moment the sums
 * would be of values that no row shows. */
static void
update_total (LockstepSolversPage *self)
{
  g_autofree char *total = lockstep_solver_words_dup_total (NULL, self->run != NULL ? lockstep_run_get_solvers (self->run) : NULL);

  gtk_label_set_label (self->total_label, total);
}

/* A sort list does not see that values change, so it is told to look again; where the order stands, nothing moves. */
static void
tick_cb (LockstepSolversPage *self)
{
  gtk_sorter_changed (gtk_column_view_get_sorter (self->column_view), GTK_SORTER_CHANGE_DIFFERENT);
}

/* Taken out, and put in again as the @from_end-th from the end: a column that is merely hidden keeps its width in GTK 4.8. */
static void
set_column_shown (LockstepSolversPage *self,
                  GtkColumnViewColumn *column,
                  guint                from_end,
                  gboolean             shown)
{
  guint n_columns = g_list_model_get_n_items (gtk_column_view_get_columns (self->column_view));

  if (shown && gtk_column_view_column_get_column_view (column) == NULL)
    gtk_column_view_insert_column (self->column_view, n_columns - from_end, column);
  else if (!shown && gtk_column_view_column_get_column_view (column) != NULL)
    gtk_column_view_remove_column (self->column_view, column);
}

static gboolean
update_columns_cb (gpointer user_data)
{
  LockstepSolversPage *self = user_data;
  GtkAdjustment       *adjustment = gtk_scrolled_window_get_hadjustment (self->scrolled_window);
  gboolean             wide = gtk_adjustment_get_page_size (adjustment) >= WIDE;
  gboolean             ended = self->run != NULL && lockstep_run_has_ended (self->run);

  self->columns_source = 0;
  set_column_shown (self, self->sign_column, 0, !ended);
  set_column_shown (self, self->cpu_column, 1, wide && !ended);
  set_column_shown (self, self->memory_column, 1, wide && !ended);

  return G_SOURCE_REMOVE;
}

/* Where they do not fit, the columns go whose sums stand below; and those that have nothing to tell of solvers that are gone, so that
 * there is room for what these ended of. Told in the middle of a layout, it waits for its end. */
static void
queue_update_columns (LockstepSolversPage *self)
{
  if (self->columns_source == 0)
    self->columns_source = g_idle_add_full (G_PRIORITY_HIGH_IDLE, update_columns_cb, self, NULL);
}

static void
update_state (LockstepSolversPage *self)
{
  lockstep_clock_set_running (self->clock, self->run != NULL && lockstep_run_get_state (self->run) != LOCKSTEP_RUN_IDLE && !lockstep_run_has_ended (self->run));
  queue_update_columns (self);
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
  g_clear_object (&self->clock);
  g_clear_object (&self->run);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);
  g_clear_pointer (&self->age, gtk_expression_unref);

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
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);

  g_type_ensure (LOCKSTEP_TYPE_RUN_SOLVER);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/lockstep/Lockstep/lockstep-solvers-page.ui");
  gtk_widget_class_bind_template_child (widget_class, LockstepSolversPage, scrolled_window);
  gtk_widget_class_bind_template_child (widget_class, LockstepSolversPage, column_view);
  gtk_widget_class_bind_template_child (widget_class, LockstepSolversPage, cpu_column);
  gtk_widget_class_bind_template_child (widget_class, LockstepSolversPage, memory_column);
  gtk_widget_class_bind_template_child (widget_class, LockstepSolversPage, solver_column);
  gtk_widget_class_bind_template_child (widget_class, LockstepSolversPage, sign_column);
  gtk_widget_class_bind_template_child (widget_class, LockstepSolversPage, sort_model);
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
  g_autoptr (GtkListItemFactory) factory = gtk_signal_list_item_factory_new ();

  gtk_widget_init_template (GTK_WIDGET (self));

  self->clock = lockstep_clock_new ();
  g_signal_connect_object (self->clock, "notify::now", G_CALLBACK (tick_cb), self, G_CONNECT_SWAPPED);

  self->age = create_age (self->clock);
  g_signal_connect_object (factory, "setup", G_CALLBACK (setup_age), self, G_CONNECT_SWAPPED);
  gtk_column_view_column_set_factory (self->sign_column, factory);

  g_signal_connect_object (gtk_scrolled_window_get_hadjustment (self->scrolled_window), "notify::page-size",
                           G_CALLBACK (queue_update_columns), self, G_CONNECT_SWAPPED);
  gtk_column_view_sort_by_column (self->column_view, self->solver_column, GTK_SORT_ASCENDING);

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

  gtk_sort_list_model_set_model (self->sort_model, run != NULL ? lockstep_run_get_solvers (run) : NULL);
  g_signal_group_set_target (self->run_signals, run);
  update_state (self);
  update_total (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_RUN]);
}
