/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-post-mortem-text.h"

#include <inttypes.h>
#include <string.h>

#include <glib/gi18n-lib.h>

#include "lockstep-duration.h"

/* Bytes of a call's params that a person is shown. */
#define MAX_SHOWN_PARAMS 2000

void
lockstep_fact_free (LockstepFact *self)
{
  g_free (self->label);
  g_free (self->text);
  g_free (self);
}

static void
add (GPtrArray  *facts,
     const char *label,
     const char *text)
{
  LockstepFact *fact = g_new (LockstepFact, 1);

  fact->label = g_strdup (label);
  fact->text = g_utf8_make_valid (text, -1);
  g_ptr_array_add (facts, fact);
}

static void
add_task (const LockstepPostMortem *self,
          GPtrArray                *facts)
{
  g_autoptr (GString) text = g_string_new (NULL);

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
  add (facts, _ ("Request"), text->str);

  if (self->params != NULL)
    {
      gsize       length;
      const char *params = g_bytes_get_data (self->params, &length);

      g_string_printf (text, "%s ", self->method);
      g_string_append_len (text, params, (gssize) MIN (length, MAX_SHOWN_PARAMS));
      if (length > MAX_SHOWN_PARAMS)
        g_string_append (text, _ ("… (cut; lockstep-cli show --json prints the whole)"));
      add (facts, _ ("Call"), text->str);
    }
  else if (self->params_lost != NULL)
    {
      add (facts, _ ("Call"), self->params_lost);
    }
}

static void
add_end (const LockstepPostMortem *self,
         GPtrArray                *facts)
{
  g_autofree char *duration = lockstep_duration_dup_text (self->report.seconds);
  g_autofree char *cpu = lockstep_duration_dup_text (self->report.cpu_seconds);
  g_autofree char *peak = g_format_size (self->report.peak_memory);
  g_autofree char *usage = NULL;

  if (!self->ended)
    return;

  add (facts, _ ("Ended"), self->end);
  if (self->why != NULL && strcmp (self->why, self->end) != 0)
    add (facts, _ ("Why"), self->why);
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
lockstep_post_mortem_list_facts (const LockstepPostMortem *self)
{
  GPtrArray       *facts = g_ptr_array_new_with_free_func ((GDestroyNotify) lockstep_fact_free);
  g_autofree char *command = lockstep_post_mortem_dup_command_line (self);

  add_task (self, facts);
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
