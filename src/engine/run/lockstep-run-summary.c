/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-run.h"

#include <glib/gi18n-lib.h>

#include "lockstep-duration.h"
#include "lockstep-number-text.h"

/* A live value, short: six digits are more than a glance takes in. */
static void
append_value (GString *out,
              double   value)
{
  g_string_append_printf (out, "%.4g", value);
}

static void
append_separator (GString *out)
{
  if (out->len > 0)
    g_string_append (out, " · ");
}

/* "gap 0.00032 → 1e-06" while the loop is at work. */
static void
append_loop_value (GString     *out,
                   LockstepRun *self)
{
  LockstepStep    *loop = lockstep_run_get_loop (self);
  g_autofree char *wanted = NULL;
  double           value;

  if (!lockstep_run_get_loop_value (self, &value))
    return;

  wanted = lockstep_number_dup_local (lockstep_condition_get_target_text (loop->until));
  append_separator (out);
  g_string_append_printf (out, "%s ", lockstep_condition_get_name (loop->until));
  append_value (out, value);
  g_string_append (out, " → ");
  g_string_append (out, wanted);
}

/* Where in the plan it stands. */
static void
append_position (GString     *out,
                 LockstepRun *self)
{
  LockstepStep *step = lockstep_run_get_step (self);
  LockstepStep *loop;
  const guint64 n_tasks = lockstep_run_get_n_tasks (self);

  if (step == NULL)
    return;

  loop = step->parent;
  append_separator (out);
  if (loop != NULL && loop->until != NULL)
    g_string_append_printf (out, _ ("Iteration %d of at most %u"), lockstep_run_get_iteration (self), loop->repeat);
  else if (loop != NULL)
    g_string_append_printf (out, _ ("Iteration %d of %u"), lockstep_run_get_iteration (self), loop->repeat);
  if (loop != NULL)
    g_string_append (out, " · ");
  g_string_append (out, step->title);
  append_loop_value (out, self);

  if (step->kind != LOCKSTEP_STEP_ONE && n_tasks > 1)
    {
      append_separator (out);
      g_string_append_printf (out, step->kind == LOCKSTEP_STEP_ALL ? _ ("%u of %u parts") : _ ("%u of %u tasks"),
                              (guint) lockstep_run_get_n_done (self), (guint) n_tasks);
    }
}

char *
lockstep_run_dup_estimate (LockstepRun *self)
{
  g_autofree char            *left = NULL;
  double                      low = 0, high = 0;
  const LockstepEstimateScope scope = lockstep_run_get_estimate (self, &low, &high);

  if (scope == LOCKSTEP_ESTIMATE_NONE)
    return NULL;

  left = lockstep_duration_dup_left (low, high);
  switch (scope)
    {
    case LOCKSTEP_ESTIMATE_STEP:
      /* Translators: %s is "2–3 min left" or the like */
      return g_strdup_printf (_ ("%s in this step"), left);
    case LOCKSTEP_ESTIMATE_LOOP:
      /* Translators: %s is "2–3 min left" or the like */
      return g_strdup_printf (_ ("%s in this loop"), left);
    default:
      return g_steal_pointer (&left);
    }
}

static void
append_estimate (GString     *out,
                 LockstepRun *self)
{
  g_autofree char *estimate = lockstep_run_dup_estimate (self);

  if (estimate == NULL)
    return;

  append_separator (out);
  g_string_append (out, estimate);
}

/* What did not go well in a run that has ended. */
static void
append_failures (GString     *out,
                 LockstepRun *self)
{
  const guint64 n_failures = lockstep_run_get_n_failures (self);
  double        value;

  if (n_failures > 0)
    {
      append_separator (out);
      g_string_append_printf (out, ngettext ("%u task failed", "%u tasks failed", (gulong) n_failures),
                              (guint) n_failures);
    }
  if (!lockstep_run_get_reached (self) && lockstep_run_get_loop_value (self, &value))
    {
      append_separator (out);
      g_string_append_printf (out, _ ("“%s” was not reached"),
                              lockstep_condition_get_text (lockstep_run_get_loop (self)->until));
    }
}

