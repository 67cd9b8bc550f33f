/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-application.h"

#include <glib/gi18n-lib.h>

#include "lockstep-app-service.h"
#include "lockstep-resources.h"
#include "lockstep-window.h"

struct _LockstepApplication
{
  AdwApplication      parent_instance;
  LockstepAppService *service; /* while it runs, in the one process that does */
};

G_DEFINE_FINAL_TYPE (LockstepApplication, lockstep_application, ADW_TYPE_APPLICATION)

static const struct
{
  const char *action;
  const char *accels[3];
} shortcuts[] = {
  { "app.quit", { "<Control>q" } },
  { "window.close", { "<Control>w" } },
  { "win.open", { "<Control>o" } },
  { "win.reload", { "<Control>r" } },
  { "win.start", { "F5", "<Control>Return" } },
  { "win.start-in-background", { "<Control>F5" } },
  { "win.resume", { "<Shift><Control>r" } },
  { "win.retry", { "<Shift><Control>t" } },
  { "win.pause", { "<Control>p", "Pause" } },
  { "win.stop-iterating", { "<Control>period" } },
  { "win.terminate", { "<Shift>F5" } },
  { "win.kill", { "<Shift><Control>F5" } },
  { "win.export::results", { "<Control>e" } },
  { "win.export::log", { "<Shift><Control>e" } },
  { "win.export::all", { "<Shift><Control>s" } },
  { "win.open-folder", { "<Control>d" } },
  { "win.search-log", { "<Control>f" } },
  { "win.find-next", { "<Control>g" } },
  { "win.find-previous", { "<Shift><Control>g" } },
  { "win.whole-log", { "<Shift><Control>l" } },
  { "win.search-runs", { "<Shift><Control>f" } },
  { "win.show-sidebar", { "F9" } },
  { "win.show-log", { "<Control>l" } },
  { "win.show-details", { "<Control>i" } },
  { "details.show-log", { "<Control><Alt>l" } },
  { "details.open-folder", { "<Shift><Control>d" } },
  { "details.copy-command", { "<Shift><Control>c" } },
  { "details.run-again", { "<Shift><Control>Return" } },
  { "details.retry", { "<Shift><Control>y" } },
  { "win.show-page::plan", { "<Alt>1" } },
  { "win.show-page::solvers", { "<Alt>2" } },
  { "win.show-page::results", { "<Alt>3" } },
  { "results.retry-task", { "<Control>t" } },
  { "results.retry-shown", { "<Control>y" } },
  { "late.duplicate", { "<Control><Alt>d" } },
  { "late.restart", { "<Control><Alt>r" } },
  { "late.skip", { "<Control><Alt>f" } },
  { "late.wait", { "<Control><Alt>w" } },
  { "win.show-failure", { "<Alt>Return" } },
  { "results.show-plot", { "<Control><Alt>p" } },
  { "results.filter::all", { "<Control>0" } },
  { "results.filter::failed", { "<Control>1" } },
  { "win.show-page::charts", { "<Alt>4" } },
  { "win.show-page::timeline", { "<Alt>5" } },
};

/* The window that is in use, or a new one. */
static LockstepWindow *
get_window (LockstepApplication *self)
{
  GtkApplication *application = GTK_APPLICATION (self);

  for (GList *l = gtk_application_get_windows (application); l != NULL; l = l->next)
    if (LOCKSTEP_IS_WINDOW (l->data))
      return l->data;

  return lockstep_window_new (application);
}

static void
open_action (GSimpleAction *action,
             GVariant      *parameter,
             gpointer       user_data)
{
  LockstepWindow *window = get_window (LOCKSTEP_APPLICATION (user_data));

  gtk_window_present (GTK_WINDOW (window));
  g_action_group_activate_action (G_ACTION_GROUP (window), "open", NULL);
}

static void
about_action (GSimpleAction *action,
              GVariant      *parameter,
              gpointer       user_data)
{
  GtkApplication *application = GTK_APPLICATION (user_data);

  adw_show_about_window (gtk_application_get_active_window (application),
                         "application-name", _ ("Lockstep"),
                         "application-icon", LOCKSTEP_APPLICATION_ID,
                         "version", LOCKSTEP_VERSION,
                         "comments", _ ("Runs a slow numerical model on every core, step by step, and shows what each solver is doing."),
                         "developer-name", _ ("The developers of Lockstep"),
                         "license-type", GTK_LICENSE_GPL_3_0,
                         NULL);
}

static gboolean
shows_run (LockstepWindow *window,
           const char     *directory)
{
  LockstepRun *run = lockstep_session_get_run (lockstep_window_get_session (window));
  const char  *shown = run != NULL ? lockstep_run_get_directory (run) : NULL;

  return g_strcmp0 (shown != NULL ? shown : "", directory) == 0;
}

/* The window that shows the run, wherever it is; or else a new one. */
static void
show_run_action (GSimpleAction *action,
                 GVariant      *parameter,
                 gpointer       user_data)
{
  GtkApplication *application = GTK_APPLICATION (user_data);
  const char     *directory = g_variant_get_bytestring (parameter);
  LockstepWindow *window = NULL;

  for (GList *l = gtk_application_get_windows (application); l != NULL && window == NULL; l = l->next)
    if (LOCKSTEP_IS_WINDOW (l->data) && shows_run (l->data, directory))
      window = l->data;

  if (window == NULL)
    {
      window = lockstep_window_new (application);
      if (*directory != '\0')
        lockstep_session_show_run (lockstep_window_get_session (window), directory);
    }
  gtk_window_present (GTK_WINDOW (window));
}

