/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "tsp-problem.h"

#include "assignment-files.h"
#include "tsp-reader.h"

char *
tsp_problem_find_tsplib (const char *name)
{
  const char      *given = g_getenv ("LOCKSTEP_TEST_DATA");
  g_autofree char *beside = g_build_filename (TEST_SOURCE_ROOT, "..", "shared", "data", NULL);
  g_autofree char *path = g_build_filename (given ? given : beside, "tsplib", name, NULL);

  if (g_file_test (path, G_FILE_TEST_EXISTS))
    return g_steal_pointer (&path);

  g_test_skip_printf ("%s is not there; LOCKSTEP_TEST_DATA names the folder that holds tsplib/", path);
  return NULL;
}

TspInstance *
tsp_problem_read (const char *text)
{
  g_autofree char   *folder = assignment_files_make_folder ();
  g_autofree char   *path = assignment_files_write (folder, "instance.tsp", text);
  g_autoptr (GError) error = NULL;
  TspInstance       *instance = tsp_reader_read (path, &error);

  g_assert_no_error (error);
  assignment_files_remove (folder);

  return instance;
}

TspInstance *
tsp_problem_make_lattice (guint      n_cities,
                          guint      side,
                          TspRandom *random)
{
  double            *x = g_new (double, n_cities);
  double            *y = g_new (double, n_cities);
  g_autoptr (GError) error = NULL;
  TspInstance       *instance;

  for (guint i = 0; i < n_cities; i++)
    {
      x[i] = 10.0 * tsp_random_below (random, side);
      y[i] = 10.0 * tsp_random_below (random, side);
    }

  instance = tsp_instance_new (g_strdup ("lattice"), TSP_EUC_2D, n_cities, x, y, &error);
  g_assert_no_error (error);

  return instance;
}

guint *
tsp_problem_make_tour (guint      n_cities,
                       TspRandom *random)
{
  guint *tour = g_new (guint, n_cities);

  for (guint i = 0; i < n_cities; i++)
    {
      guint j = tsp_random_below (random, i + 1);

      tour[i] = tour[j];
      tour[j] = i;
    }

  return tour;
}

void
tsp_problem_assert_is_tour (const guint *order,
                            guint        n_cities)
{
  g_autofree guint8 *seen = g_new0 (guint8, n_cities);

  for (guint i = 0; i < n_cities; i++)
    {
      g_assert_cmpuint (order[i], <, n_cities);
      g_assert_false (seen[order[i]]);
      seen[order[i]] = TRUE;
    }
}
