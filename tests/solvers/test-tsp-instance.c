/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "assignment-files.h"
#include "tsp-distance.h"
#include "tsp-problem.h"
#include "tsp-reader.h"

#include <string.h>

#define HEAD "NAME : t\nTYPE : TSP\nDIMENSION : 3\nEDGE_WEIGHT_TYPE : EUC_2D\n"

static TspInstance *
read_text (const char *text,
           GError    **error)
{
  g_autofree char *folder = assignment_files_make_folder ();
  g_autofree char *path = assignment_files_write (folder, "some.tsp", text);
  TspInstance     *instance = tsp_reader_read (path, error);

  assignment_files_remove (folder);
  return instance;
}

/* The distance of two cities by the formula of @kind; there is a third, because there must be. */
static int
measure (TspDistanceKind kind,
         double          x1,
         double          y1,
         double          x2,
         double          y2)
{
  const double            x[] = { x1, x2, x1 };
  const double            y[] = { y1, y2, y1 };
  g_autoptr (GError)      error = NULL;
  g_autoptr (TspInstance) instance = tsp_instance_new (g_strdup ("two"), kind, 3, g_memdup2 (x, sizeof x),
                                                       g_memdup2 (y, sizeof y), &error);

  g_assert_no_error (error);
  g_assert_cmpint (tsp_distance (instance, 0, 1), ==, tsp_distance (instance, 1, 0));
  g_assert_cmpint (tsp_distance (instance, 0, 1), ==, tsp_distance_compute (instance, 0, 1));
  g_assert_cmpint (tsp_distance (instance, 1, 1), ==, 0);

  return tsp_distance (instance, 0, 1);
}

static void
test_planes (void)
{
  g_assert_cmpint (measure (TSP_EUC_2D, 0, 0, 3, 4), ==, 5);
  g_assert_cmpint (measure (TSP_EUC_2D, 0, 0, 1, 1), ==, 1);
  g_assert_cmpint (measure (TSP_EUC_2D, 0, 0, 1.5, 0), ==, 2);
  g_assert_cmpint (measure (TSP_EUC_2D, 1, -1, 1, 1.4), ==, 2);

  g_assert_cmpint (measure (TSP_CEIL_2D, 0, 0, 3, 4), ==, 5);
  g_assert_cmpint (measure (TSP_CEIL_2D, 0, 0, 1, 1), ==, 2);
  g_assert_cmpint (measure (TSP_CEIL_2D, 0, 0, 1.01, 0), ==, 2);

  /* Square roots of 10, 90, 100 and 13.6. */
  g_assert_cmpint (measure (TSP_ATT, 0, 0, 10, 0), ==, 4);
  g_assert_cmpint (measure (TSP_ATT, 0, 0, 0, 30), ==, 10);
  g_assert_cmpint (measure (TSP_ATT, 0, 0, 30, 10), ==, 10);
  g_assert_cmpint (measure (TSP_ATT, 0, 0, 6, 10), ==, 4);
}

/* The tour that is published with the instance. */
static void
test_sphere (void)
{
  static const guint      published[] = { 1, 14, 13, 12, 7, 6, 15, 5, 11, 9, 10, 16, 3, 2, 4, 8 };
  g_autoptr (TspInstance) instance = tsp_problem_read (TSP_PROBLEM_ULYSSES);
  guint                   order[G_N_ELEMENTS (published)];

  g_assert_cmpint (instance->kind, ==, TSP_GEO);
  g_assert_cmpuint (instance->n_cities, ==, G_N_ELEMENTS (published));
  for (guint i = 0; i < G_N_ELEMENTS (published); i++)
    order[i] = published[i] - 1;
  g_assert_cmpint (tsp_distance_of_tour (instance, order), ==, 6859);

  /* Two cities at one place are 1 km apart there; minutes are sixtieths, also below zero. */
  g_assert_cmpint (measure (TSP_GEO, 38.24, 20.42, 38.24, 20.42), ==, 1);
  g_assert_cmpfloat_with_epsilon (tsp_geo_to_radians (38.24), 38.4 * 3.141592 / 180, 1e-12);
  g_assert_cmpfloat_with_epsilon (tsp_geo_to_radians (-5.21), -5.35 * 3.141592 / 180, 1e-12);
}

