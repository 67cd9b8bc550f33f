/* SPDX-License-Identifier: MIT */

#pragma once

#include "tsp-neighbours.h"
#include "tsp-tour.h"

G_BEGIN_DECLS

/**
 * The changes of which improvement is made: 2-opt, which replaces two edges, and Or-opt (Or, dissertation, Northwestern
 * University, 1976), which moves up to three cities that follow each other to another place, either way round. They are
 * looked for as Bentley describes it (ORSA Journal on Computing 4(4), 387-411, 1992): only those that put a city beside
 * one of its nearest, nearer than one it is beside now.
 */
#define TSP_MOVE_MOST_ENDS 8

typedef enum
{
  TSP_MOVE_NONE,
  TSP_MOVE_REVERSE, /* 2-opt: turns round the path from @first to @last */
  TSP_MOVE_PATH,    /* Or-opt: moves that path behind @after, turned round if @turned */
} TspMoveKind;

typedef struct
{
  TspMoveKind kind;
  int         gain; /* by how much the tour gets shorter */
  guint       first;
  guint       last;
  guint       after;
  gboolean    turned;
} TspMove;

/* The change with the greatest gain above 0 that gives @city another neighbour, or one of the kind NONE. */
TspMove tsp_move_find (const TspInstance   *instance,
                       const TspNeighbours *neighbours,
                       const TspTour       *tour,
                       guint                city);

/* Changes the tour. @ends gets the cities that have other neighbours now. Returns how many those are. */
guint tsp_move_make (const TspMove *move,
                     TspTour       *tour,
                     guint          ends[TSP_MOVE_MOST_ENDS]);

G_END_DECLS
