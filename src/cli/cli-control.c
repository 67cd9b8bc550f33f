/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The commands that have the controller of a run do something: one call each. */

#include "cli-commands.h"

#include <glib/gi18n-lib.h>

#include "cli-live.h"
#include "lockstep-json-writer.h"

static int
control (const char *run,
         const char *method,
         const char *params,
         const char *done)
{
  g_autoptr (GError)          error = NULL;
  g_autoptr (LockstepLiveRun) live = cli_live_find (run, &error);
  g_autoptr (GBytes)          answer = live != NULL ? cli_live_call (live->peer, method, params, &error) : NULL;

  if (answer == NULL)
    return cli_live_fail (error);

  g_print ("%s: %s\n", live->run != NULL ? live->run : live->name, done);
  return CLI_EXIT_FINISHED;
}

int
cli_terminate (int    argc,
               char **argv)
{
  g_autofree char   *run = NULL;
  gboolean           term = FALSE, kill = FALSE, finish = FALSE;
  const GOptionEntry entries[] = {
    { "sigterm", 0, 0, G_OPTION_ARG_NONE, &term, N_ ("Send SIGTERM to the solvers at once"), NULL },
    { "sigkill", 0, 0, G_OPTION_ARG_NONE, &kill, N_ ("Send SIGKILL to the solvers at once"), NULL },
    { "finish-tasks", 0, 0, G_OPTION_ARG_NONE, &finish, N_ ("Finish the tasks at work first"), NULL },
    { NULL }
  };

  if (!cli_live_parse (_ ("Ends a run that is at work: asks its solvers to end, as ^C does where it was started."),
                       entries, NULL, argc, argv, &run, NULL))
    return CLI_EXIT_USAGE;
  if (term + kill + finish > 1)
    {
      g_printerr ("lockstep-cli: %s\n", _ ("--sigterm, --sigkill and --finish-tasks exclude each other"));
      return CLI_EXIT_USAGE;
    }

  if (finish)
    return control (run, "terminate", "{\"how\":\"finish-tasks\"}", _ ("finishing the tasks at work, then it ends"));
  if (kill)
    return control (run, "terminate", "{\"how\":\"kill\"}", _ ("terminating, with SIGKILL"));
  if (term)
    return control (run, "terminate", "{\"how\":\"terminate\"}", _ ("terminating, with SIGTERM"));

  return control (run, "terminate", NULL, _ ("terminating"));
}

int
cli_pause (int    argc,
           char **argv)
{
  g_autofree char   *run = NULL;
  gboolean           now = FALSE;
  const GOptionEntry entries[] = {
    { "now", 0, 0, G_OPTION_ARG_NONE, &now, N_ ("Stop the solvers' processes where they stand"), NULL },
    { NULL }
  };

  if (!cli_live_parse (_ ("Pauses a run: no new tasks are begun, and those at work are finished."), entries, NULL, argc,
                       argv, &run, NULL))
    return CLI_EXIT_USAGE;

  return control (run, "pause", now ? "{\"now\":true}" : NULL, _ ("paused"));
}

int
cli_unpause (int    argc,
             char **argv)
{
  g_autofree char *run = NULL;

  if (!cli_live_parse (_ ("Goes on with a run that is paused."), NULL, NULL, argc, argv, &run, NULL))
    return CLI_EXIT_USAGE;

  return control (run, "resume", NULL, _ ("goes on"));
}

int
cli_stop_iterating (int    argc,
                    char **argv)
{
  g_autofree char *run = NULL;

  if (!cli_live_parse (_ ("Has a run leave its innermost loop at the end of this iteration, and do what follows it."),
                       NULL, NULL, argc, argv, &run, NULL))
    return CLI_EXIT_USAGE;

  return control (run, "stop-iterating", NULL, _ ("leaves the loop at the end of this iteration"));
}

int
cli_restart (int    argc,
             char **argv)
{
  g_autofree char *run = NULL;
  g_autofree char *params = NULL;
  g_auto (GStrv)   given = NULL;
  guint64          solver;

  if (!cli_live_parse (_ ("Ends the processes of a solver and starts a fresh one; the task that it was at is given again."),
                       NULL, _ ("SOLVER"), argc, argv, &run, &given))
    return CLI_EXIT_USAGE;
  if (given == NULL || given[0] == NULL || !g_ascii_string_to_unsigned (given[0], 10, 0, G_MAXINT, &solver, NULL))
    {
      g_printerr ("lockstep-cli: %s\n", _ ("SOLVER is the number of a solver, from 0"));
      return CLI_EXIT_USAGE;
    }

  params = g_strdup_printf ("{\"solver\":%" G_GUINT64_FORMAT "}", solver);
  return control (run, "restart", params, _ ("restarting the solver"));
}

static gboolean
is_action (const char *action)
{
  static const char *const actions[] = { "wait", "duplicate", "restart", "skip", NULL };

  return action != NULL && g_strv_contains (actions, action);
}

int
cli_late (int    argc,
          char **argv)
{
  g_autofree char    *run = NULL;
  g_autofree char    *action = NULL;
  g_auto (GStrv)      given = NULL;
  g_autoptr (GString) params = NULL;
  guint64             task;
  const GOptionEntry  entries[] = {
     { "action", 0, 0, G_OPTION_ARG_STRING, &action,
       N_ ("wait, duplicate (an idle solver does it too), restart (its solver) or skip (go on without its result)"),
       N_ ("ACTION") },
     { NULL }
  };

  if (!cli_live_parse (_ ("Does something about a late task, which a barrier waits for. The log tells its number."),
                       entries, _ ("TASK"), argc, argv, &run, &given))
    return CLI_EXIT_USAGE;
  if (given == NULL || given[0] == NULL || !g_ascii_string_to_unsigned (given[0], 10, 0, G_MAXINT64, &task, NULL))
    {
      g_printerr ("lockstep-cli: %s\n", _ ("TASK is the number of the late task, from 0"));
      return CLI_EXIT_USAGE;
    }
  if (!is_action (action))
    {
      g_printerr ("lockstep-cli: %s\n", _ ("Say what to do about it: --action wait, duplicate, restart or skip"));
      return CLI_EXIT_USAGE;
    }

  params = g_string_new (NULL);
  g_string_printf (params, "{\"task\":%" G_GUINT64_FORMAT, task);
  lockstep_json_append_string_member (params, "action", action);
  g_string_append_c (params, '}');

  return control (run, "late", params->str, _ ("done"));
}
