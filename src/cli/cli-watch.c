/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "cli-commands.h"

#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include <glib-unix.h>
#include <glib/gi18n-lib.h>

#include "cli-live.h"
#include "cli-outcome.h"
#include "cli-progress.h"
#include "lockstep-follower.h"
#include "lockstep-summary.h"

typedef struct
{
  GMainLoop        *loop;
  LockstepFollower *follower;
  GError           *error; /* why there is nothing to watch any more, though the run goes on */
  gboolean          left;  /* the person has seen enough */
} Watch;

static void
follower_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  Watch *self = user_data;

  self->follower = lockstep_follower_new_finish (result, &self->error);
  g_main_loop_quit (self->loop);
}

static void
lost_cb (LockstepFollower *follower,
         const GError     *reason,
         Watch            *self)
{
  self->error = g_error_copy (reason);
  g_main_loop_quit (self->loop);
}

static void
state_cb (LockstepRun *run,
          GParamSpec  *pspec,
          Watch       *self)
{
  if (lockstep_run_has_ended (run))
    g_main_loop_quit (self->loop);
}

static gboolean
leave_cb (gpointer user_data)
{
  Watch *self = user_data;

  self->left = TRUE;
  g_main_loop_quit (self->loop);

  return G_SOURCE_CONTINUE;
}

/* Shows @run until it has ended, or is to be seen no more. */
static void
show (Watch            *self,
      LockstepRun      *run,
      LockstepTerminal *terminal)
{
  g_autoptr (CliProgress) progress = cli_progress_new (run, terminal);
  gulong                  handlers[] = {
                     g_signal_connect (run, "notify::state", G_CALLBACK (state_cb), self),
                     g_signal_connect (self->follower, "lost", G_CALLBACK (lost_cb), self),
  };

  if (!lockstep_run_has_ended (run))
    g_main_loop_run (self->loop);

  g_signal_handler_disconnect (run, handlers[0]);
  g_signal_handler_disconnect (self->follower, handlers[1]);
}

/* What there is to say when it was watched to its end, or not. */
static int
conclude (Watch            *self,
          LockstepRun      *run,
          LockstepTerminal *terminal)
{
  g_autoptr (CliReport) report = NULL;
  g_autoptr (GBytes)    summary = NULL;
  g_autofree char      *name = g_path_get_basename (lockstep_run_get_directory (run));
  g_autofree char      *line = NULL;

  if (lockstep_run_has_ended (run))
    {
      report = cli_report_new (run);
      cli_report_read_past (report);
      summary = lockstep_summary_new (run, NULL, G_MAXSIZE);
      return cli_outcome_print (run, report, summary, terminal, TRUE);
    }
  if (self->error != NULL)
    return cli_live_fail (self->error);

  line = g_strdup_printf (_ ("The run %s goes on. To end it: lockstep-cli terminate --run %s"), name, name);
  lockstep_terminal_print (terminal, line);
  return CLI_EXIT_TERMINATED;
}

int
cli_watch (int    argc,
           char **argv)
{
  g_autofree char             *name = NULL;
  g_autofree char             *directory = NULL;
  g_autoptr (GMainLoop)        loop = NULL;
  g_autoptr (LockstepFollower) follower = NULL;
  g_autoptr (LockstepTerminal) terminal = NULL;
  g_autoptr (GError)           error = NULL;
  guint                        sources[3];
  Watch                        self = { 0 };
  int                          outcome;
  static const int             numbers[] = { SIGINT, SIGTERM, SIGHUP };

  if (!cli_live_parse (_ ("Shows what the solvers of a run are doing that another process controls, until the run ends,\n"
                          "or until ^C, which leaves the run alone.\n\n"
                          "Exits as “lockstep-cli run” would have, and with 130 after ^C."),
                       NULL, NULL, argc, argv, &name, NULL))
    return CLI_EXIT_USAGE;

  if ((directory = cli_live_dup_directory (name, &error)) == NULL)
    return cli_live_fail (error);

  self.loop = loop = g_main_loop_new (NULL, FALSE);
  for (guint i = 0; i < G_N_ELEMENTS (sources); i++)
    sources[i] = g_unix_signal_add (numbers[i], leave_cb, &self);
  lockstep_follower_new_async (directory, NULL, follower_cb, &self);
  while (self.follower == NULL && self.error == NULL && !self.left)
    g_main_loop_run (loop);

  if ((follower = self.follower) != NULL)
    {
      LockstepRun *run = lockstep_follower_get_run (follower);

      terminal = lockstep_terminal_new (STDOUT_FILENO);
      if (!self.left)
        show (&self, run, terminal);
      outcome = conclude (&self, run, terminal);
    }
  else
    {
      outcome = self.error != NULL ? cli_live_fail (self.error) : CLI_EXIT_TERMINATED;
    }

  for (guint i = 0; i < G_N_ELEMENTS (sources); i++)
    g_source_remove (sources[i]);
  g_clear_error (&self.error);
  return outcome;
}
