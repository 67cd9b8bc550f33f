/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <locale.h>
#include <stdlib.h>
#include <string.h>

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>

#include "app-test.h"
#include "lockstep-application.h"
#include "lockstep-results-page.h"
#include "lockstep-solvers-page.h"
#include "lockstep-window.h"

/* Pictures of the window while a plan is at work, and after it, to be looked at:
 *
 *   shots FOLDER PLAN WHEN [SIZE…]
 *
 * WHEN is so many seconds after its steps began, or “end”; then the window, page by page, light and dark, is written into
 * FOLDER as PAGE-STYLE-SIZE.png, and its menus and dialogs in the first SIZE. SIZE is as 1000x700; without any, it is that,
 * 640x600 and 1600x1000. A run that has not ended is ended.
 */

static const char *const default_sizes[] = { "1000x700", "640x600", "1600x1000", NULL };

static const char *folder;
static GtkWidget  *window;

static char *
name_picture (const char *what,
              const char *suffix)
{
  const gboolean dark = adw_style_manager_get_dark (adw_style_manager_get_default ());

  return g_strdup_printf ("%s/%s-%s%s.png", folder, what, dark ? "dark" : "light", suffix);
}

/* Where @picture is written, what is drawn has been laid out. */
typedef struct
{
  GtkWidget  *widget; /* a window or a popover */
  const char *path;
  gboolean    written;
} Picture;

static void
painted_cb (Picture *picture)
{
  g_autoptr (GdkPaintable)  paintable = gtk_widget_paintable_new (picture->widget);
  g_autoptr (GtkSnapshot)   snapshot = gtk_snapshot_new ();
  g_autoptr (GskRenderNode) node = NULL;
  g_autoptr (GdkTexture)    texture = NULL;
  const int                 width = gdk_paintable_get_intrinsic_width (paintable);
  const int                 height = gdk_paintable_get_intrinsic_height (paintable);
  const graphene_rect_t     bounds = GRAPHENE_RECT_INIT (0, 0, (float) width, (float) height);

  if (picture->written)
    return;

  gdk_paintable_snapshot (paintable, snapshot, width, height);
  node = gtk_snapshot_to_node (snapshot);
  if (node == NULL)
    {
      gtk_widget_queue_draw (picture->widget);
      return;
    }
  texture = gsk_renderer_render_texture (gtk_native_get_renderer (gtk_widget_get_native (picture->widget)), node, &bounds);
  if (!gdk_texture_save_to_png (texture, picture->path))
    g_error ("%s could not be written", picture->path);
  picture->written = TRUE;
}

static gboolean
is_written (gpointer data)
{
  return ((Picture *) data)->written;
}

/* Writes what @widget, a window or a popover, looks like: right after it was drawn, when all that is in it has its place, which
 * it may have lost again once the frame is over. */
static void
shoot (GtkWidget  *widget,
       const char *what,
       const char *suffix)
{
  g_autofree char *path = name_picture (what, suffix);
  Picture          picture = { widget, path, FALSE };
  GdkFrameClock   *clock = gtk_widget_get_frame_clock (widget);
  const gulong     handler = g_signal_connect_swapped (clock, "paint", G_CALLBACK (painted_cb), &picture);

  gtk_widget_queue_draw (widget);
  app_test_wait (is_written, &picture);
  g_signal_handler_disconnect (clock, handler);
}

/* A frame is asked for by a widget in the window, and what it brings about is seen in the next ones. */
static void
settle (GtkWidget *widget)
{
  app_test_wait_frames (widget, 6);
}

static void
set_dark (gboolean dark)
{
  adw_style_manager_set_color_scheme (adw_style_manager_get_default (), dark ? ADW_COLOR_SCHEME_FORCE_DARK : ADW_COLOR_SCHEME_FORCE_LIGHT);
}

static void
activate (const char *action,
          const char *target)
{
  g_action_group_activate_action (G_ACTION_GROUP (window), action, target != NULL ? g_variant_new_string (target) : NULL);
}

static void
set_shown (const char *action,
           gboolean    shown)
{
  g_action_group_change_action_state (G_ACTION_GROUP (window), action, g_variant_new_boolean (shown));
}

static gboolean
is_sized (gpointer data)
{
  const int *size = data;
  int        width = gtk_widget_get_width (window);

  return width == size[0] || width > size[0];
}

static void
resize (const char *text)
{
  g_auto (GStrv) parts = g_strsplit (text, "x", 2);
  int            size[2];

  if (g_strv_length (parts) != 2)
    g_error ("“%s” is not a size; write it as 1000x700", text);
  size[0] = atoi (parts[0]);
  size[1] = atoi (parts[1]);
  gtk_window_set_default_size (GTK_WINDOW (window), size[0], size[1]);
  app_test_wait (is_sized, size);
  settle (window);
}

