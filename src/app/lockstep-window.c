/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-window.h"

#include <glib/gi18n-lib.h>

#include "lockstep-charts-page.h"
#include "lockstep-details.h"
#include "lockstep-log-feed.h"
#include "lockstep-log-view.h"
#include "lockstep-notice.h"
#include "lockstep-plan-page.h"
#include "lockstep-post-mortem.h"
#include "lockstep-results-page.h"
#include "lockstep-run-export.h"
#include "lockstep-sidebar.h"
#include "lockstep-solvers-page.h"
#include "lockstep-status-strip.h"
#include "lockstep-stop-dialog.h"
#include "lockstep-whole-log.h"
#include "lockstep-timeline-page.h"

struct _LockstepWindow
{
  AdwApplicationWindow parent_instance;

  AdwWindowTitle       *window_title;
  AdwSplitButton       *start_button;
  AdwButtonContent     *start_content;
  GtkButton            *pause_button;
  GtkWidget            *terminate_button;
  AdwToastOverlay      *toast_overlay;
  AdwFlap              *flap;
  LockstepSidebar      *sidebar;
  LockstepStatusStrip  *status_strip;
  LockstepNotice       *notice;
  GtkStack             *body;
  AdwStatusPage        *unreadable_page;
  GtkPaned             *paned;
  GtkWidget            *view_switcher;
  AdwViewStack         *view_stack;
  AdwViewStackPage     *solvers_stack_page;
  LockstepPlanPage     *plan_page;
  LockstepSolversPage  *solvers_page;
  LockstepResultsPage  *results_page;
  LockstepChartsPage   *charts_page;
  LockstepTimelinePage *timeline_page;
  GtkWidget            *bottom;
  LockstepLogView      *log_view;
  LockstepDetails      *details;

  LockstepSession      *session;
  LockstepLogFeed      *feed; /* of the session's run; NULL without one */
  GSignalGroup         *run_signals;
  GSignalGroup         *solvers_signals;
  LockstepStopDialog   *stop_dialog; /* weak; NULL while none is shown */
  GtkFileChooserNative *chooser;     /* NULL while none is shown */
  gboolean              closing;     /* closes when the run has ended */
};

G_DEFINE_FINAL_TYPE (LockstepWindow, lockstep_window, ADW_TYPE_APPLICATION_WINDOW)

static void
set_action_enabled (LockstepWindow *self,
                    const char     *name,
                    gboolean        enabled)
{
  GAction *action = g_action_map_lookup_action (G_ACTION_MAP (self), name);

  g_simple_action_set_enabled (G_SIMPLE_ACTION (action), enabled);
}

static const char *
get_state_word (LockstepWindow *self)
{
  LockstepRun *run = lockstep_session_get_run (self->session);

  if (run == NULL)
    return lockstep_session_get_problem (self->session) != NULL ? _ ("Cannot be used") : "";

  switch (lockstep_run_get_state (run))
    {
    case LOCKSTEP_RUN_LAUNCHING:
      return _ ("Starting…");
    case LOCKSTEP_RUN_STEPPING:
      return _ ("Running");
    case LOCKSTEP_RUN_PAUSED:
      return _ ("Paused");
    case LOCKSTEP_RUN_STOPPING:
      return lockstep_run_get_towards (run) == LOCKSTEP_RUN_TERMINATED ? _ ("Terminating…") : _ ("Ending…");
    case LOCKSTEP_RUN_FINISHED:
      return _ ("Finished");
    case LOCKSTEP_RUN_FAILED:
      return _ ("Failed");
    case LOCKSTEP_RUN_TERMINATED:
      return _ ("Terminated");
    case LOCKSTEP_RUN_INTERRUPTED:
      return _ ("Interrupted");
    case LOCKSTEP_RUN_IDLE:
    default:
      return lockstep_session_get_live (self->session) ? _ ("Starting…") : _ ("Not started");
    }
}

static void
update_title (LockstepWindow *self)
{
  LockstepPlan    *plan = lockstep_session_get_plan (self->session);
  GFile           *file = lockstep_session_get_file (self->session);
  g_autofree char *name = NULL;

  if (plan != NULL)
    name = g_strdup (lockstep_plan_get_name (plan));
  else if (file != NULL)
    name = g_file_get_basename (file);
  else
    name = g_strdup (_ ("Lockstep"));

  gtk_window_set_title (GTK_WINDOW (self), name);
  adw_window_title_set_title (self->window_title, name);
  adw_window_title_set_subtitle (self->window_title, get_state_word (self));
}

