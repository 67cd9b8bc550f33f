/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-window-private.h"

#include <glib/gi18n-lib.h>

#include "lockstep-console.h"
#include "lockstep-launch.h"
#include "lockstep-post-mortem.h"
#include "lockstep-run-export.h"
#include "lockstep-whole-log.h"

static void
stop_response_cb (LockstepWindow *self,
                  const char     *response)
{
  if (g_str_equal (response, "stop"))
    self->closing = TRUE;
}

void
lockstep_window_present_stop_dialog (LockstepWindow *self,
                                     gboolean        closing)
{
  if (self->stop_dialog != NULL)
    gtk_window_destroy (GTK_WINDOW (self->stop_dialog));

  g_set_weak_pointer (&self->stop_dialog, lockstep_stop_dialog_new (GTK_WINDOW (self), self->session, closing));
  if (closing)
    g_signal_connect_object (self->stop_dialog, "response", G_CALLBACK (stop_response_cb), self, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (self->stop_dialog));
}

static void
chooser_response_cb (LockstepWindow       *self,
                     int                   response,
                     GtkFileChooserNative *chooser)
{
  if (response == GTK_RESPONSE_ACCEPT)
    {
      g_autoptr (GFile) file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (chooser));

      lockstep_window_open (self, file, FALSE);
    }

  gtk_native_dialog_destroy (GTK_NATIVE_DIALOG (chooser));
  g_clear_object (&self->chooser);
}

static void
add_filter (GtkFileChooser *chooser,
            const char     *name,
            const char     *pattern)
{
  g_autoptr (GtkFileFilter) filter = gtk_file_filter_new ();

  gtk_file_filter_set_name (filter, name);
  gtk_file_filter_add_pattern (filter, pattern);
  gtk_file_chooser_add_filter (chooser, filter);
}

static void
open_action (GSimpleAction *action,
             GVariant      *parameter,
             gpointer       user_data)
{
  LockstepWindow *self = LOCKSTEP_WINDOW (user_data);
  GFile          *file = lockstep_session_get_file (self->session);

  if (self->chooser == NULL)
    {
      self->chooser = gtk_file_chooser_native_new (_ ("Open Plan"), GTK_WINDOW (self), GTK_FILE_CHOOSER_ACTION_OPEN, NULL, NULL);
      gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (self->chooser), TRUE);
      add_filter (GTK_FILE_CHOOSER (self->chooser), _ ("Plans"), "*.lockstep");
      add_filter (GTK_FILE_CHOOSER (self->chooser), _ ("All Files"), "*");
      if (file != NULL)
        gtk_file_chooser_set_file (GTK_FILE_CHOOSER (self->chooser), file, NULL);
      g_signal_connect_object (self->chooser, "response", G_CALLBACK (chooser_response_cb), self, G_CONNECT_SWAPPED);
    }

  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

static void
reload_action (GSimpleAction *action,
               GVariant      *parameter,
               gpointer       user_data)
{
  LockstepWindow *self = LOCKSTEP_WINDOW (user_data);

  lockstep_session_reload (self->session);
}

static void
start_action (GSimpleAction *action,
              GVariant      *parameter,
              gpointer       user_data)
{
  LockstepWindow *self = LOCKSTEP_WINDOW (user_data);

  lockstep_session_start (self->session);
}

static void
start_in_background_action (GSimpleAction *action,
                            GVariant      *parameter,
                            gpointer       user_data)
{
  LockstepWindow *self = LOCKSTEP_WINDOW (user_data);

  lockstep_session_start_in_background (self->session);
}

/* In a terminal, as a task of a run is done again; where there is none, the command is for the person to paste. */
static void
try_task_action (GSimpleAction *action,
                 GVariant      *parameter,
                 gpointer       user_data)
{
  LockstepWindow    *self = LOCKSTEP_WINDOW (user_data);
  g_autofree char   *program = lockstep_launch_dup_program ();
  g_autofree char   *path = g_file_get_path (lockstep_session_get_file (self->session));
  const char *const  arguments[] = { program, "try", "--wait", path, NULL };
  g_autoptr (GError) error = NULL;
  g_autofree char   *quoted = NULL;
  g_autofree char   *command = NULL;
  g_autofree char   *text = NULL;

  if (lockstep_console_run (arguments, &error))
    return;

  quoted = g_shell_quote (path);
  command = g_strdup_printf ("lockstep-cli try %s", quoted);
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), command);
  text = g_strdup_printf (_ ("%s. The command was copied instead."), error->message);
  lockstep_window_say (self, text);
}

static void
resume_action (GSimpleAction *action,
               GVariant      *parameter,
               gpointer       user_data)
{
  LockstepWindow *self = LOCKSTEP_WINDOW (user_data);

  lockstep_session_resume (self->session, NULL, 0);
}

