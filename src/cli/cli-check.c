/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "cli-commands.h"

#include <string.h>
#include <unistd.h>

#include <glib/gi18n-lib.h>

#include "cli-options.h"
#include "lockstep-cpus.h"
#include "lockstep-duration.h"
#include "lockstep-local-host.h"
#include "lockstep-step-text.h"
#include "lockstep-terminal.h"

/* Prints "Label     text" with all texts below each other; further lines have no label. */
static void
print_fact (LockstepTerminal *terminal,
            const char       *label,
            const char       *text)
{
  g_autoptr (GString) line = g_string_new (NULL);
  g_autofree char    *safe = lockstep_text_make_safe (text);

  g_strdelimit (safe, "\n", ' ');
  lockstep_terminal_append (terminal, line, LOCKSTEP_STYLE_BOLD, label);
  for (guint i = lockstep_text_get_width (label); i < 10; i++)
    g_string_append_c (line, ' ');
  g_string_append (line, safe);

  lockstep_terminal_print (terminal, line->str);
}

/* Where the solver's program is; NULL with @error where there is none that could be started. */
static char *
find_program (const LockstepSolverSpec *solver,
              GError                  **error)
{
  g_autoptr (LockstepHost) host = lockstep_local_host_new ();
  const char              *name = solver->command[0];
  char                    *path;

  if (strchr (name, '/') != NULL)
    {
      if (g_file_test (name, G_FILE_TEST_IS_EXECUTABLE))
        return g_strdup (name);

      g_set_error (error, G_FILE_ERROR, G_FILE_ERROR_ACCES, _ ("%s is not executable; “chmod +x” makes it so"), name);
      return NULL;
    }

  path = lockstep_local_host_find_program (LOCKSTEP_LOCAL_HOST (host), name, (const char *const *) solver->env);
  if (path == NULL)
    g_set_error (error, G_FILE_ERROR, G_FILE_ERROR_NOENT,
                 _ ("There is no program “%s” in the folders of PATH; one beside the plan is “./%s”"), name, name);

  return path;
}

static void
print_solvers (LockstepTerminal *terminal,
               LockstepPlan     *plan)
{
  const LockstepSolverSpec *solver = lockstep_plan_get_solver (plan);
  guint                     n_solvers = lockstep_plan_get_n_solvers (plan);
  guint64                   available = lockstep_cpus_read_memory ();
  g_autofree char          *available_text = g_format_size (available);
  g_autofree char          *cpus_text = NULL;
  g_autofree char          *solvers_text = NULL;
  g_autofree char          *memory_text = NULL;
  LockstepCpus              cpus;

  lockstep_cpus_read (&cpus);

  if (cpus.quota > 0)
    cpus_text = g_strdup_printf (ngettext ("%u of %u CPU allowed (affinity %u, quota of the control group %.1f)",
                                           "%u of %u CPUs allowed (affinity %u, quota of the control group %.1f)",
                                           cpus.online),
                                 cpus.allowed, cpus.online, cpus.affinity, cpus.quota);
  else
    cpus_text = g_strdup_printf (ngettext ("%u of %u CPU allowed", "%u of %u CPUs allowed", cpus.online),
                                 cpus.allowed, cpus.online);
  print_fact (terminal, _ ("CPUs"), cpus_text);

  if (n_solvers == 0)
    {
      n_solvers = MAX (1, cpus.allowed / solver->threads);
      if (solver->memory > 0)
        n_solvers = MAX (1, MIN (n_solvers, available / solver->memory));
      solvers_text = g_strdup_printf (ngettext ("%u, for the CPUs and the memory there are; %u thread each",
                                                "%u, for the CPUs and the memory there are; %u threads each",
                                                solver->threads),
                                      n_solvers, solver->threads);
    }
  else
    {
      solvers_text = g_strdup_printf (ngettext ("%u, as the plan says; %u thread each",
                                                "%u, as the plan says; %u threads each",
                                                solver->threads),
                                      n_solvers, solver->threads);
    }
  print_fact (terminal, _ ("Solvers"), solvers_text);

  if (solver->memory > 0)
    {
      g_autofree char *each = g_format_size (solver->memory);
      g_autofree char *all = g_format_size (solver->memory * n_solvers);

      memory_text = g_strdup_printf (_ ("%u × %s = %s of %s"), n_solvers, each, all, available_text);
      print_fact (terminal, _ ("Memory"), memory_text);
      if (solver->memory * n_solvers > available)
        print_fact (terminal, "", _ ("That is more than there is: solvers may be killed, or be slow."));
    }
  else
    {
      memory_text = g_strdup_printf (_ ("%s; the plan does not say what a solver needs"), available_text);
      print_fact (terminal, _ ("Memory"), memory_text);
    }
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
  print_solvers (terminal, plan);

  if (timeout > 0)
    {
      g_autofree char *duration = lockstep_duration_dup_text (timeout);
      g_autofree char *text = g_strdup_printf (_ ("initialize has to be answered in %s"), duration);

      print_fact (terminal, _ ("Limits"), text);
    }

  print_steps (terminal, lockstep_plan_get_steps (plan), "");
}

int
cli_check (int    argc,
           char **argv)
{
  g_auto (CliOptions)          options = { 0 };
  g_autoptr (LockstepPlan)     plan = NULL;
  g_autoptr (LockstepTerminal) terminal = NULL;
  g_autofree char             *program = NULL;
  g_autoptr (GError)           error = NULL;

  if (!cli_options_parse (&options,
                          _ ("Reads a plan and tells what it would do here, without doing it. Exits with 0 when it could\n"
                             "be run, 1 when not."),
                          NULL, argc, argv))
    return CLI_EXIT_USAGE;

  if (!(plan = cli_options_load_plan (&options, &error)))
    {
      g_printerr ("lockstep-cli: %s\n", error->message);
      return CLI_EXIT_FAILED;
    }

  terminal = lockstep_terminal_new (STDOUT_FILENO);
  print_plan (terminal, plan);

  if (!(program = find_program (lockstep_plan_get_solver (plan), &error)))
    {
      g_printerr ("lockstep-cli: %s\n", error->message);
      return CLI_EXIT_FAILED;
    }

  print_fact (terminal, _ ("Program"), program);
  return CLI_EXIT_FINISHED;
}
