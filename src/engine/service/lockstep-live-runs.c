/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-live-runs.h"

#include <glib/gi18n-lib.h>

#include "lockstep-json.h"
#include "lockstep-live-places.h"
#include "lockstep-service-socket.h"

/* How long (s) a controller is given to answer. */
#define PATIENCE 2

/* How long (µs) the end of a run is waited for whose controller has left off answering. */
#define END_WAIT (3 * G_USEC_PER_SEC / 2)

/* What is done when a place was asked: it has @run, which is taken over, or an error. */
typedef void (*Answered) (GTask             *task,
                          LockstepLivePlace *place,
                          LockstepLiveRun   *run);

/* One socket that is asked for its status. */
typedef struct
{
  LockstepLivePlace *place; /* the task's */
  GTask             *task;  /* owned */
  LockstepPeer      *peer;
  GCancellable      *cancellable;
  guint              source; /* of the patience; 0 when it has come to its end */
  Answered           answered;
} Question;

void
lockstep_live_run_free (LockstepLiveRun *self)
{
  g_clear_object (&self->peer);
  g_clear_pointer (&self->status, g_bytes_unref);
  g_free (self->run);
  g_free (self->name);
  g_free (self->directory);
  g_free (self->silence);
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

static LockstepLiveRun *
silent_run_new (LockstepLivePlace *place,
                char              *silence)
{
  LockstepLiveRun *self = g_new0 (LockstepLiveRun, 1);

  self->run = place->directory != NULL ? g_path_get_basename (place->directory) : NULL;
  self->name = g_strdup (self->run != NULL ? self->run : place->path);
  self->directory = g_strdup (place->directory);
  self->silence = silence;

  return self;
}

/* Ends the question, once. */
static void
question_end (Question     *self,
              GBytes       *status,
              const GError *error)
{
  LockstepLiveRun *run = status != NULL ? live_run_new (self->peer, status) : NULL;

  if (run == NULL && self->source == 0)
    g_set_error (&self->place->error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT,
                 ngettext ("It has said nothing for %d second.", "It has said nothing for %d seconds.", PATIENCE),
                 PATIENCE);
  else if (run == NULL)
    self->place->error = g_error_copy (error);
  self->answered (self->task, self->place, run);
  g_clear_handle_id (&self->source, g_source_remove);
  g_clear_object (&self->peer);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->task);
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
ask (LockstepLivePlace *place,
     GTask             *task,
     Answered           answered)
{
  Question *self = g_new0 (Question, 1);

  self->place = place;
  self->task = g_object_ref (task);
  self->cancellable = g_cancellable_new ();
  self->source = g_timeout_add_seconds (PATIENCE, impatient_cb, self);
  self->answered = answered;
  lockstep_service_socket_connect_async (place->path, self->cancellable, connected_cb, self);
}

/* All places where a run may be at work. */
typedef struct
{
  GPtrArray *places; /* of LockstepLivePlace */
  GPtrArray *runs;   /* of LockstepLiveRun */
  guint      n_asked;
} List;

static void
list_free (gpointer data)
{
  List *list = data;

  g_clear_pointer (&list->places, g_ptr_array_unref);
  g_ptr_array_unref (list->runs);
  g_free (list);
}

/* All have answered, or will not: looks at those that did not. */
static void
look_at_silent (GTask        *task,
                gpointer      source,
                gpointer      task_data,
                GCancellable *cancellable)
{
  List        *list = task_data;
  const gint64 until = g_get_monotonic_time () + END_WAIT;

  for (guint i = 0; i < list->places->len; i++)
    {
      LockstepLivePlace *place = g_ptr_array_index (list->places, i);
      char              *silence = place->error != NULL ? lockstep_live_place_dup_silence (place, until) : NULL;

      if (silence != NULL)
        g_ptr_array_add (list->runs, silent_run_new (place, silence));
    }
  g_task_return_pointer (task, g_ptr_array_ref (list->runs), (GDestroyNotify) g_ptr_array_unref);
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
listed (GTask             *task,
        LockstepLivePlace *place,
        LockstepLiveRun   *run)
{
  List *list = g_task_get_task_data (task);

  if (run != NULL && is_at_work (run))
    g_ptr_array_add (list->runs, run);
  else if (run != NULL)
    lockstep_live_run_free (run);

  if (--list->n_asked == 0)
    g_task_run_in_thread (task, look_at_silent);
}

static void
read_places (GTask        *task,
             gpointer      source,
             gpointer      task_data,
             GCancellable *cancellable)
{
  g_task_return_pointer (task, lockstep_live_places_read (), (GDestroyNotify) g_ptr_array_unref);
}

static void
places_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  List             *list = g_task_get_task_data (task);

  list->places = g_task_propagate_pointer (G_TASK (result), NULL);
  list->n_asked = list->places->len;
  if (list->n_asked == 0)
    g_task_return_pointer (task, g_ptr_array_ref (list->runs), (GDestroyNotify) g_ptr_array_unref);
  for (guint i = 0; i < list->places->len; i++)
    ask (g_ptr_array_index (list->places, i), task, listed);
}

void
lockstep_live_runs_list_async (GCancellable       *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer            user_data)
{
  GTask            *task = g_task_new (NULL, cancellable, callback, user_data);
  g_autoptr (GTask) reading = g_task_new (NULL, NULL, places_cb, task);
  List             *list = g_new0 (List, 1);

  list->runs = g_ptr_array_new_with_free_func ((GDestroyNotify) lockstep_live_run_free);
  g_task_set_source_tag (task, lockstep_live_runs_list_async);
  g_task_set_task_data (task, list, list_free);
  g_task_set_source_tag (reading, read_places);
  g_task_run_in_thread (reading, read_places);
}

GPtrArray *
lockstep_live_runs_list_finish (GAsyncResult *result,
                                GError      **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
tell_silence (GTask        *task,
              gpointer      source,
              gpointer      task_data,
              GCancellable *cancellable)
{
  LockstepLivePlace *place = task_data;
  g_autofree char   *silence = lockstep_live_place_dup_silence (place, 0);
  g_autofree char   *name = g_path_get_basename (place->directory);

  if (silence != NULL)
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_FAILED, "%s", silence);
  else
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, _ ("The run %s is not at work."), name);
}

static void
found (GTask             *task,
       LockstepLivePlace *place,
       LockstepLiveRun   *run)
{
  if (run != NULL)
    g_task_return_pointer (task, run, (GDestroyNotify) lockstep_live_run_free);
  else
    g_task_run_in_thread (task, tell_silence);
}

void
lockstep_live_run_find_async (const char         *directory,
                              GCancellable       *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer            user_data)
{
  g_autoptr (GTask)  task = g_task_new (NULL, cancellable, callback, user_data);
  g_autofree char   *name = lockstep_service_socket_dup_name (directory);
  g_autofree char   *path = lockstep_service_socket_dup_path (name);
  LockstepLivePlace *place = lockstep_live_place_new (path, directory);

  g_task_set_source_tag (task, lockstep_live_run_find_async);
  g_task_set_task_data (task, place, (GDestroyNotify) lockstep_live_place_free);
  ask (place, task, found);
}

LockstepLiveRun *
lockstep_live_run_find_finish (GAsyncResult *result,
                               GError      **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
