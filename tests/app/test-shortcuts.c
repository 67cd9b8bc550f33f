/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Each action by its shortcut: real keys, which come from the X server to the window that has the focus. */

#include <string.h>

#include <gdk/x11/gdkx.h>
#include <glib/gstdio.h>

#include "lockstep-details.h"
#include "lockstep-log-view.h"
#include "lockstep-notice.h"
#include "lockstep-results-page.h"
#include "lockstep-sidebar.h"
#include "lockstep-whole-log.h"
#include "window-fixture.h"

/* The shortcuts that were pressed, as GTK writes them. */
static GHashTable *pressed;

static GtkWindow *
find_window (const char *type)
{
  GListModel *windows = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (windows); i++)
    {
      g_autoptr (GtkWindow) window = g_list_model_get_item (windows, i);

      if (g_type_is_a (G_OBJECT_TYPE (window), g_type_from_name (type)) && gtk_widget_get_mapped (GTK_WIDGET (window)))
        return window;
    }

  return NULL;
}

static gboolean
is_shown (gpointer type)
{
  return find_window (type) != NULL;
}

static gboolean
is_gone (gpointer type)
{
  return find_window (type) == NULL;
}

static gboolean
is_active (gpointer window)
{
  return gtk_window_is_active (window);
}

static gboolean
is_set (gpointer data)
{
  return *(gboolean *) data;
}

static void
pressed_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (GError) error = NULL;

  g_subprocess_wait_check_finish (G_SUBPROCESS (object), result, &error);
  g_assert_no_error (error);
  *(gboolean *) user_data = TRUE;
}

/* Presses @accelerator when the window of that type has the focus. */
static void
press_in (const char *type,
          const char *accelerator)
{
  g_autoptr (GSubprocess) xdotool = NULL;
  g_autoptr (GString)     keys = g_string_new (NULL);
  g_autoptr (GError)      error = NULL;
  GdkModifierType         modifiers;
  gboolean                done = FALSE;
  guint                   key;

  g_test_message ("%s in %s", accelerator, type);
  g_assert_true (gtk_accelerator_parse (accelerator, &key, &modifiers));
  g_hash_table_add (pressed, gtk_accelerator_name (key, modifiers));
  if (modifiers & GDK_CONTROL_MASK)
    g_string_append (keys, "ctrl+");
  if (modifiers & GDK_ALT_MASK)
    g_string_append (keys, "alt+");
  if (modifiers & GDK_SHIFT_MASK)
    g_string_append (keys, "shift+");
  g_string_append (keys, gdk_keyval_name (key));

  app_test_wait (is_shown, (gpointer) type);
  /* Without a window manager, the server gives the focus only to who asks later than it was given last. */
  gtk_window_present_with_time (find_window (type),
                                gdk_x11_get_server_time (gtk_native_get_surface (GTK_NATIVE (find_window (type)))));
  app_test_wait (is_active, find_window (type));
  xdotool = g_subprocess_new (G_SUBPROCESS_FLAGS_NONE, &error, "xdotool", "key", keys->str, NULL);
  g_assert_no_error (error);
  g_subprocess_wait_check_async (xdotool, NULL, pressed_cb, &done);
  app_test_wait (is_set, &done);
}

static void
press (const char *accelerator)
{
  press_in ("LockstepWindow", accelerator);
}

typedef struct
{
  WindowFixture *fixture;
  GType          type;
  const char    *text;
  gboolean       visible;
} Wanted;

static gboolean
is_as_wanted (gpointer data)
{
  Wanted *wanted = data;

  return gtk_widget_get_mapped (window_fixture_get (wanted->fixture, wanted->type)) == wanted->visible;
}

/* Presses a shortcut that shows a part of the window, or hides it. */
static void
press_for (WindowFixture *fixture,
           const char    *accelerator,
           GType          type,
           gboolean       visible)
{
  Wanted wanted = { fixture, type, NULL, visible };

  g_assert_true (gtk_widget_get_mapped (window_fixture_get (fixture, type)) != visible);
  press (accelerator);
  app_test_wait (is_as_wanted, &wanted);
}

/* Presses a shortcut that opens a window, and closes it with Escape. */
static void
press_for_window (const char *accelerator,
                  const char *type)
{
  press (accelerator);
  app_test_wait (is_shown, (gpointer) type);
  press_in (type, "Escape");
  app_test_wait (is_gone, (gpointer) type);
}

static gboolean
has_page (gpointer data)
{
  Wanted *wanted = data;

  return g_strcmp0 (adw_view_stack_get_visible_child_name (window_fixture_get (wanted->fixture, ADW_TYPE_VIEW_STACK)), wanted->text) == 0;
}

