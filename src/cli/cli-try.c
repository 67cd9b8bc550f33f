/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "cli-commands.h"

#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include <glib-unix.h>
#include <glib/gi18n-lib.h>

#include "cli-enter.h"
#include "cli-options.h"
#include "cli-past.h"
#include "cli-try-proposals.h"
#include "cli-try-report.h"

/* What was typed. */
typedef struct
{
  char    *plan;
  char    *keep;
  char    *only;
  gboolean json;
  gboolean propose;
  gboolean write;
  gint64   task;
} Options;

/* A trial while it is shown. */
typedef struct
{
  LockstepTrial    *trial;
  LockstepTerminal *terminal;
  gboolean          is_program;
  int               stop; /* the LockstepStop that was asked for last; -1 for none */
} Try;

static gboolean
signal_cb (gpointer user_data)
{
  Try *self = user_data;

  self->stop = MIN (self->stop + 1, LOCKSTEP_STOP_KILL);
  lockstep_rerun_stop (lockstep_trial_get_rerun (self->trial), self->stop);
  return G_SOURCE_CONTINUE;
}

static void
output_cb (LockstepRerun *rerun,
           GBytes        *text,
           gpointer       user_data)
{
  Try *self = user_data;

  /* The adapter's own output says nothing that is not told here. */
  if (!self->is_program)
    fwrite (g_bytes_get_data (text, NULL), 1, g_bytes_get_size (text), stderr);
}

static void
said_cb (LockstepRerun *rerun,
         const char    *text,
         gpointer       user_data)
{
  Try             *self = user_data;
  g_autofree char *safe = lockstep_text_make_safe (text);

  if (!self->is_program)
    g_printerr ("lockstep-cli: %s\n", safe);
}

/* The newest line, and how far it is, below what was printed. */
static void
progress_cb (LockstepRerun *rerun,
             GBytes        *params,
             gpointer       user_data)
{
  Try                  *self = user_data;
  LockstepJson          json;
  g_autoptr (GPtrArray) lines = g_ptr_array_new_with_free_func (g_free);
  g_autofree char      *message = NULL;
  g_autofree char      *safe = NULL;
  g_autofree char      *line = NULL;
  double                fraction = -1;

  json.text = g_bytes_get_data (params, &json.length);
  message = lockstep_json_dup_string (lockstep_json_get_member (json, "message"), NULL);
  lockstep_json_get_double (lockstep_json_get_member (json, "fraction"), &fraction);
  safe = lockstep_text_make_safe (message != NULL ? message : "");
  line = fraction >= 0 ? g_strdup_printf (_ ("%3.0f %%  %s"), fraction * 100, safe) : g_steal_pointer (&safe);
  g_ptr_array_add (lines, lockstep_text_cut (line, lockstep_terminal_get_columns (self->terminal)));
  lockstep_terminal_show (self->terminal, lines);
}

/* Does it, while it is shown. */
static const LockstepTrialReport *
run (Try     *self,
     GError **error)
{
  LockstepRerun             *rerun = lockstep_trial_get_rerun (self->trial);
  g_autoptr (GAsyncResult)   result = NULL;
  g_autoptr (GPtrArray)      none = g_ptr_array_new ();
  const LockstepTrialReport *report;
  guint                      sources[] = {
                         g_unix_signal_add (SIGINT, signal_cb, self),
                         g_unix_signal_add (SIGTERM, signal_cb, self),
                         g_unix_signal_add (SIGHUP, signal_cb, self),
  };

  g_signal_connect (rerun, "output", G_CALLBACK (output_cb), self);
  g_signal_connect (rerun, "said", G_CALLBACK (said_cb), self);
  g_signal_connect (rerun, "progress", G_CALLBACK (progress_cb), self);
  lockstep_trial_run_async (self->trial, cli_past_take_result, &result);
  cli_past_wait (&result);
  report = lockstep_trial_run_finish (self->trial, result, error);
  for (guint i = 0; i < G_N_ELEMENTS (sources); i++)
    g_source_remove (sources[i]);
  lockstep_terminal_show (self->terminal, none);

  return report;
}

/* What is left of it, where it was kept. */
static void
print_folder (LockstepTerminal          *terminal,
              const LockstepTrialReport *report,
              gboolean                   is_kept)
{
  g_autofree char *shown = report->folder != NULL ? g_filename_display_name (report->folder) : NULL;
  g_autofree char *text = NULL;

  if (shown == NULL)
    return;

  text = is_kept ? g_strdup_printf (_ ("What it left is in %s"), shown)
                 : g_strdup (_ ("The folder that it ran in was removed; --keep DIR keeps it."));
  lockstep_terminal_print (terminal, text);
}

