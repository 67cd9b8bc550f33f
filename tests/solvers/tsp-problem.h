/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "tsp-neighbours.h"
#include "tsp-random.h"

G_BEGIN_DECLS

/**
 * Instances and tours for the tests of the travelling salesman.
 */

/* The Odyssey of Ulysses in 16 places (Groetschel and Padberg), of TSPLIB, whose shortest tour is 6859 long. */
#define TSP_PROBLEM_ULYSSES                                                                    \
  "NAME: ulysses16.tsp\nTYPE: TSP\nCOMMENT: Odyssey of Ulysses (Groetschel/Padberg)\n"         \
  "DIMENSION: 16\nEDGE_WEIGHT_TYPE: GEO\nDISPLAY_DATA_TYPE: COORD_DISPLAY\n"                   \
  "NODE_COORD_SECTION\n1 38.24 20.42\n2 39.57 26.15\n3 40.56 25.32\n4 36.26 23.12\n"           \
  "5 33.48 10.54\n6 37.56 12.19\n7 38.42 13.11\n8 37.52 20.44\n9 41.23 9.10\n10 41.17 13.05\n" \
  "11 36.08 -5.21\n12 38.47 15.13\n13 38.15 15.35\n14 37.51 15.17\n15 35.49 14.32\n"           \
  "16 39.36 19.56\nEOF\n"

/* A file of TSPLIB, or NULL where TSPLIB is not there; the test is then marked as skipped. */
char *tsp_problem_find_tsplib (const char *name);

/* Reads @text as a file. */
TspInstance *tsp_problem_read (const char *text);

/* Cities on a lattice of @side by @side fields, several of which may be at one place: many distances are equal. */
TspInstance *tsp_problem_make_lattice (guint      n_cities,
                                       guint      side,
                                       TspRandom *random);

/* A tour in random order. Free with g_free(). */
guint *tsp_problem_make_tour (guint      n_cities,
                              TspRandom *random);

void tsp_problem_assert_is_tour (const guint *order,
                                 guint        n_cities);

G_END_DECLS