static void
press_for_page (WindowFixture *fixture,
                const char    *accelerator,
                const char    *page)
{
  Wanted wanted = { fixture, 0, page, TRUE };

  g_assert_false (has_page (&wanted));
  press (accelerator);
  app_test_wait (has_page, &wanted);
}

static gboolean
has_focus (gpointer data)
{
  Wanted    *wanted = data;
  GtkWidget *focus = gtk_window_get_focus (GTK_WINDOW (wanted->fixture->window));

  return focus != NULL && gtk_widget_is_ancestor (focus, window_fixture_get (wanted->fixture, wanted->type)) &&
         gtk_widget_get_ancestor (focus, GTK_TYPE_SEARCH_ENTRY) != NULL;
}

/* Presses a shortcut that searches in a part of the window. */
static void
press_for_search (WindowFixture *fixture,
                  const char    *accelerator,
                  GType          type)
{
  Wanted wanted = { fixture, type, NULL, TRUE };

  press (accelerator);
  app_test_wait (has_focus, &wanted);
}

static gboolean
is_renamed (gpointer data)
{
  return window_fixture_shows (data, ADW_TYPE_HEADER_BAR, "Renamed");
}

static void
test_idle (WindowFixture *fixture,
           gconstpointer  data)
{
  static const char renamed[] = "{\"lockstep\":1,\"name\":\"Renamed\",\"solver\":{\"command\":[\"true\"]},"
                                "\"steps\":[{\"step\":\"work\",\"on\":\"all\"}]}";

  press_for_window ("<Control>o", "GtkFileChooserDialog");
  window_fixture_write_plan (fixture, 1, "\"echo\"");
  window_fixture_open (fixture);

  press_for (fixture, "F9", LOCKSTEP_TYPE_SIDEBAR, FALSE);
  press_for (fixture, "F9", LOCKSTEP_TYPE_SIDEBAR, TRUE);
  press_for (fixture, "<Control>l", LOCKSTEP_TYPE_LOG_VIEW, FALSE);
  press_for (fixture, "<Control>l", LOCKSTEP_TYPE_LOG_VIEW, TRUE);
  press_for (fixture, "<Control>i", LOCKSTEP_TYPE_DETAILS, TRUE);
  press_for (fixture, "<Control>i", LOCKSTEP_TYPE_DETAILS, FALSE);
  press_for (fixture, "<Control>l", LOCKSTEP_TYPE_LOG_VIEW, TRUE);
  press_for_search (fixture, "<Shift><Control>f", LOCKSTEP_TYPE_SIDEBAR);
  press_for_window ("<Control>question", "GtkShortcutsWindow");

  g_assert_true (g_file_set_contents (fixture->path, renamed, -1, NULL));
  press ("<Control>r");
  app_test_wait (is_renamed, fixture);
}

static gboolean
is_paused (gpointer data)
{
  return window_fixture_get_state (data) == LOCKSTEP_RUN_PAUSED;
}

static gboolean
is_stepping (gpointer data)
{
  return window_fixture_get_state (data) == LOCKSTEP_RUN_STEPPING;
}

static gboolean
is_stopping (gpointer data)
{
  return window_fixture_get_state (data) == LOCKSTEP_RUN_STOPPING;
}

static guint
count_tasks (WindowFixture    *fixture,
             LockstepTaskState state)
{
  LockstepTaskTable *table = lockstep_results_page_get_table (window_fixture_get (fixture, LOCKSTEP_TYPE_RESULTS_PAGE));

  return table != NULL ? lockstep_task_table_count (table, state) : 0;
}

static gboolean
is_hanging (gpointer data)
{
  return count_tasks (data, LOCKSTEP_TASK_RUNNING) == 1 && count_tasks (data, LOCKSTEP_TASK_DONE) == 2;
}

