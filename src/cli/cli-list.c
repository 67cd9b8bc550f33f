/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "cli-commands.h"

#include <math.h>
#include <stdio.h>
#include <unistd.h>

#include <glib/gi18n-lib.h>

#include "cli-past.h"
#include "lockstep-duration.h"
#include "lockstep-history.h"
#include "lockstep-json-writer.h"
#include "lockstep-number-text.h"

/* Strangers in the folder of runs that are named. */
#define MAX_NAMED 5

enum
{
  COLUMN_RUN,
  COLUMN_STATE,
  COLUMN_SECONDS,
  COLUMN_TASKS,
  COLUMN_NAME,
  N_COLUMNS
};

/* The state in words for a person. */
static const char *
get_state_text (const LockstepRunFacts *facts)
{
  switch (facts->state)
    {
    case LOCKSTEP_RUN_STEPPING:
      return _ ("live");
    case LOCKSTEP_RUN_FINISHED:
      return _ ("finished");
    case LOCKSTEP_RUN_FAILED:
      return _ ("failed");
    case LOCKSTEP_RUN_TERMINATED:
      return _ ("terminated");
    case LOCKSTEP_RUN_INTERRUPTED:
      return _ ("interrupted");
    default:
      return _ ("unknown");
    }
}

static LockstepStyle
get_state_style (const LockstepRunFacts *facts)
{
  if (facts->state == LOCKSTEP_RUN_STEPPING)
    return LOCKSTEP_STYLE_BOLD;
  if (facts->state == LOCKSTEP_RUN_FINISHED)
    return facts->n_failures > 0 || !facts->reached ? LOCKSTEP_STYLE_WARNING : LOCKSTEP_STYLE_GOOD;
  if (facts->state == LOCKSTEP_RUN_TERMINATED)
    return LOCKSTEP_STYLE_WARNING;

  return LOCKSTEP_STYLE_BAD;
}

/* "1,998 of 2,000 tasks, 2 failed" and what its loop came to: "gap 3.2e-07". */
static char *
dup_tasks_text (const LockstepRunFacts *facts)
{
  GString         *out = g_string_new (NULL);
  g_autofree char *done = facts->n_done >= 0 ? lockstep_number_dup_text ((guint64) facts->n_done) : NULL;
  g_autofree char *total = facts->n_tasks >= 0 ? lockstep_number_dup_text ((guint64) facts->n_tasks) : NULL;

  /* TRANSLATORS: tasks that are done, of all there are */
  if (done != NULL && total != NULL)
    g_string_append_printf (out, _ ("%s of %s"), done, total);
  if (facts->n_failures > 0)
    {
      g_autofree char *failed = lockstep_number_dup_text ((guint64) facts->n_failures);

      g_string_append_printf (out, ngettext (", %s failed", ", %s failed", (gulong) facts->n_failures), failed);
    }

  return g_string_free (out, FALSE);
}

static char *
dup_name_text (const LockstepRunFacts *facts)
{
  GString *out = g_string_new (facts->name);

  if (facts->until != NULL && !isnan (facts->value))
    {
      char value[G_ASCII_DTOSTR_BUF_SIZE];

      g_ascii_formatd (value, sizeof value, "%.4g", facts->value);
      g_string_append_printf (out, facts->reached ? _ (" · %s: %s") : _ (" · %s not reached: %s"), facts->until, value);
    }
  if (facts->note != NULL)
    g_string_append_printf (out, " · %s", facts->note);

  return g_string_free (out, FALSE);
}

/* The texts of a row. */
static void
make_row (const LockstepRunFacts *facts,
          char                  **cells)
{
  g_autofree char *name = dup_name_text (facts);

  cells[COLUMN_RUN] = lockstep_text_make_safe (facts->id);
  cells[COLUMN_STATE] = g_strdup (get_state_text (facts));
  cells[COLUMN_SECONDS] = facts->seconds >= 0 ? lockstep_duration_dup_text (facts->seconds) : g_strdup ("");
  cells[COLUMN_TASKS] = dup_tasks_text (facts);
  cells[COLUMN_NAME] = g_strdelimit (lockstep_text_make_safe (name), "\n", ' ');
}

