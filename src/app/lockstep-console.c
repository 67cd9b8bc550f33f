/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-console.h"

#include <glib/gi18n-lib.h>

/* What stands between a terminal and the command that it is to run. The first is whichever the desktop was set to. */
static const char *const terminals[][3] = {
  { "xdg-terminal-exec" },
  { "gnome-terminal", "--" },
  { "ptyxis", "--" },
  { "kgx", "--" },
  { "konsole", "-e" },
  { "xfce4-terminal", "-x" },
  { "mate-terminal", "-x" },
  { "lxterminal", "-e" },
  { "alacritty", "-e" },
  { "kitty" },
  { "foot" },
  { "wezterm", "start", "--" },
  { "x-terminal-emulator", "-e" },
  { "xterm", "-e" },
};

/* $TERMINAL may have arguments of its own. */
static char **
find_chosen (void)
{
  const char              *chosen = g_getenv ("TERMINAL");
  g_auto (GStrv)           words = NULL;
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_autofree char         *program = NULL;

  if (chosen == NULL || !g_shell_parse_argv (chosen, NULL, &words, NULL) ||
      (program = g_find_program_in_path (words[0])) == NULL)
    return NULL;

  g_strv_builder_add (builder, program);
  g_strv_builder_addv (builder, (const char **) words + 1);
  if (words[1] == NULL)
    g_strv_builder_add (builder, "-e");

  return g_strv_builder_end (builder);
}

char **
lockstep_console_find (void)
{
  char **chosen = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (terminals); i++)
    {
      g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
      g_autofree char         *program = g_find_program_in_path (terminals[i][0]);

      if (i == 1 && (chosen = find_chosen ()) != NULL)
        return chosen;
      if (program == NULL)
        continue;

      g_strv_builder_add (builder, program);
      for (guint k = 1; k < G_N_ELEMENTS (terminals[i]) && terminals[i][k] != NULL; k++)
        g_strv_builder_add (builder, terminals[i][k]);
      return g_strv_builder_end (builder);
    }

  return NULL;
}

gboolean
lockstep_console_run (const char *const *arguments,
                      GError           **error)
{
  g_autoptr (GSubprocess)  process = NULL;
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv)           terminal = lockstep_console_find ();
  g_auto (GStrv)           argv = NULL;

  if (terminal == NULL)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                   _ ("No terminal was found: set TERMINAL to the name of one"));
      return FALSE;
    }

  g_strv_builder_addv (builder, (const char **) terminal);
  g_strv_builder_addv (builder, (const char **) arguments);
  argv = g_strv_builder_end (builder);
  process = g_subprocess_newv ((const char *const *) argv, G_SUBPROCESS_FLAGS_NONE, error);

  return process != NULL;
}
