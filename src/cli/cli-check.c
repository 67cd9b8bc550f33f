/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "cli-commands.h"

#include <unistd.h>

#include <glib/gi18n-lib.h>

#include "cli-finding.h"
#include "cli-options.h"
#include "lockstep-duration.h"
#include "lockstep-preflight.h"
#include "lockstep-step-text.h"
#include "lockstep-terminal.h"

static const char *const row_labels[] = {
  N_ ("Plan"), N_ ("Command"), N_ ("Folder"), N_ ("Files"), N_ ("Results"), N_ ("Limits"), N_ ("Steps"), NULL
};

/* Prints "Label     text" with all texts below each other; further lines have no label. */
static void
print_fact (LockstepTerminal *terminal,
            const char       *label,
            const char       *text)
{
  g_autoptr (GString) line = g_string_new (NULL);

  cli_append_label (terminal, line, label, cli_get_label_width (row_labels, 10));
  cli_append_text (line, text);
  lockstep_terminal_print (terminal, line->str);
}

static void
print_steps (LockstepTerminal *terminal,
             GPtrArray        *steps,
             const char       *indent)
{
  g_autofree char *deeper = g_strconcat (indent, "    ", NULL);

  for (guint i = 0; i < steps->len; i++)
    {
      LockstepStep       *step = steps->pdata[i];
      g_autofree char    *text = lockstep_step_dup_text (step);
      g_autofree char    *policy = lockstep_step_dup_policy_text (step);
      g_autoptr (GString) line = g_string_new (indent);
      gboolean            first = i == 0 && indent[0] == '\0';

      g_string_append_printf (line, "%u.  ", i + 1);
      if (step->kind != LOCKSTEP_STEP_LOOP)
        g_string_append_printf (line, "%s · ", step->title);
      g_string_append (line, text);
      if (policy != NULL)
        g_string_append_printf (line, " · %s", policy);
      print_fact (terminal, first ? _ ("Steps") : "", line->str);

      if (step->kind == LOCKSTEP_STEP_LOOP)
        print_steps (terminal, step->steps, deeper);
    }
}

/* What a task finds in its folder, and what is read of what the program prints and writes. */
static void
print_program (LockstepTerminal      *terminal,
               const LockstepProgram *program)
{
  g_autoptr (GString) line = g_string_new (NULL);

  for (guint i = 0; i < program->files->len; i++)
    {
      const LockstepProgramFile *file = g_ptr_array_index (program->files, i);

      g_string_append_printf (line, "%s%s", i > 0 ? ", " : "", file->target.text);
    }
  if (line->len > 0)
    print_fact (terminal, _ ("Files"), line->str);

  g_string_truncate (line, 0);
  for (guint i = 0; i < program->results->len; i++)
    {
      const LockstepProgramResult *result = g_ptr_array_index (program->results, i);

      g_string_append_printf (line, "%s%s", i > 0 ? ", " : "", result->name);
      if (result->file != NULL)
        g_string_append_printf (line, " (%s)", result->file->text);
    }
  print_fact (terminal, _ ("Results"), line->len > 0 ? line->str : _ ("none"));
}

static void
print_plan (LockstepTerminal *terminal,
            LockstepPlan     *plan)
{
  const LockstepSolverSpec *solver = lockstep_plan_get_solver (plan);
  const LockstepProgram    *program = lockstep_plan_get_program (plan);
  double                    timeout = lockstep_plan_get_initialize_timeout (plan);
  g_auto (GStrv)            words = lockstep_plan_dup_command (plan);
  g_autofree char          *command = g_strjoinv (" ", words);

  print_fact (terminal, _ ("Plan"), lockstep_plan_get_name (plan));
  if (lockstep_plan_get_note (plan) != NULL)
    print_fact (terminal, "", lockstep_plan_get_note (plan));

  print_fact (terminal, _ ("Command"), command);
  if (program == NULL)
    print_fact (terminal, _ ("Folder"), solver->directory);
  else if (program->directory != NULL)
    print_fact (terminal, _ ("Folder"), program->directory->text);
  else
    print_fact (terminal, _ ("Folder"), _ ("a fresh one for each task and attempt"));
  if (program != NULL)
    print_program (terminal, program);

  if (timeout > 0 && program == NULL)
    {
      g_autofree char *duration = lockstep_duration_dup_text (timeout);
      g_autofree char *text = g_strdup_printf (_ ("initialize has to be answered in %s"), duration);

      print_fact (terminal, _ ("Limits"), text);
    }

  print_steps (terminal, lockstep_plan_get_steps (plan), "");
}

/* Prints the list; returns how many problems are in it. */
static guint
print_findings (LockstepTerminal *terminal,
                GListModel       *findings)
{
  const guint n_findings = g_list_model_get_n_items (findings);
  guint       n_problems = 0;
  guint       width = 0;

  for (guint i = 0; i < n_findings; i++)
    {
      g_autoptr (LockstepFinding) finding = g_list_model_get_item (findings, i);

      width = MAX (width, lockstep_text_get_width (lockstep_finding_get_topic (finding)) + 2);
    }

  print_fact (terminal, _ ("Before the start"), "");
  for (guint i = 0; i < n_findings; i++)
    {
      g_autoptr (LockstepFinding) finding = g_list_model_get_item (findings, i);

      n_problems += lockstep_finding_get_level (finding) == LOCKSTEP_FINDING_PROBLEM;
      cli_finding_print (terminal, finding, width);
    }

  return n_problems;
}

static void
preflight_cb (GObject      *plan,
              GAsyncResult *result,
              gpointer      user_data)
{
  LockstepPreflight **preflight = user_data;

  *preflight = lockstep_preflight_run_finish (result);
}

int
cli_check (int    argc,
           char **argv)
{
  g_auto (CliOptions) options = { 0 };
  g_autofree char    *runs_directory = NULL;
  const GOptionEntry  entries[] = {
     { "runs-dir", 0, 0, G_OPTION_ARG_FILENAME, &runs_directory, N_ ("As if the run were kept in a folder of DIR"), N_ ("DIR") },
     { NULL }
  };
  g_autoptr (LockstepPlan)      plan = NULL;
  g_autoptr (LockstepTerminal)  terminal = NULL;
  g_autoptr (LockstepPreflight) preflight = NULL;
  g_autoptr (GError)            error = NULL;
  guint                         n_problems;

  if (!cli_options_parse (&options,
                          _ ("Reads a plan and tells what it would do here, without doing it. Exits with 0 when it could\n"
                             "be run, 1 when not."),
                          entries, NULL, argc, argv))
    return CLI_EXIT_USAGE;

  if (!(plan = cli_options_load_plan (&options, &error)))
    {
      g_printerr ("lockstep-cli: %s\n", error->message);
      return CLI_EXIT_FAILED;
    }

  lockstep_preflight_run_async (plan, runs_directory, LOCKSTEP_PREFLIGHT_LOOK, preflight_cb, &preflight);
  while (preflight == NULL)
    g_main_context_iteration (NULL, TRUE);

  terminal = lockstep_terminal_new (STDOUT_FILENO);
  print_plan (terminal, plan);
  n_problems = print_findings (terminal, lockstep_preflight_get_findings (preflight));
  if (n_problems == 0)
    return CLI_EXIT_FINISHED;

  g_clear_pointer (&terminal, lockstep_terminal_free);
  g_printerr (ngettext ("lockstep-cli: This plan cannot be run here: %u problem is in the list.",
                        "lockstep-cli: This plan cannot be run here: %u problems are in the list.", n_problems),
              n_problems);
  g_printerr ("\n");
  return CLI_EXIT_FAILED;
}