static void
append_padding (GString *line,
                guint    width,
                guint    wanted)
{
  for (; width < wanted; width++)
    g_string_append_c (line, ' ');
}

static void
append_row (GString          *out,
            LockstepTerminal *terminal,
            char            **cells,
            const guint      *widths,
            LockstepStyle     style)
{
  g_autoptr (GString) line = g_string_new (NULL);

  if (out->len > 0)
    g_string_append_c (out, '\n');
  for (guint i = 0; i < N_COLUMNS; i++)
    {
      lockstep_terminal_append (terminal, line, i == COLUMN_STATE ? style : LOCKSTEP_STYLE_PLAIN, cells[i]);
      if (i < COLUMN_NAME)
        append_padding (line, lockstep_text_get_width (cells[i]), widths[i] + 2);
    }

  /* What does not fit the screen is in --json; a file has no width. */
  if (lockstep_terminal_is_live (terminal))
    {
      g_autofree char *cut = lockstep_text_cut (line->str, lockstep_terminal_get_columns (terminal));

      g_string_append (out, cut);
    }
  else
    {
      g_string_append_len (out, line->str, (gssize) line->len);
    }
}

static void
print_table (LockstepTerminal *terminal,
             GListModel       *runs)
{
  const guint           n_runs = g_list_model_get_n_items (runs);
  g_autoptr (GPtrArray) cells = g_ptr_array_new_with_free_func (g_free);
  guint                 widths[N_COLUMNS] = { 0 };
  g_autoptr (GString)   out = g_string_new (NULL);

  g_ptr_array_set_size (cells, (int) (n_runs * N_COLUMNS));
  for (guint i = 0; i < n_runs; i++)
    {
      g_autoptr (LockstepHistoryEntry) entry = g_list_model_get_item (runs, i);
      char                           **row = (char **) cells->pdata + i * N_COLUMNS;

      make_row (lockstep_history_entry_get_facts (entry), row);
      for (guint column = 0; column < N_COLUMNS; column++)
        widths[column] = MAX (widths[column], lockstep_text_get_width (row[column]));
    }

  for (guint i = 0; i < n_runs; i++)
    {
      g_autoptr (LockstepHistoryEntry) entry = g_list_model_get_item (runs, i);

      append_row (out, terminal, (char **) cells->pdata + i * N_COLUMNS, widths,
                  get_state_style (lockstep_history_entry_get_facts (entry)));
    }
  lockstep_terminal_print (terminal, out->str);
}

static void
append_run (GString                *out,
            const LockstepRunFacts *facts)
{
  g_autoptr (GDateTime) started = g_date_time_new_from_unix_utc (facts->started / G_USEC_PER_SEC);
  g_autofree char      *time = started != NULL ? g_date_time_format_iso8601 (started) : NULL;
  const gboolean        ended = facts->state >= LOCKSTEP_RUN_FINISHED && facts->state <= LOCKSTEP_RUN_TERMINATED;

  g_string_append_c (out, '{');
  lockstep_json_append_string_member (out, "run", facts->id);
  lockstep_json_append_string_member (out, "name", facts->name);
  lockstep_json_append_string_member (out, "plan", facts->plan);
  lockstep_json_append_string_member (out, "note", facts->note);
  lockstep_json_append_string_member (out, "state", lockstep_run_facts_get_state_name (facts));
  lockstep_json_append_string_member (out, "started", time);
  lockstep_json_append_double_member (out, "seconds", facts->seconds >= 0 ? facts->seconds : NAN);
  lockstep_json_append_double_member (out, "done", facts->n_done >= 0 ? (double) facts->n_done : NAN);
  lockstep_json_append_double_member (out, "tasks", facts->n_tasks >= 0 ? (double) facts->n_tasks : NAN);
  lockstep_json_append_double_member (out, "failures", facts->n_failures >= 0 ? (double) facts->n_failures : NAN);
  lockstep_json_append_string_member (out, "until", facts->until);
  lockstep_json_append_double_member (out, "value", facts->value);
  lockstep_json_append_name (out, "reached");
  g_string_append (out, !ended ? "null" : facts->reached ? "true"
                                                         : "false");
  lockstep_json_append_string_member (out, "directory", facts->directory);
  lockstep_json_append_string_member (out, "problem", facts->problem);
  g_string_append_c (out, '}');
}

