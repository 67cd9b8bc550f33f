/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "cli-commands.h"

#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#include <glib/gi18n-lib.h>

#include "cli-finding.h"
#include "cli-past.h"
#include "cli-post-mortem.h"
#include "lockstep-duration.h"
#include "lockstep-json-writer.h"
#include "lockstep-number-text.h"
#include "lockstep-run-labels.h"
#include "lockstep-summary.h"

/* Failures that a person is shown. */
#define MAX_SHOWN_FAILURES 10

/* What nobody types, unlike -1. */
#define NO_TASK   G_MININT64
#define NO_SOLVER G_MININT

/* What was typed. */
typedef struct
{
  gint64   task;   /* NO_TASK for none */
  int      solver; /* NO_SOLVER for none */
  gboolean json;
} Options;

static const char *const row_labels[] = {
  N_ ("Run"), N_ ("Plan"), N_ ("Note"), N_ ("State"), N_ ("Error"), N_ ("Started"), N_ ("Solvers"), N_ ("Events"), N_ ("Folder"),
  N_ ("Step"), N_ ("Failed"), NULL
};

static void
print_line (LockstepTerminal *terminal,
            const char       *label,
            const char       *text)
{
  g_autoptr (GString) line = g_string_new (NULL);
  g_autofree char    *safe = lockstep_text_make_safe (text);
  const guint         width = cli_get_label_width (row_labels, 14);

  lockstep_terminal_append (terminal, line, LOCKSTEP_STYLE_DIM, label);
  for (guint column = lockstep_text_get_width (label); column < width; column++)
    g_string_append_c (line, ' ');
  g_string_append (line, safe);
  lockstep_terminal_print (terminal, line->str);
}

static void
print_steps (LockstepTerminal *terminal,
             LockstepDigest   *digest)
{
  LockstepPlan *plan = lockstep_run_get_plan (lockstep_digest_get_run (digest));
  LockstepStep *step;

  for (guint i = 0; (step = lockstep_plan_get_step (plan, i)) != NULL; i++)
    {
      const LockstepDigestStep *sum = lockstep_digest_get_step (digest, i);
      g_autofree char          *number = lockstep_number_dup_text (sum->n_times);
      g_autofree char          *seconds = lockstep_duration_dup_text (sum->seconds);
      g_autofree char          *each = NULL;
      g_autofree char          *text = NULL;

      if (step->kind == LOCKSTEP_STEP_LOOP)
        continue;

      if (sum->n_times > 1)
        {
          each = lockstep_duration_dup_text (sum->seconds / sum->n_times);
          text = g_strdup_printf (ngettext ("%s · %s time, %s in all, %s each", "%s · %s times, %s in all, %s each", sum->n_times),
                                  step->title, number, seconds, each);
        }
      else if (sum->n_times == 1)
        {
          text = g_strdup_printf ("%s · %s", step->title, seconds);
        }
      else
        {
          text = g_strdup_printf (_ ("%s · not done"), step->title);
        }
      print_line (terminal, _ ("Step"), text);
    }
}

/* The failures for good, each on a line. */
static void
print_failures (LockstepTerminal *terminal,
                LockstepDigest   *digest,
                const char       *typed)
{
  LockstepInquest *inquest = lockstep_digest_get_inquest (digest);
  guint            n_final = 0;

  for (guint i = 0; i < lockstep_inquest_get_n_failures (inquest); i++)
    {
      const LockstepCase            *failure = lockstep_inquest_get_failure (inquest, i);
      g_autoptr (LockstepPostMortem) mortem = NULL;
      g_autofree char               *text = NULL;
      g_autofree char               *usage = NULL;

      if (!lockstep_case_is_final (failure) || n_final++ >= MAX_SHOWN_FAILURES)
        continue;

      mortem = lockstep_post_mortem_new (digest, failure);
      if (mortem->ended)
        {
          g_autofree char *cpu = lockstep_duration_dup_text (mortem->report.cpu_seconds);
          g_autofree char *peak = g_format_size (mortem->report.peak_memory);

          usage = g_strdup_printf (_ (" (%s of CPU time, at most %s)"), cpu, peak);
        }
      text = g_strdup_printf (_ ("task %" PRId64 ", %s, solver %d: %s: %s%s"), mortem->task,
                              mortem->step != NULL ? mortem->step : "", mortem->solver,
                              mortem->cause != NULL ? mortem->cause : "", mortem->reason != NULL ? mortem->reason : "",
                              usage != NULL ? usage : "");
      print_line (terminal, _ ("Failed"), g_strdelimit (text, "\n", ' '));
    }

  if (n_final > 0)
    {
      g_autofree char *more = n_final > MAX_SHOWN_FAILURES
                                ? g_strdup_printf (ngettext ("… and %u more", "… and %u more", n_final - MAX_SHOWN_FAILURES),
                                                   n_final - MAX_SHOWN_FAILURES)
                                : NULL;
      g_autofree char *advice = g_strdup_printf (_ ("lockstep-cli show %s --task N tells all of one, lockstep-cli rerun %s N "
                                                    "does it again"),
                                                 typed, typed);

      if (more != NULL)
        print_line (terminal, "", more);
      print_line (terminal, "", advice);
    }
}

