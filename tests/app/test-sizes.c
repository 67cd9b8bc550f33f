/* SPDX-License-Identifier: GPL-3.0-or-later */

/* However little room a person gives it, the window fits on a screen that is 640 pixels wide: with every page, both panes, and
 * whatever notice, in every language that it speaks. */

#include <locale.h>
#include <string.h>

#include <glib/gi18n-lib.h>

#include "lockstep-notice.h"
#include "lockstep-results-page.h"
#include "lockstep-sidebar.h"
#include "window-fixture.h"

#define MAX_WIDTH 640

static int
measure (GtkWidget *widget)
{
  int minimum;

  gtk_widget_measure (widget, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, NULL, NULL, NULL);

  return minimum;
}

/* What takes more room than half a window, for whoever has to mend it. */
static void
tell_wide (GtkWidget *widget,
           int        depth)
{
  if (!gtk_widget_get_visible (widget) || measure (widget) < MAX_WIDTH / 2)
    return;

  g_test_message ("%*s%s: %d", 2 * depth, "", G_OBJECT_TYPE_NAME (widget), measure (widget));
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    tell_wide (child, depth + 1);
}

static void
check_now (WindowFixture *fixture,
           const char    *state)
{
  GtkWidget *window = GTK_WIDGET (fixture->window);

  app_test_wait_frames (window, 2);
  g_test_message ("%s: %d", state, measure (window));
  if (measure (window) > MAX_WIDTH)
    tell_wide (window, 0);
  g_assert_cmpint (measure (window), <=, MAX_WIDTH);
}

static void
set_shown (WindowFixture *fixture,
           const char    *action)
{
  g_action_group_change_action_state (G_ACTION_GROUP (fixture->window), action, g_variant_new_boolean (TRUE));
}

/* Every page that there is, above the log and above the details. */
static void
check (WindowFixture *fixture,
       const char    *state)
{
  static const char *const pages[] = { "plan", "solvers", "results", "charts", "timeline" };
  static const char *const panes[] = { "show-log", "show-details" };

  for (guint i = 0; i < G_N_ELEMENTS (pages); i++)
    for (guint j = 0; j < G_N_ELEMENTS (panes); j++)
      {
        g_autofree char *page = g_strconcat ("win.show-page::", pages[i], NULL);
        g_autofree char *what = g_strdup_printf ("%s, %s, %s", state, pages[i], panes[j]);

        window_fixture_activate (fixture, page);
        set_shown (fixture, panes[j]);
        check_now (fixture, what);
      }
}

/* What a plan is called does not make the sidebar wider. */
static void
check_sidebar (WindowFixture *fixture)
{
  LockstepSidebar *sidebar = window_fixture_get (fixture, LOCKSTEP_TYPE_SIDEBAR);
  int              before;
  int              after;

  gtk_widget_measure (GTK_WIDGET (sidebar), GTK_ORIENTATION_HORIZONTAL, -1, NULL, &before, NULL, NULL);
  lockstep_sidebar_set_plan_name (sidebar, "The assignment of all trips of a long working day to the network of a whole country");
  gtk_widget_measure (GTK_WIDGET (sidebar), GTK_ORIENTATION_HORIZONTAL, -1, NULL, &after, NULL, NULL);
  g_assert_cmpint (after, <=, MAX (before, 280));
  lockstep_sidebar_set_plan_name (sidebar, NULL);
}

static gboolean
is_late (gpointer data)
{
  const char *text = lockstep_notice_get_text (window_fixture_get (data, LOCKSTEP_TYPE_NOTICE));

  /* It is the only one with a second line that is not of a failure. */
  return text != NULL && strchr (text, '\n') != NULL;
}

static gboolean
is_stopping (gpointer data)
{
  return window_fixture_get_state (data) >= LOCKSTEP_RUN_STOPPING;
}

static void
test_window (WindowFixture *fixture,
             gconstpointer  data)
{
  check_now (fixture, "without a plan");
  check_sidebar (fixture);
  g_assert_true (g_file_set_contents (fixture->path, "{ \"lockstep\": 1, \"solvr\": {} }", -1, NULL));
  window_fixture_open (fixture);
  check_now (fixture, "with a plan that cannot be read");

  /* The last one ends a long time after it was told to. */
  window_fixture_write_tasks (fixture, 2, "", "[ {'value': 1, 'seconds': 0.1}, {'fail': 'negative depth'}, {'hang': true} ]");
  window_fixture_open (fixture);
  check (fixture, "before the start");
  window_fixture_start (fixture);
  app_test_wait (is_late, fixture);
  window_fixture_activate (fixture, "win.show-page::results");
  gtk_widget_activate_action (window_fixture_get (fixture, LOCKSTEP_TYPE_RESULTS_PAGE), "results.show-plot", NULL);
  check (fixture, "while a task is late");

  lockstep_session_terminate (fixture->session, LOCKSTEP_STOP_ASK);
  app_test_wait (is_stopping, fixture);
  check_now (fixture, "while it ends");
  app_test_wait (window_fixture_is_over, fixture);
  check (fixture, "after the end");
}

/* What a window says is translated when it is made. */
static void
set_up (WindowFixture *fixture,
        gconstpointer  language)
{
  g_setenv ("LANGUAGE", language, TRUE);
  /* What was looked up in the other language is forgotten. */
  textdomain (GETTEXT_PACKAGE);
  g_assert_cmpstr (_ ("All levels"), ==, g_str_equal (language, "de") ? "Alle Stufen" : "All levels");
  window_fixture_set_up (fixture, NULL);
}

int
main (int    argc,
      char **argv)
{
  /* In which, other than in C, translations are looked for; and GLib looks for none later where it finds none at first. */
  g_setenv ("LC_ALL", "C.UTF-8", TRUE);
  g_setenv ("LANGUAGE", "de", TRUE);
  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, TEST_LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
  window_fixture_init (&argc, &argv);

  g_test_add ("/sizes/de", WindowFixture, "de", set_up, test_window, window_fixture_tear_down);
  g_test_add ("/sizes/en", WindowFixture, "en", set_up, test_window, window_fixture_tear_down);

  return window_fixture_run ();
}
