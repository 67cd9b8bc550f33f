/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "echo-many.h"

#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "echo-solver.h"

/* Room for one descriptor beside a message. */
typedef union
{
  struct cmsghdr header;
  char           room[CMSG_SPACE (sizeof (int))];
} Ancillary;

static struct msghdr
make_message (struct iovec *byte,
              Ancillary    *ancillary)
{
  return (struct msghdr){ .msg_iov = byte, .msg_iovlen = 1, .msg_control = ancillary, .msg_controllen = sizeof *ancillary };
}

/* Takes a stream over from @control; false at its end. */
static bool
take_stream (int control,
             int epoll)
{
  char               nothing;
  struct iovec       byte = { &nothing, 1 };
  Ancillary          ancillary;
  struct msghdr      message = make_message (&byte, &ancillary);
  EchoStream        *stream;
  struct epoll_event event = { .events = EPOLLIN };

  if (recvmsg (control, &message, MSG_CMSG_CLOEXEC) <= 0 || CMSG_FIRSTHDR (&message) == NULL)
    return false;

  stream = calloc (1, sizeof *stream);
  memcpy (&stream->descriptor, CMSG_DATA (CMSG_FIRSTHDR (&message)), sizeof (int));
  event.data.ptr = stream;

  return epoll_ctl (epoll, EPOLL_CTL_ADD, stream->descriptor, &event) == 0;
}

static void
serve (int control)
{
  int                epoll = epoll_create1 (EPOLL_CLOEXEC);
  struct epoll_event event = { .events = EPOLLIN };

  epoll_ctl (epoll, EPOLL_CTL_ADD, control, &event);
  for (;;)
    {
      struct epoll_event events[64];
      int                n = epoll_wait (epoll, events, 64, -1);

      for (int i = 0; i < n; i++)
        {
          EchoStream *stream = events[i].data.ptr;

          if (stream == NULL && !take_stream (control, epoll))
            return;
          if (stream != NULL && !echo_answer (stream))
            {
              close (stream->descriptor);
              free (stream);
            }
        }
    }
}

pid_t
echo_many_start (int *control)
{
  int   ends[2];
  pid_t pid;

  if (socketpair (AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0 || (pid = fork ()) < 0)
    {
      perror ("The process that answers could not be started");
      exit (1);
    }
  if (pid == 0)
    {
      prctl (PR_SET_PDEATHSIG, SIGKILL);
      close (ends[0]);
      close (STDIN_FILENO);
      close (STDOUT_FILENO);
      serve (ends[1]);
      _exit (0);
    }

  close (ends[1]);
  *control = ends[0];

  return pid;
}

int
echo_many_add (int control,
               int descriptor)
{
  char            nothing = 0;
  struct iovec    byte = { &nothing, 1 };
  Ancillary       ancillary = { { 0 } };
  struct msghdr   message = make_message (&byte, &ancillary);
  struct cmsghdr *header = CMSG_FIRSTHDR (&message);

  header->cmsg_level = SOL_SOCKET;
  header->cmsg_type = SCM_RIGHTS;
  header->cmsg_len = CMSG_LEN (sizeof (int));
  memcpy (CMSG_DATA (header), &descriptor, sizeof (int));

  return sendmsg (control, &message, MSG_NOSIGNAL) == 1 ? 0 : -1;
}
