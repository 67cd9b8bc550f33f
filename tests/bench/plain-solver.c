/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The echo process as a solver: what is left of a run's overhead when the SDK is left out. */

#include "echo-solver.h"

#include <stdio.h>
#include <stdlib.h>

int
main (void)
{
  const char *stream = getenv ("LOCKSTEP_STREAM");
  int         descriptor;

  if (stream == NULL || sscanf (stream, "fd:%d", &descriptor) != 1)
    {
      fprintf (stderr, "There is no stream; this program is started by Lockstep\n");
      return 1;
    }

  echo_serve (descriptor);

  return 0;
}
