/* SPDX-License-Identifier: GPL-3.0-or-later */

/* How short a tour lockstep-tsp-solver finds in 10 s on 2 solvers: runs a plan of 10 iterations of 1 s with
 * lockstep-cli, fewer where they come to the optimum, for each instance and seed, and prints how far above the optimum
 * it ended. Exits with 1 where the median is farther than it is to be.
 * Usage: bench-tsp LOCKSTEP_CLI TSP_SOLVER [SEEDS [INSTANCE]...], the instances in $LOCKSTEP_TEST_DATA/tsplib. */

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lockstep-json.h"

#define MOST_SEEDS 25

/* What is known of an instance, and how much longer than that the median may be. */
static const struct
{
  const char *name;
  double      optimum;
  double      allowance;
} instances[] = {
  { "berlin52", 7542, 0 },
  { "a280", 2579, 0 },
  { "pcb442", 50778, 0.003 },
};

static const char plan_text[] =
  "{ \"lockstep\": 1, \"name\": \"Travelling salesman\",\n"
  "  \"solver\": { \"command\": [\"%s\"] },\n"
  "  \"params\": { \"instance\": \"%s\", \"seconds\": 1, \"seed\": %u },\n"
  "  \"steps\": [\n"
  "    { \"repeat\": 10, \"until\": \"length <= %.0f\", \"steps\": [\n"
  "        { \"step\": \"improve\", \"on\": \"all\" },\n"
  "        { \"step\": \"combine\", \"on\": \"one\" } ] },\n"
  "    { \"step\": \"report\", \"on\": \"one\" } ] }\n";

static void
give_up (const char *what,
         GError     *error)
{
  fprintf (stderr, "bench-tsp: %s: %s\n", what, error ? error->message : "not as expected");
  exit (1);
}

static double
read_number (LockstepJson value)
{
  double number;

  if (!lockstep_json_get_double (value, &number))
    give_up ("The result of lockstep-cli", NULL);

  return number;
}

/* Runs the plan, no longer than until the tour has the length @optimum. Returns the length of the tour; sets @seconds to
 * how long all of it took. */
static double
run (const char *cli,
     const char *solver,
     const char *instance,
     guint       seed,
     const char *folder,
     double      optimum,
     double     *seconds)
{
  g_autofree char        *plan = g_strdup_printf (plan_text, solver, instance, seed, optimum);
  g_autofree char        *path = g_build_filename (folder, "tsp.lockstep", NULL);
  g_autofree char        *runs = g_build_filename (folder, "runs", NULL);
  g_autofree char        *printed = NULL;
  g_autoptr (GSubprocess) process = NULL;
  g_autoptr (GError)      error = NULL;
  LockstepJson            report;

  if (!g_file_set_contents (path, plan, -1, &error))
    give_up (path, error);

  process = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_SILENCE, &error,
                              cli, "run", path, "--json", "--solvers", "2", "--runs-dir", runs, NULL);
  if (!process || !g_subprocess_communicate_utf8 (process, NULL, NULL, &printed, NULL, &error) ||
      !lockstep_json_scan (printed, strlen (printed), &report, &error))
    give_up (cli, error);

  if (!lockstep_json_is_string (lockstep_json_get_member (report, "state"), "finished"))
    give_up (printed, NULL);

  *seconds = read_number (lockstep_json_get_member (report, "seconds"));
  return read_number (lockstep_json_get_member (lockstep_json_get_member (report, "result"), "length"));
}

static int
compare_lengths (const void *a,
                 const void *b)
{
  const double *left = a;
  const double *right = b;

  return *left < *right ? -1 : *left > *right;
}

/* Whether the median is as short as it is to be. */
static gboolean
measure (const char *cli,
         const char *solver,
         guint       which,
         guint       n_seeds,
         const char *folder)
{
  const char      *data = g_getenv ("LOCKSTEP_TEST_DATA");
  g_autofree char *file = g_strconcat (instances[which].name, ".tsp", NULL);
  g_autofree char *path = g_build_filename (data ? data : BENCH_DEFAULT_DATA, "tsplib", file, NULL);
  double           optimum = instances[which].optimum;
  double           lengths[MOST_SEEDS];
  double           median;
  gboolean         reached;

  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    {
      printf ("%-10s skipped: %s is not there; LOCKSTEP_TEST_DATA names the folder that holds tsplib/\n",
              instances[which].name, path);
      return TRUE;
    }

  for (guint i = 0; i < n_seeds; i++)
    {
      double seconds;

      lengths[i] = run (cli, solver, path, i + 1, folder, optimum, &seconds);
      printf ("%-10s seed %2u: %6.0f, %6.3f %% above the optimum, %.1f s\n", instances[which].name, i + 1, lengths[i],
              (lengths[i] / optimum - 1) * 100, seconds);
      fflush (stdout);
    }

  qsort (lengths, n_seeds, sizeof *lengths, compare_lengths);
  median = lengths[n_seeds / 2];
  reached = median <= optimum * (1 + instances[which].allowance);
  printf ("%-10s median:  %6.0f, %6.3f %% above the optimum: %s\n", instances[which].name, median,
          (median / optimum - 1) * 100, reached ? "as it should be" : "TOO LONG");

  return reached;
}

/* Removes what the runs left. */
static void
remove_folder (const char *path)
{
  g_autoptr (GDir) folder = g_dir_open (path, 0, NULL);
  const char      *name;

  while (folder && (name = g_dir_read_name (folder)))
    {
      g_autofree char *inner = g_build_filename (path, name, NULL);

      if (g_file_test (inner, G_FILE_TEST_IS_DIR) && !g_file_test (inner, G_FILE_TEST_IS_SYMLINK))
        remove_folder (inner);
      else
        g_remove (inner);
    }

  g_rmdir (path);
}

int
main (int    argc,
      char **argv)
{
  g_autoptr (GError) error = NULL;
  g_autofree char   *folder = NULL;
  g_autofree char   *solver = NULL;
  gboolean           reached = TRUE;
  guint              n_seeds = argc > 3 ? (guint) CLAMP (atoi (argv[3]), 1, MOST_SEEDS) : 5;

  if (argc < 3)
    {
      fprintf (stderr, "Usage: %s LOCKSTEP_CLI TSP_SOLVER [SEEDS [INSTANCE]...]\n", argv[0]);
      return 2;
    }
  /* The plan is in another folder. */
  solver = g_canonicalize_filename (argv[2], NULL);
  if (!(folder = g_dir_make_tmp ("bench-tsp-XXXXXX", &error)))
    give_up ("A temporary folder", error);

  for (guint i = 0; i < G_N_ELEMENTS (instances); i++)
    if (argc <= 4 || g_strv_contains ((const char *const *) argv + 4, instances[i].name))
      reached &= measure (argv[1], solver, i, n_seeds, folder);

  remove_folder (folder);
  return reached ? 0 : 1;
}
