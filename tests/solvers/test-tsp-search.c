/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "tsp-curve.h"
#include "tsp-distance.h"
#include "tsp-kick.h"
#include "tsp-moves.h"
#include "tsp-problem.h"
#include "tsp-reader.h"
#include "tsp-search.h"

#include <string.h>

/* Whether two orders are one ring, whichever way it is read. */
static gboolean
is_same_ring (const guint *a,
              const guint *b,
              guint        n)
{
  guint    start = 0;
  gboolean forward = TRUE, backward = TRUE;

  while (b[start] != a[0])
    start++;
  for (guint i = 0; i < n; i++)
    {
      forward &= a[i] == b[(start + i) % n];
      backward &= a[i] == b[(start + n - i) % n];
    }

  return forward || backward;
}

static void
assert_is_whole (TspTour *tour)
{
  tsp_problem_assert_is_tour (tour->order, tour->n_cities);
  for (guint i = 0; i < tour->n_cities; i++)
    g_assert_cmpuint (tour->order[tour->places[i]], ==, i);
}

/* Appends the cities from place to place of a ring that begins at @start, backwards if @turned. */
static void
append (GArray      *to,
        const guint *order,
        guint        n,
        guint        start,
        guint        first,
        guint        n_cities,
        gboolean     turned)
{
  for (guint i = 0; i < n_cities; i++)
    {
      guint place = start + first + (turned ? n_cities - 1 - i : i);

      g_array_append_val (to, order[place % n]);
    }
}

/* Every change, against the same done by copying paths; and all taken back at the end. */
static void
test_tour (void)
{
  TspRandom random;

  tsp_random_init (&random, 5, 1);
  for (guint n = 4; n < 40; n++)
    {
      g_autofree guint   *first = tsp_problem_make_tour (n, &random);
      g_autoptr (TspTour) tour = tsp_tour_new (first, n);

      for (guint i = 0; i < 200; i++)
        {
          g_autofree guint  *before = g_memdup2 (tour->order, n * sizeof *before);
          g_autoptr (GArray) expected = g_array_new (FALSE, FALSE, sizeof (guint));
          guint              start = tsp_random_below (&random, n);
          guint              a = 1 + tsp_random_below (&random, n - 2);
          guint              b = 1 + tsp_random_below (&random, n - 1 - a);
          gboolean           turned = tsp_random_below (&random, 2) == 1;

          switch (tsp_random_below (&random, 3))
            {
            case 0:
              tsp_tour_reverse (tour, before[start], before[(start + a - 1) % n]);
              append (expected, before, n, start, 0, a, TRUE);
              append (expected, before, n, start, a, n - a, FALSE);
              break;

            case 1:
              tsp_tour_move (tour, before[start], before[(start + a - 1) % n], before[(start + a + b - 1) % n], turned);
              append (expected, before, n, start, a, b, FALSE);
              append (expected, before, n, start, 0, a, turned);
              append (expected, before, n, start, a + b, n - a - b, FALSE);
              break;

            default:
              if (a + b + 1 > n - 1)
                continue;
              tsp_tour_bridge (tour, start, (guint[]){ a, b, 1 });
              append (expected, before, n, start, a + b, 1, FALSE);
              append (expected, before, n, start, a, b, FALSE);
              append (expected, before, n, start, 0, a, FALSE);
              append (expected, before, n, start, a + b + 1, n - a - b - 1, FALSE);
            }

          assert_is_whole (tour);
          g_assert_true (is_same_ring (tour->order, (guint *) expected->data, n));
          for (guint city = 0; city < n; city++)
            {
              g_assert_cmpuint (tsp_tour_previous (tour, tsp_tour_next (tour, city)), ==, city);
              g_assert_cmpuint (tsp_tour_count (tour, city, tsp_tour_previous (tour, city)), ==, n);
            }
        }

      tsp_tour_undo (tour);
      assert_is_whole (tour);
      g_assert_cmpmem (tour->order, n * sizeof (guint), first, n * sizeof (guint));
    }
}

