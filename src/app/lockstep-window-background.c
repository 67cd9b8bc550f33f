/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-window-private.h"

#include <glib/gi18n-lib.h>

/* One of @self at a time: that the run has ended replaces that it goes on. */
static char *
dup_notification_id (LockstepWindow *self)
{
  return g_strdup_printf ("window-%u", gtk_application_window_get_id (GTK_APPLICATION_WINDOW (self)));
}

static void
notify (LockstepWindow *self,
        const char     *title,
        const char     *body)
{
  GApplication             *application = G_APPLICATION (gtk_window_get_application (GTK_WINDOW (self)));
  const char               *directory = lockstep_run_get_directory (lockstep_session_get_run (self->session));
  g_autofree char          *id = dup_notification_id (self);
  g_autoptr (GNotification) notification = g_notification_new (title);

  /* Without a session bus there is nobody who could show it. */
  if (g_application_get_dbus_connection (application) == NULL)
    return;

  g_notification_set_body (notification, body);
  g_notification_set_default_action_and_target (notification, "app.show-run", "^ay", directory != NULL ? directory : "");
  g_application_send_notification (application, id, notification);
}

static char *
dup_name (LockstepWindow *self)
{
  return g_utf8_make_valid (lockstep_plan_get_name (lockstep_session_get_plan (self->session)), -1);
}

void
lockstep_window_leave_to_run (LockstepWindow *self)
{
  g_autofree char *name = NULL;
  g_autofree char *title = NULL;

  lockstep_session_show_own_run (self->session);
  if (self->stop_dialog != NULL)
    gtk_window_destroy (GTK_WINDOW (self->stop_dialog));
  self->in_background = TRUE;
  gtk_widget_hide (GTK_WIDGET (self));

  name = dup_name (self);
  title = g_strdup_printf (_ ("“%s” Goes On"), name);
  notify (self, title, _ ("Its window was closed, and comes back when Lockstep is opened. To end the run, choose Terminate there."));
}

void
lockstep_window_come_back (LockstepWindow *self)
{
  GApplication    *application = G_APPLICATION (gtk_window_get_application (GTK_WINDOW (self)));
  g_autofree char *id = NULL;

  if (!self->in_background)
    return;

  self->in_background = FALSE;
  id = dup_notification_id (self);
  if (g_application_get_dbus_connection (application) != NULL)
    g_application_withdraw_notification (application, id);
}

void
lockstep_window_close_after_run (LockstepWindow *self)
{
  if (lockstep_session_get_busy (self->session) || (!self->closing && !self->in_background))
    return;

  if (self->in_background)
    {
      g_autofree char *name = dup_name (self);
      g_autofree char *title = g_strdup_printf (_ ("“%s” Has Ended"), name);
      g_autofree char *body = lockstep_run_dup_summary (lockstep_session_get_run (self->session));

      notify (self, title, body);
    }
  gtk_window_destroy (GTK_WINDOW (self));
}

void
lockstep_window_quit (LockstepWindow *self)
{
  g_return_if_fail (LOCKSTEP_IS_WINDOW (self));

  if (!lockstep_session_get_busy (self->session))
    {
      gtk_window_close (GTK_WINDOW (self));
      return;
    }

  lockstep_session_show_own_run (self->session);
  gtk_window_present (GTK_WINDOW (self));
  lockstep_window_present_stop_dialog (self, TRUE);
}

gboolean
lockstep_window_is_in_background (LockstepWindow *self)
{
  g_return_val_if_fail (LOCKSTEP_IS_WINDOW (self), FALSE);

  return self->in_background;
}
