/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-post-mortem-text.h"

#include <inttypes.h>
#include <string.h>

#include <glib/gi18n-lib.h>

#include "lockstep-duration.h"
#include "lockstep-value-text.h"

/* Bytes of a call's params that a person is shown. */
#define MAX_SHOWN_PARAMS 2000

LockstepFact *
lockstep_fact_new (const char *label,
                   char       *text,
                   char       *whole)
{
  LockstepFact *self = g_new (LockstepFact, 1);

  self->label = g_strdup (label);
  self->text = text;
  self->whole = whole;

  return self;
}

LockstepFact *
lockstep_fact_new_value (const char  *label,
                         LockstepJson json)
{
  gboolean         cut;
  g_autofree char *text = lockstep_value_dup_text (json, &cut);

  if (*text == '\0')
    return NULL;

  return lockstep_fact_new (label, g_steal_pointer (&text), cut ? lockstep_json_dup_text (json) : NULL);
}

void
lockstep_fact_free (LockstepFact *self)
{
  g_free (self->label);
  g_free (self->text);
  g_free (self->whole);
  g_free (self);
}

static void
add (GPtrArray  *facts,
     const char *label,
     const char *text)
{
  g_ptr_array_add (facts, lockstep_fact_new (label, g_utf8_make_valid (text, -1), NULL));
}

/* What the solver was sent. */
static void
add_call (const LockstepPostMortem *self,
          GPtrArray                *facts)
{
  g_autoptr (GString) text = g_string_new (NULL);
  gsize               length;
  const char         *params = g_bytes_get_data (self->params, &length);

  g_string_printf (text, "%s ", self->method);
  g_string_append_len (text, params, (gssize) MIN (length, MAX_SHOWN_PARAMS));
  if (length > MAX_SHOWN_PARAMS)
    g_string_append (text, _ ("… (cut; lockstep-cli show --json prints the whole)"));
  add (facts, _ ("Call"), text->str);
}

static void
add_task (const LockstepPostMortem *self,
          GPtrArray                *facts,
          gboolean                  raw)
{
  g_autoptr (GString) text = g_string_new (NULL);
  LockstepJson        call = { NULL, 0 };
  LockstepFact       *fact;
  gint64              part, parts;

  if (self->task < 0 && self->failed >= 0)
    {
      g_string_printf (text, _ ("none when it ended; task %" PRId64 ", its last, had failed"), self->failed);
      add (facts, _ ("Request"), text->str);
      return;
    }
  if (self->task < 0)
    {
      add (facts, _ ("Request"), _ ("none: it had nothing to do"));
      return;
    }

  g_string_printf (text, _ ("task %" PRId64 ", attempt %d"), self->task, self->attempt);
  if (self->step != NULL)
    g_string_append_printf (text, " · %s", self->step);
  if (self->iteration > 0)
    g_string_append_printf (text, _ (" · iteration %d"), self->iteration);
  if (!raw && self->params != NULL)
    lockstep_json_scan (g_bytes_get_data (self->params, NULL), g_bytes_get_size (self->params), &call, NULL);
  if (lockstep_json_get_int (lockstep_json_get_member (call, "part"), &part) &&
      lockstep_json_get_int (lockstep_json_get_member (call, "parts"), &parts))
    g_string_append_printf (text, _ (" · part %d of %d"), (int) part + 1, (int) parts);
  add (facts, _ ("Request"), text->str);

  if (call.text != NULL && (fact = lockstep_fact_new_value (_ ("Params"), lockstep_json_get_member (call, "params"))) != NULL)
    g_ptr_array_add (facts, fact);
  else if (raw && self->params != NULL)
    add_call (self, facts);
  else if (self->params == NULL && self->params_lost != NULL)
    add (facts, raw ? _ ("Call") : _ ("Params"), self->params_lost);
}

static void
add_end (const LockstepPostMortem *self,
         GPtrArray                *facts)
{
  g_autofree char *duration = lockstep_duration_dup_text (self->report.seconds);
  g_autofree char *cpu = lockstep_duration_dup_text (self->report.cpu_seconds);
  g_autofree char *peak = g_format_size (self->report.peak_memory);
  g_autofree char *usage = NULL;
  g_autofree char *why = NULL;
  g_autofree char *end = NULL;

  if (!self->ended)
    return;

  add (facts, _ ("Ended"), self->end);
  if (self->why != NULL && strcmp (self->why, self->end) != 0)
    {
      /* The log has both in one sentence. */
      end = g_strdup_printf (" (%s)", self->end);
      why = g_strndup (self->why, strlen (self->why) - (g_str_has_suffix (self->why, end) ? strlen (end) : 0));
      add (facts, _ ("Why"), why);
    }
  usage = g_strdup_printf (_ ("%s, %s of CPU time, at most %s of memory"), duration, cpu, peak);
  add (facts, _ ("Lived"), usage);
  if (self->report.killed > 0)
    {
      g_autofree char *killed = g_strdup_printf (ngettext ("%u process had to be killed", "%u processes had to be killed",
                                                           self->report.killed),
                                                 self->report.killed);

      add (facts, "", killed);
    }
}

GPtrArray *
lockstep_post_mortem_list_facts (const LockstepPostMortem *self,
                                 gboolean                  raw)
{
  GPtrArray       *facts = g_ptr_array_new_with_free_func ((GDestroyNotify) lockstep_fact_free);
  g_autofree char *command = lockstep_post_mortem_dup_command_line (self);

  add_task (self, facts, raw);
  if (self->cause != NULL)
    {
      g_autofree char *cause = g_strdup_printf ("%s: %s", self->cause, self->reason != NULL ? self->reason : "");

      add (facts, self->final ? _ ("Failed") : _ ("Failed (tried again)"), cause);
    }
  if (self->solver >= 0)
    {
      g_autofree char *solver = self->host != NULL ? g_strdup_printf (_ ("%d on %s"), self->solver, self->host)
                                                   : g_strdup_printf ("%d", self->solver);

      add (facts, _ ("Solver"), solver);
    }
  add_end (self, facts);
  if (command != NULL)
    add (facts, _ ("Started by"), command);
  if (self->log != NULL)
    add (facts, _ ("Log"), self->log);

  return facts;
}
