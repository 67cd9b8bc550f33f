/* SPDX-License-Identifier: MIT */

#pragma once

#include "tsp-instance.h"

G_BEGIN_DECLS

/* A city beside another, and how far it is. */
typedef struct
{
  guint city;
  int   distance;
} TspNeighbour;

/**
 * The nearest cities of each city: where improvements are looked for. Found with a k-d tree (Bentley, Communications of
 * the ACM 18(9), 509-517, 1975), in space for cities on a sphere.
 */
typedef struct
{
  guint         n_each;     /* how many each city has */
  TspNeighbour *neighbours; /* those of city 0, then of city 1 …; the nearest first, of equals the lower number */
} TspNeighbours;

/* The @n_each nearest of each city, or all others where there are not as many. */
TspNeighbours *tsp_neighbours_new (const TspInstance *instance,
                                   guint              n_each);

void tsp_neighbours_free (TspNeighbours *self);

static inline const TspNeighbour *
tsp_neighbours_get (const TspNeighbours *self,
                    guint                city)
{
  return self->neighbours + (gsize) city * self->n_each;
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TspNeighbours, tsp_neighbours_free)

G_END_DECLS
