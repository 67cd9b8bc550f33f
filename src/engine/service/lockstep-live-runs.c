/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-live-runs.h"

#include <glib/gi18n-lib.h>

#include "lockstep-json.h"
#include "lockstep-run-lock.h"
#include "lockstep-runtime-folder.h"
#include "lockstep-service-socket.h"

/* How long (ms) a controller is given to answer. */
#define PATIENCE 2000

/* One socket that is asked for its status. */
typedef struct
{
  char         *path;
  GTask        *task; /* owned */
  LockstepPeer *peer;
  GCancellable *cancellable;
  guint         source; /* of the patience */
  void (*answered) (GTask           *task,
                    const char      *path,
                    LockstepLiveRun *run,
                    const GError    *error);
} Question;

void
lockstep_live_run_free (LockstepLiveRun *self)
{
  g_clear_object (&self->peer);
  g_clear_pointer (&self->status, g_bytes_unref);
  g_free (self->run);
  g_free (self->name);
  g_free (self->directory);
  g_free (self);
}

static LockstepLiveRun *
live_run_new (LockstepPeer *peer,
              GBytes       *status)
{
  LockstepLiveRun *self = g_new0 (LockstepLiveRun, 1);
  LockstepJson     object;

  object.text = g_bytes_get_data (status, &object.length);
  self->peer = g_object_ref (peer);
  self->status = g_bytes_ref (status);
  self->run = lockstep_json_dup_string (lockstep_json_get_member (object, "run"), NULL);
  self->name = lockstep_json_dup_string (lockstep_json_get_member (object, "name"), NULL);
  self->directory = lockstep_json_dup_string (lockstep_json_get_member (object, "directory"), NULL);

  return self;
}

/* Ends the question, once. */
static void
question_end (Question     *self,
              GBytes       *status,
              const GError *error)
{
  LockstepLiveRun *run = status != NULL ? live_run_new (self->peer, status) : NULL;

  self->answered (self->task, self->path, run, error);
  g_clear_handle_id (&self->source, g_source_remove);
  g_clear_object (&self->peer);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->task);
  g_free (self->path);
  g_free (self);
}

static gboolean
impatient_cb (gpointer user_data)
{
  Question *self = user_data;

  self->source = 0;
  g_cancellable_cancel (self->cancellable);

  return G_SOURCE_REMOVE;
}

static void
status_cb (LockstepPeer *peer,
           GBytes       *result,
           const GError *error,
           gpointer      user_data)
{
  question_end (user_data, result, error);
}

static void
connected_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  Question             *self = user_data;
  g_autoptr (GError)    error = NULL;
  g_autoptr (GIOStream) stream = lockstep_service_socket_connect_finish (result, &error);

  if (stream == NULL)
    {
      question_end (self, NULL, error);
      return;
    }

  self->peer = lockstep_peer_new (stream);
  lockstep_peer_call (self->peer, "status", NULL, self->cancellable, status_cb, self);
}

static void
ask (const char *path,
     GTask      *task,
     void (*answered) (GTask           *task,
                       const char      *path,
                       LockstepLiveRun *run,
                       const GError    *error))
{
  Question *self = g_new0 (Question, 1);

  self->path = g_strdup (path);
  self->task = g_object_ref (task);
  self->cancellable = g_cancellable_new ();
  self->source = g_timeout_add (PATIENCE, impatient_cb, self);
  self->answered = answered;
  lockstep_service_socket_connect_async (path, self->cancellable, connected_cb, self);
}

/* All sockets of the runtime folder. */
typedef struct
{
  GPtrArray *paths; /* of char * */
  GPtrArray *stale; /* of char *: where nobody listens */
  GPtrArray *runs;  /* of LockstepLiveRun */
  guint      n_asked;
} List;

static void
list_free (gpointer data)
{
  List *list = data;

  g_ptr_array_unref (list->paths);
  g_ptr_array_unref (list->stale);
  g_clear_pointer (&list->runs, g_ptr_array_unref);
  g_free (list);
}

static void
remove_stale (GTask        *task,
              gpointer      source,
              gpointer      task_data,
              GCancellable *cancellable)
{
  GPtrArray *paths = task_data;

  for (guint i = 0; i < paths->len; i++)
    lockstep_service_socket_remove_stale (g_ptr_array_index (paths, i));
  g_task_return_boolean (task, TRUE);
}

static void
removed_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  List             *list = g_task_get_task_data (task);

  g_task_return_pointer (task, g_steal_pointer (&list->runs), (GDestroyNotify) g_ptr_array_unref);
}