/* Whether the plan looks for anything yet. */
static gboolean
has_patterns (const LockstepProgram *program)
{
  return program->progress != NULL || program->values->len > 0 || program->results->len > 0;
}

/* Shows what could be looked for, where the plan looks for nothing, or it is asked for. */
static void
print_proposals (LockstepTerminal          *terminal,
                 LockstepPlan              *plan,
                 const LockstepTrialReport *report,
                 const Options             *options)
{
  const LockstepProgram *program = lockstep_plan_get_program (plan);
  const guint            n = report->proposals != NULL ? report->proposals->len : 0;
  const gboolean         is_asked = options->propose || options->write;
  g_autofree char       *text = NULL;

  if (report->proposals == NULL)
    return;

  if (n == 0 && !is_asked && has_patterns (program))
    return;

  lockstep_terminal_print (terminal, "");
  if (n == 0)
    {
      lockstep_terminal_print (terminal, _ ("Nothing was found in what it printed and wrote that could be looked for."));
      return;
    }
  if (!is_asked && has_patterns (program))
    {
      text = g_strdup_printf (ngettext ("%u more number could be looked for; --propose shows it.",
                                        "%u more numbers could be looked for; --propose shows them.", n),
                              n);
      lockstep_terminal_print (terminal, text);
      return;
    }

  if (!has_patterns (program))
    lockstep_terminal_print (terminal, _ ("The plan looks for nothing yet. This could be looked for:"));
  else
    lockstep_terminal_print (terminal, _ ("This could be looked for:"));
  lockstep_terminal_print (terminal, "");
  cli_try_proposals_print (terminal, report->proposals);
  if (!options->write)
    {
      lockstep_terminal_print (terminal, "");
      lockstep_terminal_print (terminal, _ ("--write puts all of it into the plan, --write --only NAME,NAME some of it."));
    }
}

/* Writes proposals into the plan, and says so. FALSE with an error. */
static gboolean
write_proposals (LockstepTerminal          *terminal,
                 LockstepPlan              *plan,
                 const LockstepTrialReport *report,
                 const Options             *options,
                 GError                   **error)
{
  g_autofree char *shown = cli_past_dup_typed (options->plan);
  g_autofree char *text = NULL;
  int              n;

  if (report->proposals == NULL || report->proposals->len == 0)
    return TRUE;
  if ((n = cli_try_proposals_write (report->proposals, options->only, lockstep_plan_get_file (plan), error)) < 0)
    return FALSE;

  text = g_strdup_printf (ngettext ("%d of them was written into %s.", "%d of them were written into %s.", n), n, shown);
  lockstep_terminal_print (terminal, "");
  lockstep_terminal_print (terminal, text);
  g_free (text);
  text = g_strdup_printf (_ ("Next: lockstep-cli run %s"), shown);
  lockstep_terminal_print (terminal, text);
  return TRUE;
}

/* Puts the file that the program misses into the plan, or says that this could be done. TRUE where it was, so that it is worth
 * another try. */
static gboolean
add_missing (LockstepTerminal          *terminal,
             LockstepPlan              *plan,
             const LockstepTrialReport *report,
             const Options             *options,
             GError                   **error)
{
  g_autofree char *text = NULL;

  if (report->missing == NULL)
    return FALSE;
  if (options->write && !cli_try_proposals_write_file (report->missing, lockstep_plan_get_file (plan), error))
    return FALSE;

  text = options->write ? g_strdup_printf (_ ("“%s” was put into the “files” of the plan, as a link. Once more:"), report->missing)
                        : g_strdup_printf (_ ("--write puts “%s” into the “files” of the plan, and tries again."), report->missing);
  lockstep_terminal_print (terminal, "");
  lockstep_terminal_print (terminal, text);
  if (options->write)
    lockstep_terminal_print (terminal, "");
  return options->write;
}

/* Shows what became of the trial. Sets @again where something was mended that it failed for. */
static gboolean
tell (const Try                 *self,
      LockstepPlan              *plan,
      const LockstepTrialReport *report,
      const Options             *options,
      gboolean                  *again,
      GError                   **error)
{
  LockstepTerminal  *terminal = self->terminal;
  g_autofree char   *file = g_file_get_path (lockstep_plan_get_file (plan));
  g_autoptr (GError) reason = NULL;
  gboolean           is_written = TRUE;

  if (!options->json)
    {
      cli_try_report_end (terminal, report);
      print_proposals (terminal, plan, report, options);
    }
  if (options->write)
    is_written = write_proposals (terminal, plan, report, options, &reason);
  *again = is_written && self->stop < 0 && add_missing (terminal, plan, report, options, &reason);
  if (!*again && options->json)
    cli_try_report_json (self->trial, report, options->task, options->keep != NULL ? report->folder : NULL,
                         options->write && reason == NULL ? file : NULL);
  else if (!*again)
    print_folder (terminal, report, options->keep != NULL);

  if (reason == NULL)
    return TRUE;

  g_propagate_error (error, g_steal_pointer (&reason));
  return FALSE;
}

