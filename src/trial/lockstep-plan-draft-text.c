/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-plan-draft.h"

#include "lockstep-json-writer.h"

static void
append_words (GString         *out,
              const GPtrArray *words)
{
  for (guint i = 0; i < words->len; i++)
    {
      if (i > 0)
        g_string_append (out, ", ");
      lockstep_json_append_string (out, g_ptr_array_index (words, i), -1);
    }
}

static void
append_program (GString                 *out,
                const LockstepPlanDraft *self)
{
  g_string_append (out, "  \"program\": {\n    \"command\": [");
  append_words (out, self->words);
  g_string_append_c (out, ']');

  for (guint i = 0; i < self->environment->len; i++)
    {
      g_auto (GStrv) pair = g_strsplit (g_ptr_array_index (self->environment, i), "=", 2);

      g_string_append (out, i == 0 ? ",\n    \"env\": { " : ", ");
      lockstep_json_append_string (out, pair[0], -1);
      g_string_append (out, ": ");
      lockstep_json_append_string (out, pair[1], -1);
    }
  if (self->environment->len > 0)
    g_string_append (out, " }");
  if (self->threads != NULL)
    g_string_append_printf (out, ",\n    \"threads\": %s", self->threads);

  for (guint i = 0; i < self->files->len; i += 2)
    {
      g_string_append (out, i == 0 ? ",\n    \"files\": {\n      " : ",\n      ");
      lockstep_json_append_string (out, g_ptr_array_index (self->files, i), -1);
      g_string_append (out, ": { \"link\": ");
      lockstep_json_append_string (out, g_ptr_array_index (self->files, i + 1), -1);
      g_string_append (out, " }");
    }
  if (self->files->len > 0)
    g_string_append (out, " }");
  g_string_append (out, " },\n");
}

char *
lockstep_plan_draft_dup_text (const LockstepPlanDraft *self)
{
  GString *out = g_string_new ("{ \"lockstep\": 1,\n  \"name\": ");

  lockstep_json_append_string (out, self->name, -1);
  g_string_append (out, ",\n");
  append_program (out, self);

  for (guint i = 0; i < self->params->len; i += 2)
    {
      g_string_append (out, i == 0 ? "  \"params\": { " : ", ");
      lockstep_json_append_string (out, g_ptr_array_index (self->params, i), -1);
      g_string_append_printf (out, ": %s", (char *) g_ptr_array_index (self->params, i + 1));
    }
  if (self->params->len > 0)
    g_string_append (out, " },\n");

  g_string_append (out, "  \"steps\": [\n    ");
  if (self->varied >= 0)
    {
      g_string_append (out, "{ \"tasks\": { \"grid\": { ");
      lockstep_json_append_string (out, g_ptr_array_index (self->params, self->varied), -1);
      g_string_append_printf (out, ": [%s, %s] } } }", (char *) g_ptr_array_index (self->params, self->varied + 1), self->varied_to);
    }
  else
    {
      g_string_append (out, "{ \"tasks\": 1 }");
    }
  g_string_append (out, " ] }\n");

  return g_string_free (out, FALSE);
}
