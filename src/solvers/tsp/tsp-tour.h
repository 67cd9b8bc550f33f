/* SPDX-License-Identifier: MIT */

#pragma once

#include "tsp-instance.h"

G_BEGIN_DECLS

/**
 * A tour as an array, and every change to it as reversals of stretches of it, which are remembered: so any number of
 * changes can be taken back. The array is a ring, and which way round it is read means nothing.
 */
typedef struct
{
  guint   n_cities;
  guint  *order;    /* the city at each place */
  guint  *places;   /* the place of each city */
  GArray *reversed; /* of Reversal: what was done since tsp_tour_keep() */
} TspTour;

/* The tour that visits the cities of @order, one element a city. */
TspTour *tsp_tour_new (const guint *order,
                       guint        n_cities);

void tsp_tour_free (TspTour *self);

/* Makes it another tour, for good. */
void tsp_tour_set_order (TspTour     *self,
                         const guint *order);

/* Forgets the changes so far, which cannot be taken back then. */
void tsp_tour_keep (TspTour *self);

/* Takes back all changes since tsp_tour_keep(), the last first. */
void tsp_tour_undo (TspTour *self);

/* Turns round the path that leads forward from the city @from to @to, or, which gives the same ring, all the rest. */
void tsp_tour_reverse (TspTour *self,
                       guint    from,
                       guint    to);

/* A double bridge: of three paths that follow each other from @place on, of @n_cities each, puts the last first and the
 * first last, none of them turned round. Costs their length. */
void tsp_tour_bridge (TspTour    *self,
                      guint       place,
                      const guint n_cities[3]);

/* Moves the path forward from @first to @last between the city @after and the one that follows it, neither of them on
 * the path; turned round if @turned. */
void tsp_tour_move (TspTour *self,
                    guint    first,
                    guint    last,
                    guint    after,
                    gboolean turned);

static inline guint
tsp_tour_next (const TspTour *self,
               guint          city)
{
  guint place = self->places[city] + 1;

  return self->order[place < self->n_cities ? place : 0];
}

static inline guint
tsp_tour_previous (const TspTour *self,
                   guint          city)
{
  guint place = self->places[city];

  return self->order[(place > 0 ? place : self->n_cities) - 1];
}

/* How many cities lead forward from the city @from to @to, both counted. */
static inline guint
tsp_tour_count (const TspTour *self,
                guint          from,
                guint          to)
{
  guint start = self->places[from];
  guint end = self->places[to];

  return (end >= start ? end : end + self->n_cities) - start + 1;
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TspTour, tsp_tour_free)

G_END_DECLS