static void
test_run (WindowFixture *fixture,
          gconstpointer  data)
{
  window_fixture_write_tasks (fixture, 2, "", "[ {'value': 1}, {'value': 2}, {'hang': true} ]");
  window_fixture_open (fixture);
  press ("F5");
  app_test_wait (window_fixture_is_live, fixture);
  app_test_wait (is_hanging, fixture);

  press ("<Control>p");
  app_test_wait (is_paused, fixture);
  press ("Pause");
  app_test_wait (is_stepping, fixture);

  press_for_page (fixture, "<Alt>1", "plan");
  press_for_page (fixture, "<Alt>2", "solvers");
  press_for_page (fixture, "<Alt>3", "results");
  press_for_page (fixture, "<Alt>5", "timeline");
  press_for_search (fixture, "<Control>f", LOCKSTEP_TYPE_LOG_VIEW);
  press_for_window ("<Shift><Control>l", "LockstepWholeLog");

  press_for_window ("<Shift>F5", "LockstepStopDialog");
  g_assert_true (is_stepping (fixture));
  press ("<Shift>F5");
  app_test_wait (is_shown, (gpointer) "LockstepStopDialog");
  window_fixture_respond ("stop");
  app_test_wait (is_stopping, fixture);
  press ("<Shift><Control>F5");
  app_test_wait (window_fixture_is_over, fixture);
  g_assert_cmpint (window_fixture_get_state (fixture), ==, LOCKSTEP_RUN_TERMINATED);

  press ("<Shift><Control>r");
  app_test_wait (window_fixture_is_live, fixture);
  app_test_wait (is_hanging, fixture);
  lockstep_session_terminate (fixture->session, LOCKSTEP_STOP_KILL);
  app_test_wait (window_fixture_is_over, fixture);
  press ("<Control>Return");
  app_test_wait (window_fixture_is_live, fixture);
  app_test_wait (is_hanging, fixture);
  lockstep_session_terminate (fixture->session, LOCKSTEP_STOP_KILL);
  app_test_wait (window_fixture_is_over, fixture);
}

static gboolean
has_three_failed (gpointer data)
{
  return window_fixture_is_over (data) && count_tasks (data, LOCKSTEP_TASK_FAILED) == 3;
}

static gboolean
has_two_failed (gpointer data)
{
  return window_fixture_is_over (data) && count_tasks (data, LOCKSTEP_TASK_FAILED) == 2;
}

static gboolean
has_one_failed (gpointer data)
{
  return window_fixture_is_over (data) && count_tasks (data, LOCKSTEP_TASK_FAILED) == 1;
}

static gboolean
has_none_failed (gpointer data)
{
  return window_fixture_is_over (data) && count_tasks (data, LOCKSTEP_TASK_FAILED) == 0;
}

static gboolean
has_shown (WindowFixture *fixture,
           guint          n_tasks)
{
  LockstepTaskTable *table = lockstep_results_page_get_table (window_fixture_get (fixture, LOCKSTEP_TYPE_RESULTS_PAGE));

  return lockstep_task_table_is_settled (table) && g_list_model_get_n_items (G_LIST_MODEL (table)) == n_tasks;
}

static gboolean
has_three_shown (gpointer data)
{
  return has_shown (data, 3);
}

static gboolean
has_four_shown (gpointer data)
{
  return has_shown (data, 4);
}

static gboolean
tells_failure (gpointer data)
{
  return window_fixture_shows (data, LOCKSTEP_TYPE_DETAILS, "negative depth");
}

static gboolean
tells_copied (gpointer data)
{
  return window_fixture_shows (data, LOCKSTEP_TYPE_WINDOW, "The command was copied.");
}

static void
test_results (WindowFixture *fixture,
              gconstpointer  data)
{
  g_autofree char     *flag = g_build_filename (fixture->folder, "flag", NULL);
  LockstepResultsPage *page = window_fixture_get (fixture, LOCKSTEP_TYPE_RESULTS_PAGE);

  g_assert_true (g_file_set_contents (flag, "", 0, NULL));
  window_fixture_write_tasks (fixture, 1, "",
                              "[ {'fail': 'negative depth', 'while': 'FOLDER/flag'}, {'fail': 'negative depth', 'while': 'FOLDER/flag'},"
                              "  {'fail': 'negative depth', 'while': 'FOLDER/flag'}, {'value': 4} ]");
  window_fixture_start (fixture);
  app_test_wait (has_three_failed, fixture);
  press ("<Alt>3");

  press ("<Control>1");
  app_test_wait (has_three_shown, fixture);
  press ("<Control>0");
  app_test_wait (has_four_shown, fixture);
  press ("<Alt>Return");
  app_test_wait (tells_failure, fixture);
  press ("<Shift><Control>c");
  app_test_wait (tells_copied, fixture);
  press_for (fixture, "<Control><Alt>l", LOCKSTEP_TYPE_LOG_VIEW, TRUE);
  press_for_window ("<Control>e", "GtkFileChooserDialog");
  press_for_window ("<Shift><Control>e", "GtkFileChooserDialog");
  press_for_window ("<Shift><Control>s", "GtkFileChooserDialog");

  /* One by the selection, one by the details, the last by all that are shown; and none is left to retry. */
  g_assert_cmpint (g_unlink (flag), ==, 0);
  lockstep_results_page_select (page, 0);
  press ("<Control>t");
  app_test_wait (has_two_failed, fixture);
  lockstep_results_page_select (page, 1);
  press ("<Shift><Control>y");
  app_test_wait (has_one_failed, fixture);
  press ("<Control>y");
  app_test_wait (has_none_failed, fixture);

  g_assert_true (g_file_set_contents (flag, "", 0, NULL));
  press ("F5");
  app_test_wait (has_three_failed, fixture);
  g_assert_cmpint (g_unlink (flag), ==, 0);
  press ("<Shift><Control>t");
  app_test_wait (has_none_failed, fixture);
}

