/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The same broadcast and barrier with MPI: rank 0 sends the params to all others and gathers a number from each.
 * Usage: mpirun … mpi-barrier COUNT PARAMS. The first tenth warms up. */

#include <mpi.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int
main (int   argc,
      char *argv[])
{
  char    payload[1024] = "";
  long    count = argc > 1 ? atol (argv[1]) : 1000;
  double  before = 0;
  double  own = 0;
  double *gathered;
  int     rank;
  int     n_ranks;
  int     size;

  MPI_Init (&argc, &argv);
  MPI_Comm_rank (MPI_COMM_WORLD, &rank);
  MPI_Comm_size (MPI_COMM_WORLD, &n_ranks);
  gathered = calloc ((size_t) n_ranks, sizeof (double));
  size = snprintf (payload, sizeof payload, "%s", argc > 2 ? argv[2] : "{}");

  for (long i = -count / 10; i < count; i++)
    {
      if (i == 0)
        before = MPI_Wtime ();
      MPI_Bcast (payload, size, MPI_CHAR, 0, MPI_COMM_WORLD);
      MPI_Gather (&own, 1, MPI_DOUBLE, gathered, 1, MPI_DOUBLE, 0, MPI_COMM_WORLD);
    }
  if (rank == 0)
    printf ("{\"seconds\":%.9f}\n", MPI_Wtime () - before);

  free (gathered);
  MPI_Finalize ();

  return 0;
}
