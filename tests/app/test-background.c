/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A window that is closed while its run goes on, and what is told of that: the test is the desktop that shows notifications. */

#include <string.h>

#include "window-fixture.h"

static const char interface[] = "<node><interface name='org.freedesktop.Notifications'>"
                                "<method name='Notify'><arg type='s' direction='in'/><arg type='u' direction='in'/>"
                                "<arg type='s' direction='in'/><arg type='s' direction='in'/><arg type='s' direction='in'/>"
                                "<arg type='as' direction='in'/><arg type='a{sv}' direction='in'/><arg type='i' direction='in'/>"
                                "<arg type='u' direction='out'/></method>"
                                "<method name='CloseNotification'><arg type='u' direction='in'/></method>"
                                "<signal name='ActionInvoked'><arg type='u'/><arg type='s'/></signal>"
                                "<signal name='NotificationClosed'><arg type='u'/><arg type='u'/></signal>"
                                "</interface></node>";

static GDBusConnection *bus;     /* the desktop's own */
static GPtrArray       *told;    /* titles of notifications, the last one last */
static guint            last_id; /* of the last one; they are shown from 1 on */
static guint            n_withdrawn;
static gboolean         is_owned;

static void
call_cb (GDBusConnection       *connection,
         const char            *sender,
         const char            *path,
         const char            *interface_name,
         const char            *method,
         GVariant              *parameters,
         GDBusMethodInvocation *invocation,
         gpointer               user_data)
{
  if (g_str_equal (method, "Notify"))
    {
      const char *title;
      guint       replaced;

      g_variant_get (parameters, "(&su&s&s&s@as@a{sv}i)", NULL, &replaced, NULL, &title, NULL, NULL, NULL, NULL);
      g_ptr_array_add (told, g_strdup (title));
      last_id = replaced != 0 ? replaced : last_id + 1;
      g_dbus_method_invocation_return_value (invocation, g_variant_new ("(u)", last_id));
    }
  else
    {
      n_withdrawn++;
      g_dbus_method_invocation_return_value (invocation, NULL);
    }
}

static void
owned_cb (GDBusConnection *connection,
          const char      *name,
          gpointer         user_data)
{
  is_owned = TRUE;
}

static gboolean
is_set (gpointer data)
{
  return *(gboolean *) data;
}

static void
show_notifications (void)
{
  static const GDBusInterfaceVTable vtable = { .method_call = call_cb };
  g_autoptr (GDBusNodeInfo)         node = g_dbus_node_info_new_for_xml (interface, NULL);
  g_autofree char                  *address = g_dbus_address_get_for_bus_sync (G_BUS_TYPE_SESSION, NULL, NULL);
  g_autoptr (GError)                error = NULL;

  bus = g_dbus_connection_new_for_address_sync (address,
                                                G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT |
                                                  G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
                                                NULL, NULL, &error);
  g_assert_no_error (error);
  g_dbus_connection_register_object (bus, "/org/freedesktop/Notifications", node->interfaces[0], &vtable, NULL, NULL, &error);
  g_assert_no_error (error);
  g_bus_own_name_on_connection (bus, "org.freedesktop.Notifications", G_BUS_NAME_OWNER_FLAGS_NONE, owned_cb, NULL, NULL, NULL);
  app_test_wait (is_set, &is_owned);
  told = g_ptr_array_new_with_free_func (g_free);
}

static gboolean
is_last_told (gpointer title)
{
  return told->len > 0 && g_str_equal (told->pdata[told->len - 1], title);
}

static void
answered_cb (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr (GVariant) reply = g_dbus_connection_call_finish (G_DBUS_CONNECTION (object), result, NULL);

  *(gboolean *) user_data = TRUE;
}

/* Until the program knows the number of what it had shown: answers come in their order. */
static void
wait_for_answer (void)
{
  gboolean answered = FALSE;

  g_dbus_connection_call (g_application_get_dbus_connection (G_APPLICATION (window_fixture_get_application ())),
                          "org.freedesktop.Notifications", "/org/freedesktop/Notifications", "org.freedesktop.DBus.Peer", "Ping",
                          NULL, NULL, G_DBUS_CALL_FLAGS_NONE, -1, NULL, answered_cb, &answered);
  app_test_wait (is_set, &answered);
}

static gboolean
is_withdrawn (gpointer data)
{
  return n_withdrawn > 0;
}

static gboolean
is_shown (gpointer data)
{
  return gtk_widget_get_visible (GTK_WIDGET (((WindowFixture *) data)->window));
}

