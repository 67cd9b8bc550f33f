/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "cli-outcome.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>

#include "cli-resume.h"
#include "lockstep-json.h"

/* Bytes of a result that a person is shown. */
#define MAX_SHOWN_RESULT 2000

/* Causes of failures that a person is shown. */
#define MAX_SHOWN_CAUSES 10

/* Prints the result in @summary, the outcome of the run as a JSON object. */
static void
print_result (LockstepTerminal *terminal,
              GBytes           *summary)
{
  gsize            length;
  const char      *text = g_bytes_get_data (summary, &length);
  LockstepJson     object;
  LockstepJson     result;
  g_autofree char *start = NULL;
  g_autofree char *safe = NULL;
  g_autofree char *line = NULL;

  if (!lockstep_json_scan (text, length, &object, NULL))
    g_return_if_reached ();

  result = lockstep_json_get_member (object, "result");
  if (result.text == NULL)
    return;

  start = g_strndup (result.text, MIN (result.length, MAX_SHOWN_RESULT));
  safe = lockstep_text_make_safe (start);
  if (result.length <= MAX_SHOWN_RESULT)
    line = g_strdup_printf (_ ("Result: %s"), safe);
  else
    line = g_strdup_printf (_ ("Result: %s… (cut; --json prints the whole)"), safe);
  lockstep_terminal_print (terminal, line);
}

/* Why tasks failed: the groups of failures that are alike, the largest first. */
static void
print_causes (LockstepTerminal *terminal,
              LockstepRun      *run)
{
  GListModel *causes = lockstep_run_get_causes (run);
  const guint n_causes = g_list_model_get_n_items (causes);

  for (guint i = 0; i < MIN (n_causes, MAX_SHOWN_CAUSES); i++)
    {
      g_autoptr (LockstepCause) cause = g_list_model_get_item (causes, i);
      const gulong              count = (gulong) lockstep_cause_get_count (cause);
      g_autofree char          *text = lockstep_text_make_safe (lockstep_cause_get_text (cause));
      g_autofree char          *line = NULL;

      line = g_strdup_printf (ngettext ("%lu task failed (%s): %s · task %" PRId64 " on solver %d",
                                        "%lu tasks failed (%s): %s · task %" PRId64 " on solver %d, for example", count),
                              count, lockstep_cause_get_cause (cause), g_strdelimit (text, "\n", ' '),
                              lockstep_cause_get_task (cause), lockstep_cause_get_solver (cause));
      lockstep_terminal_print (terminal, line);
    }

  if (n_causes > MAX_SHOWN_CAUSES)
    {
      const guint      n_more = n_causes - MAX_SHOWN_CAUSES;
      g_autofree char *line = g_strdup_printf (ngettext ("… and for %u other cause", "… and for %u other causes", n_more),
                                               n_more);

      lockstep_terminal_print (terminal, line);
    }
}

/* How to go on with a run that did not do all, or not well. */
static void
print_retry (LockstepTerminal *terminal,
             LockstepRun      *run,
             CliReport        *report)
{
  g_autofree char *command = cli_resume_dup_command (run);
  g_autofree char *safe = command != NULL ? lockstep_text_make_safe (command) : NULL;
  g_autofree char *shown = NULL;
  g_autofree char *line = NULL;

  if (command == NULL)
    return;

  if (lockstep_run_get_n_failures (run) > 0)
    {
      const LockstepProgram *program = lockstep_plan_get_program (lockstep_run_get_plan (run));
      g_autofree char       *logs = NULL;

      print_causes (terminal, run);
      shown = g_filename_display_name (lockstep_run_get_directory (run));
      if (program != NULL && program->keep == LOCKSTEP_KEEP_NONE)
        logs = g_strdup (_ ("What the programs printed was deleted with their folders, as “keep” of the plan says; with \"failed\" "
                            "those of failed tasks stay."));
      else
        logs = program != NULL
                 ? g_strdup_printf (_ ("What the programs printed is in %s/tasks/TASK/ATTEMPT/output.log"), shown)
                 : g_strdup_printf (_ ("What the solvers printed is in %s/solver-*.log"), shown);
      lockstep_terminal_print (terminal, logs);
    }
  if (lockstep_run_get_state (run) == LOCKSTEP_RUN_FINISHED && !cli_report_can_retry (report))
    return;
  if (lockstep_run_get_state (run) == LOCKSTEP_RUN_FINISHED)
    line = g_strdup_printf (_ ("The failed tasks are done again by: %s"), safe);
  else
    line = g_strdup_printf (_ ("To go on with it: %s"), safe);
  lockstep_terminal_print (terminal, line);
}

/* What a person wants to know when it is over. */
static void
print_end (LockstepTerminal *terminal,
           LockstepRun      *run,
           CliExit           outcome,
           CliReport        *report)
{
  g_autoptr (GString) line = g_string_new (NULL);
  g_autofree char    *summary = lockstep_run_dup_summary (run);
  g_autofree char    *safe = lockstep_text_make_safe (summary);
  const char         *directory = lockstep_run_get_directory (run);
  LockstepStyle       style = outcome == CLI_EXIT_FINISHED ? LOCKSTEP_STYLE_GOOD
                              : outcome == CLI_EXIT_FAILED ? LOCKSTEP_STYLE_BAD
                                                           : LOCKSTEP_STYLE_WARNING;

  lockstep_terminal_append (terminal, line, style, safe);
  lockstep_terminal_print (terminal, line->str);

  if (directory != NULL)
    {
      g_autofree char *shown = g_filename_display_name (directory);

      g_string_printf (line, _ ("Kept in %s"), shown);
      lockstep_terminal_print (terminal, line->str);
    }
  print_retry (terminal, run, report);
}

CliExit
cli_outcome_print (LockstepRun      *run,
                   CliReport        *report,
                   GBytes           *summary,
                   LockstepTerminal *terminal,
                   gboolean          with_result)
{
  const CliExit outcome = cli_report_get_exit (report);

  if (terminal != NULL)
    {
      if (with_result)
        print_result (terminal, summary);
      print_end (terminal, run, outcome, report);
    }

  if (outcome == CLI_EXIT_FAILED)
    {
      const char *reason = lockstep_run_get_error (run);

      if (reason == NULL)
        reason = lockstep_run_get_state (run) == LOCKSTEP_RUN_INTERRUPTED
                   ? _ ("The run was interrupted: its controller died, and no process of it is left")
                   : _ ("The run failed");
      g_printerr ("lockstep-cli: %s\n", reason);
    }

  return outcome;
}