/* Tasks at work, each once, however many solvers are at it. */
static guint
count_at_work (LockstepRun *self)
{
  GListModel            *solvers = lockstep_run_get_solvers (self);
  g_autoptr (GHashTable) tasks = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);

  for (guint i = 0; i < g_list_model_get_n_items (solvers); i++)
    {
      g_autoptr (LockstepRunSolver) solver = g_list_model_get_item (solvers, i);
      const gint64                  task = lockstep_run_solver_get_task (solver);

      if (lockstep_run_solver_get_state (solver) == LOCKSTEP_SOLVER_BUSY)
        g_hash_table_add (tasks, g_memdup2 (&task, sizeof task));
    }

  return g_hash_table_size (tasks);
}

char *
lockstep_run_dup_finishing (LockstepRun *self)
{
  guint n_at_work;

  if (!lockstep_run_is_finishing (self))
    return NULL;

  n_at_work = count_at_work (self);
  if (n_at_work == 0)
    return g_strdup (_ ("Finishing tasks, then stopping"));

  return g_strdup_printf (ngettext ("Finishing %u task, then stopping", "Finishing %u tasks, then stopping", n_at_work),
                          n_at_work);
}

static void
append_finishing (GString     *out,
                  LockstepRun *self)
{
  g_autofree char *finishing = lockstep_run_dup_finishing (self);

  if (finishing == NULL)
    return;

  append_separator (out);
  g_string_append (out, finishing);
}

char *
lockstep_run_dup_summary (LockstepRun *self)
{
  GString         *out = g_string_new (NULL);
  const guint      n_solvers = g_list_model_get_n_items (lockstep_run_get_solvers (self));
  g_autofree char *duration = NULL;

  duration = lockstep_duration_dup_text (lockstep_run_get_seconds (self, g_get_real_time ()));
  switch (lockstep_run_get_state (self))
    {
    case LOCKSTEP_RUN_IDLE:
      g_string_append (out, _ ("Not started"));
      break;
    case LOCKSTEP_RUN_LAUNCHING:
      g_string_append_printf (out, ngettext ("Starting %u solver", "Starting %u solvers", n_solvers), n_solvers);
      break;
    case LOCKSTEP_RUN_STEPPING:
      append_finishing (out, self);
      append_position (out, self);
      append_estimate (out, self);
      break;
    case LOCKSTEP_RUN_PAUSED:
      g_string_append (out, lockstep_run_get_trouble (self) != NULL ? _ ("Paused: it cannot be written to disk") : _ ("Paused"));
      append_finishing (out, self);
      append_position (out, self);
      append_estimate (out, self);
      break;
    case LOCKSTEP_RUN_STOPPING:
      g_string_append (out, lockstep_run_get_towards (self) == LOCKSTEP_RUN_TERMINATED ? _ ("Terminating…") : _ ("Ending…"));
      append_position (out, self);
      break;
    case LOCKSTEP_RUN_FINISHED:
      g_string_append_printf (out, _ ("Finished in %s"), duration);
      if (lockstep_run_get_reached (self))
        append_loop_value (out, self);
      append_failures (out, self);
      break;
    case LOCKSTEP_RUN_FAILED:
      g_string_append_printf (out, _ ("Failed after %s"), duration);
      append_position (out, self);
      break;
    case LOCKSTEP_RUN_TERMINATED:
      g_string_append_printf (out, _ ("Terminated after %s"), duration);
      append_position (out, self);
      break;
    case LOCKSTEP_RUN_INTERRUPTED:
      if (lockstep_run_get_start (self) > 0)
        g_string_append_printf (out, _ ("Interrupted after %s"), duration);
      else
        g_string_append (out, _ ("Interrupted before anything was written down"));
      append_position (out, self);
      break;
    }

  return g_string_free (out, FALSE);
}
