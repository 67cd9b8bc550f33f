/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-solver-columns.h"

#include <glib/gi18n-lib.h>

#include "lockstep-column-title.h"
#include "lockstep-run-solver.h"
#include "lockstep-settings.h"
#include "lockstep-solver-words.h"

/* Pixels that the columns need which are shown unless a person chooses. */
#define WIDE 680

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

struct _LockstepSolverColumns
{
  GObject              parent_instance;
  GtkColumnView       *view;               /* weak; NULL once it is gone */
  GtkColumnViewColumn *columns[N_COLUMNS]; /* owned, in the table or not */
  GtkAdjustment       *adjustment;         /* the table's horizontal one */
  LockstepClock       *clock;
  GSimpleActionGroup  *actions;
  GMenu               *menu;
  gboolean             chosen[N_COLUMNS]; /* by a person, see has_choice */
  gboolean             has_choice;        /* else those are shown that fit and have something to tell */
  gboolean             ended;
  gboolean             past;
  guint                source; /* 0 while the columns are those for the width and the run */
};

G_DEFINE_FINAL_TYPE (LockstepSolverColumns, lockstep_solver_columns, G_TYPE_OBJECT)

static GtkExpression *
lookup_in_item (const char *property)
{
  GtkExpression *item = gtk_property_expression_new (GTK_TYPE_LIST_ITEM, NULL, "item");

  return gtk_property_expression_new (LOCKSTEP_TYPE_RUN_SOLVER, item, property);
}

/* What a cell says that changes with the clock. */
static GtkExpression *
create_clock_text (LockstepSolverColumns *self,
                   const char            *first,
                   GCallback              function)
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
setup_clock_cell (LockstepSolverColumns *self,
                  GtkListItem           *item,
                  const char            *first,
                  GCallback              function)
{
  GtkWidget     *label = gtk_label_new (NULL);
  GtkExpression *text = create_clock_text (self, first, function);

  gtk_label_set_xalign (GTK_LABEL (label), 1);
  gtk_widget_add_css_class (label, "numeric");
  gtk_list_item_set_child (item, label);
  gtk_expression_bind (text, label, "label", item);
}

static void
setup_age (LockstepSolverColumns *self,
           GtkListItem           *item)
{
  setup_clock_cell (self, item, "sign", G_CALLBACK (lockstep_solver_words_dup_age));
}

static void
setup_waiting (LockstepSolverColumns *self,
               GtkListItem           *item)
{
  setup_clock_cell (self, item, "since", G_CALLBACK (lockstep_solver_words_dup_waiting));
}

static void
setup_elapsed (LockstepSolverColumns *self,
               GtkListItem           *item)
{
  setup_clock_cell (self, item, "since", G_CALLBACK (lockstep_solver_words_dup_elapsed));
}

static void
set_clock_factory (LockstepSolverColumns *self,
                   guint                  column,
                   GCallback              setup)
{
  g_autoptr (GtkListItemFactory) factory = gtk_signal_list_item_factory_new ();

  g_signal_connect_object (factory, "setup", setup, self, G_CONNECT_SWAPPED);
  gtk_column_view_column_set_factory (self->columns[column], factory);
}

/* Those that a person chose; else those whose values there is room for: where they do not fit, the columns go whose sums
 * stand below. Solvers that are gone have no such values, but something that they ended of; at a moment that is past, when they
 * gave a sign last is not known. */
static gboolean
is_shown (LockstepSolverColumns *self,
          guint                  column)
{
  const gboolean wide = gtk_adjustment_get_page_size (self->adjustment) >= WIDE;
  const gboolean gone = self->ended && !self->past;

  if (self->has_choice)
    return self->chosen[column];

  switch (column)
    {
    case COLUMN_CPU:
    case COLUMN_MEMORY:
      return wide && !gone;
    case COLUMN_SIGN:
      return !gone && !self->past;
    case COLUMN_MESSAGE:
      return gone;
    case COLUMN_HOST:
    case COLUMN_WAITING:
    case COLUMN_ELAPSED:
      return FALSE;
    default:
      return TRUE;
    }
}

static gboolean
holds_numbers (guint column)
{
  return column == COLUMN_WAITING || (column >= COLUMN_CPU && column <= COLUMN_SIGN);
}

