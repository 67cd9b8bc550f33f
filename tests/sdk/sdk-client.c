/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "sdk-client.h"

#include <errno.h>
#include <linux/sockios.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#define PATIENCE_MS 120000

struct _SdkClient
{
  int                descriptor;
  GSocketConnection *connection; /* owns the descriptor where there is no process */
  GSubprocess       *process;
  GString           *buffer;
};

const char *
sdk_test_solver (void)
{
  const char *path = g_getenv ("LOCKSTEP_SDK_TEST_SOLVER");

  g_assert_nonnull (path);

  return path;
}

SdkClient *
sdk_client_start (const char *const *arguments)
{
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE);
  g_autoptr (GError)              error = NULL;
  SdkClient                      *self = g_new0 (SdkClient, 1);
  int                             pair[2];

  g_assert_cmpint (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair), ==, 0);
  g_subprocess_launcher_take_fd (launcher, pair[1], 3);
  g_subprocess_launcher_setenv (launcher, "LOCKSTEP_STREAM", "fd:3", TRUE);
  self->process = g_subprocess_launcher_spawnv (launcher, arguments, &error);
  g_assert_no_error (error);
  self->descriptor = pair[0];
  self->buffer = g_string_new (NULL);

  return self;
}

SdkClient *
sdk_client_connect (const char *address)
{
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GError)        error = NULL;
  SdkClient                *self = g_new0 (SdkClient, 1);

  self->connection = g_socket_client_connect_to_host (client, address, 0, NULL, &error);
  g_assert_no_error (error);
  self->descriptor = g_socket_get_fd (g_socket_connection_get_socket (self->connection));
  self->buffer = g_string_new (NULL);

  return self;
}

static int
end (SdkClient *self)
{
  g_autoptr (GError) error = NULL;
  int                status = 0;

  if (self->process)
    {
      g_subprocess_wait (self->process, NULL, &error);
      g_assert_no_error (error);
      status = g_subprocess_get_if_exited (self->process) ? g_subprocess_get_exit_status (self->process) : -1;
      g_object_unref (self->process);
    }
  g_string_free (self->buffer, TRUE);
  g_free (self);

  return status;
}

static void
close_stream (SdkClient *self)
{
  if (self->connection)
    g_object_unref (self->connection);
  else
    close (self->descriptor);
}

int
sdk_client_finish (SdkClient *self)
{
  close_stream (self);

  return end (self);
}

int
sdk_client_wait (SdkClient *self)
{
  g_autofree char *more = sdk_client_read (self);

  g_assert_null (more);
  close_stream (self);

  return end (self);
}

void
sdk_client_expect_output (SdkClient  *self,
                          const char *expected)
{
  char               text[256];
  gsize              length;
  g_autoptr (GError) error = NULL;

  g_input_stream_read_all (g_subprocess_get_stdout_pipe (self->process), text, sizeof text - 1, &length, NULL, &error);
  g_assert_no_error (error);
  text[length] = '\0';
  g_assert_cmpstr (text, ==, expected);
}

static void
wait_for (SdkClient *self,
          short      events)
{
  struct pollfd descriptor = { .fd = self->descriptor, .events = events };

  g_assert_cmpint (poll (&descriptor, 1, PATIENCE_MS), ==, 1);
}

void
sdk_client_wait_readable (SdkClient *self)
{
  wait_for (self, POLLIN);
}

void
sdk_client_wait_taken (SdkClient *self)
{
  const gint64 until = g_get_monotonic_time () + PATIENCE_MS * 1000;
  int          left = 0;

  do
    {
      g_assert_cmpint (g_get_monotonic_time (), <, until);
      g_assert_cmpint (ioctl (self->descriptor, SIOCOUTQ, &left), ==, 0);
      g_usleep (1000);
    }
  while (left > 0);
}

void
sdk_client_write (SdkClient  *self,
                  const char *bytes,
                  gsize       length)
{
  while (length > 0)
    {
      gssize n;

      wait_for (self, POLLOUT);
      n = send (self->descriptor, bytes, length, MSG_NOSIGNAL | MSG_DONTWAIT);
      if (n < 0 && errno == EAGAIN)
        continue;
      g_assert_cmpint (n, >, 0);
      bytes += n;
      length -= n;
    }
}

void
sdk_client_send (SdkClient  *self,
                 const char *line)
{
  g_autofree char *text = g_strconcat (line, "\n", NULL);

  sdk_client_write (self, text, strlen (text));
}

void
sdk_client_call (SdkClient  *self,
                 int         id,
                 const char *method,
                 const char *params)
{
  g_autofree char *line = g_strdup_printf ("{\"jsonrpc\":\"2.0\",\"id\":%d,\"method\":\"%s\"%s%s}", id, method,
                                           params ? ",\"params\":" : "", params ? params : "");

  sdk_client_send (self, line);
}

char *
sdk_client_read (SdkClient *self)
{
  char *newline;
  gsize seen = 0;

  while (!(newline = memchr (self->buffer->str + seen, '\n', self->buffer->len - seen)))
    {
      g_autofree char *chunk = g_malloc (65536);
      gssize           n;

      seen = self->buffer->len;
      wait_for (self, POLLIN);
      n = recv (self->descriptor, chunk, 65536, 0);
      if (n == 0 || (n < 0 && errno == ECONNRESET))
        {
          g_assert_cmpuint (self->buffer->len, ==, 0);
          return NULL;
        }
      g_assert_cmpint (n, >, 0);
      g_string_append_len (self->buffer, chunk, n);
    }

  {
    gsize length = newline - self->buffer->str;
    char *line = g_strndup (self->buffer->str, length);

    g_string_erase (self->buffer, 0, length + 1);
    return line;
  }
}

void
sdk_client_expect (SdkClient  *self,
                   const char *expected)
{
  g_autofree char *line = sdk_client_read (self);

  g_assert_cmpstr (line, ==, expected);
}

void
sdk_client_expect_result (SdkClient  *self,
                          int         id,
                          const char *result)
{
  g_autofree char *expected = g_strdup_printf ("{\"jsonrpc\":\"2.0\",\"id\":%d,\"result\":%s}", id, result);

  sdk_client_expect (self, expected);
}

void
sdk_client_expect_error (SdkClient  *self,
                         const char *id,
                         int         code,
                         const char *text)
{
  g_autofree char *head = g_strdup_printf ("{\"jsonrpc\":\"2.0\",\"id\":%s,\"error\":{\"code\":%d,\"message\":\"",
                                           id, code);
  g_autofree char *line = sdk_client_read (self);

  g_assert_nonnull (line);
  if (!g_str_has_prefix (line, head) || !strstr (line + strlen (head), text))
    g_error ("An error %d that says “%s” was expected, but this came: %s", code, text, line);
}

void
sdk_client_initialize (SdkClient  *self,
                       const char *params)
{
  g_autofree char *all = g_strdup_printf ("{\"protocol\":1,\"solver\":2,\"run\":\"r\",\"directory\":\"/\",\"params\":%s}",
                                          params);
  g_autofree char *line = NULL;

  sdk_client_call (self, 0, "initialize", all);
  line = sdk_client_read (self);
  g_assert_nonnull (line);
  g_assert_true (g_str_has_prefix (line, "{\"jsonrpc\":\"2.0\",\"id\":0,\"result\":{\"name\":\"tester\",\"methods\":["));
}
