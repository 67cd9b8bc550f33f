/* SPDX-License-Identifier: MIT */

#include "tsp-random.h"

guint32
tsp_random_next (TspRandom *self)
{
  guint64 state = self->state;
  guint32 shifted = (guint32) (((state >> 18) ^ state) >> 27);
  guint   rotation = (guint) (state >> 59);

  self->state = state * G_GUINT64_CONSTANT (6364136223846793005) + self->increment;

  return (shifted >> rotation) | (shifted << (-rotation & 31));
}

guint
tsp_random_below (TspRandom *self,
                  guint      bound)
{
  return (guint) (((guint64) tsp_random_next (self) * bound) >> 32);
}

void
tsp_random_init (TspRandom *self,
                 guint64    seed,
                 guint64    stream)
{
  self->state = 0;
  self->increment = (stream << 1) | 1;
  tsp_random_next (self);
  self->state += seed;
  tsp_random_next (self);
}
