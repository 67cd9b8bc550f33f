/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "cli-commands.h"

#include <unistd.h>

#include <glib/gi18n-lib.h>

#include "cli-options.h"
#include "lockstep-duration.h"
#include "lockstep-preflight.h"
#include "lockstep-step-text.h"
#include "lockstep-terminal.h"

/* How findings look, on a terminal that has the characters and on one that has not. */
static const struct
{
  LockstepStyle style;
  const char   *mark;
  const char   *ascii;
} looks[] = {
  [LOCKSTEP_FINDING_OK] = { LOCKSTEP_STYLE_GOOD, "✓", "+" },
  [LOCKSTEP_FINDING_NOTE] = { LOCKSTEP_STYLE_GOOD, "✓", "+" },
  [LOCKSTEP_FINDING_WARNING] = { LOCKSTEP_STYLE_WARNING, "!", "!" },
  [LOCKSTEP_FINDING_PROBLEM] = { LOCKSTEP_STYLE_BAD, "✗", "x" },
};

/* Appends @label, and spaces up to @width columns. */
static void
append_label (LockstepTerminal *terminal,
              GString          *line,
              const char       *label,
              guint             width)
{
  lockstep_terminal_append (terminal, line, LOCKSTEP_STYLE_BOLD, label);
  for (guint i = lockstep_text_get_width (label); i < width; i++)
    g_string_append_c (line, ' ');
}

/* Appends @text as one line, whatever it holds. */
static void
append_text (GString    *line,
             const char *text)
{
  g_autofree char *safe = lockstep_text_make_safe (text);

  g_strdelimit (safe, "\n", ' ');
  g_string_append (line, safe);
}

/* Prints "Label     text" with all texts below each other; further lines have no label. */
static void
print_fact (LockstepTerminal *terminal,
            const char       *label,
            const char       *text)
{
  g_autoptr (GString) line = g_string_new (NULL);

  append_label (terminal, line, label, 10);
  append_text (line, text);
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

static void
print_plan (LockstepTerminal *terminal,
            LockstepPlan     *plan)
{
  const LockstepSolverSpec *solver = lockstep_plan_get_solver (plan);
  double                    timeout = lockstep_plan_get_initialize_timeout (plan);
  g_autofree char          *command = g_strjoinv (" ", solver->command);

  print_fact (terminal, _ ("Plan"), lockstep_plan_get_name (plan));
  if (lockstep_plan_get_note (plan) != NULL)
    print_fact (terminal, "", lockstep_plan_get_note (plan));

  print_fact (terminal, _ ("Command"), command);
  print_fact (terminal, _ ("Folder"), solver->directory);

  if (timeout > 0)
    {
      g_autofree char *duration = lockstep_duration_dup_text (timeout);
      g_autofree char *text = g_strdup_printf (_ ("initialize has to be answered in %s"), duration);

      print_fact (terminal, _ ("Limits"), text);
    }

  print_steps (terminal, lockstep_plan_get_steps (plan), "");
}

static void
print_finding (LockstepTerminal *terminal,
               LockstepFinding  *finding,
               guint             width)
{
  const LockstepFindingLevel level = lockstep_finding_get_level (finding);
  const char                *advice = lockstep_finding_get_advice (finding);
  g_autoptr (GString)        line = g_string_new ("  ");

  lockstep_terminal_append (terminal, line, looks[level].style,
                            lockstep_terminal_is_utf8 (terminal) ? looks[level].mark : looks[level].ascii);
  g_string_append_c (line, ' ');
  append_label (terminal, line, lockstep_finding_get_topic (finding), width);
  if (level == LOCKSTEP_FINDING_WARNING)
    lockstep_terminal_append (terminal, line, looks[level].style, _ ("Warning: "));
  else if (level == LOCKSTEP_FINDING_PROBLEM)
    lockstep_terminal_append (terminal, line, looks[level].style, _ ("Problem: "));
  append_text (line, lockstep_finding_get_text (finding));
  lockstep_terminal_print (terminal, line->str);

  if (advice != NULL)
    {
      g_string_assign (line, "    ");
      append_label (terminal, line, "", width);
      append_text (line, advice);
      lockstep_terminal_print (terminal, line->str);
    }
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
      print_finding (terminal, finding, width);
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
