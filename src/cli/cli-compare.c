/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "cli-commands.h"

#include <stdio.h>
#include <unistd.h>

#include <glib/gi18n-lib.h>

#include "cli-past.h"
#include "lockstep-comparison.h"
#include "lockstep-duration.h"
#include "lockstep-json-writer.h"

/* Differences of a kind that a person is shown. */
#define MAX_SHOWN 20

static const char *const names[LOCKSTEP_N_DIFFERENCES] = {
  [LOCKSTEP_DIFFERENCE_PLAN] = "plan",
  [LOCKSTEP_DIFFERENCE_PARAM] = "params",
  [LOCKSTEP_DIFFERENCE_INPUT] = "inputs",
  [LOCKSTEP_DIFFERENCE_RESULT] = "results",
};

static const char *const titles[LOCKSTEP_N_DIFFERENCES] = {
  [LOCKSTEP_DIFFERENCE_PLAN] = N_ ("Plan"),
  [LOCKSTEP_DIFFERENCE_PARAM] = N_ ("Parameters"),
  [LOCKSTEP_DIFFERENCE_INPUT] = N_ ("Inputs"),
  [LOCKSTEP_DIFFERENCE_RESULT] = N_ ("Results"),
};

static gboolean
differs (LockstepComparison *comparison)
{
  for (guint kind = 0; kind < LOCKSTEP_N_DIFFERENCES; kind++)
    if (lockstep_comparison_get_count (comparison, kind) > 0)
      return TRUE;

  return FALSE;
}

static void
print_kind (LockstepTerminal      *terminal,
            LockstepComparison    *comparison,
            LockstepDifferenceKind kind)
{
  GPtrArray          *differences = lockstep_comparison_get_differences (comparison);
  const guint64       count = lockstep_comparison_get_count (comparison, kind);
  g_autoptr (GString) line = g_string_new (NULL);
  guint               n_shown = 0;

  lockstep_terminal_append (terminal, line, LOCKSTEP_STYLE_BOLD, _ (titles[kind]));
  g_string_append (line, ": ");
  if (count == 0)
    g_string_append (line, _ ("the same"));
  else
    g_string_append_printf (line, ngettext ("%lu difference", "%lu differences", (gulong) count), (gulong) count);
  lockstep_terminal_print (terminal, line->str);

  for (guint i = 0; i < differences->len && n_shown < MAX_SHOWN; i++)
    {
      const LockstepDifference *difference = g_ptr_array_index (differences, i);
      g_autofree char          *text = NULL;
      g_autofree char          *safe = NULL;

      if (difference->kind != kind)
        continue;

      text = g_strdup_printf ("  %s: %s → %s", difference->where, difference->a != NULL ? difference->a : "–",
                              difference->b != NULL ? difference->b : "–");
      safe = lockstep_text_make_safe (text);
      lockstep_terminal_print (terminal, g_strdelimit (safe, "\n", ' '));
      n_shown++;
    }
  if (count > n_shown)
    lockstep_terminal_print (terminal, _ ("  … (--json has more)"));
}

/* How long each step took, where both plans have it. */
static void
print_steps (LockstepTerminal *terminal,
             LockstepDigest   *a,
             LockstepDigest   *b)
{
  LockstepPlan *plan = lockstep_run_get_plan (lockstep_digest_get_run (a));
  LockstepPlan *other = lockstep_run_get_plan (lockstep_digest_get_run (b));
  LockstepStep *step;

  for (guint i = 0; (step = lockstep_plan_get_step (plan, i)) != NULL && lockstep_plan_get_step (other, i) != NULL; i++)
    {
      const LockstepDigestStep *of_a = lockstep_digest_get_step (a, i);
      const LockstepDigestStep *of_b = lockstep_digest_get_step (b, i);
      g_autofree char          *one = lockstep_duration_dup_text (of_a->seconds);
      g_autofree char          *two = lockstep_duration_dup_text (of_b->seconds);
      g_autofree char          *text = NULL;

      if (step->kind == LOCKSTEP_STEP_LOOP)
        continue;
      if (of_a->n_times == 1 && of_b->n_times == 1)
        text = g_strdup_printf (_ ("Step %s: %s → %s"), step->title, one, two);
      else
        text = g_strdup_printf (_ ("Step %s: %s (times: %u) → %s (times: %u)"), step->title, one, of_a->n_times, two, of_b->n_times);
      lockstep_terminal_print (terminal, text);
    }
}

