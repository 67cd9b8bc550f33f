/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-window-private.h"

#include <glib/gi18n-lib.h>

G_DEFINE_FINAL_TYPE (LockstepWindow, lockstep_window, ADW_TYPE_APPLICATION_WINDOW)

/* The row of what is shown. */
static void
update_sidebar (LockstepWindow *self)
{
  LockstepRun  *run = lockstep_session_get_run (self->session);
  LockstepPlan *plan = lockstep_session_get_file_plan (self->session);

  lockstep_sidebar_set_plan_name (self->sidebar, plan != NULL ? lockstep_plan_get_name (plan) : NULL);
  lockstep_sidebar_set_run (self->sidebar, run);
  lockstep_sidebar_set_shown (self->sidebar, run != NULL ? lockstep_run_get_directory (run) : NULL);
}

/* It is told at its start, and views would show it too late. */
static void
directory_cb (LockstepWindow *self)
{
  update_sidebar (self);
  lockstep_window_update_controls (self);
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
  lockstep_window_update_controls (self);
  update_sidebar (self);
}

static void
plan_cb (LockstepWindow *self)
{
  update_body (self);
  lockstep_window_update_title (self);
}

static void
problem_cb (LockstepWindow *self)
{
  update_body (self);
  lockstep_window_update_controls (self);
}

void
lockstep_window_say (LockstepWindow *self,
                     const char     *text)
{
  adw_toast_overlay_add_toast (self->toast_overlay, adw_toast_new (text));
}

/* That it has ended is what the guards have said: nothing of it is left. */
static void
tell_gone (LockstepWindow *self)
{
  if (lockstep_run_get_state (lockstep_session_get_run (self->session)) == LOCKSTEP_RUN_TERMINATED)
    lockstep_window_say (self, _ ("All processes are gone."));
}

static void
live_cb (LockstepWindow *self)
{
  lockstep_window_update_controls (self);
  lockstep_window_close_after_run (self);
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

/* What was clicked twice is wanted in detail. */
static void
activated_cb (LockstepWindow *self)
{
  gtk_widget_set_visible (GTK_WIDGET (self->details), TRUE);
}

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

/* The arrow of a split button has no name but its tooltip in libadwaita 1.2. */
static void
name_start_menu (LockstepWindow *self)
{
  for (GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (self->start_button)); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    if (GTK_IS_MENU_BUTTON (child))
      gtk_accessible_update_property (GTK_ACCESSIBLE (child), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                      adw_split_button_get_dropdown_tooltip (self->start_button), -1);
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

  lockstep_window_leave_to_run (self);
  return TRUE;
}

static void
lockstep_window_show (GtkWidget *widget)
{
  lockstep_window_come_back (LOCKSTEP_WINDOW (widget));

  GTK_WIDGET_CLASS (lockstep_window_parent_class)->show (widget);
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
  widget_class->show = lockstep_window_show;
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
  lockstep_window_add_actions (self);
  accept_drops (self);
  name_start_menu (self);

  self->run_signals = g_signal_group_new (LOCKSTEP_TYPE_RUN);
  g_signal_group_connect_swapped (self->run_signals, "notify::state", G_CALLBACK (lockstep_window_update_controls), self);
  g_signal_group_connect_swapped (self->run_signals, "notify::state", G_CALLBACK (tell_gone), self);
  g_signal_group_connect_swapped (self->run_signals, "notify::finishing", G_CALLBACK (lockstep_window_update_controls), self);
  g_signal_group_connect_swapped (self->run_signals, "notify::directory", G_CALLBACK (directory_cb), self);
  g_signal_group_connect_swapped (self->run_signals, "notify::summary", G_CALLBACK (lockstep_window_update_loop), self);
  self->solvers_signals = g_signal_group_new (G_TYPE_LIST_MODEL);
  g_signal_group_connect_swapped (self->solvers_signals, "items-changed", G_CALLBACK (update_pages), self);

  self->session = lockstep_session_new ();
  g_object_bind_property (self->session, "plan", self->plan_page, "plan", G_BINDING_SYNC_CREATE);
  g_object_bind_property (self->session, "run", self->solvers_page, "run", G_BINDING_SYNC_CREATE);
  g_object_bind_property (self->session, "run", self->log_view, "run", G_BINDING_SYNC_CREATE);
  g_object_bind_property (self->session, "run", self->status_strip, "run", G_BINDING_SYNC_CREATE);
  /* Before the page, which selects what it had selected when a run is gone on with. */
  lockstep_details_set_session (self->details, self->session);
  lockstep_results_page_set_session (self->results_page, self->session);
  gtk_widget_insert_action_group (GTK_WIDGET (self), "results", lockstep_results_page_get_actions (self->results_page));
  g_object_bind_property (self->session, "chronicle", self->charts_page, "chronicle", G_BINDING_SYNC_CREATE);
  g_object_bind_property (self->session, "chronicle", self->timeline_page, "chronicle", G_BINDING_SYNC_CREATE);
  g_object_bind_property (self->session, "moment", self->timeline_page, "moment", G_BINDING_SYNC_CREATE);
  g_object_bind_property (self->session, "chronicle", self->solvers_page, "chronicle", G_BINDING_SYNC_CREATE);
  g_object_bind_property (self->session, "moment", self->solvers_page, "moment", G_BINDING_SYNC_CREATE);
  g_object_bind_property (self->session, "moment", self->log_view, "moment", G_BINDING_SYNC_CREATE);
  g_signal_connect_object (self->results_page, "notify::task", G_CALLBACK (task_selected_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->results_page, "activate", G_CALLBACK (activated_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->solvers_page, "notify::selected", G_CALLBACK (solver_selected_cb), self, G_CONNECT_SWAPPED);
  gtk_widget_insert_action_group (GTK_WIDGET (self), "details", lockstep_details_get_actions (self->details));
  g_signal_connect_object (self->details, "said", G_CALLBACK (lockstep_window_say), self, G_CONNECT_SWAPPED);
  lockstep_notice_set_session (self->notice, self->session);
  gtk_widget_insert_action_group (GTK_WIDGET (self), "late", lockstep_notice_get_actions (self->notice));
  g_signal_connect_object (self->session, "notify::plan", G_CALLBACK (plan_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->session, "notify::run", G_CALLBACK (run_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->session, "notify::live", G_CALLBACK (live_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->session, "notify::busy", G_CALLBACK (live_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->session, "refused", G_CALLBACK (refused_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->sidebar, "plan-chosen", G_CALLBACK (lockstep_session_show_plan), self->session, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->sidebar, "run-chosen", G_CALLBACK (lockstep_session_show_run), self->session, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->session, "notify::loading", G_CALLBACK (lockstep_window_update_controls), self,
                           G_CONNECT_SWAPPED);
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
    self = lockstep_window_new (gtk_window_get_application (GTK_WINDOW (self)));

  gtk_window_present (GTK_WINDOW (self));
  lockstep_session_open (self->session, file, start);
}
