/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-window-private.h"

#include <glib/gi18n-lib.h>

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

void
lockstep_window_update_title (LockstepWindow *self)
{
  LockstepPlan    *plan = lockstep_session_get_plan (self->session);
  GFile           *file = lockstep_session_get_file (self->session);
  LockstepRun     *run = lockstep_session_get_run (self->session);
  g_autofree char *finishing = run != NULL ? lockstep_run_dup_finishing (run) : NULL;
  g_autofree char *name = NULL;

  if (plan != NULL)
    name = g_strdup (lockstep_plan_get_name (plan));
  else if (file != NULL)
    name = g_file_get_basename (file);
  else
    name = g_strdup (_ ("Lockstep"));

  gtk_window_set_title (GTK_WINDOW (self), name);
  adw_window_title_set_title (self->window_title, name);
  adw_window_title_set_subtitle (self->window_title, finishing != NULL ? finishing : get_state_word (self));
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
  else if (state > LOCKSTEP_RUN_FINISHED && lockstep_run_get_directory (run) != NULL)
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

void
lockstep_window_update_controls (LockstepWindow *self)
{
  LockstepRun     *run = lockstep_session_get_run (self->session);
  LockstepRunState state = run != NULL ? lockstep_run_get_state (run) : LOCKSTEP_RUN_IDLE;
  gboolean         live = lockstep_session_get_live (self->session);
  gboolean         readable = lockstep_session_get_file (self->session) != NULL && !lockstep_session_get_busy (self->session) &&
                      !lockstep_session_get_loading (self->session);
  gboolean goes_on = live && (state == LOCKSTEP_RUN_STEPPING || state == LOCKSTEP_RUN_PAUSED);
  gboolean shows_file = lockstep_session_shows_file (self->session);
  gboolean resumable = lockstep_session_can_resume (self->session);

  set_action_enabled (self, "start", lockstep_session_can_start (self->session) && !live);
  set_action_enabled (self, "start-in-background", lockstep_session_can_start (self->session) && shows_file && !live);
  set_action_enabled (self, "try-task", lockstep_session_can_start (self->session) && shows_file && !live);
  set_action_enabled (self, "resume", resumable && state > LOCKSTEP_RUN_FINISHED);
  set_action_enabled (self, "resume-with", resumable && state > LOCKSTEP_RUN_FINISHED);
  set_action_enabled (self, "retry", resumable && lockstep_run_get_n_failures (run) > 0);
  set_action_enabled (self, "reload", readable);
  set_action_enabled (self, "pause", goes_on);
  set_action_enabled (self, "stop-iterating", live && lockstep_run_may_stop_iterating (run));
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
  lockstep_window_update_title (self);
}

void
lockstep_window_update_loop (LockstepWindow *self)
{
  LockstepRun *run = lockstep_session_get_run (self->session);

  set_action_enabled (self, "stop-iterating",
                      lockstep_session_get_live (self->session) && lockstep_run_may_stop_iterating (run));
  if (lockstep_run_is_finishing (run))
    lockstep_window_update_title (self);
}
