/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "peer-fixture.h"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

static void
stray_cb (LockstepPeer *peer,
          const char   *message,
          PeerFixture  *fixture)
{
  g_ptr_array_add (fixture->strays, g_strdup (message));
}

static void
notification_cb (LockstepPeer *peer,
                 const char   *method,
                 GBytes       *params,
                 PeerFixture  *fixture)
{
  g_autofree char *text = NULL;

  if (params != NULL)
    text = g_strndup (g_bytes_get_data (params, NULL), g_bytes_get_size (params));

  g_ptr_array_add (fixture->notified, g_strconcat (method, " ", text, NULL));
}

static void
malformed_cb (LockstepPeer *peer,
              const GError *error,
              PeerFixture  *fixture)
{
  g_clear_error (&fixture->malformed);
  fixture->malformed = g_error_copy (error);
  fixture->n_malformed++;
}

static void
closed_cb (LockstepPeer *peer,
           const GError *reason,
           PeerFixture  *fixture)
{
  g_clear_error (&fixture->closed);
  fixture->closed = g_error_copy (reason);
  fixture->n_closed++;
}

GIOStream *
stream_for_socket (int descriptor)
{
  g_autoptr (GError)  error = NULL;
  g_autoptr (GSocket) socket = g_socket_new_from_fd (descriptor, &error);

  g_assert_no_error (error);

  return G_IO_STREAM (g_socket_connection_factory_create_connection (socket));
}

void
peer_fixture_set_up (PeerFixture  *fixture,
                     gconstpointer data)
{
  int                   descriptors[2];
  g_autoptr (GIOStream) stream = NULL;

  g_assert_cmpint (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, descriptors), ==, 0);

  stream = stream_for_socket (descriptors[0]);
  fixture->peer = lockstep_peer_new (stream);
  fixture->other = descriptors[1];
  fixture->arrived = g_string_new (NULL);
  fixture->strays = g_ptr_array_new_with_free_func (g_free);
  fixture->notified = g_ptr_array_new_with_free_func (g_free);

  g_signal_connect (fixture->peer, "stray", G_CALLBACK (stray_cb), fixture);
  g_signal_connect (fixture->peer, "notification", G_CALLBACK (notification_cb), fixture);
  g_signal_connect (fixture->peer, "malformed", G_CALLBACK (malformed_cb), fixture);
  g_signal_connect (fixture->peer, "closed", G_CALLBACK (closed_cb), fixture);
}

void
peer_fixture_tear_down (PeerFixture  *fixture,
                        gconstpointer data)
{
  if (fixture->peer != NULL)
    {
      lockstep_peer_close (fixture->peer, NULL);
      wait_until (fixture->n_closed > 0);
      g_assert_cmpuint (fixture->n_closed, ==, 1);

      g_object_add_weak_pointer (G_OBJECT (fixture->peer), (gpointer *) &fixture->peer);
      g_object_unref (fixture->peer);
      wait_until (fixture->peer == NULL);
    }

  other_closes (fixture);
  g_string_free (fixture->arrived, TRUE);
  g_ptr_array_unref (fixture->strays);
  g_ptr_array_unref (fixture->notified);
  g_clear_error (&fixture->malformed);
  g_clear_error (&fixture->closed);
}

void
other_says (PeerFixture *fixture,
            const char  *text)
{
  gsize length = strlen (text);

  g_assert_cmpint (send (fixture->other, text, length, MSG_DONTWAIT | MSG_NOSIGNAL), ==, (gssize) length);
}

char *
other_hears (PeerFixture *fixture)
{
  char *newline;
  char *line;

  while ((newline = memchr (fixture->arrived->str, '\n', fixture->arrived->len)) == NULL)
    {
      char          buffer[65536];
      struct pollfd readable = { fixture->other, POLLIN, 0 };
      gssize        size;

      while (g_main_context_iteration (NULL, FALSE))
        ;

      if (poll (&readable, 1, 1) <= 0)
        continue;

      size = recv (fixture->other, buffer, sizeof buffer, 0);
      g_assert_cmpint (size, >, 0);
      g_string_append_len (fixture->arrived, buffer, size);
    }

  line = g_strndup (fixture->arrived->str, (gsize) (newline - fixture->arrived->str));
  g_string_erase (fixture->arrived, 0, newline - fixture->arrived->str + 1);

  return line;
}

void
other_closes (PeerFixture *fixture)
{
  if (fixture->other >= 0)
    close (fixture->other);

  fixture->other = -1;
}

static void
call_cb (GObject      *peer,
         GAsyncResult *result,
         gpointer      user_data)
{
  CallOutcome *outcome = user_data;

  call_outcome_clear (outcome);
  outcome->result = lockstep_peer_call_finish (LOCKSTEP_PEER (peer), result, &outcome->error);
  outcome->n_ended++;

  g_assert_true ((outcome->result != NULL) != (outcome->error != NULL));
}

void
start_call (LockstepPeer *peer,
            const char   *method,
            const char   *params,
            GCancellable *cancellable,
            CallOutcome  *outcome)
{
  g_autoptr (GBytes) bytes = params != NULL ? g_bytes_new (params, strlen (params)) : NULL;
  GBytes            *pieces[] = { bytes, NULL };

  lockstep_peer_call_async (peer, method, params != NULL ? pieces : NULL, cancellable, call_cb, outcome);
}

void
start_call_with_pieces (LockstepPeer  *peer,
                        const char    *method,
                        GBytes *const *pieces,
                        CallOutcome   *outcome)
{
  lockstep_peer_call_async (peer, method, pieces, NULL, call_cb, outcome);
}

void
call_outcome_clear (CallOutcome *outcome)
{
  g_clear_pointer (&outcome->result, g_bytes_unref);
  g_clear_error (&outcome->error);
}

void
assert_result (CallOutcome *outcome,
               const char  *json)
{
  gsize       size;
  const char *text;

  g_assert_no_error (outcome->error);
  g_assert_cmpuint (outcome->n_ended, ==, 1);

  text = g_bytes_get_data (outcome->result, &size);
  g_assert_cmpmem (text, size, json, strlen (json));
}
