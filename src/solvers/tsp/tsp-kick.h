/* SPDX-License-Identifier: MIT */

#pragma once

#include "tsp-neighbours.h"
#include "tsp-random.h"
#include "tsp-tour.h"

G_BEGIN_DECLS

/**
 * A kick: a double bridge (Martin, Otto and Felten, Complex Systems 5(3), 299-326, 1991), four edges less and four
 * others, which no few moves undo. Its edges lie near each other, found by short random walks to neighbours (Applegate,
 * Cook and Rohe, INFORMS Journal on Computing 15(1), 82-92, 2003), and within a stretch of the tour of limited length,
 * so that a kick costs the same in a tour of any size.
 */
#define TSP_KICK_ENDS 8

/* Tours of fewer cities are the same ring after a kick and its repair. */
#define TSP_KICK_LEAST_CITIES 5

/* Changes the tour. @ends gets the cities that have other neighbours now. Returns by how much the tour got longer. */
int tsp_kick (const TspInstance   *instance,
              const TspNeighbours *neighbours,
              TspTour             *tour,
              TspRandom           *random,
              guint                ends[TSP_KICK_ENDS]);

G_END_DECLS