static void
resume_with_action (GSimpleAction *action,
                    GVariant      *parameter,
                    gpointer       user_data)
{
  LockstepWindow *self = LOCKSTEP_WINDOW (user_data);

  lockstep_session_resume (self->session, NULL, g_variant_get_uint32 (parameter));
}

static void
retry_action (GSimpleAction *action,
              GVariant      *parameter,
              gpointer       user_data)
{
  LockstepWindow             *self = LOCKSTEP_WINDOW (user_data);
  const LockstepResumeOptions what = { .failed = TRUE };

  lockstep_session_resume (self->session, &what, 0);
}

static void
pause_action (GSimpleAction *action,
              GVariant      *parameter,
              gpointer       user_data)
{
  LockstepWindow *self = LOCKSTEP_WINDOW (user_data);
  LockstepHelm   *helm = lockstep_session_get_helm (self->session);

  if (lockstep_run_get_state (lockstep_session_get_run (self->session)) == LOCKSTEP_RUN_PAUSED)
    lockstep_helm_continue (helm);
  else
    lockstep_helm_pause (helm, FALSE);
}

static void
stop_iterating_action (GSimpleAction *action,
                       GVariant      *parameter,
                       gpointer       user_data)
{
  LockstepWindow *self = LOCKSTEP_WINDOW (user_data);

  lockstep_helm_stop_iterating (lockstep_session_get_helm (self->session));
}

static void
export_action (GSimpleAction *action,
               GVariant      *parameter,
               gpointer       user_data)
{
  LockstepWindow    *self = LOCKSTEP_WINDOW (user_data);
  LockstepExportWhat what;

  if (lockstep_export_what_from_name (g_variant_get_string (parameter, NULL), &what))
    lockstep_run_export_present (GTK_WINDOW (self), self->toast_overlay, lockstep_session_get_run (self->session), what);
}

static void
open_folder_action (GSimpleAction *action,
                    GVariant      *parameter,
                    gpointer       user_data)
{
  LockstepWindow  *self = LOCKSTEP_WINDOW (user_data);
  g_autofree char *uri = g_filename_to_uri (lockstep_run_get_directory (lockstep_session_get_run (self->session)), NULL, NULL);

  gtk_show_uri (GTK_WINDOW (self), uri, GDK_CURRENT_TIME);
}

/* The bottom pane's own actions, from wherever one is. */
static void
search_log_action (GSimpleAction *action,
                   GVariant      *parameter,
                   gpointer       user_data)
{
  gtk_widget_activate_action (GTK_WIDGET (LOCKSTEP_WINDOW (user_data)->log_view), "log.search", NULL);
}

static void
find_next_action (GSimpleAction *action,
                  GVariant      *parameter,
                  gpointer       user_data)
{
  gtk_widget_activate_action (GTK_WIDGET (LOCKSTEP_WINDOW (user_data)->log_view), "log.next", NULL);
}

static void
find_previous_action (GSimpleAction *action,
                      GVariant      *parameter,
                      gpointer       user_data)
{
  gtk_widget_activate_action (GTK_WIDGET (LOCKSTEP_WINDOW (user_data)->log_view), "log.previous", NULL);
}

static void
whole_log_action (GSimpleAction *action,
                  GVariant      *parameter,
                  gpointer       user_data)
{
  gtk_widget_activate_action (GTK_WIDGET (LOCKSTEP_WINDOW (user_data)->log_view), "log.whole", NULL);
}

static void
show_solver_log_action (GSimpleAction *action,
                        GVariant      *parameter,
                        gpointer       user_data)
{
  lockstep_log_view_show_solver (LOCKSTEP_WINDOW (user_data)->log_view, g_variant_get_uint32 (parameter));
}

static LockstepRunSolver *
get_solver (LockstepWindow *self,
            GVariant       *parameter)
{
  LockstepRun *run = lockstep_session_get_run (self->session);

  return run != NULL ? g_list_model_get_item (lockstep_run_get_solvers (run), g_variant_get_uint32 (parameter)) : NULL;
}

static void
show_solver_output_action (GSimpleAction *action,
                           GVariant      *parameter,
                           gpointer       user_data)
{
  LockstepWindow               *self = LOCKSTEP_WINDOW (user_data);
  g_autoptr (LockstepRunSolver) solver = get_solver (self, parameter);

  if (solver != NULL)
    gtk_window_present (GTK_WINDOW (lockstep_whole_log_new (GTK_WINDOW (self), lockstep_session_get_run (self->session),
                                                            lockstep_run_solver_get_index (solver))));
}

static void
restart_solver_action (GSimpleAction *action,
                       GVariant      *parameter,
                       gpointer       user_data)
{
  LockstepWindow *self = LOCKSTEP_WINDOW (user_data);
  LockstepHelm   *helm = lockstep_session_get_helm (self->session);

  if (helm != NULL)
    lockstep_helm_restart (helm, g_variant_get_uint32 (parameter));
}