static void
print_json (GListModel *runs)
{
  g_autoptr (GString) out = g_string_new ("[");
  const guint         n_runs = g_list_model_get_n_items (runs);

  for (guint i = 0; i < n_runs; i++)
    {
      g_autoptr (LockstepHistoryEntry) entry = g_list_model_get_item (runs, i);

      g_string_append (out, i > 0 ? ",\n" : "");
      append_run (out, lockstep_history_entry_get_facts (entry));
    }
  g_string_append (out, "]\n");
  fputs (out->str, stdout);
}

/* What of the folder could not be read, or is none of ours. */
static void
print_complaints (LockstepHistory *history)
{
  GListModel *runs = G_LIST_MODEL (history);
  GPtrArray  *strangers = lockstep_history_get_strangers (history);
  const guint n_runs = g_list_model_get_n_items (runs);

  for (guint i = 0; i < n_runs; i++)
    {
      g_autoptr (LockstepHistoryEntry) entry = g_list_model_get_item (runs, i);
      const LockstepRunFacts          *facts = lockstep_history_entry_get_facts (entry);
      g_autofree char                 *problem = facts->problem != NULL ? lockstep_text_make_safe (facts->problem) : NULL;

      if (problem != NULL)
        g_printerr ("lockstep-cli: %s: %s\n", facts->id, problem);
    }

  for (guint i = 0; i < MIN (strangers->len, MAX_NAMED); i++)
    {
      g_autofree char *shown = g_filename_display_name (g_ptr_array_index (strangers, i));
      g_autofree char *safe = lockstep_text_make_safe (shown);
      g_autofree char *line = g_strdup_printf (_ ("“%s” is not the folder of a run: there is no plan.lockstep in it"), safe);

      g_printerr ("lockstep-cli: %s\n", line);
    }
  if (strangers->len > MAX_NAMED)
    {
      const guint      n_more = strangers->len - MAX_NAMED;
      g_autofree char *line = g_strdup_printf (ngettext ("… nor is %u other in %s", "… nor are %u others in %s", n_more),
                                               n_more, lockstep_history_get_parent (history));

      g_printerr ("lockstep-cli: %s\n", line);
    }
}

int
cli_list (int    argc,
          char **argv)
{
  gboolean           json = FALSE;
  const GOptionEntry entries[] = {
    { "json", 0, 0, G_OPTION_ARG_NONE, &json, N_ ("Print an array of JSON objects"), NULL },
    { NULL }
  };
  g_auto (CliPast)             past = { 0 };
  g_autoptr (LockstepHistory)  history = NULL;
  g_autoptr (LockstepTerminal) terminal = NULL;
  g_autoptr (GAsyncResult)     result = NULL;
  g_autoptr (GError)           error = NULL;

  if (!cli_past_parse (&past, _ ("Lists the runs that are kept, the one that was started last first."), entries, NULL, 0, 0,
                       argc, argv))
    return CLI_EXIT_USAGE;

  history = lockstep_history_new (past.runs_directory);
  lockstep_history_load_async (history, NULL, cli_past_take_result, &result);
  cli_past_wait (&result);
  if (!lockstep_history_load_finish (history, result, &error))
    return cli_past_fail (error);

  if (json)
    {
      print_json (G_LIST_MODEL (history));
    }
  else if (g_list_model_get_n_items (G_LIST_MODEL (history)) == 0)
    {
      g_print (_ ("There is no run in %s yet."), lockstep_history_get_parent (history));
      g_print ("\n");
    }
  else
    {
      terminal = lockstep_terminal_new (STDOUT_FILENO);
      print_table (terminal, G_LIST_MODEL (history));
    }
  g_clear_pointer (&terminal, lockstep_terminal_free);
  print_complaints (history);

  return CLI_EXIT_FINISHED;
}
