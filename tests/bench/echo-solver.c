/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "echo-solver.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

bool
echo_answer (EchoStream *stream)
{
  ssize_t size = read (stream->descriptor, stream->line + stream->filled, sizeof stream->line - 1 - stream->filled);
  char   *newline;

  if (size <= 0)
    return false;

  stream->filled += (size_t) size;
  while ((newline = memchr (stream->line, '\n', stream->filled)) != NULL)
    {
      char  answer[128];
      char *id;
      int   length;

      *newline = '\0';
      id = strstr (stream->line, "\"id\":");
      length = snprintf (answer, sizeof answer, "{\"jsonrpc\":\"2.0\",\"id\":%ld,\"result\":null}\n",
                         id != NULL ? strtol (id + strlen ("\"id\":"), NULL, 10) : 0);
      if (write (stream->descriptor, answer, (size_t) length) != length)
        return false;

      stream->filled -= (size_t) (newline + 1 - stream->line);
      memmove (stream->line, newline + 1, stream->filled);
    }

  return true;
}

void
echo_serve (int descriptor)
{
  EchoStream stream = { .descriptor = descriptor };

  while (echo_answer (&stream))
    continue;
}

pid_t
echo_start (int *descriptor)
{
  int   ends[2];
  pid_t pid;

  if (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0)
    {
      perror ("A socket pair could not be made");
      exit (1);
    }

  pid = fork ();
  if (pid == 0)
    {
      prctl (PR_SET_PDEATHSIG, SIGKILL);
      /* Those of the processes started before, and what the bench is told by. */
      close_range (3, (unsigned) ends[1] - 1, 0);
      close (STDIN_FILENO);
      close (STDOUT_FILENO);
      echo_serve (ends[1]);
      _exit (0);
    }
  if (pid < 0)
    {
      perror ("A process could not be started");
      exit (1);
    }

  close (ends[1]);
  *descriptor = ends[0];

  return pid;
}