static gboolean
shows_page (AdwViewStack *stack,
            const char   *name)
{
  GtkWidget *page = adw_view_stack_get_child_by_name (stack, name);

  return adw_view_stack_page_get_visible (adw_view_stack_get_page (stack, page));
}

/* Who has failed is of more interest than the first. */
static void
select_row (GtkWidget *page)
{
  GtkWidget         *view = app_test_find (page, GTK_TYPE_COLUMN_VIEW);
  GtkSelectionModel *model = gtk_column_view_get_model (GTK_COLUMN_VIEW (view));

  if (g_list_model_get_n_items (G_LIST_MODEL (model)) > 0)
    gtk_selection_model_select_item (model, 0, TRUE);
}

static void
shoot_pages (const char *suffix)
{
  static const char *const pages[] = { "plan", "solvers", "results", "charts", "timeline" };
  AdwViewStack            *stack = ADW_VIEW_STACK (app_test_find (window, ADW_TYPE_VIEW_STACK));

  for (guint i = 0; i < G_N_ELEMENTS (pages); i++)
    {
      if (!shows_page (stack, pages[i]))
        continue;
      activate ("show-page", pages[i]);
      settle (window);
      shoot (window, pages[i], suffix);

      if (g_str_equal (pages[i], "solvers") || g_str_equal (pages[i], "results"))
        {
          g_autofree char *name = g_strdup_printf ("%s-details", pages[i]);

          select_row (adw_view_stack_get_visible_child (stack));
          set_shown ("show-details", TRUE);
          /* What became of it is read on a thread. */
          app_test_wait_frames (window, 40);
          shoot (window, name, suffix);
          set_shown ("show-log", TRUE);
          settle (window);
        }
    }
  set_shown ("show-log", FALSE);
  settle (window);
  shoot (window, "bar", suffix);
  set_shown ("show-log", TRUE);
  settle (window);
}

static void
shoot_menu (GtkWidget  *button,
            const char *name,
            const char *suffix)
{
  GtkPopover *popover = NULL;

  if (GTK_IS_MENU_BUTTON (button))
    popover = gtk_menu_button_get_popover (GTK_MENU_BUTTON (button));
  else if (ADW_IS_SPLIT_BUTTON (button))
    popover = adw_split_button_get_popover (ADW_SPLIT_BUTTON (button));
  if (popover == NULL || !gtk_widget_get_mapped (button))
    return;

  gtk_popover_popup (popover);
  settle (window);
  if (gtk_widget_get_mapped (GTK_WIDGET (popover)))
    shoot (GTK_WIDGET (popover), name, suffix);
  gtk_popover_popdown (popover);
  settle (window);
}

static void
shoot_menus (GtkWidget  *widget,
             guint      *n_menus,
             const char *suffix)
{
  if (GTK_IS_MENU_BUTTON (widget) || ADW_IS_SPLIT_BUTTON (widget))
    {
      g_autofree char *name = g_strdup_printf ("menu-%u", (*n_menus)++);

      shoot_menu (widget, name, suffix);
      return;
    }
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    shoot_menus (child, n_menus, suffix);
}

/* A window that is shown besides the main one, or NULL. */
static GtkWidget *
get_other_window (void)
{
  GListModel *windows = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (windows); i++)
    {
      g_autoptr (GtkWidget) other = g_list_model_get_item (windows, i);

      if (other != window && gtk_widget_get_mapped (other))
        return other;
    }

  return NULL;
}

static void
shoot_other (const char *name,
             const char *suffix)
{
  GtkWidget *other;

  settle (window);
  other = get_other_window ();
  if (other == NULL)
    return;
  settle (other);
  gtk_widget_remove_css_class (other, "solid-csd");
  app_test_wait_frames (other, 30);
  shoot (other, name, suffix);
  if (ADW_IS_MESSAGE_DIALOG (other))
    adw_message_dialog_response (ADW_MESSAGE_DIALOG (other), "cancel");
  else
    gtk_window_close (GTK_WINDOW (other));
  settle (window);
}

static void
shoot_sections (const char *suffix)
{
  GtkWidget *overlay = GTK_WIDGET (gtk_application_window_get_help_overlay (GTK_APPLICATION_WINDOW (window)));

  for (GtkWidget *section = app_test_find (overlay, GTK_TYPE_SHORTCUTS_SECTION); section != NULL; section = gtk_widget_get_next_sibling (section))
    {
      g_autofree char *name = NULL;
      g_autofree char *what = NULL;

      g_object_get (section, "section-name", &name, NULL);
      g_object_set (overlay, "section-name", name, NULL);
      settle (overlay);
      what = g_strconcat ("shortcuts-", name, NULL);
      shoot (overlay, what, suffix);
    }
}