/* The button that starts something follows what is shown. */
static void
update_start_button (LockstepWindow *self)
{
  LockstepRun     *run = lockstep_session_get_run (self->session);
  LockstepRunState state = run != NULL ? lockstep_run_get_state (run) : LOCKSTEP_RUN_IDLE;
  const guint64    n_failures = run != NULL ? lockstep_run_get_n_failures (run) : 0;
  const char      *action = "win.start";
  const char      *icon = "media-playback-start-symbolic";
  g_autofree char *label = NULL;

  if (state == LOCKSTEP_RUN_FINISHED && n_failures > 0)
    {
      action = "win.retry";
      icon = "view-refresh-symbolic";
      label = g_strdup_printf (ngettext ("_Retry %u", "_Retry %u", (gulong) n_failures), (guint) n_failures);
    }
  else if (state == LOCKSTEP_RUN_FINISHED)
    {
      icon = "view-refresh-symbolic";
      label = g_strdup (_ ("_Run Again"));
    }
  else if (state > LOCKSTEP_RUN_FINISHED)
    {
      action = "win.resume";
      label = g_strdup (_ ("_Resume"));
    }
  else
    {
      label = g_strdup (_ ("_Start"));
    }

  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->start_button), action);
  adw_button_content_set_label (self->start_content, label);
  adw_button_content_set_icon_name (self->start_content, icon);
}

static void
update_pause_button (LockstepWindow *self,
                     gboolean        paused)
{
  const char *text = paused ? _ ("Continue") : _ ("Pause");

  gtk_button_set_icon_name (self->pause_button, paused ? "media-playback-start-symbolic" : "media-playback-pause-symbolic");
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->pause_button),
                               paused ? _ ("Give Out Tasks Again") : _ ("Give Out No More Tasks for Now"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->pause_button), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
}

static void
update_controls (LockstepWindow *self)
{
  LockstepRun     *run = lockstep_session_get_run (self->session);
  LockstepRunState state = run != NULL ? lockstep_run_get_state (run) : LOCKSTEP_RUN_IDLE;
  gboolean         live = lockstep_session_get_live (self->session);
  gboolean         readable = lockstep_session_get_file (self->session) != NULL && !lockstep_session_get_busy (self->session) &&
                      !lockstep_session_get_loading (self->session);
  gboolean goes_on = live && (state == LOCKSTEP_RUN_STEPPING || state == LOCKSTEP_RUN_PAUSED);
  gboolean resumable = lockstep_session_can_resume (self->session);

  set_action_enabled (self, "start", lockstep_session_can_start (self->session) && !live);
  set_action_enabled (self, "start-in-background", readable && lockstep_session_get_problem (self->session) == NULL && !live);
  set_action_enabled (self, "resume", resumable && state > LOCKSTEP_RUN_FINISHED);
  set_action_enabled (self, "retry", resumable && lockstep_run_get_n_failures (run) > 0);
  set_action_enabled (self, "reload", readable);
  set_action_enabled (self, "pause", goes_on);
  set_action_enabled (self, "stop-iterating", goes_on && lockstep_run_get_loop (run) != NULL);
  set_action_enabled (self, "terminate", live);
  set_action_enabled (self, "restart-solver", live);
  set_action_enabled (self, "kill", live && state == LOCKSTEP_RUN_STOPPING);
  set_action_enabled (self, "export", run != NULL && lockstep_run_get_directory (run) != NULL);
  set_action_enabled (self, "open-folder", run != NULL && lockstep_run_get_directory (run) != NULL);
  update_start_button (self);
  update_pause_button (self, state == LOCKSTEP_RUN_PAUSED);
  if (live)
    gtk_widget_add_css_class (self->terminate_button, "destructive-action");
  else
    gtk_widget_remove_css_class (self->terminate_button, "destructive-action");
  update_title (self);
}

/* The row of what is shown. */
static void
update_sidebar (LockstepWindow *self)
{
  LockstepRun  *run = lockstep_session_get_run (self->session);
  LockstepPlan *plan = lockstep_session_get_file_plan (self->session);

  lockstep_sidebar_set_plan_name (self->sidebar, plan != NULL ? lockstep_plan_get_name (plan) : NULL);
  lockstep_sidebar_set_shown (self->sidebar, run != NULL ? lockstep_run_get_directory (run) : NULL);
}

