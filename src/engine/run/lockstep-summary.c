/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-summary.h"

#include "lockstep-json-writer.h"
#include "lockstep-run-private.h"

static void
append_result (GString     *out,
               LockstepRun *run,
               gsize        result_max)
{
  LockstepStep *step = lockstep_run_get_step (run);
  GPtrArray    *results = lockstep_run_get_results (run);
  const gsize   before = out->len;
  gboolean      is_array;

  if (step == NULL || results == NULL)
    return;

  is_array = step->kind != LOCKSTEP_STEP_ONE;
  lockstep_json_append_name (out, "result");
  if (is_array)
    g_string_append_c (out, '[');
  for (guint i = 0; i < results->len && out->len - before <= result_max; i++)
    {
      GBytes     *result = g_ptr_array_index (results, i);
      gsize       length = 0;
      const char *text = result != NULL ? g_bytes_get_data (result, &length) : NULL;

      if (i > 0)
        g_string_append_c (out, ',');
      if (text != NULL)
        g_string_append_len (out, text, (gssize) length);
      else
        g_string_append (out, "null");
    }
  if (is_array)
    g_string_append_c (out, ']');

  if (out->len - before > result_max)
    g_string_truncate (out, before);
}

static void
append_causes (GString     *out,
               LockstepRun *run)
{
  GListModel *causes = lockstep_run_get_causes (run);
  const guint n_causes = g_list_model_get_n_items (causes);

  lockstep_json_append_name (out, "causes");
  g_string_append_c (out, '[');
  for (guint i = 0; i < n_causes; i++)
    {
      g_autoptr (LockstepCause) cause = g_list_model_get_item (causes, i);

      g_string_append (out, i > 0 ? ",{" : "{");
      lockstep_json_append_string_member (out, "cause", lockstep_cause_get_cause (cause));
      lockstep_json_append_string_member (out, "text", lockstep_cause_get_text (cause));
      g_string_append_printf (out, ",\"count\":%" G_GUINT64_FORMAT ",\"task\":%" G_GINT64_FORMAT "}",
                              lockstep_cause_get_count (cause), lockstep_cause_get_task (cause));
    }
  g_string_append_c (out, ']');
}

/* How many of its tasks have ended: those of its last step of tasks, for which people wait, or else of its last step. */
static void
append_tasks (GString     *out,
              LockstepRun *run)
{
  const LockstepStepResults *results = NULL;
  LockstepPlace              place;
  const gboolean             listed = lockstep_results_get_sweep (lockstep_run_get_outcome (run), &place, &results);

  if (!listed)
    results = lockstep_results_get_current (lockstep_run_get_outcome (run));

  lockstep_json_append_name (out, "tasks");
  g_string_append_printf (out, "{\"done\":%u,\"total\":%u,\"listed\":%s}", results->n_ended, results->results->len,
                          listed ? "true" : "false");
}

/* What its last loop was to reach, and what it came to. */
static void
append_until (GString     *out,
              LockstepRun *run)
{
  LockstepStep *loop = lockstep_run_get_loop (run);
  double        value;

  if (!lockstep_run_get_loop_value (run, &value))
    return;

  lockstep_json_append_name (out, "until");
  g_string_append_c (out, '{');
  lockstep_json_append_string_member (out, "text", lockstep_condition_get_text (loop->until));
  lockstep_json_append_name (out, "value");
  lockstep_json_append_double (out, value);
  g_string_append_c (out, '}');
}

GBytes *
lockstep_summary_new (LockstepRun         *run,
                      const LockstepEvent *ended,
                      gsize                result_max)
{
  GString         *out = g_string_new ("{");
  LockstepPlan    *plan = lockstep_run_get_plan (run);
  const char      *directory = lockstep_run_get_directory (run);
  g_autofree char *state = g_strdup (lockstep_run_state_to_name (lockstep_run_get_state (run)));
  g_autofree char *error = g_strdup (lockstep_run_get_error (run));
  gint64           end = lockstep_run_get_end (run);
  gboolean         is_finished;

  if (ended != NULL)
    {
      LockstepJson payload;

      payload.text = g_bytes_get_data (ended->payload, &payload.length);
      g_free (state);
      g_free (error);
      state = lockstep_json_dup_string (lockstep_json_get_member (payload, "state"), NULL);
      error = lockstep_json_dup_string (lockstep_json_get_member (payload, "error"), NULL);
      end = ended->time;
    }

  is_finished = g_str_equal (state, lockstep_run_state_to_name (LOCKSTEP_RUN_FINISHED));
  lockstep_json_append_string_member (out, "state", state);
  if (directory != NULL)
    {
      g_autofree char *name = g_path_get_basename (directory);

      lockstep_json_append_string_member (out, "run", name);
      lockstep_json_append_string_member (out, "directory", directory);
    }
  lockstep_json_append_string_member (out, "name", lockstep_plan_get_name (plan));
  if (lockstep_plan_get_note (plan) != NULL)
    lockstep_json_append_string_member (out, "note", lockstep_plan_get_note (plan));
  lockstep_json_append_name (out, "started");
  lockstep_json_append_int (out, lockstep_run_get_start (run));
  lockstep_json_append_name (out, "seconds");
  lockstep_json_append_double (out, lockstep_run_get_seconds (run, end));
  lockstep_json_append_name (out, "solvers");
  g_string_append_printf (out, "%u", lockstep_run_get_n_solvers (run));
  append_tasks (out, run);
  append_until (out, run);
  if (is_finished)
    append_result (out, run, result_max);
  lockstep_json_append_name (out, "failures");
  g_string_append_printf (out, "%" G_GUINT64_FORMAT, lockstep_run_get_n_failures (run));
  append_causes (out, run);
  lockstep_json_append_name (out, "reached");
  if (is_finished)
    g_string_append (out, lockstep_run_get_reached (run) ? "true" : "false");
  else
    g_string_append (out, "null");
  lockstep_json_append_name (out, "error");
  if (error != NULL)
    lockstep_json_append_string (out, error, -1);
  else
    g_string_append (out, "null");
  g_string_append_c (out, '}');

  return g_string_free_to_bytes (out);
}
