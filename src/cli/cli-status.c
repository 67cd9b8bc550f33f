/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "cli-commands.h"

#include <math.h>
#include <stdio.h>

#include <glib/gi18n-lib.h>

#include "cli-live.h"
#include "lockstep-duration.h"
#include "lockstep-json.h"
#include "lockstep-terminal.h"

/* Prints text as it may be shown on a terminal. */
static void
print_safe (const char *text)
{
  g_autofree char *safe = lockstep_text_make_safe (text);

  g_print ("%s\n", g_strdelimit (safe, "\n", ' '));
}

static void
print_run (LockstepLiveRun *run)
{
  g_autofree char    *summary = NULL;
  g_autofree char    *state = NULL;
  g_autofree char    *line = NULL;
  g_autoptr (GString) tail = g_string_new (NULL);
  double              fraction, seconds;
  LockstepJson        status;

  status.text = g_bytes_get_data (run->status, &status.length);
  summary = lockstep_json_dup_string (lockstep_json_get_member (status, "summary"), NULL);
  state = lockstep_json_dup_string (lockstep_json_get_member (status, "state"), NULL);
  if (lockstep_json_get_double (lockstep_json_get_member (status, "fraction"), &fraction))
    g_string_append_printf (tail, " · %d %%", (int) floor (fraction * 100));
  if (lockstep_json_get_double (lockstep_json_get_member (status, "seconds"), &seconds))
    {
      g_autofree char *duration = lockstep_duration_dup_text (seconds);

      g_string_append_printf (tail, " · %s", duration);
    }

  print_safe (run->run != NULL ? run->run : _ ("(a run that keeps no record)"));
  line = g_strdup_printf ("  %s · %s%s", run->name, summary != NULL && *summary != '\0' ? summary : state, tail->str);
  print_safe (line);
}

/* With --run, or of all there are. */
int
cli_status (int    argc,
            char **argv)
{
  g_autofree char      *run = NULL;
  gboolean              json = FALSE;
  g_autoptr (GPtrArray) runs = NULL;
  g_autoptr (GError)    error = NULL;
  int                   outcome = CLI_EXIT_FINISHED;
  const GOptionEntry    entries[] = {
       { "json", 0, 0, G_OPTION_ARG_NONE, &json, N_ ("Print a JSON object on a line of its own for each run"), NULL },
       { NULL }
  };

  if (!cli_live_parse (_ ("Tells where a run stands that is at work on this machine; without --run all of them."),
                       entries, NULL, argc, argv, &run, NULL))
    return CLI_EXIT_USAGE;

  if ((runs = cli_live_list (run, &error)) == NULL)
    return cli_live_fail (error);
  for (guint i = 0; i < runs->len; i++)
    {
      LockstepLiveRun *live = g_ptr_array_index (runs, i);
      gsize            length = 0;
      const char      *text = live->status != NULL ? g_bytes_get_data (live->status, &length) : NULL;

      if (text == NULL)
        outcome = cli_live_fail_silent (live);
      else if (json)
        g_print ("%.*s\n", (int) length, text);
      else
        print_run (live);
    }
  if (runs->len == 0 && !json)
    g_print ("%s\n", _ ("No run is at work on this machine."));

  return outcome;
}