static void
append_json (GString            *out,
             LockstepComparison *comparison,
             LockstepDigest    **digests)
{
  GPtrArray    *differences = lockstep_comparison_get_differences (comparison);
  GPtrArray    *notes = lockstep_comparison_get_notes (comparison);
  LockstepPlan *plan = lockstep_run_get_plan (lockstep_digest_get_run (digests[0]));
  LockstepStep *step;

  g_string_append_printf (out, "{\"same\":%s", differs (comparison) ? "false" : "true");
  for (guint kind = 0; kind < LOCKSTEP_N_DIFFERENCES; kind++)
    {
      lockstep_json_append_name (out, names[kind]);
      g_string_append_printf (out, "{\"count\":%" G_GUINT64_FORMAT ",\"differences\":[",
                              lockstep_comparison_get_count (comparison, kind));
      for (guint i = 0; i < differences->len; i++)
        {
          const LockstepDifference *difference = g_ptr_array_index (differences, i);

          if (difference->kind != kind)
            continue;
          g_string_append (out, out->str[out->len - 1] == '[' ? "{" : ",{");
          lockstep_json_append_string_member (out, "where", difference->where);
          g_string_append_printf (out, ",\"a\":%s,\"b\":%s}", difference->a != NULL ? difference->a : "null",
                                  difference->b != NULL ? difference->b : "null");
        }
      g_string_append (out, "]}");
    }

  lockstep_json_append_name (out, "steps");
  g_string_append_c (out, '[');
  for (guint i = 0; (step = lockstep_plan_get_step (plan, i)) != NULL; i++)
    {
      g_string_append (out, i > 0 ? ",{" : "{");
      lockstep_json_append_string_member (out, "path", step->path);
      for (guint run = 0; run < 2; run++)
        {
          const LockstepDigestStep *sum = lockstep_digest_get_step (digests[run], i);

          lockstep_json_append_name (out, run == 0 ? "a" : "b");
          if (sum == NULL)
            {
              g_string_append (out, "null");
              continue;
            }
          g_string_append_printf (out, "{\"times\":%u,\"seconds\":", sum->n_times);
          lockstep_json_append_double (out, sum->seconds);
          g_string_append_c (out, '}');
        }
      g_string_append_c (out, '}');
    }
  g_string_append (out, "],\"notes\":[");
  for (guint i = 0; i < notes->len; i++)
    {
      g_string_append (out, i > 0 ? "," : "");
      lockstep_json_append_string (out, g_ptr_array_index (notes, i), -1);
    }
  g_string_append (out, "]}\n");
}

static void
print (LockstepComparison *comparison,
       LockstepDigest    **digests)
{
  g_autoptr (LockstepTerminal) terminal = lockstep_terminal_new (STDOUT_FILENO);
  GPtrArray                   *notes = lockstep_comparison_get_notes (comparison);

  for (guint kind = 0; kind < LOCKSTEP_N_DIFFERENCES; kind++)
    print_kind (terminal, comparison, kind);
  print_steps (terminal, digests[0], digests[1]);
  for (guint i = 0; i < notes->len; i++)
    {
      g_autofree char *safe = lockstep_text_make_safe (g_ptr_array_index (notes, i));

      lockstep_terminal_print (terminal, safe);
    }
}

/* The run that the word @index calls. */
static LockstepDigest *
load (CliPast *past,
      guint    index,
      GError **error)
{
  g_autofree char         *directory = cli_past_find (past, past->words[index], error);
  g_autoptr (GAsyncResult) result = NULL;

  if (directory == NULL)
    return NULL;

  lockstep_digest_load_async (directory, TRUE, cli_past_take_result, &result);
  cli_past_wait (&result);
  return lockstep_digest_load_finish (result, error);
}

int
cli_compare (int    argc,
             char **argv)
{
  LockstepTolerance  tolerance = { 0, 0 };
  gboolean           json = FALSE;
  const GOptionEntry entries[] = {
    { "tolerance", 0, 0, G_OPTION_ARG_DOUBLE, &tolerance.relative, N_ ("Results are the same that differ by at most T times the larger of them"), N_ ("T") },
    { "absolute", 0, 0, G_OPTION_ARG_DOUBLE, &tolerance.absolute, N_ ("Results are the same that differ by at most T"), N_ ("T") },
    { "json", 0, 0, G_OPTION_ARG_NONE, &json, N_ ("Print one JSON object"), NULL },
    { NULL }
  };
  g_auto (CliPast)               past = { 0 };
  g_autoptr (LockstepDigest)     a = NULL;
  g_autoptr (LockstepDigest)     b = NULL;
  g_autoptr (LockstepComparison) comparison = NULL;
  g_autoptr (GString)            out = g_string_new (NULL);
  g_autoptr (GError)             error = NULL;

  if (!cli_past_parse (&past,
                       _ ("Tells in what two runs differ: plan, parameters, inputs (by SHA-256), how long their steps took, and the\n"
                          "last results of each step.\n\n"
                          "Exits with 0 when they are the same, but for times; with 3 when they differ, and 1 when they could not\n"
                          "be read."),
                       entries, _ ("A B"), 2, 2, argc, argv))
    return CLI_EXIT_USAGE;
  if (!(tolerance.relative >= 0 && tolerance.absolute >= 0))
    {
      g_printerr ("lockstep-cli: %s\n", _ ("--tolerance and --absolute take a number from 0"));
      return CLI_EXIT_USAGE;
    }

  if ((a = load (&past, 0, &error)) == NULL || (b = load (&past, 1, &error)) == NULL)
    return cli_past_fail (error);

  comparison = lockstep_comparison_new (a, b, &tolerance);
  if (json)
    {
      append_json (out, comparison, (LockstepDigest *[]){ a, b });
      fputs (out->str, stdout);
    }
  else
    {
      print (comparison, (LockstepDigest *[]){ a, b });
    }

  return differs (comparison) ? CLI_EXIT_INCOMPLETE : CLI_EXIT_FINISHED;
}
