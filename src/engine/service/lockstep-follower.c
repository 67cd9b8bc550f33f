/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-follower-private.h"

#include <glib/gi18n-lib.h>

#include "lockstep-event-params.h"
#include "lockstep-journal-reader.h"
#include "lockstep-json.h"
#include "lockstep-run-private.h"
#include "lockstep-service-socket.h"
#include "lockstep-service.h"

/* How long (µs) a controller that has closed its socket is given to go, and how often that is looked at: the kernel
 * gives up the lock of one that was killed within a millisecond. */
#define DEATH_WAIT (2 * G_USEC_PER_SEC)
#define DEATH_STEP (20 * 1000)

/* How often in a row a connection is made that brings no event. */
#define MAX_TRIES 3

enum
{
  LOST,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (LockstepFollower, lockstep_follower, G_TYPE_OBJECT)

static void connect_to_run (LockstepFollower *self);

/* Takes in the next event, unless it was taken in before. */
static void
take (LockstepFollower    *self,
      const LockstepEvent *event,
      guint64              number)
{
  if (number > 0 && number < self->next)
    return;

  if (number > 0)
    self->next = number + 1;
  self->n_tries = 0;
  lockstep_run_fold (self->run, event);
}

/* It follows, or has nothing to follow. */
static void
return_self (LockstepFollower *self)
{
  g_autoptr (GTask) task = g_steal_pointer (&self->task);

  if (task != NULL)
    g_task_return_pointer (task, g_object_ref (self), g_object_unref);
}

static void
fail (LockstepFollower *self,
      const GError     *reason)
{
  g_autoptr (GTask) task = g_steal_pointer (&self->task);

  if (task != NULL)
    g_task_return_error (task, g_error_copy (reason));
  else
    g_signal_emit (self, signals[LOST], 0, reason);
}

/* What the journal has beyond what was heard. */
typedef struct
{
  char    *directory;
  guint64  next;
  gboolean live;   /* the controller is still there, and nothing was read */
  GArray  *events; /* of LockstepEvent */
} Rest;

static void
rest_free (gpointer data)
{
  Rest *rest = data;

  g_array_unref (rest->events);
  g_free (rest->directory);
  g_free (rest);
}

static void
read_rest (GTask        *task,
           gpointer      source,
           gpointer      task_data,
           GCancellable *cancellable)
{
  Rest                             *rest = task_data;
  const gint64                      until = g_get_monotonic_time () + DEATH_WAIT;
  g_autoptr (LockstepJournalReader) reader = NULL;
  LockstepEvent                     event;

  while ((rest->live = lockstep_run_lock_is_held (rest->directory)) && g_get_monotonic_time () < until)
    g_usleep (DEATH_STEP);

  if (!rest->live && (reader = lockstep_journal_reader_new (rest->directory, NULL)) != NULL)
    {
      lockstep_journal_reader_skip (reader, rest->next - 1);
      while (lockstep_journal_reader_next (reader, &event, NULL))
        g_array_append_val (rest->events, event);
    }

  g_task_return_boolean (task, TRUE);
}

static void
rest_cb (GObject      *object,
         GAsyncResult *result,
         gpointer      user_data)
{
  LockstepFollower  *self = LOCKSTEP_FOLLOWER (object);
  Rest              *rest = g_task_get_task_data (G_TASK (result));
  g_autoptr (GError) reason = user_data;

  if (rest->live && self->n_tries < MAX_TRIES)
    {
      connect_to_run (self);
      return;
    }
  if (rest->live)
    {
      fail (self, reason);
      return;
    }

  for (guint i = 0; i < rest->events->len; i++)
    take (self, &g_array_index (rest->events, LockstepEvent, i), self->next);
  if (!lockstep_run_has_ended (self->run))
    lockstep_run_set_interrupted (self->run);
  return_self (self);
}

/* There is no connection, because of @reason: the controller has gone, or it has not. */
static void
look_after (LockstepFollower *self,
            const GError     *reason)
{
  g_autoptr (GTask) task = g_task_new (self, NULL, rest_cb, g_error_copy (reason));
  Rest             *rest = g_new0 (Rest, 1);

  rest->directory = g_strdup (lockstep_run_get_directory (self->run));
  rest->next = self->next;
  rest->events = g_array_new (FALSE, FALSE, sizeof (LockstepEvent));
  g_array_set_clear_func (rest->events, (GDestroyNotify) lockstep_event_clear);
  g_task_set_source_tag (task, look_after);
  g_task_set_task_data (task, rest, rest_free);
  g_task_run_in_thread (task, read_rest);
}

static void
leave (LockstepFollower *self)
{
  if (self->peer != NULL)
    g_signal_handlers_disconnect_by_data (self->peer, self);
  g_clear_object (&self->peer);
}

static void
closed_cb (LockstepPeer     *peer,
           const GError     *reason,
           LockstepFollower *self)
{
  g_autoptr (GError) why = NULL;

  leave (self);
  if (lockstep_run_has_ended (self->run))
    return;

  why = self->dropped != NULL ? g_error_new_literal (LOCKSTEP_PEER_ERROR, LOCKSTEP_PEER_ERROR_CLOSED, self->dropped)
                              : g_error_copy (reason);
  look_after (self, why);
}

static void
notification_cb (LockstepPeer     *peer,
                 const char       *method,
                 GBytes           *params,
                 LockstepFollower *self)
{
  g_autoptr (GError) error = NULL;
  LockstepEvent      event;
  guint64            number;

  if (params == NULL)
    return;

  if (g_str_equal (method, LOCKSTEP_SERVICE_DROPPED))
    {
      LockstepJson object;

      object.text = g_bytes_get_data (params, &object.length);
      g_free (self->dropped);
      self->dropped = lockstep_json_dup_string (lockstep_json_get_member (object, "reason"), NULL);
    }
  else if (g_str_equal (method, LOCKSTEP_EVENT_METHOD))
    {
      /* One of a newer Lockstep is passed over, as in a journal. */
      if (!lockstep_event_params_read (params, &event, &number, &error))
        return;
      take (self, &event, number);
      lockstep_event_clear (&event);
    }
}

static void
subscribed_cb (LockstepPeer *peer,
               GBytes       *result,
               const GError *error,
               gpointer      user_data)
{
  g_autoptr (LockstepFollower) self = user_data;

  if (result != NULL)
    {
      return_self (self);
    }
  else if (lockstep_peer_error_is_remote (error))
    {
      leave (self);
      fail (self, error);
    }
  else
    {
      /* Until somebody has the follower, this call alone keeps it: nobody would hear that the peer is closed. */
      closed_cb (peer, error, self);
    }
}

static void
connected_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr (LockstepFollower) self = user_data;
  g_autoptr (GError)           error = NULL;
  g_autoptr (GIOStream)        stream = lockstep_service_socket_connect_finish (result, &error);
  g_autofree char             *text = NULL;
  g_autoptr (GBytes)           params = NULL;
  GBytes                      *pieces[2] = { NULL, NULL };

