/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "cli-commands.h"

#include <glib/gi18n-lib.h>

#include "cli-past.h"
#include "lockstep-history.h"

int
cli_delete (int    argc,
            char **argv)
{
  g_auto (CliPast) past = { 0 };
  int              outcome = CLI_EXIT_FINISHED;

  if (!cli_past_parse (&past, _ ("Puts runs into the trash. One that is at work is refused."), NULL, _ ("RUN…"), 1, G_MAXUINT, argc,
                       argv))
    return CLI_EXIT_USAGE;

  for (guint i = 0; i < past.n_words; i++)
    {
      g_autoptr (GError)       error = NULL;
      g_autofree char         *directory = cli_past_find (&past, past.words[i], &error);
      g_autoptr (GAsyncResult) result = NULL;

      if (directory != NULL)
        {
          lockstep_history_trash_async (directory, cli_past_take_result, &result);
          cli_past_wait (&result);
          lockstep_history_trash_finish (result, &error);
        }
      if (error != NULL)
        outcome = cli_past_fail (error);
    }

  return outcome;
}