/* No 2-opt move, tried one by one, shortens the tour. */
static void
assert_is_2_optimal (const TspInstance *instance,
                     const TspTour     *tour)
{
  for (guint a = 0; a < instance->n_cities; a++)
    for (guint c = 0; c < a; c++)
      {
        guint b = tsp_tour_next (tour, a);
        guint d = tsp_tour_next (tour, c);

        g_assert_cmpint (tsp_distance (instance, a, b) + tsp_distance (instance, c, d), <=,
                         tsp_distance (instance, a, c) + tsp_distance (instance, b, d));
      }
}

/* What a move and a kick say that they gain is what the tour changes by, and who has other neighbours is told. */
static void
test_moves (void)
{
  guint     n_of_kind[3] = { 0 };
  guint     n_turned = 0;
  TspRandom random;

  tsp_random_init (&random, 11, 1);
  for (guint n = 3; n < 60; n++)
    {
      g_autoptr (TspInstance)   instance = n % 2 == 0 ? tsp_instance_generate (n, n, NULL)
                                                      : tsp_problem_make_lattice (n, 6, &random);
      g_autoptr (TspNeighbours) neighbours = tsp_neighbours_new (instance, n - 1);
      g_autofree guint         *order = tsp_problem_make_tour (n, &random);
      g_autoptr (TspTour)       tour = tsp_tour_new (order, n);
      gint64                    length = tsp_distance_of_tour (instance, order);
      guint                     n_idle = 0;

      for (guint i = 0; n_idle < n; i++)
        {
          g_autofree guint *before = g_new (guint, 2 * n);
          guint             ends[MAX (TSP_MOVE_MOST_ENDS, TSP_KICK_ENDS)];
          guint             n_ends;
          TspMove           move = tsp_move_find (instance, neighbours, tour, i % n);

          for (guint city = 0; city < n; city++)
            {
              before[2 * city] = tsp_tour_previous (tour, city);
              before[2 * city + 1] = tsp_tour_next (tour, city);
            }

          n_of_kind[move.kind]++;
          if (move.kind != TSP_MOVE_NONE)
            {
              g_assert_cmpint (move.gain, >, 0);
              n_turned += move.kind == TSP_MOVE_PATH && move.turned;
              n_ends = tsp_move_make (&move, tour, ends);
              length -= move.gain;
              n_idle = 0;
            }
          else if (i < 5 * n && n >= TSP_KICK_LEAST_CITIES)
            {
              length += tsp_kick (instance, neighbours, tour, &random, ends);
              n_ends = TSP_KICK_ENDS;
            }
          else
            {
              n_idle++;
              continue;
            }

          g_assert_cmpuint (n_ends, <=, G_N_ELEMENTS (ends));
          assert_is_whole (tour);
          g_assert_cmpint (tsp_distance_of_tour (instance, tour->order), ==, length);
          for (guint city = 0; city < n; city++)
            {
              guint    previous = tsp_tour_previous (tour, city);
              guint    next = tsp_tour_next (tour, city);
              gboolean told = FALSE;

              for (guint k = 0; k < n_ends; k++)
                told |= ends[k] == city;
              g_assert_true (told || (previous == before[2 * city] && next == before[2 * city + 1]) ||
                             (next == before[2 * city] && previous == before[2 * city + 1]));
            }
        }

      assert_is_2_optimal (instance, tour);
    }

  g_assert_cmpuint (n_of_kind[TSP_MOVE_REVERSE], >, 100);
  g_assert_cmpuint (n_of_kind[TSP_MOVE_PATH], >, 100);
  g_assert_cmpuint (n_turned, >, 10);
}

/* In a tour of many cities, a kick changes the places of few. */
static void
test_kick_is_local (void)
{
  g_autoptr (TspInstance)   instance = tsp_instance_generate (20000, 1, NULL);
  g_autoptr (TspNeighbours) neighbours = tsp_neighbours_new (instance, 10);
  g_autofree guint         *order = NULL;
  g_autoptr (TspTour)       tour = NULL;
  TspRandom                 random;

  tsp_random_init (&random, 1, 1);
  order = tsp_curve_tour (instance, &random);
  tour = tsp_tour_new (order, instance->n_cities);

  for (guint i = 0; i < 200; i++)
    {
      guint ends[TSP_KICK_ENDS];
      guint n_moved = 0;

      tsp_tour_set_order (tour, order);
      tsp_kick (instance, neighbours, tour, &random, ends);
      for (guint place = 0; place < instance->n_cities; place++)
        n_moved += tour->order[place] != order[place];
      g_assert_cmpuint (n_moved, >, 0);
      g_assert_cmpuint (n_moved, <=, 500);
    }
}