static void
print_run (LockstepTerminal        *terminal,
           LockstepDigest          *digest,
           const LockstepRunLabels *labels,
           const char              *typed)
{
  LockstepRun          *run = lockstep_digest_get_run (digest);
  LockstepPlan         *plan = lockstep_run_get_plan (run);
  const char           *note = labels->note != NULL ? labels->note : lockstep_plan_get_note (plan);
  g_autofree char      *summary = lockstep_run_dup_summary (run);
  g_autoptr (GDateTime) started = g_date_time_new_from_unix_local (lockstep_run_get_start (run) / G_USEC_PER_SEC);
  g_autofree char      *time = started != NULL ? g_date_time_format (started, "%F %T") : NULL;
  g_autofree char      *solvers = g_strdup_printf ("%u", g_list_model_get_n_items (lockstep_run_get_solvers (run)));
  g_autofree char      *events = lockstep_number_dup_text (lockstep_inquest_get_n_events (lockstep_digest_get_inquest (digest)));
  g_autofree char      *shown = g_filename_display_name (lockstep_run_get_directory (run));

  print_line (terminal, _ ("Run"), labels->name != NULL ? labels->name : lockstep_plan_get_name (plan));
  if (labels->name != NULL)
    print_line (terminal, _ ("Plan"), lockstep_plan_get_name (plan));
  if (note != NULL)
    print_line (terminal, _ ("Note"), note);
  print_line (terminal, _ ("State"), lockstep_past_run_is_live (lockstep_digest_get_past (digest)) ? _ ("It is at work") : summary);
  if (lockstep_past_run_is_live (lockstep_digest_get_past (digest)))
    print_line (terminal, "", summary);
  if (lockstep_run_get_error (run) != NULL)
    print_line (terminal, _ ("Error"), lockstep_run_get_error (run));
  if (lockstep_run_get_start (run) > 0 && time != NULL)
    print_line (terminal, _ ("Started"), time);
  print_line (terminal, _ ("Solvers"), solvers);
  print_line (terminal, _ ("Events"), events);
  print_line (terminal, _ ("Folder"), shown);
  print_steps (terminal, digest);
  print_failures (terminal, digest, typed);
}

/* The object that summary.json holds, and what else is known. */
static void
append_run (GString                 *out,
            LockstepDigest          *digest,
            const LockstepRunLabels *labels,
            const char              *typed)
{
  LockstepRun       *run = lockstep_digest_get_run (digest);
  LockstepPlan      *plan = lockstep_run_get_plan (run);
  LockstepInquest   *inquest = lockstep_digest_get_inquest (digest);
  g_autoptr (GBytes) summary = lockstep_summary_new (run, NULL, G_MAXSIZE);
  gsize              length;
  const char        *text = g_bytes_get_data (summary, &length);
  LockstepStep      *step;
  gboolean           first = TRUE;

  g_string_append_len (out, text, (gssize) length - 1);
  lockstep_json_append_name (out, "live");
  g_string_append (out, lockstep_past_run_is_live (lockstep_digest_get_past (digest)) ? "true" : "false");
  if (labels->name != NULL)
    lockstep_json_append_string_member (out, "called", labels->name);
  if (labels->note != NULL)
    lockstep_json_append_string_member (out, "remark", labels->note);
  lockstep_json_append_name (out, "events");
  lockstep_json_append_int (out, (gint64) lockstep_inquest_get_n_events (inquest));

  lockstep_json_append_name (out, "steps");
  g_string_append_c (out, '[');
  for (guint i = 0; (step = lockstep_plan_get_step (plan, i)) != NULL; i++)
    {
      const LockstepDigestStep *sum = lockstep_digest_get_step (digest, i);

      g_string_append (out, i > 0 ? ",{" : "{");
      lockstep_json_append_string_member (out, "path", step->path);
      if (step->title != NULL)
        lockstep_json_append_string_member (out, "title", step->title);
      g_string_append_printf (out, ",\"times\":%u,\"seconds\":", sum->n_times);
      lockstep_json_append_double (out, sum->seconds);
      g_string_append (out, ",\"waited\":");
      lockstep_json_append_double (out, sum->waited);
      g_string_append_c (out, '}');
    }
  g_string_append (out, "],\"failed\":[");
  for (guint i = 0; i < lockstep_inquest_get_n_failures (inquest); i++)
    {
      const LockstepCase            *failure = lockstep_inquest_get_failure (inquest, i);
      g_autoptr (LockstepPostMortem) mortem = NULL;

      if (!lockstep_case_is_final (failure))
        continue;

      mortem = lockstep_post_mortem_new (digest, failure);
      g_string_append (out, first ? "" : ",");
      cli_post_mortem_append_json (mortem, out, typed);
      first = FALSE;
    }
  g_string_append (out, "]}\n");
}

