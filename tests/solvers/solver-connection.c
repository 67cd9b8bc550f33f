/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "solver-connection.h"

#include <sys/socket.h>

struct _SolverConnection
{
  GSubprocess       *process;
  GSocketConnection *stream;
  GDataInputStream  *lines;
  guint              id; /* of the request last sent */
  guint              n_progress;
};

SolverConnection *
solver_connection_new (const char *program,
                       const char *directory)
{
  SolverConnection               *connection = g_new0 (SolverConnection, 1);
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_NONE);
  g_autoptr (GSocket)             socket = NULL;
  g_autoptr (GError)              error = NULL;
  int                             ends[2];

  g_assert_cmpint (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), ==, 0);
  g_subprocess_launcher_take_fd (launcher, ends[1], 3);
  g_subprocess_launcher_setenv (launcher, "LOCKSTEP_STREAM", "fd:3", TRUE);
  g_subprocess_launcher_set_cwd (launcher, directory);
  connection->process = g_subprocess_launcher_spawn (launcher, &error, program, NULL);
  g_assert_no_error (error);
  g_subprocess_launcher_close (launcher);

  socket = g_socket_new_from_fd (ends[0], &error);
  g_assert_no_error (error);
  g_socket_set_timeout (socket, 120);
  connection->stream = g_socket_connection_factory_create_connection (socket);
  connection->lines = g_data_input_stream_new (g_io_stream_get_input_stream (G_IO_STREAM (connection->stream)));

  return connection;
}

static void
write_line (SolverConnection *connection,
            const char       *line)
{
  GOutputStream     *output = g_io_stream_get_output_stream (G_IO_STREAM (connection->stream));
  g_autoptr (GError) error = NULL;

  g_output_stream_write_all (output, line, strlen (line), NULL, NULL, &error);
  g_assert_no_error (error);
}

void
solver_connection_notify (SolverConnection *connection,
                          const char       *method,
                          const char       *params)
{
  g_autofree char *line = g_strdup_printf ("{\"jsonrpc\":\"2.0\",\"method\":\"%s\",\"params\":%s}\n", method, params);

  write_line (connection, line);
}

void
solver_connection_send (SolverConnection *connection,
                        const char       *method,
                        const char       *params)
{
  g_autofree char *line = g_strdup_printf ("{\"jsonrpc\":\"2.0\",\"id\":%u,\"method\":\"%s\",\"params\":%s}\n",
                                           ++connection->id, method, params);

  write_line (connection, line);
}

/* The next message; @text keeps it. */
static LockstepJson
read_message (SolverConnection *connection,
              char            **text)
{
  g_autoptr (GError) error = NULL;
  LockstepJson       message;
  gsize              length;

  *text = g_data_input_stream_read_line (connection->lines, &length, NULL, &error);
  g_assert_no_error (error);
  g_assert_nonnull (*text);
  lockstep_json_scan (*text, length, &message, &error);
  g_assert_no_error (error);

  if (lockstep_json_is_string (lockstep_json_get_member (message, "method"), "progress"))
    connection->n_progress++;

  return message;
}

char *
solver_connection_receive (SolverConnection *connection,
                           gboolean          error)
{
  while (TRUE)
    {
      g_autofree char *text = NULL;
      LockstepJson     message = read_message (connection, &text);
      LockstepJson     value = lockstep_json_get_member (message, error ? "error" : "result");
      gint64           id;

      if (lockstep_json_get_kind (lockstep_json_get_member (message, "method")) != LOCKSTEP_JSON_ABSENT)
        continue;

      g_assert_true (lockstep_json_get_int (lockstep_json_get_member (message, "id"), &id));
      g_assert_cmpint (id, ==, connection->id);
      if (lockstep_json_get_kind (value) == LOCKSTEP_JSON_ABSENT)
        g_error ("Expected %s, received %.500s", error ? "an error" : "a result", text);

      return lockstep_json_dup_text (value);
    }
}

void
solver_connection_wait_for_progress (SolverConnection *connection)
{
  guint n_before = connection->n_progress;

  while (connection->n_progress == n_before)
    {
      g_autofree char *text = NULL;
      LockstepJson     message = read_message (connection, &text);

      g_assert_cmpint (lockstep_json_get_kind (lockstep_json_get_member (message, "method")), ==, LOCKSTEP_JSON_STRING);
    }
}

char *
solver_connection_call (SolverConnection *connection,
                        const char       *method,
                        const char       *params)
{
  solver_connection_send (connection, method, params);
  return solver_connection_receive (connection, FALSE);
}

guint
solver_connection_get_n_progress (SolverConnection *connection)
{
  return connection->n_progress;
}

void
solver_connection_free (SolverConnection *connection)
{
  g_autofree char   *answer = solver_connection_call (connection, "terminate", "{}");
  g_autoptr (GError) error = NULL;

  g_assert_cmpstr (answer, ==, "{}");
  g_subprocess_wait_check (connection->process, NULL, &error);
  g_assert_no_error (error);

  g_object_unref (connection->lines);
  g_object_unref (connection->stream);
  g_object_unref (connection->process);
  g_free (connection);
}
