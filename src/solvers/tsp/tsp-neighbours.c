/* SPDX-License-Identifier: MIT */

#include "tsp-neighbours.h"

#include <math.h>

#include "tsp-distance.h"

/* Up to so many cities are compared one by one instead of being divided again. */
#define LEAF 8

typedef struct
{
  double at[3];
  guint  city;
} Point;

/* A candidate of a search. */
typedef struct
{
  double square; /* of the straight distance */
  guint  city;
} Candidate;

typedef struct
{
  Point     *points; /* each stretch is divided at its middle, by the axis in which it is longest */
  guint8    *axes;   /* of the stretch with its middle there */
  guint      n_points;
  Point      from;  /* whose neighbours are sought */
  Candidate *found; /* nearest first */
  guint      n_found;
  guint      n_wanted;
} Tree;

static Point
make_point (const TspInstance *instance,
            guint              city)
{
  Point point = { { instance->x[city], instance->y[city], 0 }, city };

  /* The longer the arc, the longer is its chord. */
  if (instance->kind == TSP_GEO)
    {
      point.at[0] = cos (instance->latitude[city]) * cos (instance->longitude[city]);
      point.at[1] = cos (instance->latitude[city]) * sin (instance->longitude[city]);
      point.at[2] = sin (instance->latitude[city]);
    }

  return point;
}

static gboolean
is_before (const Point *a,
           const Point *b,
           guint        axis)
{
  return a->at[axis] < b->at[axis] || (a->at[axis] == b->at[axis] && a->city < b->city);
}

/* Hoare's selection: brings to @middle the point that belongs there in the order of @axis, and those before it to
 * its left. */
static void
divide (Point *points,
        gint64 first,
        gint64 last,
        gint64 middle,
        guint  axis)
{
  while (first < last)
    {
      Point  pivot = points[(first + last) / 2];
      gint64 i = first, j = last;

      while (i <= j)
        {
          while (is_before (&points[i], &pivot, axis))
            i++;
          while (is_before (&pivot, &points[j], axis))
            j--;
          if (i <= j)
            {
              Point point = points[i];

              points[i++] = points[j];
              points[j--] = point;
            }
        }

      if (middle <= j)
        last = j;
      else if (middle >= i)
        first = i;
      else
        break;
    }
}

static guint
find_longest_axis (const Point *points,
                   guint        n_points)
{
  double least[3], most[3];
  guint  longest = 0;

  for (guint axis = 0; axis < 3; axis++)
    {
      least[axis] = most[axis] = points[0].at[axis];
      for (guint i = 1; i < n_points; i++)
        {
          least[axis] = MIN (least[axis], points[i].at[axis]);
          most[axis] = MAX (most[axis], points[i].at[axis]);
        }
      if (most[axis] - least[axis] > most[longest] - least[longest])
        longest = axis;
    }

  return longest;
}

static void
build (Tree *tree,
       guint first,
       guint n_points)
{
  guint middle = first + n_points / 2;

  if (n_points <= LEAF)
    return;

  tree->axes[middle] = (guint8) find_longest_axis (tree->points + first, n_points);
  divide (tree->points, first, (gint64) first + n_points - 1, middle, tree->axes[middle]);
  build (tree, first, middle - first);
  build (tree, middle + 1, first + n_points - middle - 1);
}

static void
consider (Tree        *tree,
          const Point *point)
{
  double dx = point->at[0] - tree->from.at[0];
  double dy = point->at[1] - tree->from.at[1];
  double dz = point->at[2] - tree->from.at[2];
  double square = dx * dx + dy * dy + dz * dz;
  guint  place;

  if (point->city == tree->from.city)
    return;

  if (tree->n_found < tree->n_wanted)
    place = tree->n_found++;
  else if (square < tree->found[tree->n_found - 1].square ||
           (square == tree->found[tree->n_found - 1].square && point->city < tree->found[tree->n_found - 1].city))
    place = tree->n_found - 1;
  else
    return;

  for (; place > 0; place--)
    {
      const Candidate *before = &tree->found[place - 1];

      if (before->square < square || (before->square == square && before->city < point->city))
        break;
      tree->found[place] = *before;
    }
  tree->found[place] = (Candidate){ square, point->city };
}

static void
search (Tree *tree,
        guint first,
        guint n_points)
{
  guint  middle = first + n_points / 2;
  double away;

  if (n_points <= LEAF)
    {
      for (guint i = first; i < first + n_points; i++)
        consider (tree, &tree->points[i]);
      return;
    }

  away = tree->from.at[tree->axes[middle]] - tree->points[middle].at[tree->axes[middle]];
  consider (tree, &tree->points[middle]);
  if (away <= 0)
    search (tree, first, middle - first);
  else
    search (tree, middle + 1, first + n_points - middle - 1);

  if (tree->n_found == tree->n_wanted && away * away > tree->found[tree->n_found - 1].square)
    return;

  if (away <= 0)
    search (tree, middle + 1, first + n_points - middle - 1);
  else
    search (tree, first, middle - first);
}

TspNeighbours *
tsp_neighbours_new (const TspInstance *instance,
                    guint              n_each)
{
  TspNeighbours        *self = g_new (TspNeighbours, 1);
  guint                 n = instance->n_cities;
  g_autofree Point     *points = g_new (Point, n);
  g_autofree guint8    *axes = g_new0 (guint8, n);
  g_autofree Candidate *found = NULL;
  Tree                  tree = { .points = points, .axes = axes, .n_points = n };

  self->n_each = MIN (n_each, n - 1);
  self->neighbours = g_new (TspNeighbour, (gsize) n * self->n_each);
  found = g_new (Candidate, self->n_each);
  tree.found = found;
  tree.n_wanted = self->n_each;

  for (guint city = 0; city < n; city++)
    points[city] = make_point (instance, city);
  build (&tree, 0, n);

  for (guint city = 0; city < n; city++)
    {
      TspNeighbour *neighbours = self->neighbours + (gsize) city * self->n_each;

      tree.from = make_point (instance, city);
      tree.n_found = 0;
      search (&tree, 0, n);
      for (guint i = 0; i < self->n_each; i++)
        neighbours[i] = (TspNeighbour){ found[i].city, tsp_distance (instance, city, found[i].city) };
    }

  return self;
}

void
tsp_neighbours_free (TspNeighbours *self)
{
  g_free (self->neighbours);
  g_free (self);
}
