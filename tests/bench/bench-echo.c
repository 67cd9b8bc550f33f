/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a call costs: a broadcast to N solvers and a barrier, by LockstepPeer and by the least C that does the same.
 * Both talk to the same echo processes, over socket pairs. Usage: bench-echo [N]... */

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lockstep-peer.h"

#define ROUNDS          5
#define CALLS_PER_ROUND 20000

#define METHOD "step1"
#define PARAMS "{\"step\":\"step1\",\"iteration\":1,\"task\":17,\"attempt\":1,\"part\":2,\"parts\":4}"

/* The echo process: reads a line, answers the id that is in it. */
static void
echo (int descriptor)
{
  char  line[4096];
  gsize filled = 0;

  for (;;)
    {
      gssize size = read (descriptor, line + filled, sizeof line - 1 - filled);
      char  *newline;

      if (size <= 0)
        _exit (0);

      filled += (gsize) size;
      while ((newline = memchr (line, '\n', filled)) != NULL)
        {
          char answer[128];
          int  length;

          *newline = '\0';
          length = snprintf (answer, sizeof answer, "{\"jsonrpc\":\"2.0\",\"id\":%ld,\"result\":{\"sum\":0.25}}\n",
                             strtol (strstr (line, "\"id\":") + 5, NULL, 10));
          if (write (descriptor, answer, (gsize) length) != length)
            _exit (1);

          filled -= (gsize) (newline + 1 - line);
          memmove (line, newline + 1, filled);
        }
    }
}

static pid_t
start_echo (int *descriptor)
{
  int   ends[2];
  pid_t pid;

  if (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0)
    g_error ("Failed to make a socket pair: %s", g_strerror (errno));

  if ((pid = fork ()) == 0)
    {
      prctl (PR_SET_PDEATHSIG, SIGKILL);
      close (ends[0]);
      echo (ends[1]);
    }

  close (ends[1]);
  *descriptor = ends[0];

  return pid;
}

/* One descriptor of each kind a solver: the bare one and the peer each have a socket of their own to their process. */
typedef struct
{
  guint          n;
  int           *descriptors;
  int            epoll;
  LockstepPeer **peers;
  guint          waiting; /* replies that the barrier waits for */
  pid_t         *processes;
} Bench;

static void
barrier_in_c (Bench *bench,
              long   id)
{
  struct epoll_event events[64];
  guint              waiting = bench->n;

  for (guint i = 0; i < bench->n; i++)
    {
      char line[256];
      int  length = snprintf (line, sizeof line,
                              "{\"jsonrpc\":\"2.0\",\"id\":%ld,\"method\":\"" METHOD "\",\"params\":" PARAMS "}\n", id);

      if (send (bench->descriptors[i], line, (gsize) length, MSG_NOSIGNAL) != length)
        g_error ("Failed to write to an echo process: %s", g_strerror (errno));
    }

  while (waiting > 0)
    {
      int n = epoll_wait (bench->epoll, events, 64, -1);

      for (int i = 0; i < n; i++)
        {
          char answer[4096];

          if (recv (events[i].data.fd, answer, sizeof answer, 0) <= 0)
            g_error ("An echo process has ended");
          waiting--;
        }
    }
}

static void
call_cb (GObject      *peer,
         GAsyncResult *result,
         gpointer      user_data)
{
  Bench             *bench = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) answer = lockstep_peer_call_finish (LOCKSTEP_PEER (peer), result, &error);

  if (answer == NULL)
    g_error ("%s", error->message);

  bench->waiting--;
}

static void
barrier_with_peers (Bench *bench)
{
  g_autoptr (GBytes) params = g_bytes_new_static (PARAMS, sizeof PARAMS - 1);
  GBytes            *pieces[] = { params, NULL };

  bench->waiting = bench->n;
  for (guint i = 0; i < bench->n; i++)
    lockstep_peer_call_async (bench->peers[i], METHOD, pieces, NULL, call_cb, bench);

  while (bench->waiting > 0)
    g_main_context_iteration (NULL, TRUE);
}

static void
bench_set_up (Bench *bench,
              guint  n)
{
  *bench = (Bench){ .n = n, .epoll = epoll_create1 (EPOLL_CLOEXEC) };
  bench->descriptors = g_new (int, n);
  bench->peers = g_new (LockstepPeer *, n);
  bench->processes = g_new (pid_t, 2 * n);

  for (guint i = 0; i < n; i++)
    {
      int                           descriptor;
      g_autoptr (GSocket)           socket = NULL;
      g_autoptr (GSocketConnection) connection = NULL;
      struct epoll_event            event = { .events = EPOLLIN };

      bench->processes[2 * i] = start_echo (&bench->descriptors[i]);
      event.data.fd = bench->descriptors[i];
      epoll_ctl (bench->epoll, EPOLL_CTL_ADD, event.data.fd, &event);

      bench->processes[2 * i + 1] = start_echo (&descriptor);
      socket = g_socket_new_from_fd (descriptor, NULL);
      connection = g_socket_connection_factory_create_connection (socket);
      bench->peers[i] = lockstep_peer_new (G_IO_STREAM (connection));
    }
}

static void
bench_tear_down (Bench *bench)
{
  for (guint i = 0; i < bench->n; i++)
    {
      close (bench->descriptors[i]);
      g_object_unref (bench->peers[i]);
    }

  /* A process holds the ends of those started before it, until it ends itself. */
  for (guint i = 0; i < 2 * bench->n; i++)
    {
      kill (bench->processes[i], SIGKILL);
      waitpid (bench->processes[i], NULL, 0);
    }

  close (bench->epoll);
  g_free (bench->descriptors);
  g_free (bench->peers);
  g_free (bench->processes);
}

static int
compare_doubles (gconstpointer a,
                 gconstpointer b)
{
  double first = *(const double *) a;
  double second = *(const double *) b;

  return first < second ? -1 : first > second;
}

static double
median (double *values)
{
  qsort (values, ROUNDS, sizeof (double), compare_doubles);

  return values[ROUNDS / 2];
}

static void
measure (guint n)
{
  Bench  bench;
  double in_c[ROUNDS];
  double with_peers[ROUNDS];
  double ratios[ROUNDS];
  guint  n_barriers = MAX (CALLS_PER_ROUND / n, 20);

  bench_set_up (&bench, n);

  /* The first round of each warms up. */
  for (int round = -1; round < ROUNDS; round++)
    {
      gint64 start = g_get_monotonic_time ();
      gint64 middle;
      gint64 end;
      double calls = (double) n_barriers * n;

      for (guint i = 0; i < n_barriers; i++)
        barrier_in_c (&bench, i + 1);
      middle = g_get_monotonic_time ();

      for (guint i = 0; i < n_barriers; i++)
        barrier_with_peers (&bench);
      end = g_get_monotonic_time ();

      if (round < 0)
        continue;

      in_c[round] = (double) (middle - start) / calls;
      with_peers[round] = (double) (end - middle) / calls;
      ratios[round] = with_peers[round] / in_c[round];
    }

  bench_tear_down (&bench);

  printf ("%4u solvers: %6.2f us a call in C, %6.2f us with LockstepPeer, %.2f times\n",
          n, median (in_c), median (with_peers), median (ratios));
  fflush (stdout);
}

int
main (int   argc,
      char *argv[])
{
  static const guint numbers[] = { 2, 8, 64, 512 };

  if (argc > 1)
    for (int i = 1; i < argc; i++)
      measure ((guint) CLAMP (atoi (argv[i]), 1, 4096));
  else
    for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
      measure (numbers[i]);

  return 0;
}
