/* SPDX-License-Identifier: MIT */

/**
 * The travelling salesman: a short round trip through all cities of an instance. Params, steps and results are told in
 * docs/travelling-salesman.md.
 */

#include "tsp-improve.h"
#include "tsp-message.h"
#include "tsp-reader.h"
#include "tsp-tour-file.h"

/* How many of its nearest each city may be put beside: on a lattice the 8 around it, and some. */
#define NEIGHBOURS 10

#define DEFAULT_CITIES        1000
#define DEFAULT_INSTANCE_SEED 2008

/* What initialize leaves. */
typedef struct
{
  TspInstance   *instance;
  TspNeighbours *neighbours;
  char          *run_directory; /* where tours are written; NULL outside of a run */
} Solver;

static void
solver_clear (Solver *solver)
{
  g_clear_pointer (&solver->neighbours, tsp_neighbours_free);
  g_clear_pointer (&solver->instance, tsp_instance_free);
  g_clear_pointer (&solver->run_directory, g_free);
}

static TspInstance *
get_instance (LockstepCall *call,
              GError      **error)
{
  const char      *name = lockstep_call_get_string (call, "instance", NULL);
  gint64           n_cities = lockstep_call_get_int (call, "cities", DEFAULT_CITIES);
  gint64           seed = lockstep_call_get_int (call, "instance-seed", DEFAULT_INSTANCE_SEED);
  g_autofree char *path = NULL;

  if (!name)
    return tsp_instance_generate ((guint) CLAMP (n_cities, 0, G_MAXUINT), (guint64) seed, error);

  /* A message shows where a relative path led to. */
  path = g_canonicalize_filename (name, NULL);
  return tsp_reader_read (path, error);
}

static gboolean
initialize (LockstepCall *call,
            gpointer      user_data,
            GError      **error)
{
  Solver *solver = user_data;

  solver_clear (solver);
  solver->run_directory = g_strdup (lockstep_call_get_directory (call));

  solver->instance = get_instance (call, error);
  if (!solver->instance)
    {
      g_prefix_error_literal (error, "Could not get the instance: ");
      return FALSE;
    }

  lockstep_call_set_progress (call, 0.5, "finding neighbours");
  solver->neighbours = tsp_neighbours_new (solver->instance, NEIGHBOURS);
  lockstep_call_set_progress (call, 1.0, NULL);
  lockstep_call_log (call, "info", "%s: %u cities, distances %s", solver->instance->name, solver->instance->n_cities,
                     tsp_distance_kind_to_string (solver->instance->kind));

  return TRUE;
}

static gboolean
improve (LockstepCall *call,
         gpointer      user_data,
         GError      **error)
{
  Solver *solver = user_data;

  return tsp_improve (call, solver->instance, solver->neighbours, error);
}

static gboolean
combine (LockstepCall *call,
         gpointer      user_data,
         GError      **error)
{
  Solver                 *solver = user_data;
  g_auto (TspMessageTour) shortest = { NULL };

  if (!tsp_message_read_shortest (solver->instance, lockstep_call_get_input (call), &shortest, error))
    return FALSE;

  lockstep_call_report (call, "length", shortest.length);
  tsp_message_return_tour (call, solver->instance, shortest.order);
  lockstep_call_return_int (call, "part", shortest.part);

  return TRUE;
}

static gboolean
report (LockstepCall *call,
        gpointer      user_data,
        GError      **error)
{
  Solver                 *solver = user_data;
  const char             *name = lockstep_call_get_string (call, "tour-file", "best.tour");
  g_autofree char        *path = NULL;
  g_auto (TspMessageTour) shortest = { NULL };

  if (!tsp_message_read_shortest (solver->instance, lockstep_call_get_input (call), &shortest, error))
    return FALSE;

  path = g_path_is_absolute (name) || !solver->run_directory
           ? g_strdup (name)
           : g_build_filename (solver->run_directory, name, NULL);
  if (!tsp_tour_file_write (solver->instance, shortest.order, path, error))
    {
      g_prefix_error_literal (error, "Could not write the tour: ");
      return FALSE;
    }

  lockstep_call_return_string (call, "file", path);
  lockstep_call_return_int (call, "length", shortest.length);

  return TRUE;
}

int
main (int    argc,
      char **argv)
{
  static const LockstepMethod methods[] = {
    { "initialize", initialize },
    { "improve", improve },
    { "combine", combine },
    { "report", report },
    { NULL },
  };
  Solver solver = { NULL };
  int    status = lockstep_main (argc, argv, "tsp", methods, &solver);

  solver_clear (&solver);
  return status;
}
