/* SPDX-License-Identifier: GPL-3.0-or-later */

/* In every page and state of the window, every control has a name, every progress bar says its value in words, and what a control
 * or a menu does is an action that there is. */

#include <string.h>

#include "lockstep-details.h"
#include "lockstep-notice.h"
#include "lockstep-picture.h"
#include "lockstep-results-page.h"
#include "lockstep-solvers-page.h"
#include "lockstep-timeline-page.h"
#include "lockstep-whole-log.h"
#include "window-fixture.h"

typedef struct
{
  WindowFixture *fixture;
  const char    *state; /* of the window, in words */
  guint          n_controls;
  guint          n_bars;
  guint          n_actions;
} Walk;

/* What a person can use. Rows of lists are named by what stands in them. */
static gboolean
is_control (GtkWidget *widget)
{
  switch (gtk_accessible_get_accessible_role (GTK_ACCESSIBLE (widget)))
    {
    case GTK_ACCESSIBLE_ROLE_BUTTON:
    case GTK_ACCESSIBLE_ROLE_CHECKBOX:
    case GTK_ACCESSIBLE_ROLE_COMBO_BOX:
    case GTK_ACCESSIBLE_ROLE_GRID:
    case GTK_ACCESSIBLE_ROLE_LINK:
    case GTK_ACCESSIBLE_ROLE_LIST:
    case GTK_ACCESSIBLE_ROLE_MENU_ITEM:
    case GTK_ACCESSIBLE_ROLE_MENU_ITEM_CHECKBOX:
    case GTK_ACCESSIBLE_ROLE_MENU_ITEM_RADIO:
    case GTK_ACCESSIBLE_ROLE_PROGRESS_BAR:
    case GTK_ACCESSIBLE_ROLE_RADIO:
    case GTK_ACCESSIBLE_ROLE_SEARCH_BOX:
    case GTK_ACCESSIBLE_ROLE_SLIDER:
    case GTK_ACCESSIBLE_ROLE_SPIN_BUTTON:
    case GTK_ACCESSIBLE_ROLE_SWITCH:
    case GTK_ACCESSIBLE_ROLE_TAB:
    case GTK_ACCESSIBLE_ROLE_TABLE:
    case GTK_ACCESSIBLE_ROLE_TEXT_BOX:
    case GTK_ACCESSIBLE_ROLE_TREE_GRID:
      return TRUE;
    default:
      /* A split button is two buttons. */
      return LOCKSTEP_IS_PICTURE (widget) || GTK_IS_TEXT_VIEW (widget) ||
             (GTK_IS_ACTIONABLE (widget) && !ADW_IS_SPLIT_BUTTON (widget) && !GTK_IS_LIST_BOX_ROW (widget));
    }
}

/* Inner parts of GTK's own that a person meets as the whole, which has to have the name; and all of the window of the shortcuts. */
static gboolean
is_part (GtkWidget *widget)
{
  GtkWidget *parent = gtk_widget_get_parent (widget);

  return GTK_IS_DROP_DOWN (parent) || GTK_IS_COLUMN_VIEW (parent) || (GTK_IS_TEXT (widget) && GTK_IS_EDITABLE (parent)) ||
         GTK_IS_SHORTCUTS_WINDOW (gtk_widget_get_root (widget));
}

/* What a property of @widget says, or NULL. */
static char *
dup_property (GtkWidget            *widget,
              GtkAccessibleProperty property)
{
  if (!gtk_test_accessible_has_property (GTK_ACCESSIBLE (widget), property))
    return NULL;

  /* It tells the value where that is not the one that is expected. */
  return gtk_test_accessible_check_property (GTK_ACCESSIBLE (widget), property, "\001");
}

/* As GTK 4.8 tells it: text in a button names it only where GTK or libadwaita says so. A button with an icon calls itself by the
 * icon until it is given a name. */
