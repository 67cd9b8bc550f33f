/* SPDX-License-Identifier: MIT */

#include "assignment-cost.h"
#include "assignment-loader.h"
#include "assignment-message.h"
#include "assignment-report.h"

/* What initialize leaves. */
typedef struct
{
  AssignmentNetwork *network;
  AssignmentDemand  *demand;
  AssignmentLoader  *loader;
  char              *run_directory; /* where results are written; NULL outside of a run */
} Solver;

static void
solver_clear (Solver *solver)
{
  g_clear_pointer (&solver->loader, assignment_loader_free);
  g_clear_pointer (&solver->demand, assignment_demand_free);
  g_clear_pointer (&solver->network, assignment_network_free);
  g_clear_pointer (&solver->run_directory, g_free);
}

/* The file @name of the city that Lockstep brings with it: from the source while the solver runs where it was
 * built, else from where it was installed to. */
static char *
find_city (const char *name)
{
  g_autofree char *program = g_file_read_link ("/proc/self/exe", NULL);
  const char      *directory = g_getenv ("LOCKSTEP_DATA_DIR");

  if (!directory)
    directory = program && g_str_has_prefix (program, ASSIGNMENT_BUILD_DIR "/") ? ASSIGNMENT_SOURCE_DATA_DIR
                                                                                : ASSIGNMENT_DATA_DIR;

  return g_build_filename (directory, "city", name, NULL);
}

/* The param @name, or else the file @city of the city, as an absolute path: a message shows where a relative one
 * led to. */
static char *
find_file (LockstepCall *call,
           const char   *name,
           const char   *city)
{
  g_autofree char *otherwise = find_city (city);

  return g_canonicalize_filename (lockstep_call_get_string (call, name, otherwise), NULL);
}

static gboolean
initialize (LockstepCall *call,
            gpointer      user_data,
            GError      **error)
{
  Solver          *solver = user_data;
  g_autofree char *network_path = find_file (call, "network", "city_net.tntp");
  g_autofree char *trips_path = find_file (call, "trips", "city_trips.tntp");

  solver_clear (solver);
  solver->run_directory = g_strdup (lockstep_call_get_directory (call));

  lockstep_call_set_progress (call, 0.0, "reading the network");
  solver->network = assignment_network_read (network_path, error);
  if (!solver->network)
    {
      g_prefix_error_literal (error, "Could not read the network: ");
      return FALSE;
    }

  lockstep_call_set_progress (call, 0.5, "reading the trips");
  solver->demand = assignment_demand_read (trips_path, solver->network, error);
  if (!solver->demand)
    {
      g_prefix_error_literal (error, "Could not read the trips: ");
      return FALSE;
    }

  solver->loader = assignment_loader_new (solver->network, solver->demand);
  lockstep_call_set_progress (call, 1.0, NULL);
  lockstep_call_log (call, "info", "%s: %u zones, %u nodes, %u links; %.6g vehicles from %u origins",
                     solver->network->path, solver->network->n_zones, solver->network->n_nodes,
                     solver->network->n_links, solver->demand->total, solver->demand->n_origins);

  return TRUE;
}

/* Loads every origin whose place in the demand, divided by the number of parts, leaves the part as its rest:
 * neighbours cost about the same, so the parts do. */
static gboolean
assign (LockstepCall *call,
        gpointer      user_data,
        GError      **error)
{
  Solver            *solver = user_data;
  guint              part = lockstep_call_get_part (call);
  guint              parts = lockstep_call_get_parts (call);
  guint              n_origins = solver->demand->n_origins;
  guint              n_mine = (n_origins + parts - 1 - part) / parts;
  guint              n_links = solver->network->n_links;
  g_autofree double *times = g_new (double, n_links);
  g_autofree double *loads = g_new0 (double, n_links);
  g_autofree double *flows = NULL;
  JsonNode          *input = lockstep_call_get_input (call);

  if (input && !JSON_NODE_HOLDS_NULL (input) &&
      !(flows = assignment_message_read_flows (solver->network, input, error)))
    return FALSE;

  assignment_cost_get_times (solver->network, flows, times);
  assignment_loader_set_times (solver->loader, times);

  for (guint i = 0; i < n_mine; i++)
    {
      char message[64];

      if (lockstep_call_check_cancelled (call, error) ||
          !assignment_loader_load_origin (solver->loader, part + i * parts, loads, error))
        return FALSE;

      g_snprintf (message, sizeof message, "%u of %u origins", i + 1, n_mine);
      lockstep_call_set_progress (call, (i + 1.0) / n_mine, message);
    }

  lockstep_call_return_vector (call, "loads", loads, n_links);
  return TRUE;
}

static gboolean
combine (LockstepCall *call,
         gpointer      user_data,
         GError      **error)
{
  Solver                     *solver = user_data;
  JsonNode                   *previous = lockstep_call_get_previous (call);
  g_autofree double          *loads = NULL;
  g_autoptr (AssignmentState) state = NULL;
  g_autoptr (AssignmentState) next = NULL;

  if (!(loads = assignment_message_sum_loads (solver->network, lockstep_call_get_input (call), error)))
    return FALSE;
  if (previous && !JSON_NODE_HOLDS_NULL (previous) &&
      !(state = assignment_message_read_state (solver->network, previous, error)))
    return FALSE;

  next = state ? assignment_state_next (solver->network, state, loads)
               : assignment_state_new (solver->network, loads);

  lockstep_call_report (call, "gap", next->gap);
  lockstep_call_report (call, "objective", next->objective);
  assignment_message_return_state (call, solver->network, next);

  return TRUE;
}

static gboolean
report (LockstepCall *call,
        gpointer      user_data,
        GError      **error)
{
  Solver                     *solver = user_data;
  const char                 *name = lockstep_call_get_string (call, "flows-file", "flows.csv");
  g_autofree char            *path = NULL;
  g_autoptr (AssignmentState) state = NULL;

  if (!(state = assignment_message_read_state (solver->network, lockstep_call_get_input (call), error)))
    return FALSE;

  path = g_path_is_absolute (name) || !solver->run_directory
           ? g_strdup (name)
           : g_build_filename (solver->run_directory, name, NULL);
  if (!assignment_report_write (solver->network, state->flows, path, error))
    {
      g_prefix_error_literal (error, "Could not write the flows: ");
      return FALSE;
    }

  lockstep_call_return_string (call, "file", path);
  lockstep_call_return_double (call, "gap", state->gap);
  lockstep_call_return_double (call, "objective", state->objective);

  return TRUE;
}

int
main (int    argc,
      char **argv)
{
  static const LockstepMethod methods[] = {
    { "initialize", initialize },
    { "assign", assign },
    { "combine", combine },
    { "report", report },
    { NULL },
  };
  Solver solver = { NULL };
  int    status = lockstep_main (argc, argv, "assignment", methods, &solver);

  solver_clear (&solver);
  return status;
}