static void
test_curve (void)
{
  TspRandom               random;
  g_autoptr (TspInstance) instance = tsp_instance_generate (5000, 1, NULL);
  g_autofree guint       *tour = NULL;
  g_autofree guint       *other = NULL;
  g_autofree guint       *shuffled = NULL;

  tsp_random_init (&random, 1, 1);
  tour = tsp_curve_tour (instance, &random);
  other = tsp_curve_tour (instance, &random);
  shuffled = tsp_problem_make_tour (instance->n_cities, &random);

  tsp_problem_assert_is_tour (tour, instance->n_cities);
  tsp_problem_assert_is_tour (other, instance->n_cities);
  g_assert_true (memcmp (tour, other, instance->n_cities * sizeof *tour) != 0);

  /* The shortest tour through random cities is about 0.7124 √(n area) long. */
  g_assert_cmpint (tsp_distance_of_tour (instance, tour), <, 1.5 * 0.7124 * 70.7 * 1e6);
  g_assert_cmpint (tsp_distance_of_tour (instance, tour) * 10, <, tsp_distance_of_tour (instance, shuffled));
}

/* Searches with a budget of kicks, some at a time. Returns the tour. */
static guint *
search (const TspInstance *instance,
        guint64            seed,
        guint              n_kicks,
        guint              at_once)
{
  g_autoptr (TspNeighbours) neighbours = tsp_neighbours_new (instance, 10);
  g_autofree guint         *start = NULL;
  g_autoptr (TspSearch)     tsp_search = NULL;
  gint64                    length;
  TspRandom                 random;

  tsp_random_init (&random, seed, 1);
  start = tsp_curve_tour (instance, &random);
  tsp_search = tsp_search_new (instance, neighbours, start, &random);
  length = tsp_distance_of_tour (instance, start);
  g_assert_cmpint (tsp_search_get_length (tsp_search), ==, length);

  while (!tsp_search_descend (tsp_search, at_once))
    continue;

  for (guint done = 0; done < n_kicks; done += at_once)
    {
      tsp_search_kick (tsp_search, MIN (at_once, n_kicks - done));
      g_assert_cmpint (tsp_search_get_length (tsp_search), <=, length);
      length = tsp_search_get_length (tsp_search);
      g_assert_cmpint (tsp_distance_of_tour (instance, tsp_search_get_order (tsp_search)), ==, length);
      tsp_problem_assert_is_tour (tsp_search_get_order (tsp_search), instance->n_cities);
    }

  return g_memdup2 (tsp_search_get_order (tsp_search), instance->n_cities * sizeof (guint));
}

/* The same tour, bit for bit, however the budget is divided. */
static void
test_repeatable (void)
{
  g_autoptr (TspInstance) instance = tsp_instance_generate (60, 4, NULL);
  gsize                   size = instance->n_cities * sizeof (guint);
  g_autofree guint       *first = search (instance, 3, 7000, 7000);
  g_autofree guint       *again = search (instance, 3, 7000, 37);
  g_autofree guint       *other = search (instance, 4, 7, 7);
  g_autofree guint       *same_budget = search (instance, 3, 7, 7);

  g_assert_cmpmem (first, size, again, size);
  g_assert_true (memcmp (other, same_budget, size) != 0);
}

/* Past many shakes, from most of which the search must come back, as tours on a lattice have many that are nearly as
 * short beside them. */
static void
test_shakes (void)
{
  TspRandom               random;
  g_autoptr (TspInstance) instance = NULL;
  g_autofree guint       *before = NULL;
  g_autofree guint       *after = NULL;

  tsp_random_init (&random, 6, 1);
  instance = tsp_problem_make_lattice (200, 25, &random);
  before = search (instance, 1, 10000, 1000);
  after = search (instance, 1, 150000, 1000);

  g_assert_cmpint (tsp_distance_of_tour (instance, after), <, tsp_distance_of_tour (instance, before));
}