/* Taken out, and put in again: a column that is merely hidden keeps its width in GTK 4.8. */
static gboolean
update_cb (gpointer user_data)
{
  LockstepSolverColumns *self = user_data;
  guint                  position = 0;

  self->source = 0;
  for (guint i = 0; i < N_COLUMNS; i++)
    {
      const gboolean shown = is_shown (self, i);
      const gboolean there = gtk_column_view_column_get_column_view (self->columns[i]) != NULL;

      if (shown && !there)
        gtk_column_view_insert_column (self->view, position, self->columns[i]);
      else if (!shown && there)
        gtk_column_view_remove_column (self->view, self->columns[i]);
      if (shown && holds_numbers (i))
        lockstep_column_title_align_end (self->columns[i]);
      position += shown;
      g_action_group_change_action_state (G_ACTION_GROUP (self->actions), column_names[i], g_variant_new_boolean (shown));
    }

  /* What is left of the width goes to the message, or else to the step. */
  gtk_column_view_column_set_expand (self->columns[COLUMN_STEP], !is_shown (self, COLUMN_MESSAGE));

  return G_SOURCE_REMOVE;
}

/* Told in the middle of a layout, it waits for its end. */
static void
queue_update (LockstepSolverColumns *self)
{
  if (self->source == 0 && self->view != NULL)
    self->source = g_idle_add_full (G_PRIORITY_HIGH_IDLE, update_cb, self, NULL);
}

static void
change_cb (GSimpleAction *action,
           GVariant      *state,
           gpointer       user_data)
{
  g_simple_action_set_state (action, state);
}

static void
choose_cb (GSimpleAction *action,
           GVariant      *parameter,
           gpointer       user_data)
{
  LockstepSolverColumns *self = user_data;
  g_autoptr (GPtrArray)  chosen = g_ptr_array_new ();
  const char            *name = g_action_get_name (G_ACTION (action));

  for (guint i = 0; i < N_COLUMNS; i++)
    self->chosen[i] = is_shown (self, i) != g_str_equal (column_names[i], name);
  self->has_choice = TRUE;

  for (guint i = 0; i < N_COLUMNS; i++)
    if (self->chosen[i])
      g_ptr_array_add (chosen, (gpointer) column_names[i]);
  g_ptr_array_add (chosen, NULL);
  lockstep_settings_store_strings ("Solvers", "columns", (const char *const *) chosen->pdata);
  queue_update (self);
}

static void
reset_cb (GSimpleAction *action,
          GVariant      *parameter,
          gpointer       user_data)
{
  LockstepSolverColumns *self = user_data;
  const char *const      none[] = { NULL };

  self->has_choice = FALSE;
  lockstep_settings_store_strings ("Solvers", "columns", none);
  queue_update (self);
}

static void
settings_cb (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr (LockstepSolverColumns) self = user_data;
  g_autoptr (GKeyFile)              file = lockstep_settings_load_finish (result);
  g_auto (GStrv)                    chosen = g_key_file_get_string_list (file, "Solvers", "columns", NULL, NULL);

  if (chosen == NULL || chosen[0] == NULL)
    return;

  self->has_choice = TRUE;
  for (guint i = 0; i < N_COLUMNS; i++)
    self->chosen[i] = g_strv_contains ((const char *const *) chosen, column_names[i]);
  queue_update (self);
}

static void
view_gone_cb (gpointer data,
              GObject *view)
{
  LockstepSolverColumns *self = data;

  self->view = NULL;
  g_clear_handle_id (&self->source, g_source_remove);
}

/* A header's menu says which columns there are. */
static void
create_menu (LockstepSolverColumns *self)
{
  g_autoptr (GSimpleAction) reset = g_simple_action_new ("reset", NULL);
  g_autoptr (GMenu)         last = g_menu_new ();
  g_autoptr (GMenu)         first = g_menu_new ();

  for (guint i = 0; i < N_COLUMNS; i++)
    {
      g_autoptr (GSimpleAction) action = g_simple_action_new_stateful (column_names[i], NULL, g_variant_new_boolean (FALSE));
      g_autofree char          *name = g_strconcat ("columns.", column_names[i], NULL);

      g_signal_connect_object (action, "activate", G_CALLBACK (choose_cb), self, 0);
      g_signal_connect_object (action, "change-state", G_CALLBACK (change_cb), self, 0);
      g_action_map_add_action (G_ACTION_MAP (self->actions), G_ACTION (action));
      g_simple_action_set_enabled (action, i != COLUMN_SOLVER);
      g_menu_append (first, gtk_column_view_column_get_title (self->columns[i]), name);
    }
  g_signal_connect_object (reset, "activate", G_CALLBACK (reset_cb), self, 0);
  g_action_map_add_action (G_ACTION_MAP (self->actions), G_ACTION (reset));
  g_menu_append (last, _ ("_Usual Columns"), "columns.reset");
  g_menu_append_section (self->menu, NULL, G_MENU_MODEL (first));
  g_menu_append_section (self->menu, NULL, G_MENU_MODEL (last));

  for (guint i = 0; i < N_COLUMNS; i++)
    gtk_column_view_column_set_header_menu (self->columns[i], G_MENU_MODEL (self->menu));
}

