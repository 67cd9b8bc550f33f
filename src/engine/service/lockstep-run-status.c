/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-run-status.h"

#include <unistd.h>

#include "lockstep-json-writer.h"
#include "lockstep-run-private.h"

/* Negative is unknown. */
static void
append_int (GString    *out,
            const char *name,
            gint64      number)
{
  lockstep_json_append_name (out, name);
  if (number >= 0)
    lockstep_json_append_int (out, number);
  else
    g_string_append (out, "null");
}

static void
append_double (GString    *out,
               const char *name,
               double      number)
{
  lockstep_json_append_name (out, name);
  if (number >= 0)
    lockstep_json_append_double (out, number);
  else
    g_string_append (out, "null");
}

static void
append_boolean (GString    *out,
                const char *name,
                gboolean    value)
{
  lockstep_json_append_name (out, name);
  g_string_append (out, value ? "true" : "false");
}

/* {"of": "step", "loop" or "run", "low", "high"} in seconds */
static void
append_estimate (GString     *out,
                 LockstepRun *run)
{
  double                      low, high;
  const LockstepEstimateScope scope = lockstep_run_get_estimate (run, &low, &high);

  lockstep_json_append_name (out, "left");
  if (scope == LOCKSTEP_ESTIMATE_NONE)
    {
      g_string_append (out, "null");
      return;
    }

  g_string_append_c (out, '{');
  lockstep_json_append_string_member (out, "of", scope == LOCKSTEP_ESTIMATE_RUN ? "run" : scope == LOCKSTEP_ESTIMATE_LOOP ? "loop"
                                                                                                                          : "step");
  append_double (out, "low", low);
  append_double (out, "high", high);
  g_string_append_c (out, '}');
}

/* What the until of the loop at work looked at last. */
static void
append_loop_value (GString     *out,
                   LockstepRun *run)
{
  LockstepStep *loop = lockstep_run_get_loop (run);
  double        value;

  lockstep_json_append_name (out, "value");
  if (loop != NULL && lockstep_run_get_loop_value (run, &value))
    lockstep_json_append_double (out, value);
  else
    g_string_append (out, "null");
}

GBytes *
lockstep_run_status_new (LockstepRun *run,
                         guint64      n_events)
{
  GString         *out = g_string_new ("{");
  const char      *directory = lockstep_run_get_directory (run);
  LockstepStep    *step = lockstep_run_get_step (run);
  LockstepPlace    place;
  g_autofree char *id = directory != NULL ? g_path_get_basename (directory) : NULL;
  g_autofree char *summary = lockstep_run_dup_summary (run);

  lockstep_run_get_place (run, &place);
  lockstep_json_append_string_member (out, "run", id);
  lockstep_json_append_string_member (out, "name", lockstep_plan_get_name (lockstep_run_get_plan (run)));
  lockstep_json_append_string_member (out, "directory", directory);
  append_int (out, "pid", getpid ());
  lockstep_json_append_string_member (out, "state", lockstep_run_state_to_name (lockstep_run_get_state (run)));
  append_boolean (out, "finishing", lockstep_run_is_finishing (run));
  lockstep_json_append_string_member (out, "error", lockstep_run_get_error (run));
  lockstep_json_append_string_member (out, "summary", summary);
  append_double (out, "fraction", lockstep_run_get_fraction (run));
  lockstep_json_append_string_member (out, "step", step != NULL ? step->title : NULL);
  append_int (out, "iteration", place.iterations->len > 0 ? lockstep_run_get_iteration (run) : -1);
  append_loop_value (out, run);
  append_int (out, "tasks", (gint64) lockstep_run_get_n_tasks (run));
  append_int (out, "done", (gint64) lockstep_run_get_n_done (run));
  append_int (out, "failures", (gint64) lockstep_run_get_n_failures (run));
  append_int (out, "solvers", g_list_model_get_n_items (lockstep_run_get_solvers (run)));
  append_int (out, "start", lockstep_run_get_start (run));
  append_double (out, "seconds", lockstep_run_get_seconds (run, g_get_real_time ()));
  append_estimate (out, run);
  append_int (out, "events", (gint64) n_events);
  g_string_append_c (out, '}');

  return g_string_free_to_bytes (out);
}

static void
append_solver (GString           *out,
               LockstepRunSolver *solver)
{
  const char  *values = lockstep_run_solver_get_values (solver);
  const gint64 sign = lockstep_run_solver_get_sign (solver);
  const int    attempt = lockstep_run_solver_get_attempt (solver);
  const gint64 since = lockstep_run_solver_get_since (solver);

  g_string_append_c (out, '{');
  append_int (out, "index", lockstep_run_solver_get_index (solver));
  lockstep_json_append_string_member (out, "host", lockstep_run_solver_get_host (solver));
  append_int (out, "pid", lockstep_run_solver_get_pid (solver) > 0 ? lockstep_run_solver_get_pid (solver) : -1);
  lockstep_json_append_string_member (out, "state", lockstep_solver_state_to_name (lockstep_run_solver_get_state (solver)));
  append_boolean (out, "waiting", lockstep_run_solver_get_waiting (solver));
  lockstep_json_append_string_member (out, "step", lockstep_run_solver_get_step (solver));
  append_int (out, "part", lockstep_run_solver_get_part (solver));
  append_int (out, "parts", lockstep_run_solver_get_parts (solver) > 0 ? lockstep_run_solver_get_parts (solver) : -1);
  append_int (out, "task", lockstep_run_solver_get_task (solver));
  append_int (out, "attempt", attempt > 0 ? attempt : -1);
  append_double (out, "fraction", lockstep_run_solver_get_fraction (solver));
  lockstep_json_append_string_member (out, "message", lockstep_run_solver_get_message (solver));
  lockstep_json_append_name (out, "values");
  g_string_append (out, values != NULL && *values != '\0' ? values : "null");
  append_double (out, "cpu", lockstep_run_solver_get_cpu (solver));
  append_int (out, "memory", (gint64) lockstep_run_solver_get_memory (solver));
  append_int (out, "sign", sign > 0 ? sign : -1);
  append_int (out, "since", since > 0 ? since : -1);
  lockstep_json_append_string_member (out, "log", lockstep_run_solver_get_log (solver));
  lockstep_json_append_string_member (out, "reason", lockstep_run_solver_get_reason (solver));
  g_string_append_c (out, '}');
}

GBytes *
lockstep_run_status_new_solvers (LockstepRun *run)
{
  GString    *out = g_string_new ("{\"solvers\":[");
  GListModel *solvers = lockstep_run_get_solvers (run);
  const guint n_solvers = g_list_model_get_n_items (solvers);

  for (guint i = 0; i < n_solvers; i++)
    {
      g_autoptr (LockstepRunSolver) solver = g_list_model_get_item (solvers, i);

      if (i > 0)
        g_string_append_c (out, ',');
      append_solver (out, solver);
    }
  g_string_append (out, "]}");

  return g_string_free_to_bytes (out);
}
