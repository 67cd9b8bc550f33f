/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "cli-try-report.h"

#include <inttypes.h>
#include <string.h>

#include <glib/gi18n-lib.h>

#include "lockstep-duration.h"
#include "lockstep-number-text.h"

/* Of a result, what is shown. */
#define MAX_SHOWN 2000

/* Columns of what is looked for. */
#define TITLE_WIDTH 24

static void
print_styled (LockstepTerminal *terminal,
              LockstepStyle     style,
              const char       *mark,
              const char       *text)
{
  g_autoptr (GString) line = g_string_new (NULL);
  g_autofree char    *safe = lockstep_text_make_safe (text);

  if (mark != NULL)
    {
      lockstep_terminal_append (terminal, line, style, mark);
      g_string_append_c (line, ' ');
      g_string_append (line, safe);
    }
  else
    {
      lockstep_terminal_append (terminal, line, style, safe);
    }
  lockstep_terminal_print (terminal, line->str);
}

void
cli_try_report_begin (LockstepTerminal *terminal,
                      LockstepTrial    *trial,
                      gint64            task)
{
  LockstepRerun              *rerun = lockstep_trial_get_rerun (trial);
  const LockstepPlaceholders *placeholders = lockstep_trial_get_placeholders (trial);
  LockstepPlan               *plan = lockstep_trial_get_plan (trial);
  const LockstepProgram      *program = lockstep_plan_get_program (plan);
  g_autoptr (GString)         text = g_string_new (NULL);
  g_auto (GStrv)              command = NULL;
  g_autofree char            *words = NULL;
  LockstepJson                params = placeholders->params[0];

  g_string_printf (text, _ ("Task %" PRId64 " of “%s”, %s"), task, lockstep_plan_get_name (plan),
                   lockstep_rerun_get_step (rerun)->title);
  if (params.text != NULL)
    g_string_append_printf (text, ": %.*s", (int) MIN (params.length, MAX_SHOWN), params.text);
  print_styled (terminal, LOCKSTEP_STYLE_BOLD, NULL, text->str);

  command = program != NULL ? lockstep_program_dup_command (program, placeholders, NULL) : lockstep_plan_dup_command (plan);
  if (command == NULL)
    return;
  words = g_strjoinv (" ", command);
  print_styled (terminal, LOCKSTEP_STYLE_DIM, NULL, words);
}

/* How it ended, and what it took. */
static void
print_end (LockstepTerminal          *terminal,
           const LockstepTrialReport *report)
{
  g_autofree char *seconds = lockstep_duration_dup_text (MAX (report->seconds, 0));
  g_autofree char *cpu = lockstep_duration_dup_text (report->cpu_seconds);
  g_autofree char *memory = g_format_size (report->peak_memory);
  g_autofree char *disk = g_format_size (report->disk);
  g_autofree char *text = NULL;

  if (report->result != NULL)
    text = g_strdup_printf (_ ("It succeeded, after %s: %s of CPU time, at most %s of memory, %s on the disk."), seconds, cpu,
                            memory, disk);
  else if (report->seconds >= 0)
    text = g_strdup_printf (_ ("It failed, after %s: %s of CPU time, at most %s of memory, %s on the disk."), seconds, cpu,
                            memory, disk);
  else
    text = g_strdup (_ ("It failed."));
  print_styled (terminal, report->result != NULL ? LOCKSTEP_STYLE_GOOD : LOCKSTEP_STYLE_BAD, NULL, text);
  if (report->error != NULL)
    print_styled (terminal, LOCKSTEP_STYLE_PLAIN, NULL, report->error);
}

char *
cli_try_dup_title (const LockstepProbe *probe)
{
  switch (probe->kind)
    {
    case LOCKSTEP_PROBE_PROGRESS:
      return g_strdup ("progress");
    case LOCKSTEP_PROBE_VALUE:
      return g_strdup_printf (_ ("value %s"), probe->name);
    case LOCKSTEP_PROBE_RESULT:
      return g_strdup_printf (_ ("result %s"), probe->name);
    case LOCKSTEP_PROBE_FAILURE:
    default:
      return g_strdup ("fails-if");
    }
}

/* What is looked for, as the plan says it. */
static char *
dup_wanted (const LockstepProbe *probe)
{
  if (probe->pattern != NULL)
    return g_strdup_printf ("“%s”", lockstep_pattern_get_text (probe->pattern));
  if (probe->result->column != NULL)
    return g_strdup_printf (_ ("column “%s”"), probe->result->column);

  return g_strdup_printf (_ ("member “%s”"), probe->result->member);
}

