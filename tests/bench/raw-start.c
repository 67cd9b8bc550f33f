/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The limit of a cold start: N solvers by fork, exec and a connected socket pair, until the last one has answered
 * initialize. Usage: raw-start N PROGRAM; command: "start". */

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench-command.h"

#define INITIALIZE                                                      \
  "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"initialize\",\"params\":" \
  "{\"protocol\":1,\"solver\":%d,\"run\":\"\",\"directory\":\"/tmp\",\"params\":{}}}\n"

typedef struct
{
  pid_t pid;
  int   descriptor;
} Child;

static Child
start_child (int         index,
             const char *program)
{
  Child child;
  char  line[256];
  int   length = snprintf (line, sizeof line, INITIALIZE, index);
  int   ends[2];

  if (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0 || (child.pid = fork ()) < 0)
    {
      perror ("A solver could not be started");
      exit (1);
    }
  if (child.pid == 0)
    {
      prctl (PR_SET_PDEATHSIG, SIGKILL);
      dup2 (ends[1], 3);
      if (ends[1] == 3)
        fcntl (3, F_SETFD, 0);
      setenv ("LOCKSTEP_STREAM", "fd:3", 1);
      execl (program, program, NULL);
      _exit (127);
    }

  close (ends[1]);
  child.descriptor = ends[0];
  if (send (child.descriptor, line, (size_t) length, MSG_NOSIGNAL) != length)
    {
      perror ("A solver could not be called");
      exit (1);
    }

  return child;
}

static double
start (int         n,
       const char *program)
{
  double before = bench_clock ();
  double seconds;
  Child *children = calloc ((size_t) n, sizeof (Child));
  int    epoll = epoll_create1 (EPOLL_CLOEXEC);

  for (int i = 0; i < n; i++)
    {
      struct epoll_event event = { .events = EPOLLIN };

      children[i] = start_child (i, program);
      event.data.fd = children[i].descriptor;
      epoll_ctl (epoll, EPOLL_CTL_ADD, event.data.fd, &event);
    }
  for (int waiting = n; waiting > 0;)
    {
      struct epoll_event events[64];
      int                n_events = epoll_wait (epoll, events, 64, -1);

      for (int i = 0; i < n_events; i++)
        {
          char answer[4096];

          if (recv (events[i].data.fd, answer, sizeof answer, 0) <= 0)
            {
              fprintf (stderr, "%s has ended before it answered\n", program);
              exit (1);
            }
          waiting--;
        }
    }
  seconds = bench_clock () - before;

  for (int i = 0; i < n; i++)
    {
      kill (children[i].pid, SIGKILL);
      waitpid (children[i].pid, NULL, 0);
      close (children[i].descriptor);
    }
  close (epoll);
  free (children);

  return seconds;
}

int
main (int   argc,
      char *argv[])
{
  int          n = argc > 1 ? atoi (argv[1]) : 2;
  BenchCommand command;

  if (argc < 3)
    {
      fprintf (stderr, "Usage: raw-start N PROGRAM\n");
      return 2;
    }

  bench_raise_descriptors ((uint64_t) n + 64);
  bench_command_ready ();
  while (bench_command_read (&command))
    bench_command_answer ("{\"seconds\":%.9f}", start (n, argv[2]));

  return 0;
}
