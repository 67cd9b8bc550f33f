/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "cli-live.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "lockstep-run-lookup.h"

static gboolean
check_arguments (const char *arguments,
                 char      **given,
                 GError    **error)
{
  if (arguments == NULL && given != NULL && given[0] != NULL)
    g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED,
                 _ ("“%s” is one too many: a run is named with --run RUN"), given[0]);
  else if (arguments != NULL && given != NULL && given[0] != NULL && given[1] != NULL)
    g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED, _ ("“%s” is one too many"), given[1]);
  else
    return TRUE;

  return FALSE;
}

gboolean
cli_live_parse (const char         *summary,
                const GOptionEntry *entries,
                const char         *arguments,
                int                 argc,
                char              **argv,
                char              **run,
                char             ***given)
{
  g_autoptr (GOptionContext) context = g_option_context_new (arguments);
  g_auto (GStrv)             rest = NULL;
  g_autoptr (GError)         error = NULL;
  const GOptionEntry         own[] = {
            { "run", 0, 0, G_OPTION_ARG_FILENAME, run,
              N_ ("The run: its folder, its name or how that begins, or “last”; needed where more than one is at work"),
              N_ ("RUN") },
            { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &rest, NULL, NULL },
            { NULL }
  };

  g_option_context_set_summary (context, summary);
  g_option_context_add_main_entries (context, run != NULL ? own : own + 1, GETTEXT_PACKAGE);
  if (entries != NULL)
    g_option_context_add_main_entries (context, entries, GETTEXT_PACKAGE);

  if (g_option_context_parse (context, &argc, &argv, &error) && check_arguments (arguments, rest, &error))
    {
      if (given != NULL)
        *given = g_steal_pointer (&rest);
      return TRUE;
    }

  g_printerr ("lockstep-cli: %s\n", error->message);
  /* TRANSLATORS: %s is a command such as “lockstep-cli run” */
  g_printerr (_ ("“%s --help” tells what is understood."), g_get_prgname ());
  g_printerr ("\n");

  return FALSE;
}

static void
result_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static void
wait_for (GAsyncResult **result)
{
  while (*result == NULL)
    g_main_context_iteration (NULL, TRUE);
}

/* The only one of @runs. */
static LockstepLiveRun *
take_only (GPtrArray *runs,
           GError   **error)
{
  g_autoptr (GString) names = g_string_new (NULL);

  if (runs->len == 1)
    {
      g_autoptr (LockstepLiveRun) run = g_ptr_array_steal_index (runs, 0);

      if (run->silence == NULL)
        return g_steal_pointer (&run);
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED, run->silence);
      return NULL;
    }

  if (runs->len == 0)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                           _ ("No run is at work on this machine. “lockstep-cli run PLAN” starts one."));
      return NULL;
    }

  for (guint i = 0; i < runs->len; i++)
    {
      LockstepLiveRun *run = g_ptr_array_index (runs, i);

      g_string_append_printf (names, "\n  %s", run->run != NULL ? run->run : run->name);
    }
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_EXISTS, _ ("%u runs are at work; say which one with --run RUN:%s"),
               runs->len, names->str);
  return NULL;
}

/* Whether @run means the run in the folder @directory, and is not only how its name begins. */
static gboolean
is_named (const char *directory,
          const char *run)
{
  g_autofree char *name = g_path_get_basename (directory);

  return strchr (run, '/') != NULL || g_str_equal (run, "last") || g_str_equal (run, name);
}

/* @prefix may begin the name of a run at work, which is meant then rather than those that have ended: sets @directory to
 * its folder, or to NULL and @reason to why where it begins several. Runs that are kept elsewhere than usual are known by
 * name as long as they are at work. */
static void
prefer_at_work (const char *prefix,
                char      **directory,
                GError    **reason)
{
  g_autoptr (GPtrArray) runs = *prefix != '\0' ? cli_live_list (NULL, NULL) : NULL;
  g_autoptr (GString)   names = g_string_new (NULL);
  LockstepLiveRun      *found = NULL;
  guint                 n_found = 0;

  for (guint i = 0; runs != NULL && i < runs->len; i++)
    {
      LockstepLiveRun *run = g_ptr_array_index (runs, i);

      if (run->run == NULL || !g_str_has_prefix (run->run, prefix))
        continue;
      n_found++;
      found = run;
      g_string_append_printf (names, "\n  %s", run->run);
    }
  if (n_found == 0)
    return;

  g_clear_pointer (directory, g_free);
  g_clear_error (reason);
  if (n_found == 1)
    *directory = g_strdup (found->directory);
  else
    g_set_error (reason, G_IO_ERROR, G_IO_ERROR_EXISTS, _ ("More than one run at work begins with “%s”:%s"), prefix,
                 names->str);
}

GPtrArray *
cli_live_list (const char *run,
               GError    **error)
{
  g_autoptr (GAsyncResult) result = NULL;
  LockstepLiveRun         *live;
  GPtrArray               *runs;

  if (run == NULL)
    {
      lockstep_live_runs_list_async (NULL, result_cb, &result);
      wait_for (&result);
      return lockstep_live_runs_list_finish (result, error);
    }

  if ((live = cli_live_find (run, error)) == NULL)
    return NULL;
  runs = g_ptr_array_new_with_free_func ((GDestroyNotify) lockstep_live_run_free);
  g_ptr_array_add (runs, live);

  return runs;
}

LockstepLiveRun *
cli_live_find (const char *run,
               GError    **error)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GPtrArray)    runs = NULL;
  g_autofree char         *directory = NULL;

  if (run != NULL)
    {
      if ((directory = cli_live_dup_directory (run, error)) == NULL)
        return NULL;
      lockstep_live_run_find_async (directory, NULL, result_cb, &result);
      wait_for (&result);
      return lockstep_live_run_find_finish (result, error);
    }

  if ((runs = cli_live_list (NULL, error)) == NULL)
    return NULL;

  return take_only (runs, error);
}

char *
cli_live_dup_directory (const char *run,
                        GError    **error)
{
  g_autoptr (LockstepLiveRun) live = NULL;
  g_autoptr (GError)          reason = NULL;
  char                       *directory;

  if (run != NULL)
    {
      directory = lockstep_run_lookup (NULL, run, &reason);
      if (directory == NULL || !is_named (directory, run))
        prefer_at_work (run, &directory, &reason);
      if (directory == NULL)
        g_propagate_error (error, g_steal_pointer (&reason));
      return directory;
    }

  if ((live = cli_live_find (NULL, error)) == NULL)
    return NULL;
  if (live->directory == NULL)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                 _ ("The run of “%s” keeps no record, without which it cannot be followed."), live->name);

  return g_strdup (live->directory);
}

GBytes *
cli_live_call (LockstepPeer *peer,
               const char   *method,
               const char   *params,
               GError      **error)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GBytes)       bytes = params != NULL ? g_bytes_new (params, strlen (params)) : NULL;
  GBytes                  *pieces[] = { bytes, NULL };

  lockstep_peer_call_async (peer, method, bytes != NULL ? pieces : NULL, NULL, result_cb, &result);
  wait_for (&result);

  return lockstep_peer_call_finish (peer, result, error);
}

int
cli_live_fail (const GError *error)
{
  g_printerr ("lockstep-cli: %s\n", error->message);

  return CLI_EXIT_FAILED;
}

int
cli_live_fail_silent (LockstepLiveRun *run)
{
  g_printerr ("lockstep-cli: %s\n", run->silence);

  return CLI_EXIT_FAILED;
}
