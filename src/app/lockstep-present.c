/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-present.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <string.h>

#include "lockstep-duration.h"
#include "lockstep-solver-text.h"

static void
add (GPtrArray  *facts,
     const char *label,
     char       *text)
{
  g_ptr_array_add (facts, lockstep_fact_new (label, text, NULL));
}

/* Adds what is in the JSON text @text, if anything is. */
static gboolean
add_json (GPtrArray  *facts,
          const char *label,
          const char *text,
          gsize       length)
{
  LockstepJson  json;
  LockstepFact *fact;

  if (!lockstep_json_scan (text, length, &json, NULL) || (fact = lockstep_fact_new_value (label, json)) == NULL)
    return FALSE;

  g_ptr_array_add (facts, fact);
  return TRUE;
}

/* The same of @bytes, which may be NULL. */
static gboolean
add_json_bytes (GPtrArray  *facts,
                const char *label,
                GBytes     *bytes)
{
  return bytes != NULL && add_json (facts, label, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
}

char *
lockstep_present_dup_solver_title (LockstepRunSolver *solver)
{
  const int part = lockstep_run_solver_get_part (solver);
  GString  *title = g_string_new (NULL);

  g_string_printf (title, _ ("Solver %u"), lockstep_run_solver_get_index (solver));
  if (part >= 0)
    g_string_append_printf (title, _ (" · part %d of %d"), part + 1, lockstep_run_solver_get_parts (solver));
  else if (lockstep_run_solver_get_task (solver) >= 0)
    g_string_append_printf (title, _ (" · task %" PRId64), lockstep_run_solver_get_task (solver));
  if (lockstep_run_solver_get_task (solver) >= 0)
    g_string_append_printf (title, _ (" · attempt %d"), lockstep_run_solver_get_attempt (solver));
  if (lockstep_run_solver_get_pid (solver) > 0)
    g_string_append_printf (title, _ (" · pid %" PRId64), lockstep_run_solver_get_pid (solver));

  return g_string_free (title, FALSE);
}

static char *
dup_since (gint64 since,
           gint64 now)
{
  return lockstep_duration_dup_text ((double) MAX (now - since, 0) / G_USEC_PER_SEC);
}

GPtrArray *
lockstep_present_list_solver (LockstepRunSolver *solver,
                              gint64             now)
{
  GPtrArray                *facts = g_ptr_array_new_with_free_func ((GDestroyNotify) lockstep_fact_free);
  const LockstepSolverState state = lockstep_run_solver_get_state (solver);
  const LockstepDoing       doing = lockstep_doing_get (state, lockstep_run_solver_get_waiting (solver));
  const int                 cpu = lockstep_solver_get_cpu_percent (doing, lockstep_run_solver_get_cpu (solver));
  const char               *message = lockstep_solver_get_message_text (doing, lockstep_run_solver_get_message (solver),
                                                                        lockstep_run_solver_get_reason (solver));
  g_autofree char          *since = dup_since (lockstep_run_solver_get_since (solver), now);
  g_autofree char          *sign = dup_since (lockstep_run_solver_get_sign (solver), now);
  g_autofree char          *step = lockstep_solver_dup_step_text (lockstep_run_solver_get_step (solver),
                                                                  lockstep_run_solver_get_part (solver),
                                                                  lockstep_run_solver_get_parts (solver));
  g_autofree char          *progress = lockstep_solver_dup_progress_text (doing, lockstep_run_solver_get_fraction (solver));

  if (state == LOCKSTEP_SOLVER_DEAD)
    add (facts, _ ("State"), g_strdup (lockstep_doing_to_text (doing)));
  else
    add (facts, _ ("State"), g_strdup_printf (_ ("%s for %s"), lockstep_doing_to_text (doing), since));
  if (*step != '\0')
    add (facts, _ ("Step"), *progress != '\0' ? g_strdup_printf ("%s · %s", step, progress) : g_strdup (step));
  if (*message != '\0')
    add (facts, _ ("Says"), g_utf8_make_valid (message, -1));
  if (lockstep_run_solver_get_values (solver) != NULL && state != LOCKSTEP_SOLVER_DEAD)
    add_json (facts, _ ("Values"), lockstep_run_solver_get_values (solver), strlen (lockstep_run_solver_get_values (solver)));
  if (cpu >= 0)
    {
      g_autofree char *memory = g_format_size (lockstep_run_solver_get_memory (solver));

      add (facts, _ ("Uses"), g_strdup_printf (_ ("%d %% of a core, %s of memory"), cpu, memory));
    }
  if (lockstep_run_solver_get_sign (solver) > 0 && state != LOCKSTEP_SOLVER_DEAD)
    add (facts, _ ("Last sign of life"), g_strdup_printf (_ ("%s ago"), sign));
  if (lockstep_run_solver_get_host (solver) != NULL)
    add (facts, _ ("Host"), g_strdup (lockstep_run_solver_get_host (solver)));
  if (lockstep_run_solver_get_log (solver) != NULL)
    add (facts, _ ("Log"), g_filename_display_name (lockstep_run_solver_get_log (solver)));

  return facts;
}

char *
lockstep_present_dup_task_title (LockstepTaskRow *row)
{
  GString *title = g_string_new (NULL);

  g_string_printf (title, _ ("Task %" PRId64), lockstep_task_row_get_task (row));
  if (lockstep_task_row_get_attempts (row) > 0)
    g_string_append_printf (title, _ (" · attempt %d"), lockstep_task_row_get_attempts (row));
  if (lockstep_task_row_get_solver (row) >= 0)
    g_string_append_printf (title, _ (" · solver %d"), lockstep_task_row_get_solver (row));

  return g_string_free (title, FALSE);
}

char *
lockstep_present_dup_past_task_title (LockstepTaskRow *row)
{
  return g_strdup_printf (_ ("Task %" PRId64), lockstep_task_row_get_task (row));
}

static char *
dup_state (LockstepTaskRow *row)
{
  const double     seconds = lockstep_task_row_get_seconds (row);
  const char      *state = lockstep_task_state_to_text (lockstep_task_row_get_state (row));
  g_autofree char *duration = NULL;

  if (seconds < 0)
    return g_strdup (state);

  duration = lockstep_task_row_dup_text (row, &(LockstepTaskColumn){ LOCKSTEP_TASK_COLUMN_DURATION, 0 });
  return g_strdup_printf (_ ("%s after %s"), state, duration);
}

GPtrArray *
lockstep_present_list_task (LockstepTaskRow          *row,
                            const LockstepPostMortem *mortem)
{
  GPtrArray            *facts = g_ptr_array_new_with_free_func ((GDestroyNotify) lockstep_fact_free);
  g_autoptr (GPtrArray) past = NULL;
  g_autoptr (GBytes)    params = lockstep_task_row_dup_params (row);
  g_autoptr (GBytes)    result = lockstep_task_row_dup_result (row);
  const char           *reason = lockstep_task_row_get_reason (row);
  gboolean              has_params;

  add (facts, _ ("State"), dup_state (row));
  if (reason != NULL)
    add (facts, _ ("Why"), g_utf8_make_valid (reason, -1));
  has_params = add_json_bytes (facts, _ ("Params"), params);
  add_json_bytes (facts, _ ("Result"), result);
  if (mortem == NULL)
    return facts;

  /* What the row has said of the params, and of the reason. */
  past = lockstep_post_mortem_list_facts (mortem, FALSE);
  while (past->len > 0)
    {
      LockstepFact *fact = g_ptr_array_steal_index (past, 0);

      if ((has_params && g_str_equal (fact->label, _ ("Params"))) || (reason != NULL && g_str_equal (fact->label, _ ("Failed"))))
        lockstep_fact_free (fact);
      else
        g_ptr_array_add (facts, fact);
    }

  return facts;
}

static LockstepTaskState
get_state (const LockstepSpan *span,
           gint64              time)
{
  static const LockstepTaskState states[] = {
    [LOCKSTEP_SPAN_RUNNING] = LOCKSTEP_TASK_RUNNING,
    [LOCKSTEP_SPAN_DONE] = LOCKSTEP_TASK_DONE,
    [LOCKSTEP_SPAN_FAILED] = LOCKSTEP_TASK_FAILED,
    [LOCKSTEP_SPAN_STOPPED] = LOCKSTEP_TASK_STOPPED,
  };

  return span->end > time ? LOCKSTEP_TASK_RUNNING : states[span->outcome];
}

/* What an attempt that was under way came to, if it has. */
static void
add_outcome (GPtrArray          *facts,
             const LockstepSpan *span)
{
  g_autofree char *duration = NULL;

  if (span->end == LOCKSTEP_TRACE_OPEN || span->n_tasks > 1)
    return;

  duration = lockstep_duration_dup_text ((double) (span->end - span->start) / G_USEC_PER_SEC);
  add (facts, _ ("Outcome"), g_strdup_printf (_ ("%s after %s"), lockstep_task_state_to_text (get_state (span, span->end)), duration));
}

GPtrArray *
lockstep_present_list_past_solver (LockstepRunSolver *then,
                                   LockstepTrace     *trace,
                                   gint64             time)
{
  GPtrArray    *facts;
  LockstepSight sight;

  if (then == NULL)
    {
      facts = g_ptr_array_new_with_free_func ((GDestroyNotify) lockstep_fact_free);
      add (facts, _ ("State"), g_strdup (_ ("not started yet")));
      return facts;
    }

  facts = lockstep_present_list_solver (then, lockstep_trace_to_clock (trace, time));
  lockstep_trace_look (trace, lockstep_run_solver_get_index (then), time, &sight);
  if (sight.span != NULL)
    add_outcome (facts, sight.span);

  return facts;
}

/* The last attempt that had begun by then, and whose it was. */
static const LockstepSpan *
find_attempt (LockstepTrace *trace,
              gint64         time,
              gint64         task,
              guint         *solver)
{
  const LockstepSpan *found = NULL;

  for (guint i = 0; i < lockstep_trace_get_n_rows (trace); i++)
    {
      const LockstepTraceRow *row = lockstep_trace_get_row (trace, i);

      for (int k = lockstep_trace_row_find (row, time); k >= 0; k--)
        {
          const LockstepSpan *span = lockstep_trace_row_get_span (row, (guint) k);

          if (span->task != task || span->n_tasks > 1)
            continue;
          if (found == NULL || span->start > found->start)
            {
              found = span;
              *solver = i;
            }
          break;
        }
    }

  return found;
}

/* Where attempts have become one, nothing is known of each. */
static gboolean
is_complete (LockstepTrace *trace)
{
  for (guint i = 0; i < lockstep_trace_get_n_rows (trace); i++)
    if (lockstep_trace_get_row (trace, i)->resolution > 0)
      return FALSE;

  return TRUE;
}

GPtrArray *
lockstep_present_list_past_task (LockstepTaskRow *row,
                                 LockstepTrace   *trace,
                                 gint64           time)
{
  GPtrArray          *facts = g_ptr_array_new_with_free_func ((GDestroyNotify) lockstep_fact_free);
  g_autoptr (GBytes)  params = lockstep_task_row_dup_params (row);
  g_autoptr (GBytes)  result = lockstep_task_row_dup_result (row);
  guint               solver = 0;
  const LockstepSpan *span = find_attempt (trace, time, lockstep_task_row_get_task (row), &solver);

  if (span != NULL)
    {
      const LockstepTaskState state = get_state (span, time);
      const gint64            since = state == LOCKSTEP_TASK_RUNNING ? span->start : span->end;
      g_autofree char        *duration = lockstep_duration_dup_text ((double) (time - since) / G_USEC_PER_SEC);

      add (facts, _ ("State"), g_strdup_printf (_ ("%s for %s"), lockstep_task_state_to_text (state), duration));
      add (facts, _ ("Attempt"), g_strdup_printf (_ ("%d, on solver %u"), span->attempt, solver));
      if (state == LOCKSTEP_TASK_RUNNING)
        add_outcome (facts, span);
      else if (state == LOCKSTEP_TASK_DONE)
        add_json_bytes (facts, _ ("Result"), result);
    }
  else
    {
      add (facts, _ ("State"), g_strdup (is_complete (trace) ? lockstep_task_state_to_text (LOCKSTEP_TASK_WAITING) : _ ("not known: there were too many tasks to keep when each was done")));
    }
  add_json_bytes (facts, _ ("Params"), params);

  return facts;
}