/* Begins a run that lasts until the file FOLDER/flag is there, and closes its window. */
static void
start_and_close (WindowFixture *fixture)
{
  g_ptr_array_set_size (told, 0);
  n_withdrawn = 0;
  window_fixture_write_tasks (fixture, 1, "", "[ {'value': 1, 'after': 'FOLDER/flag'} ]");
  window_fixture_start (fixture);
  app_test_wait (window_fixture_is_computing, fixture);
  gtk_window_close (GTK_WINDOW (fixture->window));
  app_test_wait (is_last_told, (gpointer) "“Test” Goes On");
  wait_for_answer ();
  g_assert_false (is_shown (fixture));
  g_assert_null (window_fixture_get_dialog ());
  g_assert_true (window_fixture_is_live (fixture));
}

static void
let_it_end (WindowFixture *fixture)
{
  g_autofree char *flag = g_build_filename (fixture->folder, "flag", NULL);

  g_assert_true (g_file_set_contents (flag, "", 0, NULL));
}

/* The run goes on to its end, which is told; and nothing holds the program then. */
static void
test_to_the_end (WindowFixture *fixture,
                 gconstpointer  data)
{
  start_and_close (fixture);
  let_it_end (fixture);
  app_test_wait (window_fixture_is_closed, fixture);
  app_test_wait (is_last_told, (gpointer) "“Test” Has Ended");
  g_assert_cmpint (window_fixture_get_state (fixture), ==, LOCKSTEP_RUN_FINISHED);
  g_assert_null (gtk_application_get_windows (window_fixture_get_application ()));
}

/* Opened again, the program shows the window with its run; one that is shown stays when the run ends. */
static void
test_open_again (WindowFixture *fixture,
                 gconstpointer  data)
{
  start_and_close (fixture);
  g_application_activate (G_APPLICATION (window_fixture_get_application ()));
  g_assert_true (is_shown (fixture));
  g_assert_cmpuint (g_list_length (gtk_application_get_windows (window_fixture_get_application ())), ==, 1);
  app_test_wait (is_withdrawn, NULL);
  let_it_end (fixture);
  app_test_wait (window_fixture_is_over, fixture);
  g_assert_true (is_shown (fixture));
  g_assert_cmpuint (told->len, ==, 1);
}

/* So does a click on what is told. */
static void
test_click (WindowFixture *fixture,
            gconstpointer  data)
{
  g_autoptr (GError) error = NULL;

  start_and_close (fixture);
  g_dbus_connection_emit_signal (bus, NULL, "/org/freedesktop/Notifications", "org.freedesktop.Notifications", "ActionInvoked",
                                 g_variant_new ("(us)", last_id, "default"), &error);
  g_assert_no_error (error);
  app_test_wait (is_shown, fixture);
  lockstep_session_terminate (fixture->session, LOCKSTEP_STOP_ASK);
  app_test_wait (window_fixture_is_over, fixture);
}

/* A plan that is opened meanwhile has a window of its own. */
static void
test_other_plan (WindowFixture *fixture,
                 gconstpointer  data)
{
  g_autoptr (GFile) file = g_file_new_for_path (fixture->path);
  GFile            *files[] = { file };
  GtkApplication   *application = window_fixture_get_application ();
  GtkWindow        *other;

  start_and_close (fixture);
  g_application_open (G_APPLICATION (application), files, 1, "");
  g_assert_cmpuint (g_list_length (gtk_application_get_windows (application)), ==, 2);
  g_assert_false (is_shown (fixture));
  other = gtk_application_get_windows (application)->data;
  if (other == GTK_WINDOW (fixture->window))
    other = gtk_application_get_windows (application)->next->data;
  g_assert_true (gtk_widget_get_visible (GTK_WIDGET (other)));
  gtk_window_destroy (other);
  let_it_end (fixture);
  app_test_wait (window_fixture_is_closed, fixture);
}

/* Whoever leaves the program is asked, in the window that was hidden. */
static void
test_quit (WindowFixture *fixture,
           gconstpointer  data)
{
  start_and_close (fixture);
  g_action_group_activate_action (G_ACTION_GROUP (window_fixture_get_application ()), "quit", NULL);
  g_assert_true (is_shown (fixture));
  g_assert_cmpstr (adw_message_dialog_get_heading (window_fixture_get_dialog ()), ==, "Terminate the Run and Quit?");
  window_fixture_respond ("stop");
  app_test_wait (window_fixture_is_closed, fixture);
  g_assert_cmpint (window_fixture_get_state (fixture), ==, LOCKSTEP_RUN_TERMINATED);
}

int
main (int    argc,
      char **argv)
{
  int result;

  window_fixture_init (&argc, &argv);
  show_notifications ();

  window_fixture_add ("/background/to-the-end", test_to_the_end);
  window_fixture_add ("/background/open-again", test_open_again);
  window_fixture_add ("/background/click", test_click);
  window_fixture_add ("/background/other-plan", test_other_plan);
  window_fixture_add ("/background/quit", test_quit);

  result = window_fixture_run ();
  g_ptr_array_unref (told);
  g_object_unref (bus);

  return result;
}