static gboolean
can_wait (gpointer data)
{
  return g_action_group_get_action_enabled (lockstep_notice_get_actions (window_fixture_get (data, LOCKSTEP_TYPE_NOTICE)), "wait");
}

static gboolean
cannot_wait (gpointer data)
{
  return !can_wait (data);
}

/* The third task does not end in its first attempt, only in another one. */
static void
test_late (WindowFixture *fixture,
           gconstpointer  data)
{
  static const char *const choices[] = { "<Control><Alt>d", "<Control><Alt>r", "<Control><Alt>f" };

  window_fixture_write_tasks (fixture, 2, "",
                              "[ {'value': 1, 'seconds': 0.1}, {'value': 2, 'seconds': 0.1}, {'value': 3, 'after': 'FOLDER/never', 'until': 1} ]");
  for (guint i = 0; i < G_N_ELEMENTS (choices); i++)
    {
      window_fixture_start (fixture);
      app_test_wait (can_wait, fixture);
      press (choices[i]);
      app_test_wait (window_fixture_is_over, fixture);
      g_assert_cmpint (window_fixture_get_state (fixture), ==, LOCKSTEP_RUN_FINISHED);
    }

  window_fixture_start (fixture);
  app_test_wait (can_wait, fixture);
  press ("<Control><Alt>w");
  app_test_wait (cannot_wait, fixture);
  g_assert_true (window_fixture_is_live (fixture));
  lockstep_session_terminate (fixture->session, LOCKSTEP_STOP_KILL);
  app_test_wait (window_fixture_is_over, fixture);
}

static void
test_close (WindowFixture *fixture,
            gconstpointer  data)
{
  press ("<Control>w");
  app_test_wait (window_fixture_is_closed, fixture);
}

static void
test_quit (WindowFixture *fixture,
           gconstpointer  data)
{
  press ("<Control>q");
  app_test_wait (window_fixture_is_closed, fixture);
}

static void
collect_listed (GtkWidget  *widget,
                GHashTable *listed)
{
  if (GTK_IS_SHORTCUTS_SHORTCUT (widget))
    {
      g_autofree char *action = NULL;

      g_object_get (widget, "action-name", &action, NULL);
      if (action != NULL)
        g_hash_table_add (listed, g_steal_pointer (&action));
    }
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    collect_listed (child, listed);
}

/* The window of the shortcuts names those that there are, all of them. */
static void
test_listed (WindowFixture *fixture,
             gconstpointer  data)
{
  GtkApplication        *application = window_fixture_get_application ();
  g_auto (GStrv)         described = gtk_application_list_action_descriptions (application);
  g_autoptr (GHashTable) listed = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  GtkShortcutsWindow    *help = gtk_application_window_get_help_overlay (GTK_APPLICATION_WINDOW (fixture->window));
  GHashTableIter         iter;
  gpointer               action;

  collect_listed (GTK_WIDGET (help), listed);
  g_assert_cmpuint (g_hash_table_size (listed), >, 30);

  g_hash_table_iter_init (&iter, listed);
  while (g_hash_table_iter_next (&iter, &action, NULL))
    {
      g_auto (GStrv) accels = gtk_application_get_accels_for_action (application, action);

      if (accels[0] == NULL)
        g_error ("“%s” has no shortcut to show", (char *) action);
    }
  for (guint i = 0; described[i] != NULL; i++)
    if (!g_hash_table_contains (listed, described[i]))
      g_error ("“%s” is not among the shortcuts that are shown", described[i]);
}

int
main (int    argc,
      char **argv)
{
  g_autofree char *xdotool = g_find_program_in_path ("xdotool");

  window_fixture_init (&argc, &argv);
  pressed = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  window_fixture_add ("/shortcuts/listed", test_listed);
  if (xdotool != NULL)
    {
      window_fixture_add ("/shortcuts/idle", test_idle);
      window_fixture_add ("/shortcuts/run", test_run);
      window_fixture_add ("/shortcuts/results", test_results);
      window_fixture_add ("/shortcuts/late", test_late);
      window_fixture_add ("/shortcuts/close", test_close);
      window_fixture_add ("/shortcuts/quit", test_quit);
    }

  return window_fixture_run ();
}