  if (stream == NULL)
    {
      g_prefix_error (&error, _ ("The controller of the run cannot be reached: "));
      look_after (self, error);
      return;
    }

  g_clear_pointer (&self->dropped, g_free);
  self->peer = lockstep_peer_new (stream);
  g_signal_connect (self->peer, "notification", G_CALLBACK (notification_cb), self);
  g_signal_connect (self->peer, "closed", G_CALLBACK (closed_cb), self);

  text = g_strdup_printf ("{\"from\":%" G_GUINT64_FORMAT "}", self->next);
  params = g_bytes_new (text, strlen (text));
  pieces[0] = params;
  lockstep_peer_call (self->peer, "subscribe", pieces, NULL, subscribed_cb, g_object_ref (self));
}

static void
connect_to_run (LockstepFollower *self)
{
  g_autofree char *name = lockstep_service_socket_dup_name (lockstep_run_get_directory (self->run));
  g_autofree char *path = lockstep_service_socket_dup_path (name);

  self->n_tries++;
  lockstep_service_socket_connect_async (path, NULL, connected_cb, g_object_ref (self));
}

static void
loaded_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (LockstepFollower) self = user_data;
  g_autoptr (GError)           error = NULL;

  if ((self->past = lockstep_past_run_load_finish (result, &error)) == NULL)
    {
      fail (self, error);
      return;
    }

  self->run = g_object_ref (lockstep_past_run_get_run (self->past));
  self->next = lockstep_past_run_get_n_events (self->past) + 1;
  if (lockstep_run_has_ended (self->run))
    return_self (self);
  else
    connect_to_run (self);
}

static void
lockstep_follower_dispose (GObject *object)
{
  LockstepFollower *self = LOCKSTEP_FOLLOWER (object);

  leave (self);
  g_clear_object (&self->task);
  g_clear_object (&self->run);
  g_clear_pointer (&self->past, lockstep_past_run_free);

  G_OBJECT_CLASS (lockstep_follower_parent_class)->dispose (object);
}

static void
lockstep_follower_finalize (GObject *object)
{
  g_free (LOCKSTEP_FOLLOWER (object)->dropped);

  G_OBJECT_CLASS (lockstep_follower_parent_class)->finalize (object);
}

static void
lockstep_follower_class_init (LockstepFollowerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = lockstep_follower_dispose;
  object_class->finalize = lockstep_follower_finalize;

  signals[LOST] = g_signal_new ("lost", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                                1, G_TYPE_ERROR | G_SIGNAL_TYPE_STATIC_SCOPE);
}

static void
lockstep_follower_init (LockstepFollower *self)
{
}

LockstepRun *
lockstep_follower_get_run (LockstepFollower *self)
{
  return self->run;
}

void
lockstep_follower_new_async (const char         *directory,
                             GCancellable       *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer            user_data)
{
  g_autoptr (LockstepFollower) self = g_object_new (LOCKSTEP_TYPE_FOLLOWER, NULL);

  self->task = g_task_new (NULL, cancellable, callback, user_data);
  g_task_set_source_tag (self->task, lockstep_follower_new_async);
  lockstep_past_run_load_async (directory, FALSE, cancellable, loaded_cb, g_steal_pointer (&self));
}

LockstepFollower *
lockstep_follower_new_finish (GAsyncResult *result,
                              GError      **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
