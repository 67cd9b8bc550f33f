/* SPDX-License-Identifier: MIT */

#include "tsp-kick.h"

#include "tsp-distance.h"

/* Steps of a walk from one edge to another. */
#define STEPS 4

/* The most cities whose place a kick changes, and how many it changes where the walks lead too far along the tour. */
#define MOST_CITIES  500
#define LOCAL_CITIES 50

/* Where a tour is cut: in front of the first of three paths, and how long they are. */
typedef struct
{
  guint place;
  guint n_cities[3];
} Cut;

static guint
walk (const TspNeighbours *neighbours,
      guint                city,
      TspRandom           *random)
{
  for (guint i = 0; i < STEPS; i++)
    city = tsp_neighbours_get (neighbours, city)[tsp_random_below (random, neighbours->n_each)].city;

  return city;
}

/* Cuts behind a city anywhere and three others around it. FALSE if two are the same or the paths are too long. */
static gboolean
cut_by_walks (const TspNeighbours *neighbours,
              const TspTour       *tour,
              TspRandom           *random,
              Cut                 *cut)
{
  guint n = tour->n_cities;
  guint city = tsp_random_below (random, n);
  guint places[4] = { tour->places[city] };
  guint gaps[4];
  guint longest = 0;

  for (guint i = 1; i < 4; i++)
    {
      guint place = tour->places[walk (neighbours, city, random)];
      guint j = i;

      for (; j > 0 && places[j - 1] > place; j--)
        places[j] = places[j - 1];
      places[j] = place;
    }

  for (guint i = 0; i < 4; i++)
    {
      gaps[i] = i < 3 ? places[i + 1] - places[i] : n - places[3] + places[0];
      if (gaps[i] == 0)
        return FALSE;
      if (gaps[i] > gaps[longest])
        longest = i;
    }
  if (n - gaps[longest] > MOST_CITIES)
    return FALSE;

  /* The longest stays where it is. */
  cut->place = (places[(longest + 1) % 4] + 1) % n;
  for (guint i = 0; i < 3; i++)
    cut->n_cities[i] = gaps[(longest + 1 + i) % 4];

  return TRUE;
}

/* Cuts anywhere, and again soon behind it. */
static void
cut_along_tour (const TspTour *tour,
                TspRandom     *random,
                Cut           *cut)
{
  guint most = MIN (LOCAL_CITIES, tour->n_cities - 1) / 3;

  cut->place = tsp_random_below (random, tour->n_cities);
  for (guint i = 0; i < 3; i++)
    cut->n_cities[i] = 1 + tsp_random_below (random, most);
}

int
tsp_kick (const TspInstance   *instance,
          const TspNeighbours *neighbours,
          TspTour             *tour,
          TspRandom           *random,
          guint                ends[TSP_KICK_ENDS])
{
  guint n = tour->n_cities;
  guint place;
  int   growth = 0;
  Cut   cut;

  if (!cut_by_walks (neighbours, tour, random, &cut))
    cut_along_tour (tour, random, &cut);

  /* Two cities an edge: the last of what is before the cut, the first of what is behind it. */
  place = cut.place;
  for (guint i = 0; i < 4; i++)
    {
      ends[2 * i] = tour->order[(place + n - 1) % n];
      ends[2 * i + 1] = tour->order[place];
      growth -= tsp_distance (instance, ends[2 * i], ends[2 * i + 1]);
      if (i < 3)
        place = (place + cut.n_cities[i]) % n;
    }

  tsp_tour_bridge (tour, cut.place, cut.n_cities);

  return growth + tsp_distance (instance, ends[0], ends[5]) + tsp_distance (instance, ends[6], ends[3]) +
         tsp_distance (instance, ends[4], ends[1]) + tsp_distance (instance, ends[2], ends[7]);
}