static gboolean
has_name (GtkWidget *widget)
{
  g_autofree char *label = dup_property (widget, GTK_ACCESSIBLE_PROPERTY_LABEL);

  if (label != NULL && *label != '\0' && !g_str_has_suffix (label, "-symbolic"))
    return TRUE;

  return gtk_test_accessible_has_relation (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_RELATION_LABELLED_BY) &&
         (label == NULL || !g_str_has_suffix (label, "-symbolic"));
}

static char *
dup_place (Walk      *walk,
           GtkWidget *widget)
{
  GString    *place = g_string_new (NULL);
  const char *id = gtk_buildable_get_buildable_id (GTK_BUILDABLE (widget));
  const char *tooltip = gtk_widget_get_tooltip_text (widget);

  g_string_printf (place, "%s (%s, id “%s”, tooltip “%s”), %s, in", G_OBJECT_TYPE_NAME (widget), gtk_widget_get_css_name (widget),
                   id != NULL ? id : "", tooltip != NULL ? tooltip : "", walk->state);
  for (GtkWidget *parent = gtk_widget_get_parent (widget); parent != NULL; parent = gtk_widget_get_parent (parent))
    g_string_append_printf (place, " %s", G_OBJECT_TYPE_NAME (parent));

  return g_string_free (place, FALSE);
}

/* Every one of them is told. */
static void
complain (Walk       *walk,
          GtkWidget  *widget,
          const char *what)
{
  g_autofree char *place = dup_place (walk, widget);

  g_test_message ("%s: %s", what, place);
  g_test_fail_printf ("%s: %s", what, place);
}

static gboolean
has_class_action (GtkWidget  *widget,
                  const char *name)
{
  for (; widget != NULL; widget = gtk_widget_get_parent (widget))
    {
      GType               owner;
      const char         *installed;
      const GVariantType *parameter;
      const char         *property;

      for (guint i = 0; gtk_widget_class_query_action (GTK_WIDGET_GET_CLASS (widget), i, &owner, &installed, &parameter, &property); i++)
        if (g_str_equal (installed, name))
          return TRUE;
    }

  return FALSE;
}

/* Whether @name is an action at @widget. GTK does not tell of those in groups that were inserted: a control that names one that
 * is enabled is sensitive, and to activate one that is not does nothing but tell that it is there. */
static gboolean
has_action (GtkWidget  *widget,
            const char *name,
            GVariant   *target)
{
  GtkWidget *probe;
  gboolean   enabled;

  if (has_class_action (widget, name))
    return TRUE;

  probe = gtk_toggle_button_new ();
  gtk_actionable_set_action_target_value (GTK_ACTIONABLE (probe), target);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (probe), name);
  gtk_widget_set_parent (probe, widget);
  enabled = gtk_widget_get_sensitive (probe);
  gtk_widget_unparent (probe);

  return enabled || gtk_widget_activate_action_variant (widget, name, target);
}

static void
check_action (Walk       *walk,
              GtkWidget  *widget,
              const char *name,
              GVariant   *target)
{
  g_autofree char *what = g_strdup_printf ("there is no action “%s”", name);

  walk->n_actions++;
  if (!has_action (widget, name, target))
    complain (walk, widget, what);
}

static void
check_menu (Walk       *walk,
            GtkWidget  *widget,
            GMenuModel *menu)
{
  for (int i = 0; i < g_menu_model_get_n_items (menu); i++)
    {
      g_autoptr (GVariant)   target = g_menu_model_get_item_attribute_value (menu, i, G_MENU_ATTRIBUTE_TARGET, NULL);
      g_autoptr (GMenuModel) section = g_menu_model_get_item_link (menu, i, G_MENU_LINK_SECTION);
      g_autoptr (GMenuModel) submenu = g_menu_model_get_item_link (menu, i, G_MENU_LINK_SUBMENU);
      g_autofree char       *name = NULL;

      if (g_menu_model_get_item_attribute (menu, i, G_MENU_ATTRIBUTE_ACTION, "s", &name))
        check_action (walk, widget, name, target);
      if (section != NULL)
        check_menu (walk, widget, section);
      if (submenu != NULL)
        check_menu (walk, widget, submenu);
    }
}

