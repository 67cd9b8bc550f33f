/* SPDX-License-Identifier: MIT */

#pragma once

#include "tsp-instance.h"

G_BEGIN_DECLS

/* The distance between two cities by the formula of TSPLIB 95 for the instance's kind. */
int tsp_distance_compute (const TspInstance *instance,
                          guint              a,
                          guint              b);

/* An angle in radians from the DDD.MM (degrees and minutes) of the kind GEO, with the π of TSPLIB. */
double tsp_geo_to_radians (double degrees_and_minutes);

/* The distance between two cities. */
static inline int
tsp_distance (const TspInstance *instance,
              guint              a,
              guint              b)
{
  if (G_LIKELY (instance->matrix))
    return instance->matrix[(gsize) a * instance->n_cities + b];

  return tsp_distance_compute (instance, a, b);
}

/* The length of the closed tour that visits the cities of @order, one element a city of the instance. */
gint64 tsp_distance_of_tour (const TspInstance *instance,
                             const guint       *order);

G_END_DECLS