/* Each window asks for itself where a run is live. */
static void
quit_action (GSimpleAction *action,
             GVariant      *parameter,
             gpointer       user_data)
{
  GList *windows = g_list_copy (gtk_application_get_windows (GTK_APPLICATION (user_data)));

  for (GList *l = windows; l != NULL; l = l->next)
    if (LOCKSTEP_IS_WINDOW (l->data))
      lockstep_window_quit (l->data);
  g_list_free (windows);
}

static const GActionEntry actions[] = {
  { .name = "open", .activate = open_action },
  { .name = "about", .activate = about_action },
  { .name = "show-run", .activate = show_run_action, .parameter_type = "ay" },
  { .name = "quit", .activate = quit_action },
};

/* The first plan is shown in the window that is in use, each further one in its own. */
static void
open_files (LockstepApplication *self,
            GFile              **files,
            int                  n_files,
            gboolean             start)
{
  LockstepWindow *window = get_window (self);

  for (int i = 0; i < n_files; i++)
    {
      if (i > 0)
        window = lockstep_window_new (GTK_APPLICATION (self));
      lockstep_window_open (window, files[i], start);
    }
}

static void
lockstep_application_startup (GApplication *application)
{
  G_APPLICATION_CLASS (lockstep_application_parent_class)->startup (application);

  g_action_map_add_action_entries (G_ACTION_MAP (application), actions, G_N_ELEMENTS (actions), application);
  for (guint i = 0; i < G_N_ELEMENTS (shortcuts); i++)
    gtk_application_set_accels_for_action (GTK_APPLICATION (application), shortcuts[i].action, shortcuts[i].accels);
  gtk_window_set_default_icon_name (LOCKSTEP_APPLICATION_ID);
  LOCKSTEP_APPLICATION (application)->service = lockstep_app_service_new (GTK_APPLICATION (application));
}

static void
lockstep_application_shutdown (GApplication *application)
{
  g_clear_object (&LOCKSTEP_APPLICATION (application)->service);

  G_APPLICATION_CLASS (lockstep_application_parent_class)->shutdown (application);
}

static void
lockstep_application_activate (GApplication *application)
{
  g_autoptr (GList) windows = g_list_copy (gtk_application_get_windows (GTK_APPLICATION (application)));
  gboolean          came_back = FALSE;

  /* Those whose runs went on come back. */
  for (GList *l = windows; l != NULL; l = l->next)
    if (LOCKSTEP_IS_WINDOW (l->data) && lockstep_window_is_in_background (l->data))
      {
        gtk_window_present (l->data);
        came_back = TRUE;
      }
  if (!came_back)
    gtk_window_present (GTK_WINDOW (get_window (LOCKSTEP_APPLICATION (application))));
}

static void
lockstep_application_open (GApplication *application,
                           GFile       **files,
                           int           n_files,
                           const char   *hint)
{
  open_files (LOCKSTEP_APPLICATION (application), files, n_files, FALSE);
}

static int
lockstep_application_command_line (GApplication            *application,
                                   GApplicationCommandLine *command_line)
{
  GVariantDict         *options = g_application_command_line_get_options_dict (command_line);
  g_autoptr (GVariant)  names = NULL;
  g_autoptr (GPtrArray) files = NULL;
  const char           *name;
  GVariantIter          iter;
  gboolean              start = FALSE;

  g_variant_dict_lookup (options, "start", "b", &start);
  names = g_variant_dict_lookup_value (options, G_OPTION_REMAINING, G_VARIANT_TYPE_BYTESTRING_ARRAY);
  if (names == NULL)
    {
      if (start)
        {
          g_application_command_line_printerr (command_line, _ ("lockstep: --start needs a plan: lockstep PLAN --start\n"));
          return 2;
        }
      g_application_activate (application);
      return 0;
    }

  files = g_ptr_array_new_with_free_func (g_object_unref);
  g_variant_iter_init (&iter, names);
  while (g_variant_iter_next (&iter, "^&ay", &name))
    g_ptr_array_add (files, g_application_command_line_create_file_for_arg (command_line, name));
  open_files (LOCKSTEP_APPLICATION (application), (GFile **) files->pdata, (int) files->len, start);

  return 0;
}

static void
lockstep_application_class_init (LockstepApplicationClass *class)
{
  GApplicationClass *application_class = G_APPLICATION_CLASS (class);

  application_class->startup = lockstep_application_startup;
  application_class->shutdown = lockstep_application_shutdown;
  application_class->activate = lockstep_application_activate;
  application_class->open = lockstep_application_open;
  application_class->command_line = lockstep_application_command_line;

  /* Names the resources, so that the linker takes them along. */
  g_resources_register (lockstep_get_resource ());
}

static void
lockstep_application_init (LockstepApplication *self)
{
  const GOptionEntry options[] = {
    { "start", 0, 0, G_OPTION_ARG_NONE, NULL, N_ ("Start the plan"), NULL },
    { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, NULL, NULL, N_ ("[PLAN…]") },
    { NULL }
  };

  g_application_add_main_option_entries (G_APPLICATION (self), options);
  g_application_set_option_context_summary (G_APPLICATION (self), _ ("Runs plans, and shows what every solver is doing."));
}

LockstepApplication *
lockstep_application_new (void)
{
  return g_object_new (LOCKSTEP_TYPE_APPLICATION,
                       "application-id", LOCKSTEP_APPLICATION_ID,
                       "flags", G_APPLICATION_HANDLES_OPEN | G_APPLICATION_HANDLES_COMMAND_LINE,
                       "resource-base-path", "/org/lockstep/Lockstep",
                       NULL);
}
