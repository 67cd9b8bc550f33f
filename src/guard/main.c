/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "control.h"
#include "guard.h"
#include "session.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Where the controller puts the descriptors. */
#define STREAM  3
#define CONTROL 4

#define DEFAULT_GRACE 5

static void __attribute__ ((noreturn))
fail_usage (const char *reason)
{
  fprintf (stderr,
           "lockstep-guard: %s\n"
           "Usage: lockstep-guard [--grace SECONDS] [--nice N] [--directory DIR] [--output FILE] "
           "-- COMMAND [ARGUMENT…]\n"
           "Lockstep starts this program itself, with the solver's stream as descriptor 3 and a control socket as 4.\n",
           reason);
  exit (2);
}

static bool
parse_nice (const char *text,
            int        *nice)
{
  char *end;
  long  value = strtol (text, &end, 10);

  if (end == text || *end != '\0' || value < -20 || value > 19)
    return false;

  *nice = value;
  return true;
}

int
main (int   argc,
      char *argv[])
{
  static const struct option options[] = {
    { "grace", required_argument, NULL, 'g' },
    { "nice", required_argument, NULL, 'n' },
    { "directory", required_argument, NULL, 'd' },
    { "output", required_argument, NULL, 'o' },
    { NULL },
  };
  ChildPlan plan = { 0 };
  double    grace = DEFAULT_GRACE;
  int       option;
  int       signals;

  opterr = 0;
  while ((option = getopt_long (argc, argv, "+", options, NULL)) >= 0)
    switch (option)
      {
      case 'g':
        if (!control_parse_seconds (optarg, &grace))
          fail_usage ("--grace takes a number of seconds");
        break;
      case 'n':
        if (!parse_nice (optarg, &plan.nice))
          fail_usage ("--nice takes a number from -20 to 19");
        plan.has_nice = true;
        break;
      case 'd':
        plan.directory = optarg;
        break;
      case 'o':
        plan.output = optarg;
        break;
      default:
        fail_usage ("unknown option, or one without its value");
      }

  if (optind >= argc)
    fail_usage ("no command given");
  plan.command = &argv[optind];

  if (fcntl (STREAM, F_GETFD) < 0 || fcntl (CONTROL, F_SETFD, FD_CLOEXEC) < 0)
    fail_usage ("descriptors 3 and 4 are not open");

  if ((signals = session_enter (CONTROL)) < 0)
    {
      fprintf (stderr, "lockstep-guard: this system lacks what a guard needs: %s\n", strerror (errno));
      return 1;
    }

  guard_run (&plan, CONTROL, STREAM, signals, grace);

  return 0;
}
