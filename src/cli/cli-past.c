/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "cli-past.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "cli-commands.h"
#include "lockstep-run-folder.h"
#include "lockstep-run-lookup.h"

static gboolean
check_words (CliPast    *self,
             const char *words,
             guint       least,
             guint       most,
             GError    **error)
{
  if (self->n_words < least)
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED, _ ("It takes %s, and too little was given"), words);
      return FALSE;
    }
  if (self->n_words > most && most == 0)
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED, _ ("It takes options only: “%s” is one too many"),
                   self->words[most]);
      return FALSE;
    }
  if (self->n_words > most)
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED, _ ("It takes %s: “%s” is one too many"), words,
                   self->words[most]);
      return FALSE;
    }

  return TRUE;
}

gboolean
cli_past_parse (CliPast            *self,
                const char         *summary,
                const GOptionEntry *entries,
                const char         *words,
                guint               least,
                guint               most,
                int                 argc,
                char              **argv)
{
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autoptr (GError)         error = NULL;
  const GOptionEntry         own[] = {
            { "runs-dir", 0, 0, G_OPTION_ARG_FILENAME, &self->runs_directory, N_ ("Runs are kept in folders of DIR"), N_ ("DIR") },
            { NULL }
  };
  const GOptionEntry rest[] = {
    { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &self->words, NULL, words },
    { NULL }
  };

  memset (self, 0, sizeof *self);
  g_option_context_set_summary (context, summary);
  if (entries != NULL)
    g_option_context_add_main_entries (context, entries, GETTEXT_PACKAGE);
  g_option_context_add_main_entries (context, own, GETTEXT_PACKAGE);
  if (words != NULL)
    g_option_context_add_main_entries (context, rest, GETTEXT_PACKAGE);

  if (g_option_context_parse (context, &argc, &argv, &error))
    {
      /* Where nothing is taken, GLib leaves it where it was. */
      if (self->words == NULL)
        self->words = g_strdupv (words == NULL ? argv + 1 : (char *[]){ NULL });
      self->n_words = g_strv_length (self->words);
      if (check_words (self, words, least, most, &error))
        return TRUE;
    }

  g_printerr ("lockstep-cli: %s\n", error->message);
  /* TRANSLATORS: %s is a command such as “lockstep-cli run” */
  g_printerr (_ ("“%s --help” tells what is understood."), g_get_prgname ());
  g_printerr ("\n");

  return FALSE;
}

void
cli_past_clear (CliPast *self)
{
  g_clear_pointer (&self->words, g_strfreev);
  g_clear_pointer (&self->runs_directory, g_free);
}

char *
cli_past_find (CliPast    *self,
               const char *run,
               GError    **error)
{
  return lockstep_run_lookup (self->runs_directory, run, error);
}

void
cli_past_wait (GAsyncResult **result)
{
  while (*result == NULL)
    g_main_context_iteration (NULL, TRUE);
}

void
cli_past_take_result (GObject      *source,
                      GAsyncResult *result,
                      gpointer      user_data)
{
  GAsyncResult **place = user_data;

  *place = g_object_ref (result);
}

int
cli_past_fail (const GError *error)
{
  g_autofree char *safe = lockstep_text_make_safe (error->message);

  g_printerr ("lockstep-cli: %s\n", safe);
  return CLI_EXIT_FAILED;
}

char *
cli_past_dup_typed (const char *directory)
{
  g_autofree char *usual = lockstep_run_folder_dup_parent (NULL);
  g_autofree char *parent = g_path_get_dirname (directory);
  g_autofree char *name = g_str_equal (parent, usual) ? g_path_get_basename (directory) : g_strdup (directory);

  return strpbrk (name, " \t\n'\"\\$`&|;<>()*?[]#~!{}") != NULL ? g_shell_quote (name) : g_strdup (name);
}
