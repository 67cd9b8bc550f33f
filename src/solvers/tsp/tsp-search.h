/* SPDX-License-Identifier: MIT */

#pragma once

#include "tsp-neighbours.h"
#include "tsp-random.h"

G_BEGIN_DECLS

/**
 * An iterated local search for a shorter tour: descend to a tour that no move improves; then kick it somewhere, repair
 * around the ends of the kick, and take that back if the tour has become longer. When that has found nothing shorter
 * for long, the shortest tour is shaken by as many kicks at once as it has cities, and the search goes on from there.
 *
 * What it finds depends on the tour that it begins with, the random numbers and the number of kicks alone.
 */
typedef struct _TspSearch TspSearch;

/* Begins with the tour @order, one element a city. @instance and @neighbours must outlive the search. */
TspSearch *tsp_search_new (const TspInstance   *instance,
                           const TspNeighbours *neighbours,
                           const guint         *order,
                           const TspRandom     *random);

void tsp_search_free (TspSearch *self);

/* Looks at @n_cities cities at most, and improves the tour around them. TRUE when no move improves the tour any more;
 * only then may it be kicked. */
gboolean tsp_search_descend (TspSearch *self,
                             guint      n_cities);

/* Kicks @n_kicks times. */
void tsp_search_kick (TspSearch *self,
                      guint      n_kicks);

/* The length of the shortest tour so far. */
gint64 tsp_search_get_length (TspSearch *self);

/* The shortest tour so far, one element a city. Owned by the search, until its next call. */
const guint *tsp_search_get_order (TspSearch *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TspSearch, tsp_search_free)

G_END_DECLS
