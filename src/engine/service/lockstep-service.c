/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-service.h"

#include <glib/gi18n-lib.h>
#include <string.h>
#include <unistd.h>

#include "lockstep-guests.h"
#include "lockstep-json-writer.h"
#include "lockstep-service-socket.h"

/* Connections that are accepted at once. */
#define ACCEPTED_AT_ONCE 8

/* How long (ms) nothing is accepted after that failed, as when there are no descriptors left. */
#define PAUSE 1000

/* How often (s) it is looked whether the socket's file is still there. */
#define LOOK_INTERVAL 3

struct _LockstepService
{
  GObject parent_instance;

  LockstepServiceSocket *socket; /* NULL while it does not listen */
  char                  *name;   /* of the socket; NULL before it listened */
  GSource               *source; /* tells that there is something to accept, or that a pause is over */
  GSource               *look;   /* until it is looked whether the socket's file is still there; NULL meanwhile */
  LockstepGuests        *guests; /* owned */
};

enum
{
  REQUEST,
  LEFT,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (LockstepService, lockstep_service, G_TYPE_OBJECT)

static void
clear_source (GSource **source)
{
  if (*source != NULL)
    g_source_destroy (*source);
  g_clear_pointer (source, g_source_unref);
}

static void
let_go (LockstepService *self,
        LockstepPeer    *peer)
{
  g_autoptr (LockstepPeer) held = g_object_ref (peer);

  g_signal_handlers_disconnect_by_data (peer, self);
  lockstep_guests_remove (self->guests, peer);
  lockstep_peer_close (peer, NULL);
  g_signal_emit (self, signals[LEFT], 0, held);
}

static void
closed_cb (LockstepPeer    *peer,
           const GError    *reason,
           LockstepService *self)
{
  let_go (self, peer);
}

static void
request_cb (LockstepPeer    *peer,
            LockstepRequest *request,
            LockstepService *self)
{
  lockstep_guests_note_request (self->guests, peer);
  g_signal_emit (self, signals[REQUEST], 0, peer, request);
}

/* Says why a connection is not taken. What does not fit into an empty socket is not waited for. */
static void
refuse (GSocket    *socket,
        int         code,
        const char *why)
{
  g_autoptr (GString) line = g_string_new (NULL);

  g_string_printf (line, "{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":%d", code);
  lockstep_json_append_string_member (line, "message", why);
  g_string_append (line, "}}\n");
  g_socket_set_blocking (socket, FALSE);
  g_socket_send (socket, line->str, line->len, NULL, NULL);
  g_socket_close (socket, NULL);
}

/* Whether there is room for another connection, which one that is idle may have to make. */
static gboolean
make_room (LockstepService *self)
{
  LockstepPeer      *idle;
  GString           *text;
  g_autoptr (GBytes) params = NULL;
  GBytes            *pieces[2] = { NULL, NULL };

  if (lockstep_guests_get_n (self->guests) < LOCKSTEP_SERVICE_MAX_PEERS)
    return TRUE;
  if ((idle = lockstep_guests_find_idle (self->guests)) == NULL)
    return FALSE;

  text = g_string_new ("{");
  lockstep_json_append_string_member (text, "reason", _ ("There are too many connections, and this one was idle."));
  g_string_append_c (text, '}');
  pieces[0] = params = g_string_free_to_bytes (text);
  lockstep_peer_notify (idle, LOCKSTEP_SERVICE_DROPPED, pieces);
  let_go (self, idle);

  return TRUE;
}

static void
take (LockstepService *self,
      GSocket         *socket)
{
  g_autoptr (GCredentials)      credentials = g_socket_get_credentials (socket, NULL);
  g_autoptr (GSocketConnection) connection = NULL;
  g_autoptr (LockstepPeer)      peer = NULL;

  if (credentials == NULL || g_credentials_get_unix_user (credentials, NULL) != geteuid ())
    {
      refuse (socket, LOCKSTEP_SERVICE_REFUSED, _ ("This belongs to another user, who alone can control it."));
      return;
    }
  if (!make_room (self))
    {
      refuse (socket, LOCKSTEP_SERVICE_TOO_MANY, _ ("There are too many connections already; close others first."));
      return;
    }

  connection = g_socket_connection_factory_create_connection (socket);
  peer = lockstep_peer_new (G_IO_STREAM (connection));
  lockstep_guests_add (self->guests, peer);
  g_signal_connect (peer, "request", G_CALLBACK (request_cb), self);
  g_signal_connect (peer, "closed", G_CALLBACK (closed_cb), self);
}

static void wait_for_peers (LockstepService *self);

static gboolean
pause_over_cb (gpointer user_data)
{
  wait_for_peers (user_data);

  return G_SOURCE_REMOVE;
}

static gboolean
accept_cb (GSocket     *socket,
           GIOCondition condition,
           gpointer     user_data)
{
  LockstepService *self = user_data;

  for (guint i = 0; i < ACCEPTED_AT_ONCE; i++)
    {
      g_autoptr (GError)  error = NULL;
      g_autoptr (GSocket) accepted = g_socket_accept (socket, NULL, &error);

      if (accepted != NULL)
        {
          take (self, accepted);
        }
      else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
        {
          break;
        }
      else
        {
          clear_source (&self->source);
          self->source = g_timeout_source_new (PAUSE);
          g_source_set_callback (self->source, pause_over_cb, self, NULL);
          g_source_attach (self->source, g_main_context_get_thread_default ());
          return G_SOURCE_REMOVE;
        }
    }

  return G_SOURCE_CONTINUE;
}

static void
wait_for_peers (LockstepService *self)
{
  clear_source (&self->source);
  self->source = g_socket_create_source (lockstep_service_socket_get_socket (self->socket), G_IO_IN, NULL);
  g_source_set_priority (self->source, LOCKSTEP_PEER_PRIORITY);
  g_source_set_callback (self->source, G_SOURCE_FUNC (accept_cb), self, NULL);
  g_source_attach (self->source, g_main_context_get_thread_default ());
}

static void
listen_on_thread (GTask        *task,
                  gpointer      source,
                  gpointer      task_data,
                  GCancellable *cancellable)
{
  GError                *error = NULL;
  LockstepServiceSocket *socket = lockstep_service_socket_listen (task_data, &error);

  if (socket != NULL)
    g_task_return_pointer (task, socket, (GDestroyNotify) lockstep_service_socket_free);
  else
    g_task_return_error (task, error);
}

static void
free_on_thread (GTask        *task,
                gpointer      source,
                gpointer      task_data,
                GCancellable *cancellable)
{
  lockstep_service_socket_free (task_data);
  g_task_return_boolean (task, TRUE);
}

/* Stops to listen at @socket, which may be NULL, in @task. */
static void
free_socket (LockstepServiceSocket *socket,
             GTask                 *task)
{
  g_task_set_source_tag (task, free_socket);
  g_task_set_task_data (task, socket, NULL);
  g_task_run_in_thread (task, free_on_thread);
}

static void look_later (LockstepService *self);

/* Listens at a new socket, and no longer at that which nobody finds; who is connected stays so. */
static void
listening_again_cb (GObject      *object,
                    GAsyncResult *result,
                    gpointer      user_data)
{
  LockstepService       *self = LOCKSTEP_SERVICE (object);
  LockstepServiceSocket *made = g_task_propagate_pointer (G_TASK (result), NULL);
  g_autoptr (GTask)      removal = g_task_new (NULL, NULL, NULL, NULL);

  if (self->socket == NULL)
    {
      free_socket (made, removal);
      return;
    }

  if (made != NULL)
    {
      clear_source (&self->source);
      free_socket (self->socket, removal);
      self->socket = made;
      wait_for_peers (self);
    }
  look_later (self);
}

static void
looked_cb (GObject      *file,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (LockstepService) self = user_data;
  g_autoptr (GFileInfo)       info = g_file_query_info_finish (G_FILE (file), result, NULL);
  g_autoptr (GTask)           task = NULL;

  if (self->socket == NULL)
    return;
  if (info != NULL && lockstep_service_socket_is_file (self->socket, info))
    {
      look_later (self);
      return;
    }

  task = g_task_new (self, NULL, listening_again_cb, NULL);
  g_task_set_source_tag (task, looked_cb);
  g_task_set_task_data (task, g_strdup (self->name), g_free);
  g_task_run_in_thread (task, listen_on_thread);
}

/* Looks where others would look for the socket, which is elsewhere when the runtime folder has gone or come back. */
static gboolean
look_cb (gpointer user_data)
{
  LockstepService  *self = user_data;
  g_autofree char  *path = lockstep_service_socket_dup_path (self->name);
  g_autoptr (GFile) file = g_file_new_for_path (path);

  clear_source (&self->look);
  g_file_query_info_async (file, LOCKSTEP_SERVICE_SOCKET_ATTRIBUTES, G_FILE_QUERY_INFO_NOFOLLOW_SYMLINKS,
                           G_PRIORITY_DEFAULT, NULL, looked_cb, g_object_ref (self));

  return G_SOURCE_REMOVE;
}

static void
look_later (LockstepService *self)
{
  self->look = g_timeout_source_new_seconds (LOOK_INTERVAL);
  g_source_set_callback (self->look, look_cb, self, NULL);
  g_source_attach (self->look, g_main_context_get_thread_default ());
}

static void
lockstep_service_dispose (GObject *object)
{
  LockstepService *self = LOCKSTEP_SERVICE (object);

  lockstep_service_disconnect (self);
  clear_source (&self->source);
  clear_source (&self->look);
  g_clear_pointer (&self->socket, lockstep_service_socket_free);

  G_OBJECT_CLASS (lockstep_service_parent_class)->dispose (object);
}

static void
lockstep_service_finalize (GObject *object)
{
  LockstepService *self = LOCKSTEP_SERVICE (object);

  g_free (self->name);
  lockstep_guests_free (self->guests);

  G_OBJECT_CLASS (lockstep_service_parent_class)->finalize (object);
}

static void
lockstep_service_class_init (LockstepServiceClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = lockstep_service_dispose;
  object_class->finalize = lockstep_service_finalize;

  signals[REQUEST] = g_signal_new ("request", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 2, LOCKSTEP_TYPE_PEER, G_TYPE_POINTER);
  signals[LEFT] = g_signal_new ("left", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                                1, LOCKSTEP_TYPE_PEER);
}

static void
lockstep_service_init (LockstepService *self)
{
  self->guests = lockstep_guests_new ();
}

LockstepService *
lockstep_service_new (void)
{
  return g_object_new (LOCKSTEP_TYPE_SERVICE, NULL);
}

void
lockstep_service_listen_async (LockstepService    *self,
                               const char         *name,
                               GAsyncReadyCallback callback,
                               gpointer            user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (self->socket == NULL);

  task = g_task_new (self, NULL, callback, user_data);
  g_task_set_source_tag (task, lockstep_service_listen_async);
  g_task_set_task_data (task, g_strdup (name), g_free);
  g_task_run_in_thread (task, listen_on_thread);
}

gboolean
lockstep_service_listen_finish (LockstepService *self,
                                GAsyncResult    *result,
                                GError         **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  if ((self->socket = g_task_propagate_pointer (G_TASK (result), error)) == NULL)
    return FALSE;

  self->name = g_strdup (g_task_get_task_data (G_TASK (result)));
  wait_for_peers (self);
  look_later (self);
  return TRUE;
}

const char *
lockstep_service_get_path (LockstepService *self)
{
  return self->socket != NULL ? lockstep_service_socket_get_path (self->socket) : NULL;
}

void
lockstep_service_stop_async (LockstepService    *self,
                             GAsyncReadyCallback callback,
                             gpointer            user_data)
{
  g_autoptr (GTask) task = g_task_new (self, NULL, callback, user_data);

  clear_source (&self->source);
  clear_source (&self->look);
  free_socket (g_steal_pointer (&self->socket), task);
}

void
lockstep_service_stop_finish (LockstepService *self,
                              GAsyncResult    *result)
{
  g_return_if_fail (g_task_is_valid (result, self));

  g_task_propagate_boolean (G_TASK (result), NULL);
}

void
lockstep_service_keep (LockstepService *self,
                       LockstepPeer    *peer)
{
  lockstep_guests_keep (self->guests, peer);
}

void
lockstep_service_disconnect (LockstepService *self)
{
  LockstepPeer *peer;

  while ((peer = lockstep_guests_find_any (self->guests)) != NULL)
    let_go (self, peer);
}

/* The first member of @params that is not one of @names; NULL where there is none. */
static char *
find_unknown (LockstepJson       params,
              const char *const *names)
{
  LockstepJsonIter iter;
  LockstepJson     name, value;

  lockstep_json_iter_init (&iter, params);
  while (lockstep_json_iter_next (&iter, &name, &value))
    {
      g_autofree char *text = lockstep_json_dup_string (name, NULL);

      if (!g_strv_contains (names, text))
        return g_steal_pointer (&text);
    }

  return NULL;
}

gboolean
lockstep_service_read_params (LockstepRequest   *request,
                              const char *const *names,
                              LockstepJson      *params)
{
  const char      *method = lockstep_request_get_method (request);
  GBytes          *bytes = lockstep_request_get_params (request);
  g_autofree char *unknown = NULL;
  g_autofree char *text = NULL;

  *params = (LockstepJson){ NULL, 0 };
  if (bytes == NULL)
    return TRUE;

  params->text = g_bytes_get_data (bytes, &params->length);
  if (lockstep_json_get_kind (*params) != LOCKSTEP_JSON_OBJECT)
    {
      text = g_strdup_printf (_ ("The params of “%s” are an object, such as {}, and not %s."), method,
                              lockstep_json_describe (*params));
    }
  else if ((unknown = find_unknown (*params, names)) != NULL)
    {
      g_autofree char *known = g_strjoinv (", ", (char **) names);

      text = *known == '\0' ? g_strdup_printf (_ ("“%s” takes no params, and “%s” was given."), method, unknown)
                            : g_strdup_printf (_ ("“%s” takes %s, and not “%s”."), method, known, unknown);
    }

  if (text == NULL)
    return TRUE;

  lockstep_request_fail (request, LOCKSTEP_RPC_INVALID_PARAMS, text);
  return FALSE;
}
