/* SPDX-License-Identifier: MIT */

#include "tsp-improve.h"

#include "tsp-curve.h"
#include "tsp-message.h"
#include "tsp-search.h"

/* Between two looks at the clock and at whether the tour is still wanted: well under a millisecond, and in the largest
 * tours a few. */
#define CITIES_AT_ONCE 200
#define KICKS_AT_ONCE  64

#define DEFAULT_SECONDS 1.0
#define DEFAULT_SEED    2008

/* How long a search goes on. */
typedef struct
{
  gint64 start; /* by the monotonic clock, in µs */
  gint64 time;  /* in µs; 0 where kicks are counted instead */
  gint64 kicks; /* 0 where only time counts */
  gint64 n_kicked;
} Budget;

static gboolean
read_budget (LockstepCall *call,
             Budget       *budget,
             GError      **error)
{
  double seconds = lockstep_call_get_double (call, "seconds", DEFAULT_SECONDS);
  gint64 kicks = lockstep_call_get_int (call, "kicks", 0);

  if (json_object_has_member (lockstep_call_get_params (call), "kicks"))
    {
      if (kicks < 1)
        {
          g_set_error (error, LOCKSTEP_SDK_ERROR, LOCKSTEP_SDK_ERROR_PARAMS,
                       "“kicks” is %" G_GINT64_FORMAT "; expected at least 1", kicks);
          return FALSE;
        }
      seconds = 0;
    }
  else if (!(seconds > 0 && seconds <= 1e9))
    {
      g_set_error (error, LOCKSTEP_SDK_ERROR, LOCKSTEP_SDK_ERROR_PARAMS,
                   "“seconds” is %g; expected a number above 0, of 1e9 at most", seconds);
      return FALSE;
    }

  *budget = (Budget){ g_get_monotonic_time (), (gint64) (seconds * G_USEC_PER_SEC), kicks, 0 };
  return TRUE;
}

/* The part of the budget that is used up, from 0 to 1. */
static double
get_fraction (const Budget *budget)
{
  if (budget->time == 0)
    return (double) budget->n_kicked / budget->kicks;

  return MIN (1.0, (double) (g_get_monotonic_time () - budget->start) / MAX (budget->time, 1));
}

/* The tour to begin with, or NULL with @error. */
static guint *
get_start (LockstepCall      *call,
           const TspInstance *instance,
           TspRandom         *random,
           GError           **error)
{
  JsonNode               *input = lockstep_call_get_input (call);
  g_auto (TspMessageTour) shortest = { NULL };

  if (!input || JSON_NODE_HOLDS_NULL (input))
    return tsp_curve_tour (instance, random);

  if (!tsp_message_read_shortest (instance, input, &shortest, error))
    return NULL;

  return g_steal_pointer (&shortest.order);
}

static void
show (LockstepCall *call,
      TspSearch    *search,
      const Budget *budget,
      double        fraction)
{
  char message[64];

  g_snprintf (message, sizeof message, "%" G_GINT64_FORMAT " kicks", budget->n_kicked);
  lockstep_call_set_progress (call, fraction, message);
  lockstep_call_report (call, "length", tsp_search_get_length (search));
}

gboolean
tsp_improve (LockstepCall        *call,
             const TspInstance   *instance,
             const TspNeighbours *neighbours,
             GError             **error)
{
  gint64                seed = lockstep_call_get_int (call, "seed", DEFAULT_SEED);
  guint64               stream = (guint64) lockstep_call_get_iteration (call) << 32 | lockstep_call_get_part (call);
  g_autofree guint     *start = NULL;
  g_autoptr (TspSearch) search = NULL;
  gboolean              descended = FALSE;
  TspRandom             random;
  Budget                budget;
  double                fraction;

  if (!read_budget (call, &budget, error))
    return FALSE;

  tsp_random_init (&random, seed, stream);
  if (!(start = get_start (call, instance, &random, error)))
    return FALSE;

  search = tsp_search_new (instance, neighbours, start, &random);
  while ((fraction = get_fraction (&budget)) < 1)
    {
      if (lockstep_call_check_cancelled (call, error))
        return FALSE;

      show (call, search, &budget, fraction);
      if (descended)
        {
          gint64 n_kicks = budget.time > 0 ? KICKS_AT_ONCE : MIN (KICKS_AT_ONCE, budget.kicks - budget.n_kicked);

          tsp_search_kick (search, (guint) n_kicks);
          budget.n_kicked += n_kicks;
        }
      else
        {
          descended = tsp_search_descend (search, CITIES_AT_ONCE);
        }
    }
  show (call, search, &budget, 1);

  tsp_message_return_tour (call, instance, tsp_search_get_order (search));
  lockstep_call_return_int (call, "kicks", budget.n_kicked);

  return TRUE;
}
