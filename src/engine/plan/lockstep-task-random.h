/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * The random numbers that samples are drawn with: SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom
 * number generators", OOPSLA 2014), read at any place of its sequence. A seed gives the same numbers for ever, on every
 * machine; that is a promise, because runs are repeated by it.
 *
 * Each name of a sample has a stream of its own, so that a name more or another order changes none of the others.
 */

/* The state that the stream of @name starts from: mix (@seed + FNV-1a-64 (@name)). */
guint64 lockstep_task_random_stream (guint64     seed,
                                     const char *name);

/* Number @index of the stream, from 0: mix (@stream + (@index + 1) × 0x9e3779b97f4a7c15). */
guint64 lockstep_task_random_get (guint64 stream,
                                  guint64 index);

/* The same as one of 2^53 numbers, evenly spaced from 0 to below 1: its upper 53 bits. */
double lockstep_task_random_get_unit (guint64 stream,
                                      guint64 index);

G_END_DECLS
