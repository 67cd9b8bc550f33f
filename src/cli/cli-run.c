/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "cli-commands.h"

#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include <glib-unix.h>
#include <glib/gi18n-lib.h>

#include "cli-background.h"
#include "cli-options.h"
#include "cli-outcome.h"
#include "cli-progress.h"
#include "cli-report.h"
#include "cli-resume.h"
#include "lockstep-controller.h"
#include "lockstep-event-text.h"
#include "lockstep-run-service.h"
#include "lockstep-summary.h"

typedef struct
{
  GMainLoop          *loop;
  LockstepController *controller;
  LockstepTerminal   *terminal; /* NULL when quiet */
  gboolean            background;
  int                 stop; /* the LockstepStop that was asked for last; -1 for none */
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

/* A person who wants to read of what is wrong alone must not take a run that waits for room on a disk for one at work. */
static void
print_trouble_cb (LockstepRun         *run,
                  const LockstepEvent *event)
{
  const LockstepLevel level = lockstep_event_get_level (event, lockstep_run_get_state (run));
  g_autofree char    *text = NULL;
  g_autofree char    *safe = NULL;

  if (event->solver >= 0 ||
      !((event->type == LOCKSTEP_EVENT_RUN_PAUSED && level == LOCKSTEP_LEVEL_ERROR) ||
        (event->type == LOCKSTEP_EVENT_LOG && level >= LOCKSTEP_LEVEL_WARNING)) ||
      !(text = lockstep_event_dup_text (event, lockstep_run_get_plan (run))))
    return;

  safe = lockstep_text_make_safe (text);
  g_printerr ("lockstep-cli: %s\n", g_strdelimit (safe, "\n", ' '));
}

/* Makes the run, and returns when it is over and those who follow it know. */
static void
make (Run         *self,
      LockstepRun *run)
{
  g_autoptr (CliProgress)        progress = NULL;
  g_autoptr (LockstepRunService) service = lockstep_run_service_new (self->controller);
  g_autoptr (CliBackground)      background = self->background ? cli_background_new (run, service) : NULL;
  guint                          sources[] = {
                             g_unix_signal_add (SIGINT, interrupted_cb, self),
                             g_unix_signal_add (SIGTERM, terminated_cb, self),
                             g_unix_signal_add (SIGHUP, terminated_cb, self),
  };

  if (self->terminal != NULL)
    progress = cli_progress_new (run, self->terminal);
  else
    g_signal_connect (run, "event", G_CALLBACK (print_trouble_cb), NULL);

  g_signal_connect_swapped (service, "over", G_CALLBACK (g_main_loop_quit), self->loop);
  lockstep_controller_start (self->controller);
  g_main_loop_run (self->loop);

  for (guint i = 0; i < G_N_ELEMENTS (sources); i++)
    g_source_remove (sources[i]);
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

/* The command line makes no sense, which was said on standard error: who started this in the background reads it
 * elsewhere. */
static int
misuse (char      **arguments,
        const char *complaint)
{
  if (cli_background_is_meant (arguments))
    cli_background_fail (complaint);

  return CLI_EXIT_USAGE;
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
  gboolean            detach = FALSE;
  gboolean            background = FALSE;
  const GOptionEntry  entries[] = {
     { "runs-dir", 0, 0, G_OPTION_ARG_FILENAME, &runs_directory, N_ ("Keep the run in a folder of DIR"), N_ ("DIR") },
     { "resume", 0, 0, G_OPTION_ARG_FILENAME, &resume.run,
       N_ ("Go on with a run that did not finish: its folder, its name or how that begins, or “last”"), N_ ("RUN") },
     { "failed", 0, 0, G_OPTION_ARG_NONE, &resume.failed, N_ ("With --resume: do the tasks again that failed"), NULL },
     { "tasks", 0, 0, G_OPTION_ARG_STRING, &resume.tasks,
       N_ ("With --resume: do the tasks with these numbers again, such as 17,33-40"), N_ ("LIST") },
     { "detach", 0, 0, G_OPTION_ARG_NONE, &detach,
       N_ ("Print the run's name once it has started, and leave it to a controller in the background"), NULL },
     { "background", 0, G_OPTION_FLAG_HIDDEN, G_OPTION_ARG_NONE, &background, NULL, NULL },
     { "json", 0, 0, G_OPTION_ARG_NONE, &json, N_ ("Print one JSON object at the end, and the rest on standard error"), NULL },
     { "quiet", 'q', 0, G_OPTION_ARG_NONE, &quiet, N_ ("Print warnings and errors only"), NULL },
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
  g_auto (GStrv)                 arguments = g_strdupv (argv);
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
    return misuse (arguments, options.complaint);

  if (resume.run == NULL && (resume.failed || resume.tasks != NULL))
    {
      const char *complaint = _ ("--failed and --tasks tell what of a run is done again: name it with --resume RUN");

      g_printerr ("lockstep-cli: %s\n", complaint);
      return misuse (arguments, complaint);
    }

  if (detach && !background)
    return cli_background_launch (arguments, json, quiet);
  if (background)
    cli_background_begin ();

  controller_options.runs_directory = runs_directory;
  if (resume.run != NULL)
    controller = cli_resume_new_controller (&resume, &options, runs_directory, &run, &error);
  else if ((plan = cli_options_load_plan (&options, &error)) != NULL)
    controller = lockstep_controller_new (plan, &controller_options);

  if (background && controller == NULL)
    {
      cli_background_fail (error->message);
      return CLI_EXIT_FAILED;
    }
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

  make (&(Run){
          .loop = loop,
          .controller = controller,
          .terminal = terminal,
          .background = background,
          .stop = -1,
        },
        run);

  summary = lockstep_summary_new (run, NULL, G_MAXSIZE);
  outcome = cli_outcome_print (run, report, summary, terminal, !json);

  if (json)
    {
      g_autofree char *object = cli_report_dup_json (report, summary);

      fputs (object, stdout);
    }

  return outcome;
}
