/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "cli-commands.h"

#include <string.h>
#include <unistd.h>

#include <glib/gi18n-lib.h>

#include "cli-options.h"
#include "cli-writing.h"
#include "lockstep-export.h"

/* NAME.zip in this folder, for NAME.lockstep. */
static char *
dup_output (const char *plan)
{
  g_autofree char *name = g_path_get_basename (plan);

  if (g_str_has_suffix (name, ".lockstep"))
    name[strlen (name) - strlen (".lockstep")] = '\0';

  return g_strconcat (name, ".zip", NULL);
}

static void
print_outcome (LockstepExport *export,
               const char *output)
{
  GPtrArray       *names = lockstep_export_get_names (export);
  GPtrArray       *warnings = lockstep_export_get_warnings (export);
  g_autofree char *shown = g_filename_display_name (output);

  for (guint i = 0; i < warnings->len; i++)
    g_printerr ("lockstep-cli: %s\n", (const char *) g_ptr_array_index (warnings, i));
  if (g_str_equal (output, "-"))
    return;

  for (guint i = 0; i < names->len; i++)
    g_print ("  %s\n", (const char *) g_ptr_array_index (names, i));
  g_print ("%s %s\n", _ ("Packed into"), shown);
}

int
cli_pack (int    argc,
          char **argv)
{
  g_auto (CliOptions)      options = { 0 };
  g_autofree char         *output = NULL;
  gboolean                 force = FALSE;
  g_autoptr (LockstepPlan) plan = NULL;
  g_autoptr (LockstepExport) export = NULL;
  g_autoptr (CliWriting) writing = NULL;
  g_autoptr (GError)     error = NULL;
  const GOptionEntry     entries[] = {
        { "output", 'o', 0, G_OPTION_ARG_FILENAME, &output, N_ ("The file to write; - for standard output"), N_ ("FILE.zip") },
        { "force", 0, 0, G_OPTION_ARG_NONE, &force, N_ ("Replace a file that is there"), NULL },
        { NULL }
  };

  if (!cli_options_parse (&options,
                          _ ("Puts a plan, and the files in its folder that it names, into one .zip, to be handed to a colleague.\n"
                             "What it names elsewhere is told, and stays where it is."),
                          entries, NULL, argc, argv))
    return CLI_EXIT_USAGE;

  if (options.solvers != NULL || options.settings != NULL)
    {
      g_printerr ("lockstep-cli: %s\n", _ ("A plan is packed as it is: --set and --solvers are for whoever runs it"));
      return CLI_EXIT_USAGE;
    }
  if (output == NULL)
    output = dup_output (options.plans[0]);
  if (g_str_equal (output, "-") && isatty (STDOUT_FILENO))
    {
      g_printerr ("lockstep-cli: %s\n", _ ("An archive is nothing for a terminal: name a file with -o"));
      return CLI_EXIT_USAGE;
    }

  if (!(plan = cli_options_load_plan (&options, &error)))
    {
      g_printerr ("lockstep-cli: %s\n", error->message);
      return CLI_EXIT_FAILED;
    }

  export = lockstep_export_new_plan (plan);
  writing = cli_writing_new (G_OBJECT (export), _ ("Packing …"));
  lockstep_export_write_async (export, output, force, cli_writing_get_cancellable (writing), cli_writing_cb, writing);
  if (!lockstep_export_write_finish (export, cli_writing_wait (writing), &error))
    return cli_writing_fail (writing, error);

  print_outcome (export, output);
  return CLI_EXIT_FINISHED;
}
