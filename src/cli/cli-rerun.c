/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "cli-commands.h"

#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include <glib-unix.h>
#include <glib/gi18n-lib.h>

#include "cli-enter.h"
#include "cli-past.h"
#include "lockstep-rerun.h"
#include "lockstep-trial-folder.h"

typedef struct
{
  LockstepRerun *rerun;
  int            stop; /* the LockstepStop that was asked for last; -1 for none */
} Rerun;

static gboolean
signal_cb (gpointer user_data)
{
  Rerun *self = user_data;

  self->stop = MIN (self->stop + 1, LOCKSTEP_STOP_KILL);
  lockstep_rerun_stop (self->rerun, self->stop);
  return G_SOURCE_CONTINUE;
}

static void
output_cb (LockstepRerun *rerun,
           GBytes        *text,
           gpointer       user_data)
{
  fwrite (g_bytes_get_data (text, NULL), 1, g_bytes_get_size (text), stderr);
}

static void
said_cb (LockstepRerun *rerun,
         const char    *text,
         gpointer       user_data)
{
  g_autofree char *safe = lockstep_text_make_safe (text);

  g_printerr ("lockstep-cli: %s\n", safe);
}

/* What it wrote is of use to who looks for why it failed, or asked for it; else it would only fill the disk. */
static void
leave_folder (LockstepRerun *self,
              const char    *keep,
              gboolean       succeeded)
{
  const char      *directory = lockstep_rerun_get_directory (self);
  g_autofree char *shown = directory != NULL ? g_filename_display_name (directory) : NULL;
  g_autofree char *line = NULL;

  if (shown == NULL)
    return;

  if (keep != NULL)
    line = g_strdup_printf (_ ("What it wrote is in %s"), shown);
  else if (succeeded)
    line = g_strdup (_ ("The folder that it wrote into was removed; --keep DIR keeps it."));
  else
    line = g_strdup_printf (_ ("What it wrote is in %s, since it failed; remove it when you have seen why."), shown);
  if (keep == NULL && succeeded)
    lockstep_trial_folder_remove (directory);
  said_cb (self, line, NULL);
}

/* Does it again; what it brings goes to standard output, and all else to standard error. */
static int
rerun (LockstepReplay *replay,
       const char     *keep)
{
  g_autoptr (LockstepRerun) again = lockstep_rerun_new (replay);
  g_autoptr (GAsyncResult)  result = NULL;
  g_autoptr (GBytes)        answer = NULL;
  g_autoptr (GError)        error = NULL;
  Rerun                     self = { .rerun = again, .stop = -1 };
  guint                     sources[] = {
                        g_unix_signal_add (SIGINT, signal_cb, &self),
                        g_unix_signal_add (SIGTERM, signal_cb, &self),
                        g_unix_signal_add (SIGHUP, signal_cb, &self),
  };

  if (keep != NULL)
    lockstep_rerun_set_directory (again, keep);

  g_signal_connect (again, "output", G_CALLBACK (output_cb), NULL);
  g_signal_connect (again, "said", G_CALLBACK (said_cb), NULL);
  lockstep_rerun_run_async (again, cli_past_take_result, &result);
  cli_past_wait (&result);
  answer = lockstep_rerun_run_finish (again, result, &error);
  for (guint i = 0; i < G_N_ELEMENTS (sources); i++)
    g_source_remove (sources[i]);

  leave_folder (again, keep, answer != NULL);
  if (answer == NULL)
    {
      cli_past_fail (error);
      return self.stop >= 0 ? CLI_EXIT_TERMINATED : CLI_EXIT_FAILED;
    }

  fwrite (g_bytes_get_data (answer, NULL), 1, g_bytes_get_size (answer), stdout);
  fputc ('\n', stdout);
  return CLI_EXIT_FINISHED;
}

int
cli_rerun (int    argc,
           char **argv)
{
  g_auto (CliPast)         past = { 0 };
  g_autofree char         *directory = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError)       error = NULL;
  LockstepReplay          *replay;
  guint64                  task;
  gboolean                 wait = FALSE;
  g_autofree char         *keep = NULL;
  int                      status;
  const GOptionEntry       entries[] = {
          { "keep", 0, 0, G_OPTION_ARG_FILENAME, &keep, N_ ("Keep what it writes, in the folder DIR, which is new or empty"), N_ ("DIR") },
          { "wait", 0, 0, G_OPTION_ARG_NONE, &wait, N_ ("Wait for Enter at the end"), NULL },
          { NULL },
  };

  if (!cli_past_parse (&past,
                       _ ("Does a task of a run again, in this terminal and outside of the run: starts its solver, tells it to\n"
                          "initialize, and gives it the call that it had. What it brings goes to standard output, what it\n"
                          "prints to standard error. What it writes is kept where it fails, or with --keep."),
                       entries, _ ("RUN TASK"), 2, 2, argc, argv))
    return CLI_EXIT_USAGE;

  if (!g_ascii_string_to_unsigned (past.words[1], 10, 0, G_MAXINT64, &task, NULL))
    {
      g_printerr ("lockstep-cli: ");
      g_printerr (_ ("A task is called by its number in the run, from 0, and not “%s”"), past.words[1]);
      g_printerr ("\n");
      return CLI_EXIT_USAGE;
    }

  if ((directory = cli_past_find (&past, past.words[0], &error)) == NULL ||
      (keep != NULL && !lockstep_trial_folder_make (keep, &error)))
    return cli_past_fail (error);
  lockstep_replay_load_async (directory, (gint64) task, cli_past_take_result, &result);
  cli_past_wait (&result);
  replay = lockstep_replay_load_finish (result, &error);

  status = replay != NULL ? rerun (replay, keep) : cli_past_fail (error);
  if (wait)
    cli_enter_wait ();

  return status;
}
