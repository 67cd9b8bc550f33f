/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-follower-private.h"

#include <glib/gi18n-lib.h>

static void
called_cb (GObject      *peer,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (GTask)  task = user_data;
  GError            *error = NULL;
  g_autoptr (GBytes) answer = lockstep_peer_call_finish (LOCKSTEP_PEER (peer), result, &error);

  if (answer != NULL)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/* @params is NULL for none, and taken over. */
static void
call (LockstepFollower   *self,
      const char         *method,
      char               *params,
      gpointer            tag,
      GAsyncReadyCallback callback,
      gpointer            user_data)
{
  GTask             *task = g_task_new (self, NULL, callback, user_data);
  g_autoptr (GBytes) bytes = params != NULL ? g_bytes_new_take (params, strlen (params)) : NULL;
  GBytes            *pieces[] = { bytes, NULL };

  g_task_set_source_tag (task, tag);
  if (self->peer != NULL)
    {
      lockstep_peer_call_async (self->peer, method, bytes != NULL ? pieces : NULL, NULL, called_cb, task);
      return;
    }

  if (lockstep_run_has_ended (self->run))
    g_task_return_new_error (task, LOCKSTEP_PEER_ERROR, LOCKSTEP_PEER_ERROR_CLOSED, _ ("The run has ended."));
  else
    g_task_return_new_error (task, LOCKSTEP_PEER_ERROR, LOCKSTEP_PEER_ERROR_CLOSED,
                             _ ("There is no connection to the run's controller."));
  g_object_unref (task);
}

void
lockstep_follower_terminate_async (LockstepFollower   *self,
                                   LockstepStop        how,
                                   GAsyncReadyCallback callback,
                                   gpointer            user_data)
{
  static const char *const ways[] = {
    [LOCKSTEP_STOP_ASK] = "ask",
    [LOCKSTEP_STOP_TERMINATE] = "terminate",
    [LOCKSTEP_STOP_KILL] = "kill",
  };

  call (self, "terminate", g_strdup_printf ("{\"how\":\"%s\"}", ways[how]), lockstep_follower_terminate_async, callback,
        user_data);
}

void
lockstep_follower_finish_tasks_async (LockstepFollower   *self,
                                      GAsyncReadyCallback callback,
                                      gpointer            user_data)
{
  call (self, "terminate", g_strdup ("{\"how\":\"finish-tasks\"}"), lockstep_follower_finish_tasks_async, callback,
        user_data);
}

void
lockstep_follower_pause_async (LockstepFollower   *self,
                               gboolean            now,
                               GAsyncReadyCallback callback,
                               gpointer            user_data)
{
  call (self, "pause", g_strdup_printf ("{\"now\":%s}", now ? "true" : "false"), lockstep_follower_pause_async,
        callback, user_data);
}

void
lockstep_follower_continue_async (LockstepFollower   *self,
                                  GAsyncReadyCallback callback,
                                  gpointer            user_data)
{
  call (self, "resume", NULL, lockstep_follower_continue_async, callback, user_data);
}

void
lockstep_follower_stop_iterating_async (LockstepFollower   *self,
                                        GAsyncReadyCallback callback,
                                        gpointer            user_data)
{
  call (self, "stop-iterating", NULL, lockstep_follower_stop_iterating_async, callback, user_data);
}

void
lockstep_follower_restart_async (LockstepFollower   *self,
                                 guint               solver,
                                 GAsyncReadyCallback callback,
                                 gpointer            user_data)
{
  call (self, "restart", g_strdup_printf ("{\"solver\":%u}", solver), lockstep_follower_restart_async, callback, user_data);
}

void
lockstep_follower_act_on_late_async (LockstepFollower   *self,
                                     gint64              task,
                                     LockstepLateAction  action,
                                     GAsyncReadyCallback callback,
                                     gpointer            user_data)
{
  static const char *const actions[] = {
    [LOCKSTEP_LATE_ACTION_WAIT] = "wait",
    [LOCKSTEP_LATE_ACTION_DUPLICATE] = "duplicate",
    [LOCKSTEP_LATE_ACTION_RESTART] = "restart",
    [LOCKSTEP_LATE_ACTION_SKIP] = "skip",
  };

  call (self, "late", g_strdup_printf ("{\"task\":%" G_GINT64_FORMAT ",\"action\":\"%s\"}", task, actions[action]),
        lockstep_follower_act_on_late_async, callback, user_data);
}

gboolean
lockstep_follower_act_finish (LockstepFollower *self,
                              GAsyncResult     *result,
                              GError          **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
