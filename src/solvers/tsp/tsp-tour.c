/* SPDX-License-Identifier: MIT */

#include "tsp-tour.h"

/* The cities from one place to another, both of them, were put into the opposite order. */
typedef struct
{
  guint place;
  guint n_cities;
} Reversal;

static guint
wrap (const TspTour *self,
      guint          place)
{
  return place < self->n_cities ? place : place - self->n_cities;
}

static void
reverse_places (TspTour *self,
                guint    place,
                guint    n_cities)
{
  guint n = self->n_cities;
  guint i = place;
  guint j = wrap (self, place + n_cities - 1);

  for (guint swaps = n_cities / 2; swaps > 0; swaps--)
    {
      guint left = self->order[i];
      guint right = self->order[j];

      self->order[i] = right;
      self->places[right] = i;
      self->order[j] = left;
      self->places[left] = j;
      i = i + 1 < n ? i + 1 : 0;
      j = (j > 0 ? j : n) - 1;
    }
}

static void
reverse_and_remember (TspTour *self,
                      guint    place,
                      guint    n_cities)
{
  Reversal reversal = { place, n_cities };

  if (n_cities < 2)
    return;

  reverse_places (self, place, n_cities);
  g_array_append_val (self->reversed, reversal);
}

void
tsp_tour_reverse (TspTour *self,
                  guint    from,
                  guint    to)
{
  guint n_inside = tsp_tour_count (self, from, to);

  if (n_inside * 2 <= self->n_cities)
    reverse_and_remember (self, self->places[from], n_inside);
  else
    reverse_and_remember (self, wrap (self, self->places[to] + 1), self->n_cities - n_inside);
}

/* Exchanges the paths of @n_first and @n_second cities that follow each other from @place on, and turns round each that
 * is to be. */
static void
exchange (TspTour *self,
          guint    place,
          guint    n_first,
          guint    n_second,
          gboolean turn_first,
          gboolean turn_second)
{
  /* All of it turned round is the second, then the first, each turned round. */
  reverse_and_remember (self, place, n_first + n_second);
  if (!turn_second)
    reverse_and_remember (self, place, n_second);
  if (!turn_first)
    reverse_and_remember (self, wrap (self, place + n_second), n_first);
}

void
tsp_tour_move (TspTour *self,
               guint    first,
               guint    last,
               guint    after,
               gboolean turned)
{
  guint n_path = tsp_tour_count (self, first, last);
  guint n_passed = tsp_tour_count (self, last, after) - 1;
  guint n_rest = self->n_cities - n_path - n_passed;

  /* To pass what lies in front of it is, in a ring, the same as to pass all the rest backwards. */
  if (n_passed <= n_rest)
    exchange (self, self->places[first], n_path, n_passed, turned, FALSE);
  else
    exchange (self, wrap (self, self->places[after] + 1), n_rest, n_path, FALSE, turned);
}

void
tsp_tour_bridge (TspTour    *self,
                 guint       place,
                 const guint n_cities[3])
{
  reverse_and_remember (self, place, n_cities[0] + n_cities[1] + n_cities[2]);
  reverse_and_remember (self, place, n_cities[2]);
  reverse_and_remember (self, wrap (self, place + n_cities[2]), n_cities[1]);
  reverse_and_remember (self, wrap (self, place + n_cities[2] + n_cities[1]), n_cities[0]);
}

void
tsp_tour_keep (TspTour *self)
{
  g_array_set_size (self->reversed, 0);
}

void
tsp_tour_undo (TspTour *self)
{
  for (guint i = self->reversed->len; i > 0; i--)
    {
      const Reversal *reversal = &g_array_index (self->reversed, Reversal, i - 1);

      reverse_places (self, reversal->place, reversal->n_cities);
    }

  tsp_tour_keep (self);
}

void
tsp_tour_set_order (TspTour     *self,
                    const guint *order)
{
  for (guint place = 0; place < self->n_cities; place++)
    {
      self->order[place] = order[place];
      self->places[order[place]] = place;
    }

  tsp_tour_keep (self);
}

TspTour *
tsp_tour_new (const guint *order,
              guint        n_cities)
{
  TspTour *self = g_new (TspTour, 1);

  self->n_cities = n_cities;
  self->order = g_new (guint, n_cities);
  self->places = g_new (guint, n_cities);
  self->reversed = g_array_new (FALSE, FALSE, sizeof (Reversal));
  tsp_tour_set_order (self, order);

  return self;
}

void
tsp_tour_free (TspTour *self)
{
  g_array_unref (self->reversed);
  g_free (self->order);
  g_free (self->places);
  g_free (self);
}