/* TSPLIB 95 tells how long the tour 1, 2, … n of this instance is, to check distances with. */
static void
test_canonical_tour (void)
{
  g_autofree char        *path = tsp_problem_find_tsplib ("pcb442.tsp");
  g_autoptr (TspInstance) instance = NULL;
  g_autoptr (GError)      error = NULL;
  guint                   order[442];

  if (!path)
    return;

  instance = tsp_reader_read (path, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (instance->n_cities, ==, G_N_ELEMENTS (order));
  for (guint i = 0; i < G_N_ELEMENTS (order); i++)
    order[i] = i;
  g_assert_cmpint (tsp_distance_of_tour (instance, order), ==, 221440);
}

/* Cities in any order, blanks and line ends of any kind, comments with colons, nothing behind the last city. */
static void
test_forms (void)
{
  g_autoptr (TspInstance) instance = tsp_problem_read ("\nTYPE:TSP (somebody)\r\nEDGE_WEIGHT_TYPE  :  CEIL_2D\r\n"
                                                       "COMMENT : of 10:30\r\nDIMENSION:3\r\n"
                                                       "NODE_COORD_TYPE : TWOD_COORDS\n"
                                                       "EDGE_WEIGHT_FORMAT: FUNCTION\nNODE_COORD_SECTION :\n\n"
                                                       "\t3 -1.5e+01\t+7\n1 0.25 .5 \r\n  2 1e3 2");

  g_assert_cmpstr (instance->name, ==, "instance.tsp");
  g_assert_cmpint (instance->kind, ==, TSP_CEIL_2D);
  g_assert_cmpuint (instance->n_cities, ==, 3);
  g_assert_cmpfloat (instance->x[0], ==, 0.25);
  g_assert_cmpfloat (instance->y[0], ==, 0.5);
  g_assert_cmpfloat (instance->x[1], ==, 1000);
  g_assert_cmpfloat (instance->y[1], ==, 2);
  g_assert_cmpfloat (instance->x[2], ==, -15);
  g_assert_cmpfloat (instance->y[2], ==, 7);
}

static void
test_errors (void)
{
  static const struct
  {
    const char *text;
    TspError    code;
    const char *message;
  } cases[] = {
    { "TYPE : TSP\nDIMENSION : 3\nEDGE_WEIGHT_TYPE : EXPLICIT\n", TSP_ERROR_UNSUPPORTED,
      ":3: The EDGE_WEIGHT_TYPE “EXPLICIT” is not supported; supported are EUC_2D, CEIL_2D, GEO and ATT" },
    { "TYPE : TSP\nEDGE_WEIGHT_TYPE :\n", TSP_ERROR_UNSUPPORTED, ":2: The EDGE_WEIGHT_TYPE nothing is not supported" },
    { "NAME : t\nTYPE : ATSP\n", TSP_ERROR_UNSUPPORTED, ":2: The TYPE “ATSP” is not supported; expected TSP" },
    { "NODE_COORD_TYPE : THREED_COORDS\n", TSP_ERROR_UNSUPPORTED, ":1: The NODE_COORD_TYPE “THREED_COORDS”" },
    { "EDGE_WEIGHT_FORMAT : FULL_MATRIX\n", TSP_ERROR_UNSUPPORTED, ":1: The EDGE_WEIGHT_FORMAT “FULL_MATRIX”" },
    { "DIMENSION : many\n", TSP_ERROR_SIZE,
      ":1: DIMENSION is “many”; this solver takes a whole number of 3 to 200000" },
    { "DIMENSION : 2\n", TSP_ERROR_SIZE, ":1: DIMENSION is “2”" },
    { "DIMENSION : 10000000000\n", TSP_ERROR_SIZE, ":1: DIMENSION is “10000000000”" },
    { "DIMENSION : 3\nDIMENSION : 4\n", TSP_ERROR_FORMAT, ":2: DIMENSION stands here a second time" },
    { "", TSP_ERROR_FORMAT, ":1: The file ends without NODE_COORD_SECTION; is it a TSPLIB file?" },
    { HEAD, TSP_ERROR_FORMAT, ":4: The file ends without NODE_COORD_SECTION" },
    { HEAD "EOF\n", TSP_ERROR_FORMAT, ":5: The file ends without NODE_COORD_SECTION" },
    { "garbage in\n", TSP_ERROR_FORMAT, ":1: Found “garbage” where a line like “DIMENSION : 52”" },
    { "DIMENSION : 3\nEDGE_WEIGHT_TYPE : GEO\nNODE_COORD_SECTION\n", TSP_ERROR_FORMAT, ":3: TYPE is missing" },
    { "TYPE : TSP\nEDGE_WEIGHT_TYPE : GEO\nNODE_COORD_SECTION\n", TSP_ERROR_FORMAT, ":3: DIMENSION is missing" },
    { "TYPE : TSP\nDIMENSION : 3\nNODE_COORD_SECTION\n", TSP_ERROR_FORMAT, ":3: EDGE_WEIGHT_TYPE is missing" },
    { HEAD "NODE_COORD_SECTION\n1 0 0\n2 0 1\n1 1 1\n", TSP_ERROR_FORMAT,
      ":8: City 1 stands here a second time; it was on line 6" },
    { HEAD "NODE_COORD_SECTION\n1 0 0\n3 0 1\nEOF\n", TSP_ERROR_FORMAT,
      ":8: The cities end here after 2 of 3; the first that is missing is city 2" },
    { HEAD "NODE_COORD_SECTION\n", TSP_ERROR_FORMAT, ":5: The cities end here after 0 of 3" },
    { HEAD "NODE_COORD_SECTION\n4 0 0\n", TSP_ERROR_FORMAT, ":6: The city is 4; expected a whole number of 1 to 3" },
    { HEAD "NODE_COORD_SECTION\n1.5 0 0\n", TSP_ERROR_FORMAT, ":6: The city is 1.5" },
    { HEAD "NODE_COORD_SECTION\none 0 0\n", TSP_ERROR_FORMAT, ":6: Expected a number for the city, found “one”" },
    { HEAD "NODE_COORD_SECTION\n1 nan 0\n", TSP_ERROR_FORMAT,
      ":6: Expected a number for the first coordinate, found “nan”" },
    { HEAD "NODE_COORD_SECTION\n1 0x10 0\n", TSP_ERROR_FORMAT, "found “0x10”" },
    { HEAD "NODE_COORD_SECTION\n1 1e999 0\n", TSP_ERROR_FORMAT, "found “1e999”" },
    { HEAD "NODE_COORD_SECTION\n1 0\n", TSP_ERROR_FORMAT,
      ":6: Expected a number for the second coordinate, found nothing" },
    { HEAD "NODE_COORD_SECTION\n1 0 0 0\n", TSP_ERROR_FORMAT, ":6: Found “0” behind the coordinates of city 1" },
    { HEAD "NODE_COORD_SECTION\n1 \xff\xfe 0\n", TSP_ERROR_FORMAT, ":6: Expected a number" },
    { HEAD "NODE_COORD_SECTION\n1 0 0\n2 0 1\n3 1 1\nFIXED_EDGES_SECTION\n", TSP_ERROR_UNSUPPORTED,
      ":9: FIXED_EDGES_SECTION is not supported" },
    { HEAD "NODE_COORD_SECTION\n1 0 0\n2 0 1e9\n3 1 1\n", TSP_ERROR_SIZE, "The cities of t are up to 1e+09 apart" },
    { HEAD "NODE_COORD_SECTION\n1 -1e308 0\n2 1e308 1e9\n3 1 1\n", TSP_ERROR_SIZE, "apart; distances must be below" },
    { "TYPE : TSP\nDIMENSION : 3\nEDGE_WEIGHT_TYPE : GEO\nNODE_COORD_SECTION\n1 91 0\n", TSP_ERROR_FORMAT,
      ":5: City 1 is at latitude 91 and longitude 0" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError)      error = NULL;
      g_autoptr (TspInstance) instance = read_text (cases[i].text, &error);

      g_test_message ("%s", error ? error->message : "no error");
      g_assert_null (instance);
      g_assert_error (error, TSP_ERROR, (int) cases[i].code);
      g_assert_nonnull (strstr (error->message, cases[i].message));
      g_assert_true (g_utf8_validate (error->message, -1, NULL));
    }
}

static void
test_not_text (void)
{
  g_autofree char        *folder = assignment_files_make_folder ();
  g_autofree char        *path = g_build_filename (folder, "zero.tsp", NULL);
  g_autoptr (GError)      error = NULL;
  g_autoptr (TspInstance) instance = tsp_reader_read (path, &error);

  g_assert_null (instance);
  g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_NOENT);
  g_clear_error (&error);

  g_assert_true (g_file_set_contents (path, "NAME\0: t\n", 9, NULL));
  instance = tsp_reader_read (path, &error);
  g_assert_null (instance);
  g_assert_error (error, TSP_ERROR, TSP_ERROR_FORMAT);
  g_assert_nonnull (strstr (error->message, "is not a text file"));

  assignment_files_remove (folder);
}

