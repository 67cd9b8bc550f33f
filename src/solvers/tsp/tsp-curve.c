/* SPDX-License-Identifier: MIT */

#include "tsp-curve.h"

#include <stdlib.h>

/* The curve passes the fields of a square of 2^16 by 2^16, of which the cities fill half of each side. */
#define BITS 16
#define SIDE (1u << BITS)

typedef struct
{
  guint64 place; /* along the curve */
  guint   city;
} Stop;

static int
compare_stops (gconstpointer a,
               gconstpointer b)
{
  const Stop *left = a;
  const Stop *right = b;

  if (left->place != right->place)
    return left->place < right->place ? -1 : 1;
  return left->city < right->city ? -1 : 1;
}

/* How far along the curve the field is: at each level one of four quarters, in which the curve is turned. */
static guint64
find_place (guint x,
            guint y)
{
  guint64 place = 0;

  for (guint half = SIDE / 2; half > 0; half /= 2)
    {
      gboolean right = (x & half) != 0;
      gboolean upper = (y & half) != 0;

      place = place * 4 + (right ? 3 : 0) - (right && upper ? 1 : 0) + (!right && upper ? 1 : 0);
      if (!upper)
        {
          guint turned = right ? SIDE - 1 - x : x;

          x = right ? SIDE - 1 - y : y;
          y = turned;
        }
    }

  return place;
}

guint *
tsp_curve_tour (const TspInstance *instance,
                TspRandom         *random)
{
  guint            n = instance->n_cities;
  guint           *tour = g_new (guint, n);
  g_autofree Stop *stops = g_new (Stop, n);
  guint            shift_x = tsp_random_below (random, SIDE / 2);
  guint            shift_y = tsp_random_below (random, SIDE / 2);
  double           least_x = instance->x[0], least_y = instance->y[0];
  double           extent = 0;

  for (guint i = 1; i < n; i++)
    {
      least_x = MIN (least_x, instance->x[i]);
      least_y = MIN (least_y, instance->y[i]);
    }
  for (guint i = 0; i < n; i++)
    extent = MAX (extent, MAX (instance->x[i] - least_x, instance->y[i] - least_y));

  for (guint i = 0; i < n; i++)
    {
      double scale = extent > 0 ? (SIDE / 2 - 1) / extent : 0;
      guint  x = shift_x + (guint) ((instance->x[i] - least_x) * scale);
      guint  y = shift_y + (guint) ((instance->y[i] - least_y) * scale);

      stops[i] = (Stop){ find_place (x, y), i };
    }

  qsort (stops, n, sizeof *stops, compare_stops);
  for (guint i = 0; i < n; i++)
    tour[i] = stops[i].city;

  return tour;
}
