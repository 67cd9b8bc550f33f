/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "cli-commands.h"

#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include <glib-unix.h>
#include <glib/gi18n-lib.h>

#include "cli-options.h"
#include "cli-progress.h"
#include "cli-report.h"
#include "cli-resume.h"
#include "lockstep-controller.h"
#include "lockstep-summary.h"

/* Bytes of a result that a person is shown. */
#define MAX_SHOWN_RESULT 2000

/* Causes of failures that a person is shown. */
#define MAX_SHOWN_CAUSES 10

typedef struct
{
  GMainLoop          *loop;
  LockstepController *controller;
  LockstepTerminal   *terminal; /* NULL when quiet */
  int                 stop;     /* the LockstepStop that was asked for last; -1 for none */
} Run;

static void
say (Run        *self,
     const char *text)
{
  if (self->terminal != NULL)
    lockstep_terminal_print (self->terminal, text);
}

/* Stops harder than before, and at least as hard as @least. */
static void
stop_harder (Run         *self,
             LockstepStop least)
{
  self->stop = CLAMP (self->stop + 1, (int) least, LOCKSTEP_STOP_KILL);

  if (self->stop == LOCKSTEP_STOP_ASK)
    say (self, _ ("Asking the solvers to end; ^C again sends SIGTERM."));
  else if (self->stop == LOCKSTEP_STOP_TERMINATE)
    say (self, _ ("Sending SIGTERM to the solvers; ^C again sends SIGKILL."));
  else
    say (self, _ ("Sending SIGKILL to the solvers."));

  lockstep_controller_terminate (self->controller, self->stop);
}

static gboolean
interrupted_cb (gpointer user_data)
{
  stop_harder (user_data, LOCKSTEP_STOP_ASK);

  return G_SOURCE_CONTINUE;
}

/* SIGTERM, and SIGHUP when the terminal has gone. */
static gboolean
terminated_cb (gpointer user_data)
{
  stop_harder (user_data, LOCKSTEP_STOP_TERMINATE);

  return G_SOURCE_CONTINUE;
}

static void
state_cb (LockstepRun *run,
          GParamSpec  *pspec,
          Run         *self)
{
  if (lockstep_run_has_ended (run))
    g_main_loop_quit (self->loop);
}

