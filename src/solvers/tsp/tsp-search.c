/* SPDX-License-Identifier: MIT */

#include "tsp-search.h"

#include <string.h>

#include "tsp-distance.h"
#include "tsp-kick.h"
#include "tsp-moves.h"
#include "tsp-tour.h"

/* So many kicks for each city without a shorter tour are enough. */
#define PATIENCE 50

struct _TspSearch
{
  const TspInstance   *instance;
  const TspNeighbours *neighbours;
  TspRandom            random;

  TspTour *tour; /* as it is now */
  gint64   length;
  guint    n_in_vain; /* kicks since it last became shorter */

  guint *shortest; /* the shortest tour before the last shake; NULL before the first */
  gint64 shortest_length;

  guint  *queue; /* a ring of the cities to be looked at: those whose don't-look bit is not set */
  guint   queue_start;
  guint   n_queued;
  guint8 *is_queued; /* of each city */
};

static void
enqueue (TspSearch *self,
         guint      city)
{
  guint place = self->queue_start + self->n_queued;

  if (self->is_queued[city])
    return;

  self->queue[place < self->instance->n_cities ? place : place - self->instance->n_cities] = city;
  self->n_queued++;
  self->is_queued[city] = TRUE;
}

static guint
dequeue (TspSearch *self)
{
  guint city = self->queue[self->queue_start++];

  if (self->queue_start == self->instance->n_cities)
    self->queue_start = 0;
  self->n_queued--;
  self->is_queued[city] = FALSE;

  return city;
}

/* Makes the best move of the city next in the queue, if there is one. */
static void
improve (TspSearch *self)
{
  guint   city = dequeue (self);
  TspMove move = tsp_move_find (self->instance, self->neighbours, self->tour, city);
  guint   ends[TSP_MOVE_MOST_ENDS];
  guint   n_ends;

  if (move.kind == TSP_MOVE_NONE)
    return;

  n_ends = tsp_move_make (&move, self->tour, ends);
  self->length -= move.gain;
  for (guint i = 0; i < n_ends; i++)
    enqueue (self, ends[i]);
  enqueue (self, city);
}

gboolean
tsp_search_descend (TspSearch *self,
                    guint      n_cities)
{
  for (guint i = 0; i < n_cities && self->n_queued > 0; i++)
    improve (self);

  /* What a descent improves is never taken back. */
  tsp_tour_keep (self->tour);

  return self->n_queued == 0;
}

static void
repair (TspSearch *self)
{
  while (self->n_queued > 0)
    improve (self);
}

static void
kick (TspSearch *self)
{
  guint ends[TSP_KICK_ENDS];

  self->length += tsp_kick (self->instance, self->neighbours, self->tour, &self->random, ends);
  for (guint i = 0; i < TSP_KICK_ENDS; i++)
    enqueue (self, ends[i]);
}

/* Leaves the place where nothing shorter is found, in a direction of which only chance knows. */
static void
shake (TspSearch *self)
{
  guint n = self->instance->n_cities;

  /* It costs nothing beside the kicks since the last shake, and a sum of gains that is wrong would show here. */
  g_assert (self->length == tsp_distance_of_tour (self->instance, self->tour->order));

  if (!self->shortest)
    {
      self->shortest = g_memdup2 (self->tour->order, n * sizeof *self->shortest);
      self->shortest_length = self->length;
    }
  else if (self->length <= self->shortest_length)
    {
      memcpy (self->shortest, self->tour->order, n * sizeof *self->shortest);
      self->shortest_length = self->length;
    }
  else
    {
      tsp_tour_set_order (self->tour, self->shortest);
      self->length = self->shortest_length;
    }

  for (guint i = 0; i < n; i++)
    kick (self);
  repair (self);
  tsp_tour_keep (self->tour);
  self->n_in_vain = 0;
}

void
tsp_search_kick (TspSearch *self,
                 guint      n_kicks)
{
  guint64 patience = (guint64) PATIENCE * self->instance->n_cities;

  g_return_if_fail (self->n_queued == 0);

  if (self->instance->n_cities < TSP_KICK_LEAST_CITIES)
    return;

  for (guint i = 0; i < n_kicks; i++)
    {
      gint64 length = self->length;

      kick (self);
      repair (self);
      self->n_in_vain = self->length < length ? 0 : self->n_in_vain + 1;

      if (self->length <= length)
        {
          tsp_tour_keep (self->tour);
        }
      else
        {
          tsp_tour_undo (self->tour);
          self->length = length;
        }

      if (self->n_in_vain == patience)
        shake (self);
    }
}

static gboolean
is_shortest_now (TspSearch *self)
{
  return !self->shortest || self->length <= self->shortest_length;
}

gint64
tsp_search_get_length (TspSearch *self)
{
  return is_shortest_now (self) ? self->length : self->shortest_length;
}

const guint *
tsp_search_get_order (TspSearch *self)
{
  return is_shortest_now (self) ? self->tour->order : self->shortest;
}

TspSearch *
tsp_search_new (const TspInstance   *instance,
                const TspNeighbours *neighbours,
                const guint         *order,
                const TspRandom     *random)
{
  TspSearch *self = g_new0 (TspSearch, 1);
  guint      n = instance->n_cities;

  self->instance = instance;
  self->neighbours = neighbours;
  self->tour = tsp_tour_new (order, n);
  self->random = *random;
  self->length = tsp_distance_of_tour (instance, order);
  self->queue = g_new (guint, n);
  self->is_queued = g_new0 (guint8, n);
  for (guint i = 0; i < n; i++)
    enqueue (self, order[i]);

  return self;
}

void
tsp_search_free (TspSearch *self)
{
  tsp_tour_free (self->tour);
  g_free (self->shortest);
  g_free (self->queue);
  g_free (self->is_queued);
  g_free (self);
}
