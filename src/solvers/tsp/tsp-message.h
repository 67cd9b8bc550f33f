/* SPDX-License-Identifier: MIT */

#pragma once

#include <lockstep-sdk.h>

#include "tsp-instance.h"

G_BEGIN_DECLS

/**
 * What travels from step to step: {"length", "tour": vector of city indices, from 0}, with other members beside them.
 */
typedef struct
{
  guint *order; /* owned; one element a city */
  gint64 length;
  guint  part; /* which of the input's it was */
} TspMessageTour;

/* The shortest of the tours in @input, of equals the first: an array in which parts that failed are null, or one
 * result. Each is checked, and its length computed from it. FALSE with @error. */
gboolean tsp_message_read_shortest (const TspInstance *instance,
                                    JsonNode          *input,
                                    TspMessageTour    *shortest,
                                    GError           **error);

void tsp_message_tour_clear (TspMessageTour *tour);

/* Adds "length" and "tour" to the result. The tour begins with city 0 and goes on to the neighbour of it with the lower
 * number, so that equal rings look equal. */
void tsp_message_return_tour (LockstepCall      *call,
                              const TspInstance *instance,
                              const guint       *order);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (TspMessageTour, tsp_message_tour_clear)

G_END_DECLS
