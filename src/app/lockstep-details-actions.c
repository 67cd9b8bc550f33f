/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-details-private.h"

#include <glib/gi18n-lib.h>

#include "lockstep-console.h"
#include "lockstep-launch.h"

static void
set_action_enabled (LockstepDetails *self,
                    const char      *name,
                    gboolean         enabled)
{
  g_simple_action_set_enabled (G_SIMPLE_ACTION (g_action_map_lookup_action (G_ACTION_MAP (self->actions), name)), enabled);
}

static void
show_log_action (GSimpleAction *action,
                 GVariant      *parameter,
                 gpointer       user_data)
{
  LockstepDetails *self = user_data;

  gtk_widget_activate_action (GTK_WIDGET (self), "win.show-solver-log", "u", (guint) lockstep_details_get_solver (self));
}

static void
open_folder_action (GSimpleAction *action,
                    GVariant      *parameter,
                    gpointer       user_data)
{
  LockstepDetails *self = user_data;
  const char      *folder = lockstep_run_get_directory (lockstep_session_get_run (self->session));
  g_autofree char *uri = NULL;

  /* A program has a folder for each attempt; other solvers write into the run's. */
  if (self->mortem != NULL && self->mortem->directory != NULL && g_str_has_prefix (self->mortem->directory, folder))
    folder = self->mortem->directory;
  uri = g_filename_to_uri (folder, NULL, NULL);
  gtk_show_uri (GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))), uri, GDK_CURRENT_TIME);
}

static void
copy (LockstepDetails *self,
      const char      *text)
{
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), text);
}

static void
copy_command_action (GSimpleAction *action,
                     GVariant      *parameter,
                     gpointer       user_data)
{
  LockstepDetails *self = user_data;
  g_autofree char *command = lockstep_post_mortem_dup_command_line (self->mortem);

  /* Of a program whose folder was not kept, it is not known any more. */
  if (command == NULL)
    return;

  copy (self, command);
  lockstep_details_say (self, _ ("The command was copied."));
}

static void
copy_fact_action (GSimpleAction *action,
                  GVariant      *parameter,
                  gpointer       user_data)
{
  LockstepDetails    *self = user_data;
  const guint         index = g_variant_get_uint32 (parameter);
  const LockstepFact *fact = self->facts != NULL && index < self->facts->len ? g_ptr_array_index (self->facts, index) : NULL;

  if (fact == NULL || fact->whole == NULL)
    return;

  copy (self, fact->whole);
  lockstep_details_say (self, _ ("All of it was copied."));
}

static void
run_again_action (GSimpleAction *action,
                  GVariant      *parameter,
                  gpointer       user_data)
{
  LockstepDetails   *self = user_data;
  g_autofree char   *program = lockstep_launch_dup_program ();
  g_autofree char   *task = g_strdup_printf ("%" G_GINT64_FORMAT, lockstep_details_get_task (self));
  const char        *directory = lockstep_run_get_directory (lockstep_session_get_run (self->session));
  const char *const  arguments[] = { program, "rerun", "--wait", directory, task, NULL };
  g_autoptr (GError) error = NULL;
  g_autofree char   *quoted = NULL;
  g_autofree char   *command = NULL;
  g_autofree char   *text = NULL;

  if (lockstep_console_run (arguments, &error))
    return;

  quoted = g_shell_quote (directory);
  command = g_strdup_printf ("lockstep-cli rerun %s %s", quoted, task);
  copy (self, command);
  text = g_strdup_printf (_ ("%s. The command was copied instead."), error->message);
  lockstep_details_say (self, text);
}

/* What is shown has a solver that lives, now: a fresh process may be had in its place. */
static gboolean
offers_restart (LockstepDetails *self)
{
  if (self->task != NULL)
    return lockstep_details_is_at_work (self);

  return self->then == NULL && self->solver != NULL && lockstep_run_solver_get_state (self->solver) != LOCKSTEP_SOLVER_DEAD;
}

static void
retry_action (GSimpleAction *action,
              GVariant      *parameter,
              gpointer       user_data)
{
  LockstepDetails            *self = user_data;
  const gint64                task = lockstep_details_get_task (self);
  g_autofree char            *tasks = g_strdup_printf ("%" G_GINT64_FORMAT, task);
  const LockstepResumeOptions what = { .tasks = tasks };

  if (offers_restart (self))
    lockstep_helm_restart (lockstep_session_get_helm (self->session), (guint) lockstep_details_get_solver (self));
  else
    lockstep_session_resume (self->session, &what, 0);
}

static void
now_action (GSimpleAction *action,
            GVariant      *parameter,
            gpointer       user_data)
{
  LockstepDetails *self = user_data;

  lockstep_moment_set_time (lockstep_session_get_moment (self->session), 0);
}

static const GActionEntry actions[] = {
  { .name = "show-log", .activate = show_log_action },
  { .name = "open-folder", .activate = open_folder_action },
  { .name = "copy-command", .activate = copy_command_action },
  { .name = "copy-fact", .activate = copy_fact_action, .parameter_type = "u" },
  { .name = "run-again", .activate = run_again_action },
  { .name = "retry", .activate = retry_action },
  { .name = "now", .activate = now_action },
};

void
lockstep_details_add_actions (LockstepDetails *self)
{
  self->actions = g_simple_action_group_new ();
  g_action_map_add_action_entries (G_ACTION_MAP (self->actions), actions, G_N_ELEMENTS (actions), self);
}

void
lockstep_details_update_actions (LockstepDetails *self)
{
  const gboolean shown = self->solver != NULL || self->task != NULL;
  LockstepRun   *run = self->session != NULL ? lockstep_session_get_run (self->session) : NULL;
  const gboolean kept = run != NULL && lockstep_run_get_directory (run) != NULL;
  const gboolean restart = offers_restart (self);
  gboolean       can_retry = FALSE;

  if (restart)
    can_retry = lockstep_session_get_live (self->session) && lockstep_run_may_restart (run, (guint) lockstep_details_get_solver (self));
  else if (self->task != NULL)
    can_retry = lockstep_session_can_resume (self->session);

  set_action_enabled (self, "show-log", shown && lockstep_details_get_solver (self) >= 0);
  set_action_enabled (self, "open-folder", shown && kept);
  set_action_enabled (self, "copy-command", self->mortem != NULL && self->mortem->command != NULL);
  set_action_enabled (self, "run-again", shown && kept && lockstep_details_get_task (self) >= 0 && (self->task == NULL || lockstep_task_row_get_attempts (self->task) > 0));
  set_action_enabled (self, "retry", can_retry);
  set_action_enabled (self, "now", lockstep_details_is_past (self));
  gtk_widget_set_visible (self->now_button, lockstep_details_is_past (self));
  gtk_button_set_label (self->retry_button, restart ? _ ("_Restart") : _ ("Retry _This Task"));
  gtk_widget_set_visible (GTK_WIDGET (self->retry_button), restart || self->task != NULL);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->retry_button),
                               restart ? _ ("Stop the Solver, and Start a Fresh One") : _ ("Do This Task Again in This Run"));
}
