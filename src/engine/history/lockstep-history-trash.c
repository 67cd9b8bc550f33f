/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-history.h"

#include <glib/gi18n-lib.h>

#include "lockstep-run-lock.h"

static void
trash (GTask        *task,
       gpointer      source,
       gpointer      task_data,
       GCancellable *cancellable)
{
  const char                 *directory = task_data;
  g_autoptr (GFile)           folder = g_file_new_for_path (directory);
  g_autoptr (LockstepRunLock) lock = NULL;
  g_autoptr (GError)          error = NULL;
  g_autofree char            *quoted = NULL;

  /* Held while it goes, so that nobody goes on with it meanwhile. A folder that cannot be written to is no run at work. */
  lock = lockstep_run_lock_take (directory, &error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_BUSY))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  g_clear_error (&error);
  if (g_file_trash (folder, cancellable, &error))
    {
      g_task_return_boolean (task, TRUE);
      return;
    }

  quoted = g_shell_quote (directory);
  g_task_return_new_error (task, error->domain, error->code,
                           _ ("%s could not be put into the trash: %s. It is still there; to delete it for good: rm -r %s"),
                           directory, error->message, quoted);
}

void
lockstep_history_trash_async (const char         *directory,
                              GAsyncReadyCallback callback,
                              gpointer            user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, NULL, callback, user_data);

  g_task_set_source_tag (task, lockstep_history_trash_async);
  g_task_set_task_data (task, g_strdup (directory), g_free);
  g_task_run_in_thread (task, trash);
}

gboolean
lockstep_history_trash_finish (GAsyncResult *result,
                               GError      **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