static void
lockstep_solver_columns_dispose (GObject *object)
{
  LockstepSolverColumns *self = LOCKSTEP_SOLVER_COLUMNS (object);

  g_clear_handle_id (&self->source, g_source_remove);
  if (self->view != NULL)
    g_object_weak_unref (G_OBJECT (self->view), view_gone_cb, self);
  self->view = NULL;
  for (guint i = 0; i < N_COLUMNS; i++)
    g_clear_object (&self->columns[i]);
  g_clear_object (&self->adjustment);
  g_clear_object (&self->clock);
  g_clear_object (&self->actions);
  g_clear_object (&self->menu);

  G_OBJECT_CLASS (lockstep_solver_columns_parent_class)->dispose (object);
}

static void
lockstep_solver_columns_class_init (LockstepSolverColumnsClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);

  object_class->dispose = lockstep_solver_columns_dispose;
}

static void
lockstep_solver_columns_init (LockstepSolverColumns *self)
{
  self->actions = g_simple_action_group_new ();
  self->menu = g_menu_new ();
}

LockstepSolverColumns *
lockstep_solver_columns_new (GtkColumnView *view,
                             LockstepClock *clock)
{
  LockstepSolverColumns *self;
  GListModel            *columns;

  g_return_val_if_fail (GTK_IS_COLUMN_VIEW (view), NULL);
  g_return_val_if_fail (LOCKSTEP_IS_CLOCK (clock), NULL);

  columns = gtk_column_view_get_columns (view);
  g_return_val_if_fail (g_list_model_get_n_items (columns) == N_COLUMNS, NULL);

  self = g_object_new (LOCKSTEP_TYPE_SOLVER_COLUMNS, NULL);
  self->view = view;
  g_object_weak_ref (G_OBJECT (view), view_gone_cb, self);
  self->clock = g_object_ref (clock);
  for (guint i = 0; i < N_COLUMNS; i++)
    self->columns[i] = g_list_model_get_item (columns, i);
  set_clock_factory (self, COLUMN_WAITING, G_CALLBACK (setup_waiting));
  set_clock_factory (self, COLUMN_ELAPSED, G_CALLBACK (setup_elapsed));
  set_clock_factory (self, COLUMN_SIGN, G_CALLBACK (setup_age));
  create_menu (self);

  self->adjustment = g_object_ref (gtk_scrollable_get_hadjustment (GTK_SCROLLABLE (view)));
  g_signal_connect_object (self->adjustment, "notify::page-size", G_CALLBACK (queue_update), self, G_CONNECT_SWAPPED);
  gtk_column_view_sort_by_column (view, self->columns[COLUMN_SOLVER], GTK_SORT_ASCENDING);
  queue_update (self);
  lockstep_settings_load_async (settings_cb, g_object_ref (self));

  return self;
}

void
lockstep_solver_columns_set_scene (LockstepSolverColumns *self,
                                   gboolean               ended,
                                   gboolean               past)
{
  g_return_if_fail (LOCKSTEP_IS_SOLVER_COLUMNS (self));

  self->ended = ended;
  self->past = past;
  queue_update (self);
}

GActionGroup *
lockstep_solver_columns_get_actions (LockstepSolverColumns *self)
{
  g_return_val_if_fail (LOCKSTEP_IS_SOLVER_COLUMNS (self), NULL);

  return G_ACTION_GROUP (self->actions);
}

GMenuModel *
lockstep_solver_columns_get_menu (LockstepSolverColumns *self)
{
  g_return_val_if_fail (LOCKSTEP_IS_SOLVER_COLUMNS (self), NULL);

  return G_MENU_MODEL (self->menu);
}
