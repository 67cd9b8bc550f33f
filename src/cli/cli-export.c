/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "cli-commands.h"

#include <unistd.h>

#include <glib/gi18n-lib.h>

#include "cli-writing.h"
#include "lockstep-export.h"
#include "lockstep-run-lookup.h"

/* What was typed. */
typedef struct
{
  char   **runs; /* exactly one */
  char    *what;
  char    *format;
  char    *output;
  char    *runs_directory;
  gboolean force;
} Options;

static void
options_clear (Options *options)
{
  g_strfreev (options->runs);
  g_free (options->what);
  g_free (options->format);
  g_free (options->output);
  g_free (options->runs_directory);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

static void
set_usage_error (GError    **error,
                 const char *format,
                 ...) G_GNUC_PRINTF (2, 3);

static void
set_usage_error (GError    **error,
                 const char *format,
                 ...)
{
  va_list args;

  va_start (args, format);
  if (error != NULL)
    *error = g_error_new_valist (G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, format, args);
  va_end (args);
}

/* "csv, json, jsonl" */
static char *
dup_formats (LockstepExportWhat what)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new ();

  for (guint i = 0; i < LOCKSTEP_N_EXPORT_FORMATS; i++)
    if (lockstep_export_supports (what, i))
      g_ptr_array_add (names, (gpointer) lockstep_export_format_to_name (i));
  g_ptr_array_add (names, NULL);

  return g_strjoinv (", ", (char **) names->pdata);
}

static char *
dup_whats (void)
{
  const char *names[LOCKSTEP_N_EXPORTS + 1] = { NULL };

  for (guint i = 0; i < LOCKSTEP_N_EXPORTS; i++)
    names[i] = lockstep_export_what_to_name (i);

  return g_strjoinv (", ", (char **) names);
}

/* What to write, and how: where the format is not given, the name of the file may tell. */
static gboolean
read_kind (const Options        *options,
           LockstepExportWhat   *what,
           LockstepExportFormat *format,
           GError              **error)
{
  g_autofree char *known = NULL;

  *what = LOCKSTEP_EXPORT_RESULTS;
  if (options->what != NULL && !lockstep_export_what_from_name (options->what, what))
    {
      known = dup_whats ();
      set_usage_error (error, _ ("--what takes one of %s, and not “%s”"), known, options->what);
      return FALSE;
    }

  known = dup_formats (*what);
  *format = lockstep_export_get_default_format (*what);
  if (options->format != NULL)
    {
      if (lockstep_export_format_from_name (options->format, format) && lockstep_export_supports (*what, *format))
        return TRUE;
      set_usage_error (error, _ ("--what %s can be written as %s, and not as “%s”"), lockstep_export_what_to_name (*what), known,
                       options->format);
      return FALSE;
    }

  if (options->output != NULL && lockstep_export_format_from_path (options->output, format) &&
      !lockstep_export_supports (*what, *format))
    {
      /* A log may well be called run.json by mistake; what is in a file is what its name says. */
      set_usage_error (error, _ ("--what %s can be written as %s: give --format, or the file another name than “%s”"),
                       lockstep_export_what_to_name (*what), known, options->output);
      return FALSE;
    }

  return TRUE;
}

static gboolean
parse (Options              *options,
       LockstepExportWhat   *what,
       LockstepExportFormat *format,
       int                   argc,
       char                **argv,
       GError              **error)
{
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autofree char           *whats = dup_whats ();
  const GOptionEntry         entries[] = {
            { "what", 0, 0, G_OPTION_ARG_STRING, &options->what,
              N_ ("results (the default), log, events, timeline, or all"), N_ ("WHAT") },
            { "format", 0, 0, G_OPTION_ARG_STRING, &options->format, N_ ("text, csv, json, jsonl or zip, as WHAT allows"), N_ ("FORMAT") },
            { "output", 'o', 0, G_OPTION_ARG_FILENAME, &options->output,
              N_ ("The file to write; - or nothing for standard output"), N_ ("FILE") },
            { "force", 0, 0, G_OPTION_ARG_NONE, &options->force, N_ ("Replace a file that is there"), NULL },
            { "runs-dir", 0, 0, G_OPTION_ARG_FILENAME, &options->runs_directory, N_ ("Look for the run in DIR"), N_ ("DIR") },
            { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &options->runs, NULL, N_ ("RUN") },
            { NULL }
  };

  g_option_context_set_summary (context,
                                _ ("Writes what a run holds into a file: its folder, its name or how that begins, or “last”.\n"
                                   "The format is that of the file's name where it is not given."));
  g_option_context_add_main_entries (context, entries, GETTEXT_PACKAGE);
  if (!g_option_context_parse (context, &argc, &argv, error))
    return FALSE;

  if (options->runs == NULL || options->runs[0] == NULL)
    {
      set_usage_error (error, _ ("No run was given; “last” is the one that was started last"));
      return FALSE;
    }
  if (options->runs[1] != NULL)
    {
      set_usage_error (error, _ ("One run at a time: “%s” is one too many"), options->runs[1]);
      return FALSE;
    }

  return read_kind (options, what, format, error);
}

/* Where to, when nobody says: an archive is no use on a terminal. */
static char *
dup_output (const Options       *options,
            const char          *directory,
            LockstepExportFormat format)
{
  g_autofree char *name = NULL;

  if (options->output != NULL)
    return g_strdup (options->output);
  if (format != LOCKSTEP_EXPORT_ZIP)
    return g_strdup ("-");

  name = g_path_get_basename (directory);
  return g_strconcat (name, ".zip", NULL);
}

int
cli_export (int    argc,
            char **argv)
{
  g_auto (Options) options = { 0 };
  g_autoptr (LockstepExport) export = NULL;
  g_autoptr (CliWriting) writing = NULL;
  g_autoptr (GError)     error = NULL;
  g_autofree char       *directory = NULL;
  g_autofree char       *output = NULL;
  LockstepExportWhat     what;
  LockstepExportFormat   format;
  GPtrArray             *warnings;

  if (!parse (&options, &what, &format, argc, argv, &error))
    {
      g_printerr ("lockstep-cli: %s\n", error->message);
      g_printerr (_ ("“%s --help” tells what is understood."), g_get_prgname ());
      g_printerr ("\n");
      return CLI_EXIT_USAGE;
    }

  if (!(directory = lockstep_run_lookup (options.runs_directory, options.runs[0], &error)))
    {
      g_printerr ("lockstep-cli: %s\n", error->message);
      return CLI_EXIT_FAILED;
    }

  output = dup_output (&options, directory, format);
  if (format == LOCKSTEP_EXPORT_ZIP && g_str_equal (output, "-") && isatty (STDOUT_FILENO))
    {
      g_printerr ("lockstep-cli: %s\n", _ ("An archive is nothing for a terminal: name a file with -o"));
      return CLI_EXIT_USAGE;
    }

  export = lockstep_export_new (directory, what, format);
  writing = cli_writing_new (G_OBJECT (export), _ ("Exporting …"));
  lockstep_export_write_async (export, output, options.force, cli_writing_get_cancellable (writing), cli_writing_cb, writing);
  if (!lockstep_export_write_finish (export, cli_writing_wait (writing), &error))
    return cli_writing_fail (writing, error);

  warnings = lockstep_export_get_warnings (export);
  for (guint i = 0; i < warnings->len; i++)
    g_printerr ("lockstep-cli: %s\n", (const char *) g_ptr_array_index (warnings, i));

  return CLI_EXIT_FINISHED;
}
