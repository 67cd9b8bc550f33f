/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <string.h>

#include "lockstep-details.h"
#include "lockstep-solvers-page.h"
#include "window-fixture.h"

static GtkWidget *
get_page (WindowFixture *fixture)
{
  return window_fixture_get (fixture, LOCKSTEP_TYPE_SOLVERS_PAGE);
}

/* The item of a menu that has this text, below @widget; NULL for none. */
static GtkWidget *
find_item (GtkWidget  *widget,
           const char *text)
{
  GParamSpec      *spec = g_object_class_find_property (G_OBJECT_GET_CLASS (widget), "text");
  g_autofree char *own = NULL;

  if (spec != NULL && spec->value_type == G_TYPE_STRING)
    g_object_get (widget, "text", &own, NULL);
  if (g_strcmp0 (own, text) == 0)
    return widget;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_item (child, text);

      if (found != NULL)
        return found;
    }

  return NULL;
}

/* Whether the menu of a solver, which is open, lets one restart it. */
static gboolean
offers_restart (gpointer data)
{
  GtkWidget *item = find_item (get_page (data), "Restart");

  return item != NULL && gtk_widget_get_sensitive (item);
}

static gboolean
offers_no_restart (gpointer data)
{
  return !offers_restart (data);
}

static gboolean
is_restarted (gpointer data)
{
  return window_fixture_count_in_log (data, "somebody asked for it") > 0;
}

/* Its task, which does not end by itself, was taken from the solver; the next attempt may end. */
static void
wait_for_end (WindowFixture *fixture)
{
  g_autofree char *flag = g_build_filename (fixture->folder, "flag", NULL);

  app_test_wait (is_restarted, fixture);
  g_assert_true (g_file_set_contents (flag, "", 0, NULL));
  app_test_wait (window_fixture_is_over, fixture);
  g_assert_cmpint (window_fixture_get_state (fixture), ==, LOCKSTEP_RUN_FINISHED);
  g_assert_cmpuint (lockstep_run_get_n_failures (lockstep_session_get_run (fixture->session)), ==, 0);
}

/* A solver is restarted though nothing is late, and no other solver could do its task. */
static void
test_menu (WindowFixture *fixture,
           gconstpointer  data)
{
  GtkColumnView *view;

  window_fixture_write_tasks (fixture, 1, "", "[ {'value': 1, 'after': 'FOLDER/flag'}, {'value': 2} ]");
  window_fixture_open (fixture);
  window_fixture_activate (fixture, "win.start");
  app_test_wait (window_fixture_is_computing, fixture);
  window_fixture_activate (fixture, "win.show-page::solvers");

  view = GTK_COLUMN_VIEW (app_test_find (get_page (fixture), GTK_TYPE_COLUMN_VIEW));
  gtk_selection_model_select_item (gtk_column_view_get_model (view), 0, TRUE);
  gtk_widget_activate_action (get_page (fixture), "solvers.menu", NULL);
  app_test_wait (offers_restart, fixture);
  g_assert_true (gtk_widget_activate_action (get_page (fixture), "solvers.restart", "u", 0));
  wait_for_end (fixture);
  app_test_wait (offers_no_restart, fixture);
}

static gboolean
has_no_retry (gpointer details)
{
  return !g_action_group_get_action_enabled (lockstep_details_get_actions (details), "retry");
}

/* The details of what is at work have the same button. */
static void
test_details (WindowFixture *fixture,
              gconstpointer  data)
{
  LockstepDetails              *details = window_fixture_get (fixture, LOCKSTEP_TYPE_DETAILS);
  g_autoptr (LockstepRunSolver) solver = NULL;

  window_fixture_write_tasks (fixture, 1, "", "[ {'value': 1, 'after': 'FOLDER/flag'} ]");
  window_fixture_start (fixture);
  app_test_wait (window_fixture_is_computing, fixture);
  solver = g_list_model_get_item (lockstep_run_get_solvers (lockstep_session_get_run (fixture->session)), 0);
  lockstep_details_show_solver (details, solver);
  g_assert_true (g_action_group_get_action_enabled (lockstep_details_get_actions (details), "retry"));
  g_action_group_activate_action (lockstep_details_get_actions (details), "retry", NULL);
  wait_for_end (fixture);
  app_test_wait (has_no_retry, details);
}

int
main (int    argc,
      char **argv)
{
  window_fixture_init (&argc, &argv);

  window_fixture_add ("/restart/menu", test_menu);
  window_fixture_add ("/restart/details", test_details);

  return window_fixture_run ();
}
