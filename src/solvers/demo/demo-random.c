/* SPDX-License-Identifier: MIT */

#include "demo-random.h"

static guint64
split_mix (guint64 *state)
{
  guint64 z = (*state += G_GUINT64_CONSTANT (0x9e3779b97f4a7c15));

  z = (z ^ (z >> 30)) * G_GUINT64_CONSTANT (0xbf58476d1ce4e5b9);
  z = (z ^ (z >> 27)) * G_GUINT64_CONSTANT (0x94d049bb133111eb);

  return z ^ (z >> 31);
}

static guint64
rotate_left (guint64 x,
             int     n)
{
  return (x << n) | (x >> (64 - n));
}

void
demo_random_init (DemoRandom *self,
                  guint64     seed)
{
  for (guint i = 0; i < G_N_ELEMENTS (self->state); i++)
    self->state[i] = split_mix (&seed);
}

guint64
demo_random_next (DemoRandom *self)
{
  guint64 *s = self->state;
  guint64  result = rotate_left (s[1] * 5, 7) * 9;
  guint64  t = s[1] << 17;

  s[2] ^= s[0];
  s[3] ^= s[1];
  s[1] ^= s[2];
  s[0] ^= s[3];
  s[2] ^= t;
  s[3] = rotate_left (s[3], 45);

  return result;
}

double
demo_random_fraction (DemoRandom *self)
{
  return (demo_random_next (self) >> 11) * 0x1p-53;
}

guint64
demo_random_mix (guint64     seed,
                 const char *word,
                 guint64     number)
{
  for (; *word; word++)
    {
      seed ^= (guchar) *word;
      seed = split_mix (&seed);
    }
  seed ^= number;

  return split_mix (&seed);
}
