/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * A program that does not want to go: it ignores every signal that can be ignored, and has a daemon that does so too,
 * started by a double fork, in a session of its own, with none of its descriptors.
 *
 * stubborn-daemon stay    the program and its daemon stay
 * stubborn-daemon leave   the program exits with 7, the daemon stays
 *
 * Either way "ready" and a newline go to descriptor 3 once all of it stands.
 */

#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static void
ignore_signals (void)
{
  for (int number = 1; number < NSIG; number++)
    if (number != SIGCHLD)
      signal (number, SIG_IGN);
}

static void
wait_for_ever (void)
{
  for (;;)
    pause ();
}

/* Returns once the daemon stands. */
static void
start_daemon (void)
{
  int   ends[2];
  char  byte;
  pid_t child;

  if (pipe (ends) < 0 || (child = fork ()) < 0)
    _exit (1);

  if (child == 0)
    {
      setsid ();
      if (fork () != 0)
        _exit (0);

      for (int fd = 0; fd < 3; fd++)
        close (fd);
      close (3);
      close (ends[0]);
      (void) !chdir ("/");
      (void) !write (ends[1], "x", 1);
      close (ends[1]);
      wait_for_ever ();
    }

  close (ends[1]);
  waitpid (child, NULL, 0);
  if (read (ends[0], &byte, 1) != 1)
    _exit (1);
  close (ends[0]);
}

int
main (int   argc,
      char *argv[])
{
  ignore_signals ();
  start_daemon ();

  if (write (3, "ready\n", 6) != 6)
    return 1;

  if (argc > 1 && strcmp (argv[1], "leave") == 0)
    return 7;

  wait_for_ever ();
}
