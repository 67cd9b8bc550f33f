/* SPDX-License-Identifier: GPL-3.0-or-later */

/* How soon solvers that compute answer status, with one busy solver on each of two processors: the solvers are
 * called in turn. Started as solvers are by Lockstep, at nice 10. Usage: bench-status SOLVER [CALLS] */

#include <gio/gio.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#define N_SOLVERS 2

/* Longer than the bench, which cancels it. */
#define STEP "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"step1\",\"params\":{\"task\":%d,\"params\":{\"repeat\":100000}}}\n"

typedef struct
{
  GSubprocess *process;
  FILE        *in;
  int          out;
} Solver;

static void
be_nice (gpointer unused)
{
  setpriority (PRIO_PROCESS, 0, 10);
}

static Solver
start_solver (const char *program,
              int         index)
{
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_NONE);
  g_autoptr (GError)              error = NULL;
  Solver                          self = { NULL };
  int                             pair[2];

  if (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0)
    g_error ("No socket pair: %s", g_strerror (errno));
  g_subprocess_launcher_take_fd (launcher, pair[1], 3);
  g_subprocess_launcher_setenv (launcher, "LOCKSTEP_STREAM", "fd:3", TRUE);
  g_subprocess_launcher_set_child_setup (launcher, be_nice, NULL, NULL);
  self.process = g_subprocess_launcher_spawn (launcher, &error, program, NULL);
  if (!self.process)
    g_error ("%s does not start: %s", program, error->message);
  self.out = pair[0];
  self.in = fdopen (pair[0], "r");
  dprintf (self.out, STEP, index);

  return self;
}

/* The time that status takes, in ms. Progress comes in between. */
static double
ask (Solver *self,
     int     id)
{
  gint64           before = g_get_monotonic_time ();
  g_autofree char *head = g_strdup_printf ("{\"jsonrpc\":\"2.0\",\"id\":%d,\"result\":{\"state\":\"busy\"", id);
  char             line[1024];

  dprintf (self->out, "{\"jsonrpc\":\"2.0\",\"id\":%d,\"method\":\"status\"}\n", id);
  do
    {
      if (!fgets (line, sizeof line, self->in))
        g_error ("The solver has gone");
      if (strstr (line, "\"id\":") && !g_str_has_prefix (line, head))
        g_error ("The solver does not compute: %s", line);
    }
  while (!g_str_has_prefix (line, head));

  return (g_get_monotonic_time () - before) * 1e-3;
}

static int
compare (gconstpointer a,
         gconstpointer b)
{
  double x = *(const double *) a;
  double y = *(const double *) b;

  return (x > y) - (x < y);
}

int
main (int    argc,
      char **argv)
{
  const int          n_calls = argc > 2 ? atoi (argv[2]) : 500;
  Solver             solvers[N_SOLVERS];
  g_autofree double *times = g_new (double, N_SOLVERS *n_calls);

  if (argc < 2)
    g_error ("Usage: bench-status SOLVER [CALLS]");

  for (int i = 0; i < N_SOLVERS; i++)
    solvers[i] = start_solver (argv[1], i);
  for (int i = 0; i < n_calls; i++)
    for (int j = 0; j < N_SOLVERS; j++)
      {
        times[i * N_SOLVERS + j] = ask (&solvers[j], 10 + i);
        g_usleep (1000 + g_random_int_range (0, 4000));
      }
  for (int i = 0; i < N_SOLVERS; i++)
    {
      fclose (solvers[i].in);
      g_subprocess_wait (solvers[i].process, NULL, NULL);
      g_object_unref (solvers[i].process);
    }

  qsort (times, N_SOLVERS * n_calls, sizeof times[0], compare);
  printf ("{\"calls\":%d,\"median\":%.9f,\"worst\":%.9f}\n", N_SOLVERS * n_calls,
          times[N_SOLVERS * n_calls / 2] * 1e-3, times[N_SOLVERS * n_calls - 1] * 1e-3);

  return 0;
}