static void
check_widget (Walk      *walk,
              GtkWidget *widget)
{
  if (is_control (widget) && !is_part (widget))
    {
      walk->n_controls++;
      if (!has_name (widget))
        complain (walk, widget, "no name");
    }

  if (gtk_accessible_get_accessible_role (GTK_ACCESSIBLE (widget)) == GTK_ACCESSIBLE_ROLE_PROGRESS_BAR)
    {
      g_autofree char *value = dup_property (widget, GTK_ACCESSIBLE_PROPERTY_VALUE_TEXT);

      walk->n_bars++;
      if (value == NULL || *value == '\0')
        complain (walk, widget, "no value in words");
    }

  if (GTK_IS_ACTIONABLE (widget) && gtk_actionable_get_action_name (GTK_ACTIONABLE (widget)) != NULL)
    check_action (walk, widget, gtk_actionable_get_action_name (GTK_ACTIONABLE (widget)),
                  gtk_actionable_get_action_target_value (GTK_ACTIONABLE (widget)));
  if (GTK_IS_MENU_BUTTON (widget) && gtk_menu_button_get_menu_model (GTK_MENU_BUTTON (widget)) != NULL)
    check_menu (walk, widget, gtk_menu_button_get_menu_model (GTK_MENU_BUTTON (widget)));
}

static void
check_tree (Walk      *walk,
            GtkWidget *widget)
{
  if (!gtk_widget_get_mapped (widget))
    return;

  check_widget (walk, widget);
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    check_tree (walk, child);
}

static gboolean
is_mapped (gpointer data)
{
  return gtk_widget_get_mapped (data);
}

static gboolean
is_unmapped (gpointer data)
{
  return !is_mapped (data);
}

/* Not scrolled out of the window: GDK does not know where to show what is beyond the screen. */
static gboolean
is_inside (GtkWidget *widget)
{
  GtkWidget      *root = GTK_WIDGET (gtk_widget_get_root (widget));
  graphene_rect_t bounds;

  return gtk_widget_compute_bounds (widget, root, &bounds) && bounds.origin.x >= 0 && bounds.origin.y >= 0 &&
         bounds.origin.x + bounds.size.width <= gtk_widget_get_width (root) &&
         bounds.origin.y + bounds.size.height <= gtk_widget_get_height (root);
}

/* Pops up each menu that can be, and looks into it. */
static void
check_popovers (Walk      *walk,
                GtkWidget *widget)
{
  if (!gtk_widget_get_mapped (widget) || GTK_IS_POPOVER (widget))
    return;

  if (GTK_IS_MENU_BUTTON (widget) && gtk_widget_is_sensitive (widget) && is_inside (widget))
    {
      GtkPopover *popover = gtk_menu_button_get_popover (GTK_MENU_BUTTON (widget));

      /* Nothing else gets the keys and the pointer while it is there, otherwise. */
      gtk_popover_set_autohide (popover, FALSE);
      gtk_menu_button_popup (GTK_MENU_BUTTON (widget));
      app_test_wait (is_mapped, popover);
      check_tree (walk, GTK_WIDGET (popover));
      gtk_menu_button_popdown (GTK_MENU_BUTTON (widget));
      app_test_wait (is_unmapped, popover);
      gtk_popover_set_autohide (popover, TRUE);
    }
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    check_popovers (walk, child);
}

/* All windows as they are now, in a state that is @state in words. */
static void
check (WindowFixture *fixture,
       const char    *state)
{
  GListModel *windows = gtk_window_get_toplevels ();
  Walk        walk = { .fixture = fixture, .state = state };

  app_test_wait_frames (GTK_WIDGET (fixture->window), 3);
  for (guint i = 0; i < g_list_model_get_n_items (windows); i++)
    {
      g_autoptr (GtkWidget) window = g_list_model_get_item (windows, i);

      check_tree (&walk, window);
      check_popovers (&walk, window);
    }
  app_test_wait_frames (GTK_WIDGET (fixture->window), 3);

  g_test_message ("%s: %u controls, %u progress bars, %u actions", state, walk.n_controls, walk.n_bars, walk.n_actions);
  g_assert_cmpuint (walk.n_controls, >, 10);
  g_assert_cmpuint (walk.n_actions, >, 10);
}