/* The shortest way on from the last of the first @n_fixed cities of @order. */
static gint64
try_all (const TspInstance *instance,
         guint             *order,
         guint              n_fixed,
         gint64             shortest)
{
  if (n_fixed == instance->n_cities)
    return MIN (shortest, tsp_distance_of_tour (instance, order));

  for (guint i = n_fixed; i < instance->n_cities; i++)
    {
      guint city = order[i];

      order[i] = order[n_fixed];
      order[n_fixed] = city;
      shortest = try_all (instance, order, n_fixed + 1, shortest);
      order[n_fixed] = order[i];
      order[i] = city;
    }

  return shortest;
}

static void
test_few_cities (void)
{
  TspRandom random;

  tsp_random_init (&random, 9, 1);
  for (guint n = TSP_LEAST_CITIES; n <= 8; n++)
    for (guint seed = 0; seed < 4; seed++)
      {
        g_autoptr (TspInstance) instance = seed == 0 ? tsp_problem_make_lattice (n, 2, &random)
                                                     : tsp_instance_generate (n, seed, NULL);
        g_autofree guint       *order = tsp_problem_make_tour (n, &random);
        g_autofree guint       *found = search (instance, seed, 500, 500);

        g_assert_cmpint (tsp_distance_of_tour (instance, found), ==, try_all (instance, order, 1, G_MAXINT64));
      }
}

static void
test_ulysses (void)
{
  g_autoptr (TspInstance) instance = tsp_problem_read (TSP_PROBLEM_ULYSSES);
  g_autofree guint       *tour = search (instance, 1, 5000, 1000);

  g_assert_cmpint (tsp_distance_of_tour (instance, tour), ==, 6859);
}

/* All cities at one place, and cities in a row: nothing to gain, and nothing but ties. */
static void
test_degenerate (void)
{
  TspRandom               random;
  g_autoptr (TspInstance) point = NULL;
  g_autofree guint       *tour = NULL;

  tsp_random_init (&random, 2, 1);
  point = tsp_problem_make_lattice (30, 1, &random);
  tour = search (point, 1, 2000, 500);
  g_assert_cmpint (tsp_distance_of_tour (point, tour), ==, 0);
}

/* Published optima, where the instances are there. */
static void
test_published (void)
{
  static const struct
  {
    const char *name;
    gint64      optimum;
    double      allowance;
    guint       n_kicks;
  } cases[] = {
    { "berlin52.tsp", 7542, 0, 20000 },
    { "a280.tsp", 2579, 0.02, 30000 },
    { "pcb442.tsp", 50778, 0.02, 30000 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char        *path = tsp_problem_find_tsplib (cases[i].name);
      g_autoptr (TspInstance) instance = path ? tsp_reader_read (path, NULL) : NULL;
      g_autofree guint       *tour = NULL;
      gint64                  length;

      if (!path)
        return;

      g_assert_nonnull (instance);
      tour = search (instance, 1, cases[i].n_kicks, 10000);
      length = tsp_distance_of_tour (instance, tour);
      g_test_message ("%s: %" G_GINT64_FORMAT ", %.3f %% above the optimum", cases[i].name, length,
                      ((double) length / cases[i].optimum - 1) * 100);
      g_assert_cmpint (length, >=, cases[i].optimum);
      g_assert_cmpfloat (length, <=, cases[i].optimum * (1 + cases[i].allowance));
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/tsp/search/tour", test_tour);
  g_test_add_func ("/tsp/search/moves", test_moves);
  g_test_add_func ("/tsp/search/kick-is-local", test_kick_is_local);
  g_test_add_func ("/tsp/search/curve", test_curve);
  g_test_add_func ("/tsp/search/repeatable", test_repeatable);
  g_test_add_func ("/tsp/search/shakes", test_shakes);
  g_test_add_func ("/tsp/search/few-cities", test_few_cities);
  g_test_add_func ("/tsp/search/ulysses", test_ulysses);
  g_test_add_func ("/tsp/search/degenerate", test_degenerate);
  g_test_add_func ("/tsp/search/published", test_published);

  return g_test_run ();
}
