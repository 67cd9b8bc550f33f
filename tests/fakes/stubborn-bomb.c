/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * A program that forks for as long as it is let, ignores SIGTERM, and ends by itself after a minute, lest a test that
 * fails takes the machine with it.
 *
 * stubborn-bomb tree DEPTH   every process has two children, DEPTH deep, and replaces one that dies at once
 * stubborn-bomb hop N        N processes that fork, exit, and live on in their child, each millisecond
 *
 * "ready" and a newline go to descriptor 3 when it is in full swing.
 */

#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define LONGEST_LIFE 60

/* Shared by all processes. */
static atomic_int *n_forks;

/* Tells once that enough was forked. */
static void
count_fork (int enough)
{
  if (atomic_fetch_add (n_forks, 1) + 1 == enough)
    (void) !write (3, "ready\n", 6);
}

static void
be_tree (int depth)
{
  int enough = (2 << depth) - 2;
  int n_children = 0;

  while (depth > 0)
    {
      pid_t child;

      if (n_children == 2 && wait (NULL) > 0)
        n_children--;

      if ((child = fork ()) == 0)
        {
          count_fork (enough);
          alarm (LONGEST_LIFE);
          n_children = 0;
          depth--;
        }
      else if (child > 0)
        n_children++;
    }

  for (;;)
    pause ();
}

static void
be_hoppers (int n_hoppers)
{
  time_t deadline = time (NULL) + LONGEST_LIFE;
  int    enough = 20 * n_hoppers;

  for (int i = 1; i < n_hoppers; i++)
    if (fork () == 0)
      break;

  while (time (NULL) < deadline)
    {
      if (fork () != 0)
        _exit (0);

      count_fork (enough);
      nanosleep (&(struct timespec){ .tv_nsec = 1000000 }, NULL);
    }
}

int
main (int   argc,
      char *argv[])
{
  int number = argc > 2 ? atoi (argv[2]) : 0;

  if (number < 1 || number > 100)
    return 2;

  n_forks = mmap (NULL, sizeof *n_forks, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (n_forks == MAP_FAILED)
    return 1;

  signal (SIGTERM, SIG_IGN);
  alarm (LONGEST_LIFE);

  if (strcmp (argv[1], "tree") == 0 && number <= 7)
    be_tree (number);
  else if (strcmp (argv[1], "hop") == 0)
    be_hoppers (number);

  return 2;
}
