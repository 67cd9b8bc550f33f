/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "session.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/close_range.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <unistd.h>

int
session_enter (int last_descriptor)
{
  sigset_t signals;

  /* Fails for the leader of a process group, as when a shell started the guard by hand: then it stays where it is. */
  setsid ();

  if (prctl (PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) < 0)
    return -1;

  if (close_range (last_descriptor + 1, ~0U, 0) < 0)
    return -1;

  /* An ignored signal would stay ignored in the solver. SIGKILL, SIGSTOP and those of the C library refuse; rightly. */
  for (int number = 1; number < NSIG; number++)
    signal (number, SIG_DFL);

  sigemptyset (&signals);
  sigaddset (&signals, SIGCHLD);
  sigaddset (&signals, SIGTERM);
  sigaddset (&signals, SIGINT);
  sigaddset (&signals, SIGHUP);
  if (sigprocmask (SIG_SETMASK, &signals, NULL) < 0)
    return -1;

  return signalfd (-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
}

void
session_unblock_signals (void)
{
  sigset_t none;

  sigemptyset (&none);
  sigprocmask (SIG_SETMASK, &none, NULL);
}

int
session_set_nice (int nice)
{
  char    text[16];
  int     length = snprintf (text, sizeof text, "%d", nice);
  int     fd = open ("/proc/self/autogroup", O_WRONLY | O_CLOEXEC);
  ssize_t written;
  int     result;

  if (fd < 0)
    return 0;

  written = write (fd, text, length);
  result = written < 0 && errno == EAGAIN ? EAGAIN : 0;
  close (fd);

  return result;
}