/* All have answered, or will not. */
static void
end_list (GTask *task)
{
  List             *list = g_task_get_task_data (task);
  g_autoptr (GTask) removal = g_task_new (NULL, NULL, removed_cb, g_object_ref (task));

  g_task_set_source_tag (removal, end_list);
  g_task_set_task_data (removal, g_ptr_array_ref (list->stale), (GDestroyNotify) g_ptr_array_unref);
  if (list->stale->len > 0)
    g_task_run_in_thread (removal, remove_stale);
  else
    g_task_return_boolean (removal, TRUE);
}

static gboolean
is_at_work (LockstepLiveRun *run)
{
  static const char *const over[] = { "finished", "failed", "terminated", "interrupted" };
  LockstepJson             object;

  object.text = g_bytes_get_data (run->status, &object.length);
  for (guint i = 0; i < G_N_ELEMENTS (over); i++)
    if (lockstep_json_is_string (lockstep_json_get_member (object, "state"), over[i]))
      return FALSE;

  return TRUE;
}

static void
listed (GTask           *task,
        const char      *path,
        LockstepLiveRun *run,
        const GError    *error)
{
  List *list = g_task_get_task_data (task);

  if (run != NULL && is_at_work (run))
    g_ptr_array_add (list->runs, run);
  else if (run != NULL)
    lockstep_live_run_free (run);
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED))
    g_ptr_array_add (list->stale, g_strdup (path));

  if (--list->n_asked == 0)
    end_list (task);
}

static void
read_paths (GTask        *task,
            gpointer      source,
            gpointer      task_data,
            GCancellable *cancellable)
{
  GPtrArray       *paths = task_data;
  g_autofree char *folder = lockstep_runtime_folder_dup_path ();
  g_autofree char *app = lockstep_service_socket_dup_path (LOCKSTEP_SERVICE_APP);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char      *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      if (g_str_has_suffix (name, LOCKSTEP_SERVICE_SOCKET_SUFFIX) && !g_str_equal (path, app))
        g_ptr_array_add (paths, g_steal_pointer (&path));
    }

  g_task_return_boolean (task, TRUE);
}

static void
paths_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  List             *list = g_task_get_task_data (task);

  list->n_asked = list->paths->len;
  if (list->n_asked == 0)
    end_list (task);
  for (guint i = 0; i < list->paths->len; i++)
    ask (g_ptr_array_index (list->paths, i), task, listed);
}

void
lockstep_live_runs_list_async (GCancellable       *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer            user_data)
{
  GTask            *task = g_task_new (NULL, cancellable, callback, user_data);
  g_autoptr (GTask) reading = g_task_new (NULL, NULL, paths_cb, task);
  List             *list = g_new0 (List, 1);

  list->paths = g_ptr_array_new_with_free_func (g_free);
  list->stale = g_ptr_array_new_with_free_func (g_free);
  list->runs = g_ptr_array_new_with_free_func ((GDestroyNotify) lockstep_live_run_free);
  g_task_set_source_tag (task, lockstep_live_runs_list_async);
  g_task_set_task_data (task, list, list_free);
  g_task_set_source_tag (reading, read_paths);
  g_task_set_task_data (reading, g_ptr_array_ref (list->paths), (GDestroyNotify) g_ptr_array_unref);
  g_task_run_in_thread (reading, read_paths);
}

GPtrArray *
lockstep_live_runs_list_finish (GAsyncResult *result,
                                GError      **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
found (GTask           *task,
       const char      *path,
       LockstepLiveRun *run,
       const GError    *error)
{
  const char      *directory = g_task_get_task_data (task);
  g_autofree char *name = g_path_get_basename (directory);

  if (run != NULL)
    g_task_return_pointer (task, run, (GDestroyNotify) lockstep_live_run_free);
  else if (!lockstep_run_lock_is_held (directory))
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, _ ("The run %s is not at work."), name);
  else
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_FAILED,
                             _ ("The run %s is at work, but its controller does not answer at %s: %s"), name, path,
                             error->message);
}

void
lockstep_live_run_find_async (const char         *directory,
                              GCancellable       *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer            user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  g_autofree char  *name = lockstep_service_socket_dup_name (directory);
  g_autofree char  *path = lockstep_service_socket_dup_path (name);

  g_task_set_source_tag (task, lockstep_live_run_find_async);
  g_task_set_task_data (task, g_strdup (directory), g_free);
  ask (path, task, found);
}

LockstepLiveRun *
lockstep_live_run_find_finish (GAsyncResult *result,
                               GError      **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
