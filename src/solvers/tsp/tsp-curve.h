/* SPDX-License-Identifier: MIT */

#pragma once

#include "tsp-instance.h"
#include "tsp-random.h"

G_BEGIN_DECLS

/* A tour to begin with: the cities in the order in which a Hilbert curve passes them (after Platzman and Bartholdi,
 * Journal of the ACM 36(4), 719-737, 1989), which is about a quarter longer than the shortest. The curve lies where
 * @random puts it, so that others begin elsewhere. Free with g_free(). */
guint *tsp_curve_tour (const TspInstance *instance,
                       TspRandom         *random);

G_END_DECLS