static void
test_generated (void)
{
  g_autoptr (GError)      error = NULL;
  g_autoptr (TspInstance) first = tsp_instance_generate (3500, 7, &error);
  g_autoptr (TspInstance) again = tsp_instance_generate (3500, 7, &error);
  g_autoptr (TspInstance) other = tsp_instance_generate (3500, 8, &error);
  g_autoptr (TspInstance) small = tsp_instance_generate (3, 7, &error);
  g_autoptr (TspInstance) none = NULL;
  gsize                   size = first->n_cities * sizeof (double);

  g_assert_no_error (error);
  g_assert_cmpstr (first->name, ==, "random-3500-7");
  g_assert_cmpmem (first->x, size, again->x, size);
  g_assert_cmpmem (first->y, size, again->y, size);
  g_assert_true (memcmp (first->x, other->x, size) != 0);

  /* With and without a matrix, distances are the same. */
  g_assert_null (first->matrix);
  g_assert_nonnull (small->matrix);
  g_assert_cmpint (tsp_distance (first, 0, 1), ==, tsp_distance (small, 0, 1));

  none = tsp_instance_generate (2, 7, &error);
  g_assert_null (none);
  g_assert_error (error, TSP_ERROR, TSP_ERROR_SIZE);
  g_clear_error (&error);
  none = tsp_instance_generate (200001, 7, &error);
  g_assert_null (none);
  g_assert_error (error, TSP_ERROR, TSP_ERROR_SIZE);
}

