/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "cli-commands.h"

#include <glib/gi18n-lib.h>

#include "cli-live.h"
#include "lockstep-json-writer.h"
#include "lockstep-service-socket.h"

static void
connected_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

/* The window that is open; NULL where there is none. */
static LockstepPeer *
connect_to_window (void)
{
  g_autofree char         *path = lockstep_service_socket_dup_path (LOCKSTEP_SERVICE_APP);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GIOStream)    stream = NULL;

  lockstep_service_socket_connect_async (path, NULL, connected_cb, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  stream = lockstep_service_socket_connect_finish (result, NULL);

  return stream != NULL ? lockstep_peer_new (stream) : NULL;
}

static void
say_no_window (const char *plan)
{
  if (plan == NULL)
    plan = _ ("PLAN");

  g_printerr ("lockstep-cli: ");
  g_printerr (_ ("No window of Lockstep is open that could start it. To open one: lockstep --start %s\n"
                 "To run it in this terminal: lockstep-cli run %s\n"
                 "To run it in the background: lockstep-cli run --detach %s\n"),
              plan, plan, plan);
}

int
cli_start (int    argc,
           char **argv)
{
  g_auto (GStrv)           given = NULL;
  g_autoptr (LockstepPeer) window = NULL;
  g_autoptr (GBytes)       answer = NULL;
  g_autoptr (GError)       error = NULL;
  g_autoptr (GString)      params = g_string_new ("{");

  if (!cli_live_parse (_ ("Has the open window of Lockstep start PLAN, or the plan that it shows."), NULL, _ ("[PLAN]"),
                       argc, argv, NULL, &given))
    return CLI_EXIT_USAGE;

  if ((window = connect_to_window ()) == NULL)
    {
      say_no_window (given != NULL ? given[0] : NULL);
      return CLI_EXIT_FAILED;
    }

  if (given != NULL && given[0] != NULL)
    {
      g_autofree char *path = g_canonicalize_filename (given[0], NULL);

      lockstep_json_append_string_member (params, "plan", path);
    }
  g_string_append_c (params, '}');
  if ((answer = cli_live_call (window, "start", params->str, &error)) == NULL)
    return cli_live_fail (error);

  g_print ("%s\n", _ ("The window has started it. To follow it here: lockstep-cli watch"));
  return CLI_EXIT_FINISHED;
}
