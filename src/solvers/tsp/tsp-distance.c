/* SPDX-License-Identifier: MIT */

#include "tsp-distance.h"

#include <math.h>

/* TSPLIB's π and its radius of the earth in kilometres: other digits would give other distances. */
#define TSPLIB_PI     3.141592
#define TSPLIB_RADIUS 6378.388

/* Degrees are cut off, not rounded as the text of TSPLIB 95 has it: so were the published optima computed. */
double
tsp_geo_to_radians (double degrees_and_minutes)
{
  double degrees = trunc (degrees_and_minutes);
  double minutes = degrees_and_minutes - degrees;

  return TSPLIB_PI * (degrees + 5.0 * minutes / 3.0) / 180.0;
}

static int
compute_geo (const TspInstance *instance,
             guint              a,
             guint              b)
{
  double q1 = cos (instance->longitude[a] - instance->longitude[b]);
  double q2 = cos (instance->latitude[a] - instance->latitude[b]);
  double q3 = cos (instance->latitude[a] + instance->latitude[b]);
  double cosine = 0.5 * ((1.0 + q1) * q2 - (1.0 - q1) * q3);

  /* Rounding can leave two cities at one place with a cosine just above 1. */
  return (int) (TSPLIB_RADIUS * acos (CLAMP (cosine, -1.0, 1.0)) + 1.0);
}

int
tsp_distance_compute (const TspInstance *instance,
                      guint              a,
                      guint              b)
{
  double dx = instance->x[a] - instance->x[b];
  double dy = instance->y[a] - instance->y[b];
  double square = dx * dx + dy * dy;

  switch (instance->kind)
    {
    case TSP_EUC_2D:
      return (int) (sqrt (square) + 0.5);

    case TSP_CEIL_2D:
      return (int) ceil (sqrt (square));

    case TSP_GEO:
      return compute_geo (instance, a, b);

    case TSP_ATT:
      /* TSPLIB rounds to the nearest and adds 1 where that went down, which is to round up. */
      return (int) ceil (sqrt (square / 10.0));
    }

  g_return_val_if_reached (0);
}

gint64
tsp_distance_of_tour (const TspInstance *instance,
                      const guint       *order)
{
  guint  n = instance->n_cities;
  gint64 length = tsp_distance (instance, order[n - 1], order[0]);

  for (guint i = 1; i < n; i++)
    length += tsp_distance (instance, order[i - 1], order[i]);

  return length;
}
