/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "cli-options.h"

#include <string.h>

#include <glib/gi18n-lib.h>

/* Sets @error where an argument cannot be what it is meant for. */
static gboolean
check_arguments (CliOptions *self,
                 gboolean    plan_needed,
                 gboolean    word_allowed,
                 GError    **error)
{
  const gboolean has_plan = self->plans != NULL && self->plans[0] != NULL;

  if (!has_plan && plan_needed)
    {
      g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED, _ ("No plan was given"));
      return FALSE;
    }

  if (has_plan && self->plans[1] != NULL && word_allowed && self->plans[2] != NULL)
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED, _ ("“%s” is one too many"), self->plans[2]);
      return FALSE;
    }

  if (has_plan && self->plans[1] != NULL && !word_allowed)
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED,
                   _ ("One plan at a time: “%s” is one too many"), self->plans[1]);
      return FALSE;
    }

  if (self->solvers != NULL && !g_str_equal (self->solvers, "auto") &&
      !g_ascii_string_to_unsigned (self->solvers, 10, 1, G_MAXUINT, NULL, NULL))
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                   _ ("--solvers takes a number from 1, or auto, and not “%s”"), self->solvers);
      return FALSE;
    }

  for (char **setting = self->settings; setting != NULL && *setting != NULL; setting++)
    {
      const char *equals = strchr (*setting, '=');

      if (equals == NULL || equals == *setting)
        {
          g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                       _ ("--set takes MEMBER=VALUE (“params.network=city.tntp”), and not “%s”"), *setting);
          return FALSE;
        }
    }

  return TRUE;
}

/* @word is what may follow PLAN, or NULL. */
static gboolean
parse (CliOptions         *self,
       const char         *summary,
       const GOptionEntry *entries,
       char              **instead,
       const char         *word,
       int                 argc,
       char              **argv)
{
  g_autofree char           *words = word != NULL ? g_strconcat (_ ("PLAN"), " ", word, NULL) : g_strdup (_ ("PLAN"));
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autoptr (GError)         error = NULL;
  const GOptionEntry         own[] = {
            { "solvers", 0, 0, G_OPTION_ARG_STRING, &self->solvers,
              N_ ("How many solvers, or auto"), N_ ("N") },
            { "set", 0, 0, G_OPTION_ARG_STRING_ARRAY, &self->settings,
              N_ ("Set a member of the plan, such as params.network; more than once for several"), N_ ("MEMBER=VALUE") },
            { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &self->plans, NULL, words },
            { NULL }
  };

  memset (self, 0, sizeof *self);
  g_option_context_set_summary (context, summary);
  g_option_context_add_main_entries (context, own, GETTEXT_PACKAGE);
  if (entries != NULL)
    g_option_context_add_main_entries (context, entries, GETTEXT_PACKAGE);

  if (g_option_context_parse (context, &argc, &argv, &error) &&
      check_arguments (self, instead == NULL || *instead == NULL, word != NULL, &error))
    return TRUE;

  g_printerr ("lockstep-cli: %s\n", error->message);
  /* TRANSLATORS: %s is a command such as “lockstep-cli run” */
  g_printerr (_ ("“%s --help” tells what is understood."), g_get_prgname ());
  g_printerr ("\n");
  self->complaint = g_strdup (error->message);

  return FALSE;
}

gboolean
cli_options_parse (CliOptions         *self,
                   const char         *summary,
                   const GOptionEntry *entries,
                   char              **instead,
                   int                 argc,
                   char              **argv)
{
  return parse (self, summary, entries, instead, NULL, argc, argv);
}

gboolean
cli_options_parse_with (CliOptions         *self,
                        const char         *summary,
                        const GOptionEntry *entries,
                        const char         *word,
                        int                 argc,
                        char              **argv)
{
  return parse (self, summary, entries, NULL, word, argc, argv);
}

void
cli_options_clear (CliOptions *self)
{
  g_clear_pointer (&self->plans, g_strfreev);
  g_clear_pointer (&self->solvers, g_free);
  g_clear_pointer (&self->settings, g_strfreev);
  g_clear_pointer (&self->complaint, g_free);
}

char **
cli_options_dup_settings (CliOptions *self)
{
  g_autoptr (GStrvBuilder) settings = g_strv_builder_new ();

  for (char **setting = self->settings; setting != NULL && *setting != NULL; setting++)
    g_strv_builder_add (settings, *setting);

  if (self->solvers != NULL)
    {
      g_autofree char *setting = g_strconcat ("solvers=", self->solvers, NULL);

      g_strv_builder_add (settings, setting);
    }

  return g_strv_builder_end (settings);
}

LockstepPlan *
cli_options_load_plan (CliOptions *self,
                       GError    **error)
{
  g_autoptr (GFile) file = g_file_new_for_commandline_arg (self->plans[0]);
  g_auto (GStrv)    all = cli_options_dup_settings (self);

  return lockstep_plan_load (file, (const char *const *) all, error);
}
