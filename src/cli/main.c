/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <locale.h>
#include <signal.h>
#include <string.h>

#include <glib/gi18n-lib.h>

#include "cli-commands.h"

static const struct
{
  const char *name;
  const char *summary;
  int (*run) (int argc, char **argv);
} commands[] = {
  { "run", N_ ("Run a plan"), cli_run },
  { "check", N_ ("Tell what a plan would do, without doing it"), cli_check },
  { "new", N_ ("Make a plan from a command line"), cli_new },
  { "try", N_ ("Do one task of a plan, and tell what its patterns match"), cli_try },
  { "export", N_ ("Write what a run holds into a file"), cli_export },
  { "pack", N_ ("Put a plan and its files into an archive"), cli_pack },
  { "list", N_ ("List the runs that are kept"), cli_list },
  { "show", N_ ("Tell what became of a run, and why tasks failed"), cli_show },
  { "rerun", N_ ("Do a task of a run again, in this terminal"), cli_rerun },
  { "compare", N_ ("Tell in what two runs differ"), cli_compare },
  { "name", N_ ("Give a run another name"), cli_name },
  { "note", N_ ("Note something on a run"), cli_note },
  { "delete", N_ ("Put runs into the trash"), cli_delete },
  { "status", N_ ("Tell where the runs at work stand"), cli_status },
  { "watch", N_ ("Show a run that another process controls"), cli_watch },
  { "pause", N_ ("Pause a run"), cli_pause },
  { "unpause", N_ ("Go on with a paused run"), cli_unpause },
  { "stop-iterating", N_ ("Leave the loop at work at the end of its iteration"), cli_stop_iterating },
  { "restart", N_ ("Have a fresh process in the place of a solver's"), cli_restart },
  { "late", N_ ("Do something about a late task"), cli_late },
  { "terminate", N_ ("End a run"), cli_terminate },
  { "start", N_ ("Have the open window start a plan"), cli_start },
  { "test-solver", N_ ("Tell whether a solver keeps to the protocol"), cli_test_solver },
};

static void
print_help (void)
{
  g_print ("%s\n  lockstep-cli %s\n\n%s\n", _ ("Usage:"), _ ("COMMAND [OPTION…] …"), _ ("Commands:"));

  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    g_print ("  %-15s %s\n", commands[i].name, _ (commands[i].summary));

  g_print ("\n%s\n  -h, --help     %s\n  --version      %s\n\n%s\n",
           _ ("Options:"), _ ("Show this help"), _ ("Show the version"),
           _ ("“lockstep-cli COMMAND --help” tells what a command understands."));
}

int
main (int    argc,
      char **argv)
{
  const char *name = argc > 1 ? argv[1] : NULL;

  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, LOCKSTEP_LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE); /* ngettext() looks there */

  /* A reader that goes away, as in `lockstep-cli run PLAN | head`, does not end a run of hours. */
  signal (SIGPIPE, SIG_IGN);

  if (name == NULL)
    {
      g_printerr ("lockstep-cli: %s\n", _ ("No command was given; try “lockstep-cli --help”"));
      return CLI_EXIT_USAGE;
    }

  if (g_str_equal (name, "--help") || g_str_equal (name, "-h"))
    {
      print_help ();
      return CLI_EXIT_FINISHED;
    }

  if (g_str_equal (name, "--version"))
    {
      g_print ("lockstep-cli %s\n", LOCKSTEP_VERSION);
      return CLI_EXIT_FINISHED;
    }

  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    {
      g_autofree char *program = NULL;

      if (!g_str_equal (name, commands[i].name))
        continue;

      program = g_strdup_printf ("lockstep-cli %s", name);
      g_set_prgname (program);
      argv[1] = program;

      return commands[i].run (argc - 1, argv + 1);
    }

  /* TRANSLATORS: %s is what was typed instead of a command */
  g_printerr ("lockstep-cli: ");
  g_printerr (_ ("“%s” is not a command; try “lockstep-cli --help”"), name);
  g_printerr ("\n");
  return CLI_EXIT_USAGE;
}
