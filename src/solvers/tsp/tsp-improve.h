/* SPDX-License-Identifier: MIT */

#pragma once

#include <lockstep-sdk.h>

#include "tsp-neighbours.h"

G_BEGIN_DECLS

/* The step "improve": makes a tour shorter for as long as the params of @call say. It begins with the shortest tour of
 * the input, or with one of its own where there is none. Other parts and iterations draw other random numbers. */
gboolean tsp_improve (LockstepCall        *call,
                      const TspInstance   *instance,
                      const TspNeighbours *neighbours,
                      GError             **error);

G_END_DECLS