static int
show_run (const char    *directory,
          const char    *typed,
          const Options *options)
{
  g_autoptr (GAsyncResult)     result = NULL;
  g_autoptr (LockstepDigest)   digest = NULL;
  g_autoptr (LockstepTerminal) terminal = NULL;
  g_auto (LockstepRunLabels)   labels = { NULL, NULL };
  g_autoptr (GError)           error = NULL;
  GPtrArray                   *complaints;

  lockstep_digest_load_async (directory, FALSE, cli_past_take_result, &result);
  cli_past_wait (&result);
  if ((digest = lockstep_digest_load_finish (result, &error)) == NULL)
    return cli_past_fail (error);

  lockstep_run_labels_read (&labels, directory, NULL);
  if (options->json)
    {
      g_autoptr (GString) out = g_string_new (NULL);

      append_run (out, digest, &labels, typed);
      fputs (out->str, stdout);
    }
  else
    {
      terminal = lockstep_terminal_new (STDOUT_FILENO);
      print_run (terminal, digest, &labels, typed);
      g_clear_pointer (&terminal, lockstep_terminal_free);
    }

  complaints = lockstep_past_run_get_complaints (lockstep_digest_get_past (digest));
  for (guint i = 0; i < complaints->len; i++)
    {
      g_autofree char *safe = lockstep_text_make_safe (g_ptr_array_index (complaints, i));

      g_printerr ("lockstep-cli: %s\n", safe);
    }

  return CLI_EXIT_FINISHED;
}

static int
show_post_mortem (const char    *directory,
                  const char    *typed,
                  const Options *options)
{
  g_autoptr (GAsyncResult)       result = NULL;
  g_autoptr (LockstepPostMortem) mortem = NULL;
  g_autoptr (LockstepTerminal)   terminal = NULL;
  g_autoptr (GError)             error = NULL;

  lockstep_post_mortem_load_async (directory, options->task, options->solver, cli_past_take_result, &result);
  cli_past_wait (&result);
  if ((mortem = lockstep_post_mortem_load_finish (result, &error)) == NULL)
    return cli_past_fail (error);

  if (options->json)
    {
      g_autoptr (GString) out = g_string_new (NULL);

      cli_post_mortem_append_json (mortem, out, typed);
      g_string_append_c (out, '\n');
      fputs (out->str, stdout);
    }
  else
    {
      terminal = lockstep_terminal_new (STDOUT_FILENO);
      cli_post_mortem_print (mortem, terminal, typed);
    }

  return CLI_EXIT_FINISHED;
}

int
cli_show (int    argc,
          char **argv)
{
  Options            options = { .task = NO_TASK, .solver = NO_SOLVER };
  const GOptionEntry entries[] = {
    { "task", 0, 0, G_OPTION_ARG_INT64, &options.task, N_ ("Tell all of the task with this number: how it failed, what it was given"), N_ ("N") },
    { "solver", 0, 0, G_OPTION_ARG_INT, &options.solver, N_ ("Tell all of the last end of the solver with this number"), N_ ("N") },
    { "json", 0, 0, G_OPTION_ARG_NONE, &options.json, N_ ("Print one JSON object"), NULL },
    { NULL }
  };
  g_auto (CliPast)   past = { 0 };
  g_autofree char   *directory = NULL;
  g_autofree char   *typed = NULL;
  g_autoptr (GError) error = NULL;

  if (!cli_past_parse (&past, _ ("Tells what became of a run: how it ended, how long its steps took, and why tasks failed."), entries,
                       _ ("RUN"), 1, 1, argc, argv))
    return CLI_EXIT_USAGE;
  if ((options.task < 0 && options.task != NO_TASK) || (options.solver < 0 && options.solver != NO_SOLVER))
    {
      g_printerr ("lockstep-cli: %s\n", _ ("--task and --solver take the number of one, from 0"));
      return CLI_EXIT_USAGE;
    }
  if (options.task >= 0 && options.solver >= 0)
    {
      g_printerr ("lockstep-cli: %s\n", _ ("--task and --solver ask for one thing each: give one of them"));
      return CLI_EXIT_USAGE;
    }

  if ((directory = cli_past_find (&past, past.words[0], &error)) == NULL)
    return cli_past_fail (error);

  typed = cli_past_dup_typed (directory);
  return options.task >= 0 || options.solver >= 0 ? show_post_mortem (directory, typed, &options)
                                                  : show_run (directory, typed, &options);
}
