/* SPDX-License-Identifier: MIT */

/* A square plate, warm along one edge: the temperature in its middle, by relaxation. It reads its case from standard input,
 * prints as C does, a block at a time where it is no terminal, and knows nothing of Lockstep. */

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define MAX_SIZE 401

static double plate[MAX_SIZE][MAX_SIZE];

int
main (void)
{
  double edge, goal, change = HUGE_VAL;
  int    size, sweep;

  if (scanf ("edge %lf size %d goal %lf", &edge, &size, &goal) != 3 || size < 3 || size > MAX_SIZE)
    {
      fprintf (stderr, "FATAL: no case on standard input\n");
      return EXIT_FAILURE;
    }

  for (int j = 1; j < size - 1; j++)
    plate[0][j] = edge;

  for (sweep = 1; change > goal; sweep++)
    {
      change = 0;
      for (int i = 1; i < size - 1; i++)
        for (int j = 1; j < size - 1; j++)
          {
            double mean = (plate[i - 1][j] + plate[i + 1][j] + plate[i][j - 1] + plate[i][j + 1]) / 4;

            change = fmax (change, fabs (mean - plate[i][j]));
            plate[i][j] = mean;
          }
      if (sweep % 500 == 0)
        printf ("sweep %6d   change %.3e   digits %.2f\n", sweep, change, -log10 (change));
    }

  printf ("middle: %.9g after %d sweeps\n", plate[size / 2][size / 2], sweep);
  return EXIT_SUCCESS;
}