/* What follows @title stands below each other, where there is room. */
static void
append_padding (GString    *text,
                const char *title)
{
  g_string_append (text, "  ");
  for (guint width = lockstep_text_get_width (title) + 2; width < TITLE_WIDTH; width++)
    g_string_append_c (text, ' ');
}

/* What was read, and of which line. */
static void
print_match (LockstepTerminal       *terminal,
             const LockstepSighting *sighting)
{
  const LockstepProbe *probe = sighting->probe;
  g_autofree char     *title = cli_try_dup_title (probe);
  g_autofree char     *wanted = dup_wanted (probe);
  g_autofree char     *name = g_path_get_basename (sighting->file);
  g_autofree char     *number = lockstep_number_dup_text (probe->n_matches);
  g_autoptr (GString)  text = g_string_new (title);
  const gboolean       is_bad = probe->kind == LOCKSTEP_PROBE_FAILURE;

  append_padding (text, title);
  g_string_append_printf (text, "%.*s", MAX_SHOWN, probe->found);
  /* The others were not looked at. */
  if (lockstep_probe_is_settled (probe) || probe->n_matches == 1)
    g_string_append_printf (text, _ ("   %s in %s, line %" PRIu64), wanted, name, sighting->line);
  else
    g_string_append_printf (text, _ ("   %s matched %s times; this in %s, line %" PRIu64), wanted, number, name,
                            sighting->line);
  print_styled (terminal, is_bad ? LOCKSTEP_STYLE_BAD : LOCKSTEP_STYLE_GOOD,
                !lockstep_terminal_is_utf8 (terminal) ? (is_bad ? "!" : "+") : (is_bad ? "✗" : "✓"), text->str);

  g_string_assign (text, "    ");
  g_string_append (text, sighting->text != NULL ? sighting->text : "");
  print_styled (terminal, LOCKSTEP_STYLE_DIM, NULL, text->str);
}

static void
print_miss (LockstepTerminal       *terminal,
            const LockstepSighting *sighting)
{
  const LockstepProbe *probe = sighting->probe;
  g_autofree char     *title = cli_try_dup_title (probe);
  g_autofree char     *wanted = dup_wanted (probe);
  g_autofree char     *name = g_path_get_basename (sighting->file);
  g_autoptr (GString)  text = g_string_new (title);
  const gboolean       is_optional = probe->result != NULL && probe->result->optional;

  append_padding (text, title);
  if (sighting->problem != NULL)
    g_string_append (text, sighting->problem);
  else if (probe->pattern != NULL)
    g_string_append_printf (text, _ ("no line of %s matches %s"), name, wanted);
  else if (probe->result->column != NULL)
    g_string_append_printf (text, _ ("%s of %s is empty"), wanted, name);
  else
    g_string_append_printf (text, _ ("%s has no %s"), name, wanted);
  if (is_optional)
    g_string_append (text, _ (" (it is optional)"));

  print_styled (terminal, is_optional ? LOCKSTEP_STYLE_DIM : LOCKSTEP_STYLE_BAD,
                lockstep_terminal_is_utf8 (terminal) ? "✗" : "!", text->str);
}

void
cli_try_report_end (LockstepTerminal          *terminal,
                    const LockstepTrialReport *report)
{
  lockstep_terminal_print (terminal, "");
  print_end (terminal, report);

  if (report->sightings != NULL && report->sightings->len > 0)
    lockstep_terminal_print (terminal, "");
  for (guint i = 0; report->sightings != NULL && i < report->sightings->len; i++)
    {
      const LockstepSighting *sighting = g_ptr_array_index (report->sightings, i);

      if (sighting->probe->found != NULL)
        print_match (terminal, sighting);
      else if (sighting->probe->kind != LOCKSTEP_PROBE_FAILURE)
        print_miss (terminal, sighting);
    }

  if (report->result != NULL)
    {
      gsize            length;
      const char      *result = g_bytes_get_data (report->result, &length);
      g_autofree char *text = g_strdup_printf (_ ("Result: %.*s%s"), (int) MIN (length, MAX_SHOWN), result,
                                               length > MAX_SHOWN ? _ ("… (cut; --json prints the whole)") : "");

      lockstep_terminal_print (terminal, "");
      print_styled (terminal, LOCKSTEP_STYLE_PLAIN, NULL, text);
    }
}
