/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "cli-post-mortem.h"

#include <math.h>
#include <signal.h>
#include <string.h>

#include <glib/gi18n-lib.h>

#include "lockstep-json-writer.h"
#include "lockstep-post-mortem-text.h"

/* "Cause       text", with what follows the first line of @text below it, and texts from column @width on. */
static void
print_fact (LockstepTerminal *terminal,
            const char       *label,
            const char       *text,
            guint             width)
{
  g_autoptr (GString) line = g_string_new (NULL);
  g_autofree char    *safe = lockstep_text_make_safe (text);
  g_auto (GStrv)      lines = g_strsplit (safe, "\n", -1);

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
  g_autoptr (GPtrArray) facts = lockstep_post_mortem_list_facts (self, TRUE);
  g_autofree char      *rerun = cli_post_mortem_dup_rerun (self, typed);

  guint width = rerun != NULL ? MAX (14, lockstep_text_get_width (_ ("Do it again")) + 2) : 14;

  for (guint i = 0; i < facts->len; i++)
    {
      const LockstepFact *fact = g_ptr_array_index (facts, i);

      width = MAX (width, lockstep_text_get_width (fact->label) + 2);
    }
  for (guint i = 0; i < facts->len; i++)
    {
      const LockstepFact *fact = g_ptr_array_index (facts, i);

      print_fact (terminal, fact->label, fact->text, width);
    }
  if (rerun != NULL)
    print_fact (terminal, _ ("Do it again"), rerun, width);
  if (self->lines != NULL && *self->lines != '\0')
    {
      g_autofree char *safe = lockstep_text_make_safe (self->lines);

      lockstep_terminal_print (terminal, "");
      lockstep_terminal_print (terminal, g_strchomp (safe));
    }
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

  lockstep_json_append_string_member (out, "end", self->end);
  lockstep_json_append_string_member (out, "why", self->why);
  lockstep_json_append_double_member (out, "exit", self->ended && report->kind == LOCKSTEP_EXIT_CODE ? report->number : NAN);
  lockstep_json_append_double_member (out, "signal", is_signal ? report->number : NAN);
  lockstep_json_append_string_member (out, "signal-name", signal_name);
  lockstep_json_append_double_member (out, "seconds", self->ended ? report->seconds : NAN);
  lockstep_json_append_double_member (out, "cpu", self->ended ? report->cpu_seconds : NAN);
  lockstep_json_append_double_member (out, "peak", self->ended ? (double) report->peak_memory : NAN);
  lockstep_json_append_double_member (out, "killed", self->ended ? report->killed : NAN);
}

void
cli_post_mortem_append_json (const LockstepPostMortem *self,
                             GString                  *out,
                             const char               *typed)
{
  g_autofree char *command = lockstep_post_mortem_dup_command_line (self);
  g_autofree char *rerun = cli_post_mortem_dup_rerun (self, typed);

  g_string_append_c (out, '{');
  lockstep_json_append_double_member (out, "task", self->task >= 0 ? (double) self->task : NAN);
  lockstep_json_append_double_member (out, "attempt", self->task >= 0 ? self->attempt : NAN);
  lockstep_json_append_string_member (out, "step", self->step);
  lockstep_json_append_string_member (out, "method", self->method);
  lockstep_json_append_double_member (out, "iteration", self->iteration > 0 ? self->iteration : NAN);
  lockstep_json_append_name (out, "params");
  if (self->params != NULL)
    g_string_append_len (out, g_bytes_get_data (self->params, NULL), (gssize) g_bytes_get_size (self->params));
  else
    g_string_append (out, "null");
  lockstep_json_append_string_member (out, "params-lost", self->params_lost);
  lockstep_json_append_string_member (out, "cause", self->cause);
  lockstep_json_append_string_member (out, "reason", self->reason);
  lockstep_json_append_name (out, "final");
  g_string_append (out, self->final ? "true" : "false");
  lockstep_json_append_double_member (out, "solver", self->solver >= 0 ? self->solver : NAN);
  lockstep_json_append_string_member (out, "host", self->host);
  append_end (self, out);
  lockstep_json_append_string_member (out, "log", self->log);
  lockstep_json_append_string_member (out, "lines", self->lines);
  append_texts (out, "command", self->command);
  append_texts (out, "env", self->env);
  lockstep_json_append_string_member (out, "working-directory", self->directory);
  lockstep_json_append_string_member (out, "by-hand", command);
  lockstep_json_append_string_member (out, "rerun", rerun);
  g_string_append_c (out, '}');
}
