/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What LockstepPeer alone makes of it: the same echo processes as raw-echo has, called through the transport.
 * Usage: peer-echo N PARAMS; command: "barriers COUNT". */

#include <signal.h>
#include <string.h>
#include <sys/wait.h>

#include "bench-command.h"
#include "echo-solver.h"
#include "lockstep-peer.h"

typedef struct
{
  guint          n;
  GBytes        *params;
  LockstepPeer **peers;
  pid_t         *processes;
  guint          waiting; /* replies that the barrier waits for */
} Echo;

static void
call_cb (LockstepPeer *peer,
         GBytes       *answer,
         const GError *error,
         gpointer      user_data)
{
  Echo *self = user_data;

  if (answer == NULL)
    g_error ("%s", error->message);

  self->waiting--;
}

static void
pass_barrier (Echo *self)
{
  GBytes *pieces[] = { self->params, NULL };

  self->waiting = self->n;
  for (guint i = 0; i < self->n; i++)
    lockstep_peer_call (self->peers[i], "null", pieces, NULL, call_cb, self);

  while (self->waiting > 0)
    g_main_context_iteration (NULL, TRUE);
}

static void
start (Echo *self)
{
  self->peers = g_new (LockstepPeer *, self->n);
  self->processes = g_new (pid_t, self->n);

  for (guint i = 0; i < self->n; i++)
    {
      int                           descriptor;
      g_autoptr (GSocket)           socket = NULL;
      g_autoptr (GSocketConnection) connection = NULL;

      self->processes[i] = echo_start (&descriptor);
      socket = g_socket_new_from_fd (descriptor, NULL);
      connection = g_socket_connection_factory_create_connection (socket);
      self->peers[i] = lockstep_peer_new (G_IO_STREAM (connection));
    }
}

static void
stop (Echo *self)
{
  for (guint i = 0; i < self->n; i++)
    {
      kill (self->processes[i], SIGKILL);
      waitpid (self->processes[i], NULL, 0);
      g_object_unref (self->peers[i]);
    }
  g_free (self->peers);
  g_free (self->processes);
  g_bytes_unref (self->params);
}

int
main (int   argc,
      char *argv[])
{
  const char  *params = argc > 2 ? argv[2] : "{}";
  Echo         self = { .n = argc > 1 ? (guint) atoi (argv[1]) : 2, .params = g_bytes_new (params, strlen (params)) };
  BenchCommand command;

  bench_raise_descriptors (self.n + 64);
  start (&self);
  bench_command_ready ();

  while (bench_command_read (&command))
    {
      double before = bench_clock ();
      double cpu_before = bench_cpu_clock ();

      for (long i = 0; i < (long) command.number; i++)
        pass_barrier (&self);
      bench_command_answer ("{\"seconds\":%.9f,\"cpu\":%.9f}", bench_clock () - before, bench_cpu_clock () - cpu_before);
    }

  stop (&self);

  return 0;
}