/* Makes the run, and returns when it is over. */
static void
make (Run         *self,
      LockstepRun *run)
{
  g_autoptr (CliProgress) progress = NULL;
  gulong                  handler = g_signal_connect (run, "notify::state", G_CALLBACK (state_cb), self);
  guint                   sources[] = {
                      g_unix_signal_add (SIGINT, interrupted_cb, self),
                      g_unix_signal_add (SIGTERM, terminated_cb, self),
                      g_unix_signal_add (SIGHUP, terminated_cb, self),
  };

  if (self->terminal != NULL)
    progress = cli_progress_new (run, self->terminal);

  lockstep_controller_start (self->controller);
  if (!lockstep_run_has_ended (run))
    g_main_loop_run (self->loop);

  for (guint i = 0; i < G_N_ELEMENTS (sources); i++)
    g_source_remove (sources[i]);
  g_signal_handler_disconnect (run, handler);
}

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

      line = g_strdup_printf (ngettext ("%lu task failed (%s): %s · task %" G_GINT64_FORMAT " on solver %d",
                                        "%lu tasks failed (%s): %s · task %" G_GINT64_FORMAT " on solver %d, for example", count),
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
      g_autofree char *logs = NULL;

      print_causes (terminal, run);
      shown = g_filename_display_name (lockstep_run_get_directory (run));
      logs = g_strdup_printf (_ ("What the solvers printed is in %s/solver-*.log"), shown);
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

/* There is nothing to be done: says so, and what the run came to. */
static int
say_nothing_to_do (LockstepRun  *run,
                   const GError *error,
                   gboolean      json,
                   gboolean      quiet)
{
  g_autoptr (CliReport) report = cli_report_new (run);
  g_autoptr (GBytes)    summary = lockstep_summary_new (run, NULL, G_MAXSIZE);
  g_autofree char      *object = NULL;

  if (json)
    {
      cli_report_read_past (report);
      object = cli_report_dup_json (report, summary);
      fputs (object, stdout);
    }
  if (json && !quiet)
    g_printerr ("lockstep-cli: %s\n", error->message);
  else if (!quiet)
    g_print ("%s\n", error->message);

  return CLI_EXIT_FINISHED;
}

/* What a person wants to know when it is over. */
static void
print_outcome (LockstepTerminal *terminal,
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

int
cli_run (int    argc,
         char **argv)
{
  g_auto (CliOptions) options = { 0 };
  g_auto (CliResume)  resume = { 0 };
  g_autofree char    *runs_directory = NULL;
  gboolean            json = FALSE;
  gboolean            quiet = FALSE;
  const GOptionEntry  entries[] = {
     { "runs-dir", 0, 0, G_OPTION_ARG_FILENAME, &runs_directory, N_ ("Keep the run in a folder of DIR"), N_ ("DIR") },
     { "resume", 0, 0, G_OPTION_ARG_FILENAME, &resume.run,
       N_ ("Go on with a run that did not finish: its folder, its name or how that begins, or “last”"), N_ ("RUN") },
     { "failed", 0, 0, G_OPTION_ARG_NONE, &resume.failed, N_ ("With --resume: do the tasks again that failed"), NULL },
     { "tasks", 0, 0, G_OPTION_ARG_STRING, &resume.tasks,
       N_ ("With --resume: do the tasks with these numbers again, such as 17,33-40"), N_ ("LIST") },
     { "json", 0, 0, G_OPTION_ARG_NONE, &json, N_ ("Print one JSON object at the end, and the rest on standard error"), NULL },
     { "quiet", 'q', 0, G_OPTION_ARG_NONE, &quiet, N_ ("Print errors only"), NULL },
     { NULL }
  };
  g_autoptr (LockstepPlan)       plan = NULL;
  g_autoptr (LockstepRun)        run = NULL;
  g_autoptr (LockstepController) controller = NULL;
  g_autoptr (LockstepTerminal)   terminal = NULL;
  g_autoptr (GMainLoop)          loop = NULL;
  g_autoptr (CliReport)          report = NULL;
  g_autoptr (GBytes)             summary = NULL;
  g_autoptr (GError)             error = NULL;
  LockstepControllerOptions      controller_options = { 0 };
  CliExit                        outcome;

  if (!cli_options_parse (&options,
                          _ ("Runs a plan, and shows what its solvers are doing. ^C asks them to end, a second ^C\n"
                             "sends SIGTERM, a third SIGKILL.\n\n"
                             "Exits with 0 when the run finished, 3 when it finished with failures or did not reach\n"
                             "an until, 1 when it failed or the plan is no good, 130 when it was terminated.\n\n"
                             "With --resume it goes on with a run, and PLAN may be left out, or be a plan that differs\n"
                             "from the run's in hosts, solvers, limits and retries, has loops that repeat more often or\n"
                             "are left sooner, or has tasks appended to its list."),
                          entries, &resume.run, argc, argv))
    return CLI_EXIT_USAGE;

  if (resume.run == NULL && (resume.failed || resume.tasks != NULL))
    {
      g_printerr ("lockstep-cli: %s\n",
                  _ ("--failed and --tasks tell what of a run is done again: name it with --resume RUN"));
      return CLI_EXIT_USAGE;
    }

  controller_options.runs_directory = runs_directory;
  if (resume.run != NULL)
    controller = cli_resume_new_controller (&resume, &options, runs_directory, &run, &error);
  else if ((plan = cli_options_load_plan (&options, &error)) != NULL)
    controller = lockstep_controller_new (plan, &controller_options);

  if (run != NULL)
    return say_nothing_to_do (run, error, json, quiet);
  if (controller == NULL)
    {
      g_autofree char *object = cli_report_dup_error_json (error);

      g_printerr ("lockstep-cli: %s\n", error->message);
      if (json)
        fputs (object, stdout);
      return CLI_EXIT_FAILED;
    }

  run = g_object_ref (lockstep_controller_get_run (controller));
  report = cli_report_new (run);
  if (resume.run != NULL)
    cli_report_read_past (report);
  loop = g_main_loop_new (NULL, FALSE);
  if (!quiet)
    terminal = lockstep_terminal_new (json ? STDERR_FILENO : STDOUT_FILENO);

  make (&(Run){ .loop = loop, .controller = controller, .terminal = terminal, .stop = -1 }, run);

  outcome = cli_report_get_exit (report);
  summary = lockstep_summary_new (run, NULL, G_MAXSIZE);
  if (terminal != NULL)
    {
      if (!json)
        print_result (terminal, summary);
      print_outcome (terminal, run, outcome, report);
    }

  if (outcome == CLI_EXIT_FAILED)
    {
      const char *reason = lockstep_run_get_error (run);

      g_printerr ("lockstep-cli: %s\n", reason != NULL ? reason : _ ("The run failed"));
    }

  if (json)
    {
      g_autofree char *object = cli_report_dup_json (report, summary);

      fputs (object, stdout);
    }

  return outcome;
}
