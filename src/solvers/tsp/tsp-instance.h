/* SPDX-License-Identifier: MIT */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define TSP_ERROR (tsp_error_quark ())
GQuark tsp_error_quark (void);

typedef enum
{
  TSP_ERROR_FORMAT,      /* a file is not what it should be; the message begins with FILE:LINE: */
  TSP_ERROR_UNSUPPORTED, /* it is a problem of a kind that is not solved here; FILE:LINE: as well */
  TSP_ERROR_SIZE,        /* too few cities, too many, or too far apart */
  TSP_ERROR_TOUR,        /* a tour that does not belong to this instance */
} TspError;

/* How many cities an instance may have. */
#define TSP_LEAST_CITIES 3
#define TSP_MOST_CITIES  200000

/* Distances are below this, so that a few of them can be added in 32 bits. */
#define TSP_MOST_DISTANCE (1 << 28)

/* The distances of TSPLIB (Reinelt, ORSA Journal on Computing 3(4), 376-384, 1991) that are solved. */
typedef enum
{
  TSP_EUC_2D,  /* Euclidean, rounded to the nearest */
  TSP_CEIL_2D, /* Euclidean, rounded up */
  TSP_GEO,     /* kilometres on a sphere; coordinates are latitude and longitude as DDD.MM */
  TSP_ATT,     /* pseudo-Euclidean, as for the AT&T problems */
} TspDistanceKind;

/**
 * A symmetric travelling salesman problem: cities, numbered from 0, with coordinates, and the whole numbers that are
 * the distances between them.
 */
typedef struct
{
  char           *name;
  TspDistanceKind kind;
  guint           n_cities;
  double         *x; /* as in the file */
  double         *y;
  double         *latitude; /* in radians; NULL unless of kind GEO */
  double         *longitude;
  int            *matrix; /* all distances, a row a city; NULL where that would be too large */
} TspInstance;

/* Cities at random whole coordinates in a square, the same for the same @seed. NULL with @error. */
TspInstance *tsp_instance_generate (guint    n_cities,
                                    guint64  seed,
                                    GError **error);

/* Takes @name, @x and @y and computes what follows from them. NULL with @error. */
TspInstance *tsp_instance_new (char           *name,
                               TspDistanceKind kind,
                               guint           n_cities,
                               double         *x,
                               double         *y,
                               GError        **error);

void tsp_instance_free (TspInstance *instance);

/* TSPLIB's name of it. */
const char *tsp_distance_kind_to_string (TspDistanceKind kind);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TspInstance, tsp_instance_free)

G_END_DECLS