/* It is told at its start, and views would show it too late. */
static void
directory_cb (LockstepWindow *self)
{
  update_sidebar (self);
  update_controls (self);
}

/* Pages without data are hidden, and so is the choice between one. */
static void
update_pages (LockstepWindow *self)
{
  LockstepRun *run = lockstep_session_get_run (self->session);
  gboolean     has_solvers = run != NULL && g_list_model_get_n_items (lockstep_run_get_solvers (run)) > 0;

  if (has_solvers == adw_view_stack_page_get_visible (self->solvers_stack_page))
    return;

  adw_view_stack_page_set_visible (self->solvers_stack_page, has_solvers);
  gtk_widget_set_visible (self->view_switcher, has_solvers);
  adw_view_stack_set_visible_child_name (self->view_stack, has_solvers ? "solvers" : "plan");
}

/* The plan, or what there is instead of it. */
static void
update_body (LockstepWindow *self)
{
  GFile      *file = lockstep_session_get_file (self->session);
  const char *name = "empty";

  if (lockstep_session_get_plan (self->session) != NULL)
    {
      name = "plan";
    }
  else if (lockstep_session_get_problem (self->session) != NULL)
    {
      g_autofree char *path = g_file_get_parse_name (file);
      g_autofree char *escaped = g_markup_escape_text (path, -1);

      name = "unreadable";
      adw_status_page_set_description (self->unreadable_page, escaped);
    }

  gtk_stack_set_visible_child_name (self->body, name);
}

static void
run_cb (LockstepWindow *self)
{
  LockstepRun *run = lockstep_session_get_run (self->session);

  g_clear_object (&self->feed);
  lockstep_log_buffer_clear (lockstep_log_view_get_buffer (self->log_view));
  if (run != NULL)
    self->feed = lockstep_log_feed_new (run, lockstep_log_view_get_buffer (self->log_view));

  g_signal_group_set_target (self->run_signals, run);
  g_signal_group_set_target (self->solvers_signals, run != NULL ? lockstep_run_get_solvers (run) : NULL);
  update_body (self);
  update_pages (self);
  update_controls (self);
  update_sidebar (self);
}

/* Views tell where a run stands by its summary. */
static void
summary_cb (LockstepWindow *self)
{
  LockstepRun *run = lockstep_session_get_run (self->session);

  set_action_enabled (self, "stop-iterating",
                      lockstep_session_get_live (self->session) && lockstep_run_get_loop (run) != NULL &&
                        lockstep_run_get_state (run) == LOCKSTEP_RUN_STEPPING);
}

static void
plan_cb (LockstepWindow *self)
{
  update_body (self);
  update_title (self);
}

static void
problem_cb (LockstepWindow *self)
{
  update_body (self);
  update_controls (self);
}

static void
said_cb (LockstepWindow *self,
         const char     *text)
{
  AdwToast *toast = adw_toast_new (text);

  adw_toast_overlay_add_toast (self->toast_overlay, toast);
}

/* That it has ended is what the guards have said: nothing of it is left. */
static void
tell_gone (LockstepWindow *self)
{
  if (lockstep_run_get_state (lockstep_session_get_run (self->session)) == LOCKSTEP_RUN_TERMINATED)
    said_cb (self, _ ("All processes are gone."));
}

static void
live_cb (LockstepWindow *self)
{
  update_controls (self);
  if (self->closing && !lockstep_session_get_busy (self->session))
    gtk_window_destroy (GTK_WINDOW (self));
}

static void
stop_response_cb (LockstepWindow *self,
                  const char     *response)
{
  if (g_str_equal (response, "stop"))
    self->closing = TRUE;
}

