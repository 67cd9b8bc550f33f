/* SPDX-License-Identifier: MIT */

#pragma once

#include "lockstep-json.h"

G_BEGIN_DECLS

/**
 * Arrays of doubles in JSON. A long one travels as {"f64": "<base64, little endian>"}, which keeps
 * every bit and is read and written many times faster than decimals.
 */

/* Vectors of more elements than this are written as base64. */
#define LOCKSTEP_VECTOR_PLAIN_MAX 1000

/* Appends @values in the form their number asks for. All are finite where they are written as decimals. */
void lockstep_vector_append (GString      *out,
                             const double *values,
                             gsize         n_values);

/* Reads either form. Returns the values (free with g_free) and sets @n_values, or NULL when @value is neither
 * an array of numbers nor such an object. An empty vector is a pointer too. */
double *lockstep_vector_read (LockstepJson value,
                              gsize       *n_values);

G_END_DECLS
