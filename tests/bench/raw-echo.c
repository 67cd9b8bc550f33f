/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The limit: what broadcasts and barriers, and tasks shared out, cost with socket pairs, epoll, and nothing else.
 * Usage: raw-echo N PARAMS; commands: "barriers COUNT", "tasks COUNT". */

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench-command.h"
#include "echo-solver.h"

/* Calls that a process has at a time where tasks are shared out. */
#define DEPTH 2

typedef struct
{
  int         n;
  const char *params;
  int        *descriptors;
  pid_t      *processes;
  int         epoll;
  long        id;
} Echo;

static void
call (Echo *self,
      int   descriptor)
{
  char line[1024];
  int  length = snprintf (line, sizeof line, "{\"jsonrpc\":\"2.0\",\"id\":%ld,\"method\":\"null\",\"params\":%s}\n",
                          ++self->id, self->params);

  if (send (descriptor, line, (size_t) length, MSG_NOSIGNAL) != length)
    {
      perror ("A process could not be called");
      exit (1);
    }
}

/* How many answers there are in what @descriptor has for us. */
static int
receive (int descriptor)
{
  char    answers[4096];
  ssize_t size = recv (descriptor, answers, sizeof answers, 0);
  int     n = 0;

  if (size <= 0)
    {
      fprintf (stderr, "An echo process has ended\n");
      exit (1);
    }
  for (const char *end = answers; (end = memchr (end, '\n', (size_t) (answers + size - end))) != NULL; end++)
    n++;

  return n;
}

static void
pass_barrier (Echo *self)
{
  struct epoll_event events[64];
  int                waiting = self->n;

  for (int i = 0; i < self->n; i++)
    call (self, self->descriptors[i]);

  while (waiting > 0)
    {
      int n = epoll_wait (self->epoll, events, 64, -1);

      for (int i = 0; i < n; i++)
        waiting -= receive (events[i].data.fd);
    }
}

static void
share_out (Echo *self,
           long  n_tasks)
{
  struct epoll_event events[64];
  long               given = 0;
  long               done = 0;

  for (int i = 0; i < self->n * DEPTH && given < n_tasks; i++, given++)
    call (self, self->descriptors[i % self->n]);

  while (done < n_tasks)
    {
      int n = epoll_wait (self->epoll, events, 64, -1);

      for (int i = 0; i < n; i++)
        {
          int answered = receive (events[i].data.fd);

          done += answered;
          for (; answered > 0 && given < n_tasks; answered--, given++)
            call (self, events[i].data.fd);
        }
    }
}

static void
start (Echo *self)
{
  self->epoll = epoll_create1 (EPOLL_CLOEXEC);
  self->descriptors = calloc ((size_t) self->n, sizeof (int));
  self->processes = calloc ((size_t) self->n, sizeof (pid_t));

  for (int i = 0; i < self->n; i++)
    {
      struct epoll_event event = { .events = EPOLLIN };

      self->processes[i] = echo_start (&self->descriptors[i]);
      event.data.fd = self->descriptors[i];
      epoll_ctl (self->epoll, EPOLL_CTL_ADD, event.data.fd, &event);
    }
}

static void
stop (Echo *self)
{
  for (int i = 0; i < self->n; i++)
    {
      kill (self->processes[i], SIGKILL);
      waitpid (self->processes[i], NULL, 0);
      close (self->descriptors[i]);
    }
  close (self->epoll);
  free (self->descriptors);
  free (self->processes);
}

int
main (int   argc,
      char *argv[])
{
  Echo         self = { .n = argc > 1 ? atoi (argv[1]) : 2, .params = argc > 2 ? argv[2] : "{}" };
  BenchCommand command;

  bench_raise_descriptors ((uint64_t) self.n + 64);
  start (&self);
  bench_command_ready ();

  while (bench_command_read (&command))
    {
      double before = bench_clock ();
      double cpu_before = bench_cpu_clock ();

      if (strcmp (command.word, "barriers") == 0)
        for (long i = 0; i < (long) command.number; i++)
          pass_barrier (&self);
      else
        share_out (&self, (long) command.number);
      bench_command_answer ("{\"seconds\":%.9f,\"cpu\":%.9f}", bench_clock () - before, bench_cpu_clock () - cpu_before);
    }

  stop (&self);

  return 0;
}