static int
try (LockstepPlan  *plan,
     const Options *options,
     gboolean      *again)
{
  g_autoptr (LockstepTerminal) terminal = lockstep_terminal_new (options->json ? STDERR_FILENO : STDOUT_FILENO);
  g_autoptr (LockstepTrial)    trial = NULL;
  g_autoptr (GError)           error = NULL;
  const LockstepTrialReport   *report;
  Try                          self = { .terminal = terminal, .stop = -1 };
  gboolean                     is_told;

  if ((trial = lockstep_trial_new (plan, options->task, options->keep, &error)) == NULL)
    return cli_past_fail (error);

  self.trial = trial;
  self.is_program = lockstep_plan_get_program (plan) != NULL;
  if (!options->json)
    cli_try_report_begin (terminal, trial, options->task);
  if ((report = run (&self, &error)) == NULL)
    return cli_past_fail (error);

  is_told = tell (&self, plan, report, options, again, &error);
  if (options->keep == NULL || *again)
    lockstep_trial_remove (trial);
  if (!is_told)
    return cli_past_fail (error);

  if (report->result != NULL)
    return CLI_EXIT_FINISHED;
  return self.stop >= 0 ? CLI_EXIT_TERMINATED : CLI_EXIT_FAILED;
}

/* Until there is nothing more that could be mended: each time a file is there that was not. */
static int
try_on (CliOptions    *options,
        const Options *own)
{
  gboolean again = TRUE;
  int      code = CLI_EXIT_FAILED;

  while (again)
    {
      g_autoptr (LockstepPlan) plan = NULL;
      g_autoptr (GError)       error = NULL;

      again = FALSE;
      if ((plan = cli_options_load_plan (options, &error)) == NULL)
        return cli_past_fail (error);
      code = try (plan, own, &again);
    }

  return code;
}

int
cli_try (int    argc,
         char **argv)
{
  g_auto (CliOptions) options = { 0 };
  g_autofree char    *keep = NULL;
  g_autofree char    *only = NULL;
  gboolean            json = FALSE;
  gboolean            propose = FALSE;
  gboolean            write = FALSE;
  gboolean            wait = FALSE;
  int                 status;
  guint64             task = 0;
  const GOptionEntry  entries[] = {
     { "keep", 0, 0, G_OPTION_ARG_FILENAME, &keep, N_ ("Keep what the task leaves, in the folder DIR, which is new or empty"), N_ ("DIR") },
     { "propose", 0, 0, G_OPTION_ARG_NONE, &propose, N_ ("Show what else a plan with a program could look for"), NULL },
     { "write", 0, 0, G_OPTION_ARG_NONE, &write, N_ ("Write what is proposed into the plan"), NULL },
     { "only", 0, 0, G_OPTION_ARG_STRING, &only, N_ ("With --write: those with these names only"), N_ ("NAME,NAME…") },
     { "json", 0, 0, G_OPTION_ARG_NONE, &json, N_ ("Print one JSON object on standard output"), NULL },
     { "wait", 0, 0, G_OPTION_ARG_NONE, &wait, N_ ("Wait for Enter at the end"), NULL },
     { NULL }
  };

  if (!cli_options_parse_with (&options,
                               _ ("Does one task of a plan for real, the first one or that with the number TASK, in a temporary folder, and\n"
                                  "tells what each pattern of a program matched, where, and what was not matched."),
                               entries, _ ("[TASK]"), argc, argv))
    return CLI_EXIT_USAGE;

  if (options.plans[1] != NULL && !g_ascii_string_to_unsigned (options.plans[1], 10, 0, G_MAXINT64, &task, NULL))
    {
      g_printerr ("lockstep-cli: ");
      g_printerr (_ ("A task is called by its number, from 0, and not “%s”"), options.plans[1]);
      g_printerr ("\n");
      return CLI_EXIT_USAGE;
    }

  if (only != NULL && !write)
    {
      g_printerr ("lockstep-cli: %s\n", _ ("--only says what --write is to write, so it takes both."));
      return CLI_EXIT_USAGE;
    }

  status = try_on (&options, &(Options){ options.plans[0], keep, only, json, propose, write, (gint64) task });
  if (wait)
    cli_enter_wait ();

  return status;
}