/* The same neighbours as by comparing all distances, on the plane, on a lattice and on the sphere. */
static void
test_neighbours (void)
{
  g_autoptr (GPtrArray) instances = g_ptr_array_new_with_free_func ((GDestroyNotify) tsp_instance_free);
  TspRandom             random;

  tsp_random_init (&random, 1, 1);
  g_ptr_array_add (instances, tsp_instance_generate (500, 3, NULL));
  g_ptr_array_add (instances, tsp_problem_make_lattice (300, 12, &random));
  g_ptr_array_add (instances, tsp_problem_make_lattice (40, 1, &random));
  g_ptr_array_add (instances, tsp_problem_read (TSP_PROBLEM_ULYSSES));
  g_ptr_array_add (instances, tsp_instance_generate (4, 3, NULL));

  for (guint i = 0; i < instances->len; i++)
    {
      const TspInstance        *instance = g_ptr_array_index (instances, i);
      g_autoptr (TspNeighbours) neighbours = tsp_neighbours_new (instance, 7);

      g_assert_cmpuint (neighbours->n_each, ==, MIN (7, instance->n_cities - 1));
      for (guint city = 0; city < instance->n_cities; city++)
        {
          const TspNeighbour *found = tsp_neighbours_get (neighbours, city);
          guint               n_nearer = 0;

          for (guint k = 0; k < neighbours->n_each; k++)
            {
              g_assert_cmpuint (found[k].city, !=, city);
              g_assert_cmpint (found[k].distance, ==, tsp_distance (instance, city, found[k].city));
              g_assert_true (k == 0 || found[k - 1].distance <= found[k].distance);
              for (guint j = 0; j < k; j++)
                g_assert_cmpuint (found[j].city, !=, found[k].city);
            }
          for (guint other = 0; other < instance->n_cities; other++)
            n_nearer += other != city && tsp_distance (instance, city, other) < found[neighbours->n_each - 1].distance;
          g_assert_cmpuint (n_nearer, <, neighbours->n_each);
        }
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/tsp/instance/planes", test_planes);
  g_test_add_func ("/tsp/instance/sphere", test_sphere);
  g_test_add_func ("/tsp/instance/canonical-tour", test_canonical_tour);
  g_test_add_func ("/tsp/instance/forms", test_forms);
  g_test_add_func ("/tsp/instance/errors", test_errors);
  g_test_add_func ("/tsp/instance/not-text", test_not_text);
  g_test_add_func ("/tsp/instance/generated", test_generated);
  g_test_add_func ("/tsp/instance/neighbours", test_neighbours);

  return g_test_run ();
}
