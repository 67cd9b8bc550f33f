/* SPDX-License-Identifier: MIT */

#include "tsp-moves.h"

#include "tsp-distance.h"

/* The longest path that is moved. */
#define LONGEST_PATH 3

/* What a search for a move looks at. */
typedef struct
{
  const TspInstance *instance;
  const TspTour     *tour;
  TspMove            best;
} Search;

static inline guint
step (const TspTour *tour,
      guint          city,
      gboolean       forward)
{
  return forward ? tsp_tour_next (tour, city) : tsp_tour_previous (tour, city);
}

/* Offers to move the path of which one end is @near_end and the other @far_end, so that @near_end is beside @near_city
 * and @far_end beside @far_city. @forward tells whether @far_end follows @near_end, @far_forward whether @far_city
 * follows @near_city. */
static inline void
offer_path (Search  *search,
            int      gain,
            guint    near_end,
            guint    far_end,
            gboolean forward,
            guint    near_city,
            guint    far_city,
            gboolean far_forward)
{
  if (gain <= search->best.gain)
    return;

  search->best = (TspMove){
    .kind = TSP_MOVE_PATH,
    .gain = gain,
    .first = forward ? near_end : far_end,
    .last = forward ? far_end : near_end,
    .after = far_forward ? near_city : far_city,
    .turned = forward != far_forward,
  };
}

/* Moves of a path that begins with @city, away from @neighbour, to beside @target. */
static inline void
find_paths_from_city (Search  *search,
                      guint    city,
                      guint    neighbour,
                      guint    target,
                      gboolean forward,
                      int      gained)
{
  const TspInstance *instance = search->instance;
  const TspTour     *tour = search->tour;
  guint              beside[2] = { tsp_tour_previous (tour, target), tsp_tour_next (tour, target) };
  guint              end = city;

  for (guint length = 1; length <= LONGEST_PATH && end != target; length++)
    {
      guint beyond = step (tour, end, !forward);
      int   cut;

      if (beyond == neighbour)
        return;

      /* What it gains to cut the path out, the edge to the target included; never into an edge at its own end. */
      cut = gained + tsp_distance (instance, end, beyond) - tsp_distance (instance, neighbour, beyond);
      for (guint side = 0; side < 2; side++)
        if (beside[side] != end)
          offer_path (search,
                      cut + tsp_distance (instance, target, beside[side]) - tsp_distance (instance, end, beside[side]),
                      city, end, !forward, target, beside[side], side == 1);

      end = beyond;
    }
}

/* Moves of a path that begins with @target, to between @city and @neighbour. */
static inline void
find_paths_from_target (Search  *search,
                        guint    city,
                        guint    neighbour,
                        guint    target,
                        gboolean forward,
                        int      gained)
{
  const TspInstance *instance = search->instance;
  const TspTour     *tour = search->tour;

  for (guint side = 0; side < 2; side++)
    {
      gboolean path_forward = side == 1;
      guint    before = step (tour, target, !path_forward);
      int      edge = tsp_distance (instance, before, target);
      guint    end = target;

      for (guint length = 1; length <= LONGEST_PATH; length++)
        {
          guint beyond = step (tour, end, path_forward);
          int   gain;

          if (end == city || end == neighbour)
            break;

          gain = gained + edge + tsp_distance (instance, end, beyond) - tsp_distance (instance, end, neighbour) -
                 tsp_distance (instance, before, beyond);
          offer_path (search, gain, target, end, path_forward, city, neighbour, forward);

          end = beyond;
        }
    }
}

TspMove
tsp_move_find (const TspInstance   *instance,
               const TspNeighbours *neighbours,
               const TspTour       *tour,
               guint                city)
{
  Search              search = { instance, tour, { TSP_MOVE_NONE } };
  const TspNeighbour *nearest = tsp_neighbours_get (neighbours, city);

  for (guint side = 0; side < 2; side++)
    {
      gboolean forward = side == 1;
      guint    neighbour = step (tour, city, forward);
      int      edge = tsp_distance (instance, city, neighbour);

      for (guint i = 0; i < neighbours->n_each && nearest[i].distance < edge; i++)
        {
          guint target = nearest[i].city;
          guint beside = step (tour, target, forward);
          int   gained = edge - nearest[i].distance;
          int   gain = gained + tsp_distance (instance, target, beside) - tsp_distance (instance, neighbour, beside);

          if (gain > search.best.gain)
            search.best = (TspMove){
              .kind = TSP_MOVE_REVERSE,
              .gain = gain,
              .first = forward ? neighbour : city,
              .last = forward ? target : beside,
            };

          find_paths_from_city (&search, city, neighbour, target, forward, gained);
          find_paths_from_target (&search, city, neighbour, target, forward, gained);
        }
    }

  return search.best;
}

guint
tsp_move_make (const TspMove *move,
               TspTour       *tour,
               guint          ends[TSP_MOVE_MOST_ENDS])
{
  guint n_ends = 0;

  ends[n_ends++] = move->first;
  ends[n_ends++] = move->last;
  ends[n_ends++] = tsp_tour_previous (tour, move->first);
  ends[n_ends++] = tsp_tour_next (tour, move->last);

  if (move->kind == TSP_MOVE_REVERSE)
    {
      tsp_tour_reverse (tour, move->first, move->last);
      return n_ends;
    }

  ends[n_ends++] = move->after;
  ends[n_ends++] = tsp_tour_next (tour, move->after);
  tsp_tour_move (tour, move->first, move->last, move->after, move->turned);

  return n_ends;
}
