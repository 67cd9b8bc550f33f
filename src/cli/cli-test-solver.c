/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "cli-commands.h"

#include <string.h>
#include <unistd.h>

#include <glib/gi18n-lib.h>

#include "cli-finding.h"
#include "lockstep-conformance.h"
#include "lockstep-json-writer.h"
#include "lockstep-json.h"

#define DEFAULT_LIMIT 10.0

/* Columns that the topics take. */
#define TOPIC_WIDTH 18

/* What programs call the levels. */
static const char *const level_names[] = {
  [LOCKSTEP_FINDING_OK] = "ok",
  [LOCKSTEP_FINDING_NOTE] = "note",
  [LOCKSTEP_FINDING_WARNING] = "warning",
  [LOCKSTEP_FINDING_PROBLEM] = "problem",
};

typedef struct
{
  LockstepTerminal *terminal; /* NULL where the report is for a program */
  GString          *json;     /* the findings, or NULL */
  guint             n_problems;
  gboolean          done;
  GError           *error;
} Report;

static void
append_json (GString         *out,
             const char      *check,
             LockstepFinding *finding)
{
  const char *advice = lockstep_finding_get_advice (finding);

  if (out->len > 0)
    g_string_append_c (out, ',');
  g_string_append_c (out, '{');
  lockstep_json_append_string_member (out, "check", check);
  lockstep_json_append_string_member (out, "level", level_names[lockstep_finding_get_level (finding)]);
  lockstep_json_append_string_member (out, "text", lockstep_finding_get_text (finding));
  if (advice != NULL)
    lockstep_json_append_string_member (out, "advice", advice);
  g_string_append_c (out, '}');
}

static void
found_cb (const char      *check,
          LockstepFinding *finding,
          gpointer         user_data)
{
  Report *report = user_data;

  report->n_problems += lockstep_finding_get_level (finding) == LOCKSTEP_FINDING_PROBLEM;
  if (report->json != NULL)
    append_json (report->json, check, finding);
  else
    cli_finding_print (report->terminal, finding, TOPIC_WIDTH);
}

static void
tested_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  Report *report = user_data;

  lockstep_conformance_test_finish (result, &report->error);
  report->done = TRUE;
}

/* Whether @text, which the option @name was given, is an object of JSON where it is given. */
static gboolean
check_object (const char *name,
              const char *text,
              GError    **error)
{
  g_autoptr (GError) fault = NULL;
  LockstepJson       value;

  if (text == NULL)
    return TRUE;
  if (lockstep_json_scan (text, strlen (text), &value, &fault) &&
      lockstep_json_get_kind (value) == LOCKSTEP_JSON_OBJECT)
    return TRUE;

  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, _ ("%s takes an object of JSON ({\"rows\": 5}): %s"), name,
               fault != NULL ? fault->message : _ ("this is another value"));
  return FALSE;
}

static gboolean
parse (LockstepConformance *conformance,
       char               **step,
       char               **params,
       char               **initialize,
       gboolean            *json,
       char              ***command,
       int                  argc,
       char               **argv)
{
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autoptr (GError)         error = NULL;
  const GOptionEntry         entries[] = {
            { "step", 0, 0, G_OPTION_ARG_STRING, step,
              N_ ("The step to call; unless given, the first that the solver names"), N_ ("NAME") },
            { "params", 0, 0, G_OPTION_ARG_STRING, params, N_ ("What the step gets as params"), N_ ("JSON") },
            { "initialize", 0, 0, G_OPTION_ARG_STRING, initialize,
              N_ ("What initialize gets as the params of the plan"), N_ ("JSON") },
            { "timeout", 0, 0, G_OPTION_ARG_DOUBLE, &conformance->limit,
              N_ ("How long each answer may take (10)"), N_ ("SECONDS") },
            { "json", 0, 0, G_OPTION_ARG_NONE, json, N_ ("Print one JSON object on standard output"), NULL },
            { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, command, NULL, N_ ("-- COMMAND…") },
            { NULL }
  };

  g_option_context_set_strict_posix (context, TRUE);
  g_option_context_set_summary (context, _ ("Tells whether a solver, in whatever language, keeps to the protocol (docs/protocol.md). Exits with\n"
                                            "0 when it does, 1 when not."));
  g_option_context_add_main_entries (context, entries, GETTEXT_PACKAGE);

  if (g_option_context_parse (context, &argc, &argv, &error))
    {
      conformance->step = *step;
      conformance->params = *params;
      conformance->initialize = *initialize;
      if (*command == NULL || (*command)[0] == NULL)
        g_set_error_literal (&error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED, _ ("No command was given that starts a solver"));
      else if (!(conformance->limit > 0))
        g_set_error_literal (&error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, _ ("--timeout takes seconds, more than 0"));
      else if (check_object ("--params", conformance->params, &error) &&
               check_object ("--initialize", conformance->initialize, &error))
        return TRUE;
    }

  g_printerr ("lockstep-cli: %s\n", error->message);
  /* TRANSLATORS: %s is a command such as “lockstep-cli run” */
  g_printerr (_ ("“%s --help” tells what is understood."), g_get_prgname ());
  g_printerr ("\n");

  return FALSE;
}

static void
print_end (Report *report)
{
  if (report->json != NULL)
    {
      g_print ("{\"passed\":%s,\"findings\":[%s]}\n", report->n_problems == 0 ? "true" : "false", report->json->str);
      return;
    }

  if (report->n_problems == 0)
    {
      g_print ("%s\n", _ ("The solver keeps to the protocol."));
      return;
    }

  g_printerr (ngettext ("lockstep-cli: The solver does not keep to the protocol: %u problem is in the list.",
                        "lockstep-cli: The solver does not keep to the protocol: %u problems are in the list.",
                        report->n_problems),
              report->n_problems);
  g_printerr ("\n");
}

int
cli_test_solver (int    argc,
                 char **argv)
{
  g_auto (GStrv)      command = NULL;
  g_autofree char    *step = NULL;
  g_autofree char    *params = NULL;
  g_autofree char    *initialize = NULL;
  g_autofree char    *directory = g_get_current_dir ();
  LockstepConformance conformance = { .directory = directory, .limit = DEFAULT_LIMIT };
  Report              report = { 0 };
  gboolean            json = FALSE;

  if (!parse (&conformance, &step, &params, &initialize, &json, &command, argc, argv))
    return CLI_EXIT_USAGE;

  if (json)
    report.json = g_string_new (NULL);
  else
    report.terminal = lockstep_terminal_new (STDOUT_FILENO);

  conformance.command = (const char *const *) command;
  lockstep_conformance_test_async (&conformance, found_cb, tested_cb, &report);
  while (!report.done)
    g_main_context_iteration (NULL, TRUE);
  g_clear_pointer (&report.terminal, lockstep_terminal_free);

  if (report.error != NULL)
    {
      g_printerr ("lockstep-cli: %s\n", report.error->message);
      g_clear_error (&report.error);
      report.n_problems++;
    }
  else
    {
      print_end (&report);
    }
  if (report.json != NULL)
    g_string_free (report.json, TRUE);

  return report.n_problems == 0 ? CLI_EXIT_FINISHED : CLI_EXIT_FAILED;
}