static void
present_stop_dialog (LockstepWindow *self,
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
refused_cb (LockstepWindow *self,
            const char     *why)
{
  GtkWidget *dialog = adw_message_dialog_new (GTK_WINDOW (self), _ ("That Did Not Work"), why);

  adw_message_dialog_add_response (ADW_MESSAGE_DIALOG (dialog), "close", _ ("_Close"));
  gtk_window_present (GTK_WINDOW (dialog));
  update_sidebar (self);
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

static void
resume_action (GSimpleAction *action,
               GVariant      *parameter,
               gpointer       user_data)
{
  LockstepWindow *self = LOCKSTEP_WINDOW (user_data);

  lockstep_session_resume (self->session, NULL);
}

static void
retry_action (GSimpleAction *action,
              GVariant      *parameter,
              gpointer       user_data)
{
  LockstepWindow             *self = LOCKSTEP_WINDOW (user_data);
  const LockstepResumeOptions what = { .failed = TRUE };

  lockstep_session_resume (self->session, &what);
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

/* The controller refuses where the solver has nothing to do that another one could. */
static void
restart_solver_action (GSimpleAction *action,
                       GVariant      *parameter,
                       gpointer       user_data)
{
  LockstepWindow               *self = LOCKSTEP_WINDOW (user_data);
  LockstepHelm                 *helm = lockstep_session_get_helm (self->session);
  g_autoptr (LockstepRunSolver) solver = get_solver (self, parameter);

  if (solver != NULL && helm != NULL && lockstep_helm_get_live (helm))
    lockstep_helm_act_on_late (helm, lockstep_run_solver_get_task (solver), LOCKSTEP_LATE_ACTION_RESTART);
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
  present_stop_dialog (LOCKSTEP_WINDOW (user_data), FALSE);
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

  if (child != NULL && adw_view_stack_page_get_visible (adw_view_stack_get_page (self->view_stack, child)))
    adw_view_stack_set_visible_child (self->view_stack, child);
}

/* One of the two at a time, or neither: then only their bar is there. */
static void
bottom_cb (LockstepWindow *self,
           GParamSpec     *pspec,
           GtkWidget      *changed)
{
  GtkWidget *log_view = GTK_WIDGET (self->log_view);
  GtkWidget *details = GTK_WIDGET (self->details);

  if (gtk_widget_get_visible (changed))
    gtk_widget_set_visible (changed == details ? log_view : details, FALSE);
  gtk_widget_set_visible (self->bottom, gtk_widget_get_visible (log_view) || gtk_widget_get_visible (details));
}

static void
solver_selected_cb (LockstepWindow *self)
{
  LockstepRunSolver *solver = lockstep_solvers_page_get_selected (self->solvers_page);

  if (solver != NULL)
    lockstep_details_show_solver (self->details, solver);
}

static void
task_selected_cb (LockstepWindow *self)
{
  g_autoptr (LockstepTaskRow) row = lockstep_results_page_dup_row (self->results_page);

  if (row != NULL)
    lockstep_details_show_task (self->details, row);
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

/* What was clicked twice is wanted in detail. */
static void
activated_cb (LockstepWindow *self)
{
  gtk_widget_set_visible (GTK_WIDGET (self->details), TRUE);
}

static const GActionEntry actions[] = {
  { .name = "open", .activate = open_action },
  { .name = "reload", .activate = reload_action },
  { .name = "start", .activate = start_action },
  { .name = "start-in-background", .activate = start_in_background_action },
  { .name = "resume", .activate = resume_action },
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

static gboolean
drop_cb (LockstepWindow *self,
         const GValue   *value)
{
  g_autoptr (GSList) files = gdk_file_list_get_files (g_value_get_boxed (value));

  if (files == NULL)
    return FALSE;

  lockstep_window_open (self, files->data, FALSE);
  return TRUE;
}

static void
accept_drops (LockstepWindow *self)
{
  GtkDropTarget *target = gtk_drop_target_new (GDK_TYPE_FILE_LIST, GDK_ACTION_COPY);

  g_signal_connect_object (target, "drop", G_CALLBACK (drop_cb), self, G_CONNECT_SWAPPED);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (target));
}

static gboolean
lockstep_window_close_request (GtkWindow *window)
{
  LockstepWindow *self = LOCKSTEP_WINDOW (window);

  if (!lockstep_session_get_busy (self->session))
    return GTK_WINDOW_CLASS (lockstep_window_parent_class)->close_request (window);

  lockstep_session_show_own_run (self->session);
  present_stop_dialog (self, TRUE);
  return TRUE;
}

static void
lockstep_window_dispose (GObject *object)
{
  LockstepWindow *self = LOCKSTEP_WINDOW (object);

  /* They hold the widgets whose properties they are. */
  g_action_map_remove_action (G_ACTION_MAP (self), "show-details");
  g_action_map_remove_action (G_ACTION_MAP (self), "show-sidebar");
  g_clear_weak_pointer (&self->stop_dialog);
  g_clear_object (&self->chooser);
  g_clear_object (&self->run_signals);
  g_clear_object (&self->solvers_signals);
  g_clear_object (&self->feed);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (lockstep_window_parent_class)->dispose (object);
}

static void
lockstep_window_class_init (LockstepWindowClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = lockstep_window_dispose;
  GTK_WINDOW_CLASS (class)->close_request = lockstep_window_close_request;

  g_type_ensure (LOCKSTEP_TYPE_CHARTS_PAGE);
  g_type_ensure (LOCKSTEP_TYPE_DETAILS);
  g_type_ensure (LOCKSTEP_TYPE_LOG_VIEW);
  g_type_ensure (LOCKSTEP_TYPE_NOTICE);
  g_type_ensure (LOCKSTEP_TYPE_PLAN_PAGE);
  g_type_ensure (LOCKSTEP_TYPE_RESULTS_PAGE);
  g_type_ensure (LOCKSTEP_TYPE_SIDEBAR);
  g_type_ensure (LOCKSTEP_TYPE_SOLVERS_PAGE);
  g_type_ensure (LOCKSTEP_TYPE_STATUS_STRIP);
  g_type_ensure (LOCKSTEP_TYPE_TIMELINE_PAGE);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/lockstep/Lockstep/lockstep-window.ui");
  gtk_widget_class_bind_template_child (widget_class, LockstepWindow, window_title);
  gtk_widget_class_bind_template_child (widget_class, LockstepWindow, start_button);
  gtk_widget_class_bind_template_child (widget_class, LockstepWindow, start_content);
  gtk_widget_class_bind_template_child (widget_class, LockstepWindow, pause_button);
  gtk_widget_class_bind_template_child (widget_class, LockstepWindow, toast_overlay);
  gtk_widget_class_bind_template_child (widget_class, LockstepWindow, flap);
  gtk_widget_class_bind_template_child (widget_class, LockstepWindow, sidebar);
  gtk_widget_class_bind_template_child (widget_class, LockstepWindow, terminate_button);
  gtk_widget_class_bind_template_child (widget_class, LockstepWindow, status_strip);
  gtk_widget_class_bind_template_child (widget_class, LockstepWindow, notice);
  gtk_widget_class_bind_template_child (widget_class, LockstepWindow, body);
  gtk_widget_class_bind_template_child (widget_class, LockstepWindow, unreadable_page);
  gtk_widget_class_bind_template_child (widget_class, LockstepWindow, paned);
  gtk_widget_class_bind_template_child (widget_class, LockstepWindow, view_switcher);
  gtk_widget_class_bind_template_child (widget_class, LockstepWindow, view_stack);
  gtk_widget_class_bind_template_child (widget_class, LockstepWindow, solvers_stack_page);
  gtk_widget_class_bind_template_child (widget_class, LockstepWindow, plan_page);
  gtk_widget_class_bind_template_child (widget_class, LockstepWindow, solvers_page);
  gtk_widget_class_bind_template_child (widget_class, LockstepWindow, results_page);
  gtk_widget_class_bind_template_child (widget_class, LockstepWindow, charts_page);
  gtk_widget_class_bind_template_child (widget_class, LockstepWindow, timeline_page);
  gtk_widget_class_bind_template_child (widget_class, LockstepWindow, bottom);
  gtk_widget_class_bind_template_child (widget_class, LockstepWindow, log_view);
  gtk_widget_class_bind_template_child (widget_class, LockstepWindow, details);
}

static void
lockstep_window_init (LockstepWindow *self)
{
  g_autoptr (GPropertyAction) show_log = NULL;
  g_autoptr (GPropertyAction) show_details = NULL;
  g_autoptr (GPropertyAction) show_sidebar = NULL;

  gtk_widget_init_template (GTK_WIDGET (self));

  show_log = g_property_action_new ("show-log", self->log_view, "visible");
  g_action_map_add_action (G_ACTION_MAP (self), G_ACTION (show_log));
  show_details = g_property_action_new ("show-details", self->details, "visible");
  g_action_map_add_action (G_ACTION_MAP (self), G_ACTION (show_details));
  g_signal_connect_object (self->log_view, "notify::visible", G_CALLBACK (bottom_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->details, "notify::visible", G_CALLBACK (bottom_cb), self, G_CONNECT_SWAPPED);
  show_sidebar = g_property_action_new ("show-sidebar", self->flap, "reveal-flap");
  g_action_map_add_action (G_ACTION_MAP (self), G_ACTION (show_sidebar));
  g_action_map_add_action_entries (G_ACTION_MAP (self), actions, G_N_ELEMENTS (actions), self);
  accept_drops (self);

  self->run_signals = g_signal_group_new (LOCKSTEP_TYPE_RUN);
  g_signal_group_connect_swapped (self->run_signals, "notify::state", G_CALLBACK (update_controls), self);
  g_signal_group_connect_swapped (self->run_signals, "notify::state", G_CALLBACK (tell_gone), self);
  g_signal_group_connect_swapped (self->run_signals, "notify::directory", G_CALLBACK (directory_cb), self);
  g_signal_group_connect_swapped (self->run_signals, "notify::summary", G_CALLBACK (summary_cb), self);
  self->solvers_signals = g_signal_group_new (G_TYPE_LIST_MODEL);
  g_signal_group_connect_swapped (self->solvers_signals, "items-changed", G_CALLBACK (update_pages), self);

  self->session = lockstep_session_new ();
  g_object_bind_property (self->session, "plan", self->plan_page, "plan", G_BINDING_SYNC_CREATE);
  g_object_bind_property (self->session, "run", self->solvers_page, "run", G_BINDING_SYNC_CREATE);
  g_object_bind_property (self->session, "run", self->log_view, "run", G_BINDING_SYNC_CREATE);
  g_object_bind_property (self->session, "run", self->status_strip, "run", G_BINDING_SYNC_CREATE);
  lockstep_results_page_set_session (self->results_page, self->session);
  gtk_widget_insert_action_group (GTK_WIDGET (self), "results", lockstep_results_page_get_actions (self->results_page));
  g_object_bind_property (self->session, "chronicle", self->charts_page, "chronicle", G_BINDING_SYNC_CREATE);
  g_object_bind_property (self->session, "chronicle", self->timeline_page, "chronicle", G_BINDING_SYNC_CREATE);
  g_object_bind_property (self->session, "moment", self->timeline_page, "moment", G_BINDING_SYNC_CREATE);
  g_signal_connect_object (self->results_page, "notify::task", G_CALLBACK (task_selected_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->results_page, "activate", G_CALLBACK (activated_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->solvers_page, "notify::selected", G_CALLBACK (solver_selected_cb), self, G_CONNECT_SWAPPED);
  lockstep_details_set_session (self->details, self->session);
  gtk_widget_insert_action_group (GTK_WIDGET (self), "details", lockstep_details_get_actions (self->details));
  g_signal_connect_object (self->details, "said", G_CALLBACK (said_cb), self, G_CONNECT_SWAPPED);
  lockstep_notice_set_session (self->notice, self->session);
  gtk_widget_insert_action_group (GTK_WIDGET (self), "late", lockstep_notice_get_actions (self->notice));
  g_signal_connect_object (self->session, "notify::plan", G_CALLBACK (plan_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->session, "notify::run", G_CALLBACK (run_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->session, "notify::live", G_CALLBACK (live_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->session, "notify::busy", G_CALLBACK (live_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->session, "refused", G_CALLBACK (refused_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->sidebar, "plan-chosen", G_CALLBACK (lockstep_session_show_plan), self->session, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->sidebar, "run-chosen", G_CALLBACK (lockstep_session_show_run), self->session, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->session, "notify::loading", G_CALLBACK (update_controls), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->session, "notify::problem", G_CALLBACK (problem_cb), self, G_CONNECT_SWAPPED);
  plan_cb (self);
  run_cb (self);
}

LockstepWindow *
lockstep_window_new (GtkApplication *application)
{
  return g_object_new (LOCKSTEP_TYPE_WINDOW, "application", application, NULL);
}

LockstepSession *
lockstep_window_get_session (LockstepWindow *self)
{
  g_return_val_if_fail (LOCKSTEP_IS_WINDOW (self), NULL);

  return self->session;
}

void
lockstep_window_open (LockstepWindow *self,
                      GFile          *file,
                      gboolean        start)
{
  g_return_if_fail (LOCKSTEP_IS_WINDOW (self));
  g_return_if_fail (G_IS_FILE (file));

  if (lockstep_session_get_busy (self->session))
    {
      self = lockstep_window_new (gtk_window_get_application (GTK_WINDOW (self)));
      gtk_window_present (GTK_WINDOW (self));
    }

  lockstep_session_open (self->session, file, start);
}
