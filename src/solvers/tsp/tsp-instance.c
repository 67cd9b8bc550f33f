/* SPDX-License-Identifier: MIT */

#include "tsp-instance.h"

#include <math.h>

#include "tsp-distance.h"
#include "tsp-random.h"

/* Up to here all distances are computed once: 36 MB. */
#define MOST_CITIES_IN_MATRIX 3000

/* The side of the square of a generated instance. */
#define SQUARE 1000000

G_DEFINE_QUARK (tsp - error - quark, tsp_error)

const char *
tsp_distance_kind_to_string (TspDistanceKind kind)
{
  static const char *const names[] = { "EUC_2D", "CEIL_2D", "GEO", "ATT" };

  return names[kind];
}

static gboolean
check_size (const char *name,
            guint       n_cities,
            GError    **error)
{
  if (n_cities >= TSP_LEAST_CITIES && n_cities <= TSP_MOST_CITIES)
    return TRUE;

  g_set_error (error, TSP_ERROR, TSP_ERROR_SIZE,
               "The instance %s has %u cities; this solver takes %d to %d", name, n_cities, TSP_LEAST_CITIES,
               TSP_MOST_CITIES);
  return FALSE;
}

/* No two cities are farther apart than the corners of the rectangle around them. */
static gboolean
check_extent (TspInstance *instance,
              GError     **error)
{
  double least_x = instance->x[0], most_x = instance->x[0];
  double least_y = instance->y[0], most_y = instance->y[0];
  double diagonal;

  for (guint i = 1; i < instance->n_cities; i++)
    {
      least_x = MIN (least_x, instance->x[i]);
      most_x = MAX (most_x, instance->x[i]);
      least_y = MIN (least_y, instance->y[i]);
      most_y = MAX (most_y, instance->y[i]);
    }

  diagonal = hypot (most_x - least_x, most_y - least_y);
  if (diagonal < TSP_MOST_DISTANCE - 1)
    return TRUE;

  g_set_error (error, TSP_ERROR, TSP_ERROR_SIZE,
               "The cities of %s are up to %g apart; distances must be below %d. Scale the coordinates down",
               instance->name, diagonal, TSP_MOST_DISTANCE);
  return FALSE;
}

static void
compute_angles (TspInstance *instance)
{
  instance->latitude = g_new (double, instance->n_cities);
  instance->longitude = g_new (double, instance->n_cities);

  for (guint i = 0; i < instance->n_cities; i++)
    {
      instance->latitude[i] = tsp_geo_to_radians (instance->x[i]);
      instance->longitude[i] = tsp_geo_to_radians (instance->y[i]);
    }
}

static void
compute_matrix (TspInstance *instance)
{
  gsize n = instance->n_cities;
  int  *matrix = g_new (int, n *n);

  for (gsize a = 0; a < n; a++)
    {
      matrix[a * n + a] = 0;
      for (gsize b = 0; b < a; b++)
        matrix[a * n + b] = matrix[b * n + a] = tsp_distance_compute (instance, a, b);
    }

  instance->matrix = matrix;
}

TspInstance *
tsp_instance_new (char           *name,
                  TspDistanceKind kind,
                  guint           n_cities,
                  double         *x,
                  double         *y,
                  GError        **error)
{
  g_autoptr (TspInstance) instance = g_new0 (TspInstance, 1);

  instance->name = name;
  instance->kind = kind;
  instance->n_cities = n_cities;
  instance->x = x;
  instance->y = y;

  if (!check_size (name, n_cities, error) || !check_extent (instance, error))
    return NULL;

  if (kind == TSP_GEO)
    compute_angles (instance);
  if (n_cities <= MOST_CITIES_IN_MATRIX)
    compute_matrix (instance);

  return g_steal_pointer (&instance);
}

TspInstance *
tsp_instance_generate (guint    n_cities,
                       guint64  seed,
                       GError **error)
{
  g_autofree char   *name = g_strdup_printf ("random-%u-%" G_GUINT64_FORMAT, n_cities, seed);
  g_autofree double *x = NULL;
  g_autofree double *y = NULL;
  TspRandom          random;

  if (!check_size (name, n_cities, error))
    return NULL;

  x = g_new (double, n_cities);
  y = g_new (double, n_cities);
  tsp_random_init (&random, seed, 0);
  for (guint i = 0; i < n_cities; i++)
    {
      x[i] = tsp_random_below (&random, SQUARE);
      y[i] = tsp_random_below (&random, SQUARE);
    }

  return tsp_instance_new (g_steal_pointer (&name), TSP_EUC_2D, n_cities, g_steal_pointer (&x), g_steal_pointer (&y),
                           error);
}

void
tsp_instance_free (TspInstance *instance)
{
  g_free (instance->name);
  g_free (instance->x);
  g_free (instance->y);
  g_free (instance->latitude);
  g_free (instance->longitude);
  g_free (instance->matrix);
  g_free (instance);
}