typedef struct
{
  WindowFixture *fixture;
  const char    *page;
} Wanted;

static gboolean
is_page_shown (gpointer data)
{
  Wanted          *wanted = data;
  g_autofree char *action = g_strconcat ("win.show-page::", wanted->page, NULL);
  AdwViewStack    *stack = window_fixture_get (wanted->fixture, ADW_TYPE_VIEW_STACK);

  window_fixture_activate (wanted->fixture, action);

  return g_strcmp0 (adw_view_stack_get_visible_child_name (stack), wanted->page) == 0;
}

/* Pages without data are hidden, so it may take a moment. */
static void
show_page (WindowFixture *fixture,
           const char    *page)
{
  Wanted wanted = { fixture, page };

  app_test_wait (is_page_shown, &wanted);
}

static gboolean
shows_help (gpointer data)
{
  GtkShortcutsWindow *help = gtk_application_window_get_help_overlay (GTK_APPLICATION_WINDOW (((WindowFixture *) data)->window));

  return help != NULL && gtk_widget_get_mapped (GTK_WIDGET (help));
}

static void
test_idle (WindowFixture *fixture,
           gconstpointer  data)
{
  check (fixture, "without a plan");

  g_assert_true (g_file_set_contents (fixture->path, "{ \"lockstep\": 1, \"solvr\": {} }", -1, NULL));
  window_fixture_open (fixture);
  check (fixture, "with a plan that cannot be read");

  window_fixture_write_plan (fixture, 2, "\"echo\"");
  window_fixture_open (fixture);
  check (fixture, "before the start");

  window_fixture_activate (fixture, "win.show-help-overlay");
  app_test_wait (shows_help, fixture);
  check (fixture, "with the shortcuts");
  gtk_window_destroy (GTK_WINDOW (gtk_application_window_get_help_overlay (GTK_APPLICATION_WINDOW (fixture->window))));
}

static gboolean
has_failed_task (gpointer data)
{
  LockstepTaskTable *table = lockstep_results_page_get_table (window_fixture_get (data, LOCKSTEP_TYPE_RESULTS_PAGE));

  return table != NULL && lockstep_task_table_count (table, LOCKSTEP_TASK_FAILED) == 1 &&
         lockstep_task_table_count (table, LOCKSTEP_TASK_RUNNING) == 1;
}

static gboolean
is_stopping (gpointer data)
{
  return window_fixture_get_state (data) == LOCKSTEP_RUN_STOPPING;
}

/* Views are told of it with a delay. */
static gboolean
shows_failure (gpointer data)
{
  window_fixture_activate (data, "win.show-failure");

  return window_fixture_shows (data, LOCKSTEP_TYPE_DETAILS, "negative depth");
}

static GtkWindow *
find_window (GType type)
{
  GListModel *windows = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (windows); i++)
    {
      g_autoptr (GtkWindow) window = g_list_model_get_item (windows, i);

      if (g_type_is_a (G_OBJECT_TYPE (window), type) && gtk_widget_get_mapped (GTK_WIDGET (window)))
        return window;
    }

  return NULL;
}

static gboolean
shows_whole_log (gpointer data)
{
  return find_window (LOCKSTEP_TYPE_WHOLE_LOG) != NULL;
}