/* What starts the same program by hand. */
static void
copy_solver_command_action (GSimpleAction *action,
                            GVariant      *parameter,
                            gpointer       user_data)
{
  LockstepWindow           *self = LOCKSTEP_WINDOW (user_data);
  const LockstepSolverSpec *spec = lockstep_plan_get_solver (lockstep_session_get_plan (self->session));
  const LockstepPostMortem  words = { .command = spec->command, .env = spec->env, .directory = spec->directory };
  g_autofree char          *command = lockstep_post_mortem_dup_command_line (&words);

  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), command != NULL ? command : "");
}

static void
search_runs_action (GSimpleAction *action,
                    GVariant      *parameter,
                    gpointer       user_data)
{
  LockstepWindow *self = LOCKSTEP_WINDOW (user_data);

  adw_flap_set_reveal_flap (self->flap, TRUE);
  lockstep_sidebar_search (self->sidebar);
}

static void
terminate_action (GSimpleAction *action,
                  GVariant      *parameter,
                  gpointer       user_data)
{
  lockstep_window_present_stop_dialog (LOCKSTEP_WINDOW (user_data), FALSE);
}

static void
kill_action (GSimpleAction *action,
             GVariant      *parameter,
             gpointer       user_data)
{
  LockstepWindow *self = LOCKSTEP_WINDOW (user_data);

  lockstep_session_terminate (self->session, LOCKSTEP_STOP_KILL);
}

static void
show_page_action (GSimpleAction *action,
                  GVariant      *parameter,
                  gpointer       user_data)
{
  LockstepWindow *self = LOCKSTEP_WINDOW (user_data);
  const char     *name = g_variant_get_string (parameter, NULL);
  GtkWidget      *child = adw_view_stack_get_child_by_name (self->view_stack, name);

  if (child == NULL || !adw_view_stack_page_get_visible (adw_view_stack_get_page (self->view_stack, child)))
    return;

  adw_view_stack_set_visible_child (self->view_stack, child);
  gtk_widget_grab_focus (child);
}

/* The task that failed first of those that failed for the most frequent cause. */
static void
show_failure_action (GSimpleAction *action,
                     GVariant      *parameter,
                     gpointer       user_data)
{
  LockstepWindow             *self = LOCKSTEP_WINDOW (user_data);
  LockstepRun                *run = lockstep_session_get_run (self->session);
  g_autoptr (LockstepCause)   cause = run != NULL ? g_list_model_get_item (lockstep_run_get_causes (run), 0) : NULL;
  g_autoptr (LockstepTaskRow) row = NULL;

  if (cause == NULL)
    return;

  row = lockstep_task_table_get_row_of (lockstep_results_page_get_table (self->results_page), lockstep_cause_get_task (cause));
  if (row != NULL)
    {
      lockstep_details_show_task (self->details, row);
    }
  else if (lockstep_cause_get_solver (cause) >= 0)
    {
      g_autoptr (LockstepRunSolver) solver = g_list_model_get_item (lockstep_run_get_solvers (run),
                                                                    (guint) lockstep_cause_get_solver (cause));

      lockstep_details_show_solver (self->details, solver);
    }
  gtk_widget_set_visible (GTK_WIDGET (self->details), TRUE);
}

static const GActionEntry actions[] = {
  { .name = "open", .activate = open_action },
  { .name = "reload", .activate = reload_action },
  { .name = "start", .activate = start_action },
  { .name = "start-in-background", .activate = start_in_background_action },
  { .name = "try-task", .activate = try_task_action },
  { .name = "resume", .activate = resume_action },
  { .name = "resume-with", .activate = resume_with_action, .parameter_type = "u" },
  { .name = "retry", .activate = retry_action },
  { .name = "pause", .activate = pause_action },
  { .name = "stop-iterating", .activate = stop_iterating_action },
  { .name = "terminate", .activate = terminate_action },
  { .name = "kill", .activate = kill_action },
  { .name = "export", .activate = export_action, .parameter_type = "s" },
  { .name = "open-folder", .activate = open_folder_action },
  { .name = "show-solver-log", .activate = show_solver_log_action, .parameter_type = "u" },
  { .name = "show-solver-output", .activate = show_solver_output_action, .parameter_type = "u" },
  { .name = "restart-solver", .activate = restart_solver_action, .parameter_type = "u" },
  { .name = "copy-solver-command", .activate = copy_solver_command_action, .parameter_type = "u" },
  { .name = "search-log", .activate = search_log_action },
  { .name = "find-next", .activate = find_next_action },
  { .name = "find-previous", .activate = find_previous_action },
  { .name = "whole-log", .activate = whole_log_action },
  { .name = "search-runs", .activate = search_runs_action },
  { .name = "show-failure", .activate = show_failure_action },
  { .name = "show-page", .activate = show_page_action, .parameter_type = "s" },
};

void
lockstep_window_add_actions (LockstepWindow *self)
{
  g_action_map_add_action_entries (G_ACTION_MAP (self), actions, G_N_ELEMENTS (actions), self);
}
