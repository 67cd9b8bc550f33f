/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "cli-commands.h"

#include <glib/gi18n-lib.h>

#include "cli-past.h"
#include "lockstep-run-labels.h"

/* Labels the run that the first word calls with the second. */
static int
label (CliPast *past,
       gboolean is_name)
{
  g_autofree char         *directory = NULL;
  g_autofree char         *text = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError)       error = NULL;

  directory = cli_past_find (past, past->words[0], &error);
  if (directory == NULL)
    return cli_past_fail (error);

  text = g_locale_to_utf8 (past->words[1], -1, NULL, NULL, NULL);
  if (text == NULL && g_utf8_validate (past->words[1], -1, NULL))
    text = g_strdup (past->words[1]);
  if (text == NULL)
    {
      g_printerr ("lockstep-cli: %s\n", _ ("TEXT is not text: it is neither in UTF-8 nor as this locale writes it"));
      return CLI_EXIT_USAGE;
    }
  lockstep_run_labels_write_async (directory, is_name ? text : NULL, is_name ? NULL : text, cli_past_take_result, &result);
  cli_past_wait (&result);

  return lockstep_run_labels_write_finish (result, &error) ? CLI_EXIT_FINISHED : cli_past_fail (error);
}

int
cli_name (int    argc,
          char **argv)
{
  g_auto (CliPast) past = { 0 };

  if (!cli_past_parse (&past,
                       _ ("Gives a run another name than its plan's, for lists; with an empty TEXT its plan's again. Its folder\n"
                          "is still called as before."),
                       NULL, _ ("RUN TEXT"), 2, 2, argc, argv))
    return CLI_EXIT_USAGE;

  return label (&past, TRUE);
}

int
cli_note (int    argc,
          char **argv)
{
  g_auto (CliPast) past = { 0 };

  if (!cli_past_parse (&past, _ ("Notes something on a run; an empty TEXT takes it away."), NULL, _ ("RUN TEXT"), 2, 2, argc,
                       argv))
    return CLI_EXIT_USAGE;

  return label (&past, FALSE);
}