static void
test_running (WindowFixture *fixture,
              gconstpointer  data)
{
  GtkColumnView *solvers;

  window_fixture_write_tasks (fixture, 2, "", "[ {'value': 1}, {'fail': 'negative depth'}, {'hang': true} ]");
  window_fixture_start (fixture);
  app_test_wait (has_failed_task, fixture);

  show_page (fixture, "plan");
  check (fixture, "at work, on Plan");
  show_page (fixture, "solvers");
  gtk_widget_activate_action (window_fixture_get (fixture, LOCKSTEP_TYPE_SOLVERS_PAGE), "solvers.search", NULL);
  check (fixture, "at work, on Solvers");
  solvers = GTK_COLUMN_VIEW (app_test_find (window_fixture_get (fixture, LOCKSTEP_TYPE_SOLVERS_PAGE), GTK_TYPE_COLUMN_VIEW));
  gtk_single_selection_set_selected (GTK_SINGLE_SELECTION (gtk_column_view_get_model (solvers)), 0);
  gtk_widget_activate_action (window_fixture_get (fixture, LOCKSTEP_TYPE_SOLVERS_PAGE), "solvers.menu", NULL);
  check (fixture, "at work, with the menu of a solver");
  show_page (fixture, "results");
  window_fixture_activate (fixture, "results.show-plot");
  check (fixture, "at work, on Results");
  show_page (fixture, "timeline");
  check (fixture, "at work, on Timeline");

  window_fixture_activate (fixture, "win.search-log");
  check (fixture, "at work, searching the log");
  window_fixture_activate (fixture, "win.whole-log");
  app_test_wait (shows_whole_log, fixture);
  gtk_widget_activate_action (GTK_WIDGET (find_window (LOCKSTEP_TYPE_WHOLE_LOG)), "whole.search", NULL);
  check (fixture, "at work, with a whole log");
  gtk_window_destroy (find_window (LOCKSTEP_TYPE_WHOLE_LOG));
  app_test_wait (shows_failure, fixture);
  check (fixture, "at work, with the details of a failure");

  window_fixture_activate (fixture, "win.terminate");
  check (fixture, "asked whether to stop");
  window_fixture_respond ("stop");
  app_test_wait (is_stopping, fixture);
  check (fixture, "stopping");
  window_fixture_activate (fixture, "win.kill");
  app_test_wait (window_fixture_is_over, fixture);
  check (fixture, "terminated");
}

static gboolean
is_late (gpointer data)
{
  return g_action_group_get_action_enabled (lockstep_notice_get_actions (window_fixture_get (data, LOCKSTEP_TYPE_NOTICE)), "wait");
}

static void
test_late (WindowFixture *fixture,
           gconstpointer  data)
{
  window_fixture_write_tasks (fixture, 2, "", "[ {'value': 1, 'seconds': 0.1}, {'value': 2, 'seconds': 0.1}, {'after': 'FOLDER/never'} ]");
  window_fixture_start (fixture);
  app_test_wait (is_late, fixture);
  check (fixture, "with a late solver");
  window_fixture_activate (fixture, "late.skip");
  app_test_wait (window_fixture_is_over, fixture);
}

static void
test_ended (WindowFixture *fixture,
            gconstpointer  data)
{
  window_fixture_write_plan (fixture, 2, "\"step-error\", \"negative depth at link 8812\"");
  window_fixture_start (fixture);
  app_test_wait (window_fixture_is_over, fixture);
  check (fixture, "failed");

  window_fixture_write_plan (fixture, 2, "\"reports\"");
  window_fixture_start (fixture);
  app_test_wait (window_fixture_is_over, fixture);
  show_page (fixture, "charts");
  check (fixture, "finished, on Charts");
  show_page (fixture, "timeline");
  gtk_widget_activate_action (window_fixture_get (fixture, LOCKSTEP_TYPE_TIMELINE_PAGE), "timeline.table", NULL);
  lockstep_moment_set_time (lockstep_session_get_moment (fixture->session),
                            lockstep_run_get_start (lockstep_session_get_run (fixture->session)));
  check (fixture, "finished, on Timeline as a table, in the past");
  show_page (fixture, "solvers");
  check (fixture, "finished, on Solvers, in the past");
}

int
main (int    argc,
      char **argv)
{
  g_setenv ("GTK_A11Y", "test", TRUE);
  window_fixture_init (&argc, &argv);

  window_fixture_add ("/names/idle", test_idle);
  window_fixture_add ("/names/running", test_running);
  window_fixture_add ("/names/late", test_late);
  window_fixture_add ("/names/ended", test_ended);

  return window_fixture_run ();
}
