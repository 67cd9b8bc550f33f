/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "window-keys.h"

#include <stdio.h>

#include <gdk/x11/gdkx.h>

#include "lockstep-details.h"
#include "lockstep-notice.h"
#include "lockstep-results-page.h"

typedef struct
{
  void (*test) (WindowFixture *fixture, gconstpointer data);
} Driven;

static GHashTable *pressed; /* the accelerators, as GTK writes them */
static guint       n_added;
static guint       n_driven;

gboolean
window_keys_can_press (void)
{
  g_autofree char *xdotool = g_find_program_in_path ("xdotool");

  if (xdotool == NULL)
    puts ("1..0 # SKIP xdotool is not installed");

  return xdotool != NULL;
}

void
window_keys_init (int    *argc,
                  char ***argv)
{
  window_fixture_init (argc, argv);
  pressed = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

static void
drive (WindowFixture *fixture,
       gconstpointer  data)
{
  const Driven *driven = data;

  driven->test (fixture, NULL);
  n_driven++;
}

void
window_keys_add (const char *path,
                 void (*test) (WindowFixture *fixture, gconstpointer data))
{
  static Driven added[32];

  g_assert_cmpuint (n_added, <, G_N_ELEMENTS (added));
  added[n_added].test = test;
  g_test_add (path, WindowFixture, &added[n_added], window_fixture_set_up, drive, window_fixture_tear_down);
  n_added++;
}

/* Of the window itself or the application; any other one is of a part of the window. */
static gboolean
is_of_window (const char *action)
{
  return g_str_has_prefix (action, "app.") || g_str_has_prefix (action, "win.") || g_str_has_prefix (action, "window.");
}

static void
test_complete (gconstpointer of_parts)
{
  GtkApplication *application = window_fixture_get_application ();
  g_auto (GStrv)  described = gtk_application_list_action_descriptions (application);
  guint           n_checked = 0;

  if (n_driven < n_added)
    {
      g_test_skip ("not all of the tests were run");
      return;
    }

  for (guint i = 0; described[i] != NULL; i++)
    {
      g_auto (GStrv) accels = gtk_application_get_accels_for_action (application, described[i]);

      if (is_of_window (described[i]) == (of_parts != NULL))
        continue;
      for (guint j = 0; accels[j] != NULL; j++, n_checked++)
        if (!g_hash_table_contains (pressed, accels[j]))
          g_error ("%s was not pressed for “%s”", accels[j], described[i]);
    }
  g_assert_cmpuint (n_checked, >, 10);
}

void
window_keys_add_complete (const char *path,
                          gboolean    of_parts)
{
  g_test_add_data_func (path, GINT_TO_POINTER (of_parts), test_complete);
}

GtkWindow *
window_keys_find (const char *type)
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

gboolean
window_keys_is_shown (gpointer type)
{
  return window_keys_find (type) != NULL;
}

gboolean
window_keys_is_gone (gpointer type)
{
  return window_keys_find (type) == NULL;
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
driven_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (GError) error = NULL;

  g_subprocess_wait_check_finish (G_SUBPROCESS (object), result, &error);
  g_assert_no_error (error);
  *(gboolean *) user_data = TRUE;
}

static void
run_xdotool (const char *const *arguments)
{
  g_autoptr (GSubprocess) xdotool = NULL;
  g_autoptr (GError)      error = NULL;
  gboolean                done = FALSE;

  xdotool = g_subprocess_newv (arguments, G_SUBPROCESS_FLAGS_NONE, &error);
  g_assert_no_error (error);
  g_subprocess_wait_check_async (xdotool, NULL, driven_cb, &done);
  app_test_wait (is_set, &done);
}

static GActionGroup *
get_actions (const char *prefix)
{
  GtkWidget *window = GTK_WIDGET (window_keys_find ("LockstepWindow"));

  if (g_str_equal (prefix, "win"))
    return G_ACTION_GROUP (window);
  if (g_str_equal (prefix, "results"))
    return lockstep_results_page_get_actions (LOCKSTEP_RESULTS_PAGE (app_test_find (window, LOCKSTEP_TYPE_RESULTS_PAGE)));
  if (g_str_equal (prefix, "details"))
    return lockstep_details_get_actions (LOCKSTEP_DETAILS (app_test_find (window, LOCKSTEP_TYPE_DETAILS)));
  if (g_str_equal (prefix, "late"))
    return lockstep_notice_get_actions (LOCKSTEP_NOTICE (app_test_find (window, LOCKSTEP_TYPE_NOTICE)));

  return NULL;
}

/* Whether the actions of a shortcut of the main window can be done, as far as they are its own. */
static gboolean
can_act (gpointer accelerator)
{
  g_auto (GStrv) names = gtk_application_get_actions_for_accel (window_fixture_get_application (), accelerator);

  for (guint i = 0; names[i] != NULL; i++)
    {
      g_autofree char     *name = NULL;
      g_autoptr (GVariant) target = NULL;
      g_auto (GStrv)       words = NULL;
      GActionGroup        *actions;

      g_assert_true (g_action_parse_detailed_name (names[i], &name, &target, NULL));
      words = g_strsplit (name, ".", 2);
      actions = get_actions (words[0]);
      if (actions != NULL && !g_action_group_get_action_enabled (actions, words[1]))
        return FALSE;
    }

  return TRUE;
}

/* Without a window manager, the server gives the focus only to who asks later than it was given last. */
static void
focus (GtkWindow *window)
{
  gtk_window_present_with_time (window, gdk_x11_get_server_time (gtk_native_get_surface (GTK_NATIVE (window))));
  app_test_wait (is_active, window);
}

void
window_keys_press_in (const char *type,
                      const char *accelerator)
{
  g_autoptr (GString) keys = g_string_new (NULL);
  GdkModifierType     modifiers;
  guint               key;

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

  app_test_wait (window_keys_is_shown, (gpointer) type);
  focus (window_keys_find (type));
  run_xdotool ((const char *[]){ "xdotool", "key", keys->str, NULL });
}

void
window_keys_press (const char *accelerator)
{
  app_test_wait (can_act, (gpointer) accelerator);
  window_keys_press_in ("LockstepWindow", accelerator);
}

typedef struct
{
  WindowFixture *fixture;
  GType          type;
  const char    *page;
  gboolean       visible;
} Wanted;

static gboolean
is_as_wanted (gpointer data)
{
  Wanted *wanted = data;

  return gtk_widget_get_mapped (window_fixture_get (wanted->fixture, wanted->type)) == wanted->visible;
}

void
window_keys_press_for (WindowFixture *fixture,
                       const char    *accelerator,
                       GType          type,
                       gboolean       visible)
{
  Wanted wanted = { fixture, type, NULL, visible };

  g_assert_true (gtk_widget_get_mapped (window_fixture_get (fixture, type)) != visible);
  window_keys_press (accelerator);
  app_test_wait (is_as_wanted, &wanted);
}

static gboolean
has_page (gpointer data)
{
  Wanted *wanted = data;

  return g_strcmp0 (adw_view_stack_get_visible_child_name (window_fixture_get (wanted->fixture, ADW_TYPE_VIEW_STACK)), wanted->page) == 0;
}

/* Pages are there as soon as they have something to show. */
static gboolean
can_have_page (gpointer data)
{
  Wanted       *wanted = data;
  AdwViewStack *stack = window_fixture_get (wanted->fixture, ADW_TYPE_VIEW_STACK);

  return adw_view_stack_page_get_visible (adw_view_stack_get_page (stack, adw_view_stack_get_child_by_name (stack, wanted->page)));
}

void
window_keys_press_for_page (WindowFixture *fixture,
                            const char    *accelerator,
                            const char    *page)
{
  Wanted wanted = { fixture, 0, page, TRUE };

  app_test_wait (can_have_page, &wanted);
  g_assert_false (has_page (&wanted));
  window_keys_press (accelerator);
  app_test_wait (has_page, &wanted);
}

static gboolean
is_searching (gpointer data)
{
  Wanted    *wanted = data;
  GtkWidget *focused = gtk_window_get_focus (GTK_WINDOW (wanted->fixture->window));

  return focused != NULL && gtk_widget_is_ancestor (focused, window_fixture_get (wanted->fixture, wanted->type)) &&
         gtk_widget_get_ancestor (focused, GTK_TYPE_SEARCH_ENTRY) != NULL;
}

void
window_keys_press_for_search (WindowFixture *fixture,
                              const char    *accelerator,
                              GType          type)
{
  Wanted wanted = { fixture, type, NULL, TRUE };

  window_keys_press (accelerator);
  app_test_wait (is_searching, &wanted);
}

void
window_keys_press_for_window (const char *accelerator,
                              const char *type)
{
  window_keys_press (accelerator);
  app_test_wait (window_keys_is_shown, (gpointer) type);
  window_keys_press_in (type, "Escape");
  app_test_wait (window_keys_is_gone, (gpointer) type);
}

void
window_keys_click (GtkWidget *widget,
                   double     x,
                   double     y)
{
  GtkNative       *native = gtk_widget_get_native (widget);
  g_autofree char *id = NULL;
  g_autofree char *left = NULL;
  g_autofree char *top = NULL;
  graphene_point_t point;
  double           surface_x, surface_y;

  g_test_message ("click at %g, %g of %s", x, y, G_OBJECT_TYPE_NAME (widget));
  focus (GTK_WINDOW (native));
  g_assert_true (gtk_widget_compute_point (widget, GTK_WIDGET (native), &GRAPHENE_POINT_INIT ((float) x, (float) y), &point));
  gtk_native_get_surface_transform (native, &surface_x, &surface_y);
  id = g_strdup_printf ("%lu", gdk_x11_surface_get_xid (gtk_native_get_surface (native)));
  left = g_strdup_printf ("%d", (int) (point.x + surface_x));
  top = g_strdup_printf ("%d", (int) (point.y + surface_y));
  run_xdotool ((const char *[]){ "xdotool", "mousemove", "--window", id, left, top, "click", "1", NULL });
}
