/* SPDX-License-Identifier: MIT */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * Random numbers that are the same on every machine, and cheap beside a kick: PCG-XSH-RR with 64 bits of state
 * (O'Neill, "PCG: A family of simple fast space-efficient statistically good algorithms for random number generation",
 * Harvey Mudd College HMC-CS-2014-0905, 2014). Generators of the same seed and another stream differ.
 */
typedef struct
{
  guint64 state;
  guint64 increment; /* odd; chooses the stream */
} TspRandom;

void tsp_random_init (TspRandom *self,
                      guint64    seed,
                      guint64    stream);

guint32 tsp_random_next (TspRandom *self);

/* A whole number from 0 up to, and without, @bound, which is at least 1 (Lemire's multiplication, ACM TOMACS 29(1),
 * 2019, without its rejection: the bias is below @bound / 2^32). */
guint tsp_random_below (TspRandom *self,
                        guint      bound);

G_END_DECLS