static void
shoot_once (LockstepSession *session,
            const char      *suffix)
{
  guint n_menus = 0;

  activate ("show-page", "solvers");
  settle (window);
  shoot_menus (window, &n_menus, suffix);
  activate ("show-help-overlay", NULL);
  shoot_sections (suffix);
  shoot_other ("shortcuts", suffix);
  g_action_group_activate_action (G_ACTION_GROUP (gtk_window_get_application (GTK_WINDOW (window))), "about", NULL);
  shoot_other ("about", suffix);
  if (lockstep_session_get_live (session))
    {
      activate ("terminate", NULL);
      shoot_other ("stop", suffix);
    }
  activate ("whole-log", NULL);
  shoot_other ("whole-log", suffix);
  activate ("search-log", NULL);
  settle (window);
  shoot (window, "search", suffix);
}

static gboolean
is_loaded (gpointer data)
{
  return !lockstep_session_get_loading (data);
}

static gboolean
is_working (gpointer data)
{
  LockstepRun *run = lockstep_session_get_run (data);

  if (lockstep_session_get_problem (data) != NULL)
    g_error ("%s", lockstep_session_get_problem (data));

  return run != NULL && lockstep_run_get_state (run) >= LOCKSTEP_RUN_STEPPING;
}

static gboolean
is_over (gpointer data)
{
  return is_working (data) && !lockstep_session_get_live (data);
}

static gboolean
end_wait_cb (gpointer data)
{
  *(gboolean *) data = TRUE;
  return G_SOURCE_REMOVE;
}

static void
wait_seconds (double seconds)
{
  gboolean passed = FALSE;

  g_timeout_add ((guint) (1000 * seconds), end_wait_cb, &passed);
  while (!passed)
    g_main_context_iteration (NULL, TRUE);
}

static LockstepApplication *
make_application (void)
{
  LockstepApplication *application = lockstep_application_new ();
  g_autoptr (GError)   error = NULL;

  g_application_set_flags (G_APPLICATION (application), g_application_get_flags (G_APPLICATION (application)) | G_APPLICATION_NON_UNIQUE);
  if (!g_application_register (G_APPLICATION (application), NULL, &error))
    g_error ("%s", error->message);
  /* As in GNOME. */
  g_object_set (gtk_settings_get_default (), "gtk-font-name", "Cantarell 11", "gtk-enable-animations", FALSE,
                "gtk-decoration-layout", ":close", NULL);

  return application;
}

int
main (int    argc,
      char **argv)
{
  g_autoptr (LockstepApplication) application = NULL;
  g_autoptr (GFile)               file = NULL;
  LockstepSession                *session;
  const char *const              *sizes = default_sizes;

  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, TEST_LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
  if (argc < 4)
    {
      g_printerr ("Usage: shots FOLDER PLAN WHEN [SIZE…]\n");
      return 2;
    }
  folder = argv[1];
  if (argc > 4)
    sizes = (const char *const *) argv + 4;
  g_mkdir_with_parents (folder, 0777);

  application = make_application ();
  window = GTK_WIDGET (lockstep_window_new (GTK_APPLICATION (application)));
  session = g_object_ref (lockstep_window_get_session (LOCKSTEP_WINDOW (window)));
  set_dark (FALSE);
  gtk_window_present (GTK_WINDOW (window));
  /* There is no compositor where this runs, and so no shadow; the frame instead of it is nobody's look. */
  gtk_widget_remove_css_class (window, "solid-csd");
  settle (window);
  shoot (window, "empty", "");

  file = g_file_new_for_commandline_arg (argv[2]);
  lockstep_window_open (LOCKSTEP_WINDOW (window), file, FALSE);
  app_test_wait (is_loaded, session);
  settle (window);
  shoot (window, "idle", "");
  activate ("start", NULL);
  app_test_wait (is_working, session);
  if (g_str_equal (argv[3], "end"))
    {
      while (!is_over (session))
        g_main_context_iteration (NULL, TRUE);
      wait_seconds (1);
    }
  else
    {
      wait_seconds (g_ascii_strtod (argv[3], NULL));
    }

  for (guint i = 0; sizes[i] != NULL; i++)
    {
      g_autofree char *suffix = g_strconcat ("-", sizes[i], NULL);

      resize (sizes[i]);
      for (int dark = 0; dark <= 1; dark++)
        {
          set_dark (dark);
          shoot_pages (suffix);
        }
      set_dark (FALSE);
      if (i == 0)
        shoot_once (session, suffix);
    }

  if (lockstep_session_get_live (session))
    {
      lockstep_session_terminate (session, LOCKSTEP_STOP_ASK);
      app_test_wait (is_over, session);
      wait_seconds (1);
      shoot (window, "terminated", "");
    }
  gtk_window_destroy (GTK_WINDOW (window));
  g_object_unref (session);

  return 0;
}
