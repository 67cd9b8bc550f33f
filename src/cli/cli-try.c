/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "cli-commands.h"

#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include <glib-unix.h>
#include <glib/gi18n-lib.h>

#include "cli-options.h"
#include "cli-past.h"
#include "cli-try-report.h"

/* What was typed. */
typedef struct
{
  char    *keep;
  gboolean json;
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

static int
try (LockstepPlan  *plan,
     const Options *options)
{
  g_autoptr (LockstepTerminal) terminal = lockstep_terminal_new (options->json ? STDERR_FILENO : STDOUT_FILENO);
  g_autoptr (LockstepTrial)    trial = NULL;
  g_autoptr (GError)           error = NULL;
  const LockstepTrialReport   *report;
  Try                          self = { .terminal = terminal, .stop = -1 };

  if ((trial = lockstep_trial_new (plan, options->task, options->keep, &error)) == NULL)
    return cli_past_fail (error);

  self.trial = trial;
  self.is_program = lockstep_plan_get_program (plan) != NULL;
  if (!options->json)
    cli_try_report_begin (terminal, trial, options->task);
  if ((report = run (&self, &error)) == NULL)
    return cli_past_fail (error);

  if (options->json)
    {
      cli_try_report_json (trial, report, options->task, options->keep != NULL ? report->folder : NULL, "");
    }
  else
    {
      cli_try_report_end (terminal, report);
      print_folder (terminal, report, options->keep != NULL);
    }
  if (options->keep == NULL)
    lockstep_trial_remove (trial);

  if (report->result != NULL)
    return CLI_EXIT_FINISHED;
  return self.stop >= 0 ? CLI_EXIT_TERMINATED : CLI_EXIT_FAILED;
}

int
cli_try (int    argc,
         char **argv)
{
  g_auto (CliOptions)      options = { 0 };
  g_autofree char         *keep = NULL;
  gboolean                 json = FALSE;
  guint64                  task = 0;
  g_autoptr (LockstepPlan) plan = NULL;
  g_autoptr (GError)       error = NULL;
  const GOptionEntry       entries[] = {
          { "keep", 0, 0, G_OPTION_ARG_FILENAME, &keep, N_ ("Keep what the task leaves, in the folder DIR, which is new or empty"), N_ ("DIR") },
          { "json", 0, 0, G_OPTION_ARG_NONE, &json, N_ ("Print one JSON object on standard output"), NULL },
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

  if ((plan = cli_options_load_plan (&options, &error)) == NULL)
    return cli_past_fail (error);

  return try (plan, &(Options){ keep, json, (gint64) task });
}
