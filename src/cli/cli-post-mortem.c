/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "cli-post-mortem.h"

#include <signal.h>
#include <string.h>

#include <glib/gi18n-lib.h>

#include "lockstep-json-writer.h"
#include "lockstep-post-mortem-text.h"

/* "Cause       text", with what follows the first line of @text below it. */
static void
print_fact (LockstepTerminal *terminal,
            const char       *label,
            const char       *text)
{
  g_autoptr (GString) line = g_string_new (NULL);
  g_autofree char    *safe = lockstep_text_make_safe (text);
  g_auto (GStrv)      lines = g_strsplit (safe, "\n", -1);
  const guint         width = MAX (14, lockstep_text_get_width (label) + 2);

  for (guint i = 0; lines[i] != NULL; i++)
    {
      g_string_truncate (line, 0);
      if (i == 0)
        lockstep_terminal_append (terminal, line, LOCKSTEP_STYLE_DIM, label);
      for (guint column = i == 0 ? lockstep_text_get_width (label) : 0; column < width; column++)
        g_string_append_c (line, ' ');
      g_string_append (line, lines[i]);
      lockstep_terminal_print (terminal, line->str);
    }
}

char *
cli_post_mortem_dup_rerun (const LockstepPostMortem *self,
                           const char               *typed)
{
  if (self->task < 0)
    return NULL;

  return g_strdup_printf ("lockstep-cli rerun %s %" G_GINT64_FORMAT, typed, self->task);
}

void
cli_post_mortem_print (const LockstepPostMortem *self,
                       LockstepTerminal         *terminal,
                       const char               *typed)
{
  g_autoptr (GPtrArray) facts = lockstep_post_mortem_list_facts (self);
  g_autofree char      *rerun = cli_post_mortem_dup_rerun (self, typed);

  for (guint i = 0; i < facts->len; i++)
    {
      const LockstepFact *fact = g_ptr_array_index (facts, i);

      print_fact (terminal, fact->label, fact->text);
    }
  if (rerun != NULL)
    print_fact (terminal, _ ("Do it again"), rerun);
  if (self->lines != NULL && *self->lines != '\0')
    {
      g_autofree char *safe = lockstep_text_make_safe (self->lines);

      lockstep_terminal_print (terminal, "");
      lockstep_terminal_print (terminal, g_strchomp (safe));
    }
}

static void
append_text (GString    *out,
             const char *name,
             const char *text)
{
  lockstep_json_append_name (out, name);
  if (text != NULL)
    lockstep_json_append_string (out, text, -1);
  else
    g_string_append (out, "null");
}

static void
append_number (GString    *out,
               const char *name,
               double      number,
               gboolean    known)
{
  lockstep_json_append_name (out, name);
  if (known)
    lockstep_json_append_double (out, number);
  else
    g_string_append (out, "null");
}

static void
append_texts (GString    *out,
              const char *name,
              char      **texts)
{
  lockstep_json_append_name (out, name);
  g_string_append_c (out, '[');
  for (guint i = 0; texts != NULL && texts[i] != NULL; i++)
    {
      g_string_append (out, i > 0 ? "," : "");
      lockstep_json_append_string (out, texts[i], -1);
    }
  g_string_append_c (out, ']');
}

static void
append_end (const LockstepPostMortem *self,
            GString                  *out)
{
  const LockstepReport *report = &self->report;
  const gboolean        is_signal = self->ended && report->kind == LOCKSTEP_EXIT_SIGNAL;
  const char           *name = is_signal ? sigabbrev_np (report->number) : NULL;
  g_autofree char      *signal_name = name != NULL ? g_strconcat ("SIG", name, NULL) : NULL;

  append_text (out, "end", self->end);
  append_text (out, "why", self->why);
  append_number (out, "exit", report->number, self->ended && report->kind == LOCKSTEP_EXIT_CODE);
  append_number (out, "signal", report->number, is_signal);
  append_text (out, "signal-name", signal_name);
  append_number (out, "seconds", report->seconds, self->ended);
  append_number (out, "cpu", report->cpu_seconds, self->ended);
  append_number (out, "peak", (double) report->peak_memory, self->ended);
  append_number (out, "killed", report->killed, self->ended);
}

void
cli_post_mortem_append_json (const LockstepPostMortem *self,
                             GString                  *out,
                             const char               *typed)
{
  g_autofree char *command = lockstep_post_mortem_dup_command_line (self);
  g_autofree char *rerun = cli_post_mortem_dup_rerun (self, typed);

  g_string_append_c (out, '{');
  append_number (out, "task", (double) self->task, self->task >= 0);
  append_number (out, "attempt", self->attempt, self->task >= 0);
  append_text (out, "step", self->step);
  append_text (out, "method", self->method);
  append_number (out, "iteration", self->iteration, self->iteration > 0);
  lockstep_json_append_name (out, "params");
  if (self->params != NULL)
    g_string_append_len (out, g_bytes_get_data (self->params, NULL), (gssize) g_bytes_get_size (self->params));
  else
    g_string_append (out, "null");
  append_text (out, "params-lost", self->params_lost);
  append_text (out, "cause", self->cause);
  append_text (out, "reason", self->reason);
  lockstep_json_append_name (out, "final");
  g_string_append (out, self->final ? "true" : "false");
  append_number (out, "solver", self->solver, self->solver >= 0);
  append_text (out, "host", self->host);
  append_end (self, out);
  append_text (out, "log", self->log);
  append_text (out, "lines", self->lines);
  append_texts (out, "command", self->command);
  append_texts (out, "env", self->env);
  append_text (out, "working-directory", self->directory);
  append_text (out, "by-hand", command);
  append_text (out, "rerun", rerun);
  g_string_append_c (out, '}');
}
