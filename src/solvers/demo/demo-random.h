/* SPDX-License-Identifier: MIT */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * Random numbers that are the same on every machine: xoshiro256** (Blackman and Vigna, "Scrambled linear pseudorandom
 * number generators", ACM TOMS 47(4), 2021), its state filled by SplitMix64 (Steele, Lea and Flood, "Fast splittable
 * pseudorandom number generators", OOPSLA 2014), as its authors advise.
 */
typedef struct
{
  guint64 state[4];
} DemoRandom;

void demo_random_init (DemoRandom *self,
                       guint64     seed);

guint64 demo_random_next (DemoRandom *self);

/* A double from 0 up to, and without, 1. */
double demo_random_fraction (DemoRandom *self);

/* A seed from a seed and what it is to be told apart by. */
guint64 demo_random_mix (guint64     seed,
                         const char *word,
                         guint64     number);

G_END_DECLS
