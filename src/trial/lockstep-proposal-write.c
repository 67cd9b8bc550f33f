/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-proposal.h"

#include <string.h>

#include "lockstep-json-writer.h"
#include "lockstep-plan-settings.h"

/* The members of the program that proposals are in. */
static const char *const members[] = {
  [LOCKSTEP_PROBE_PROGRESS] = "progress",
  [LOCKSTEP_PROBE_VALUE] = "values",
  [LOCKSTEP_PROBE_RESULT] = "results",
};

static LockstepJson
get_program (GBytes *text)
{
  LockstepJson plan = { NULL, 0 };
  gsize        length;
  const char  *data = g_bytes_get_data (text, &length);

  lockstep_json_scan (data, length, &plan, NULL);
  return lockstep_json_get_member (plan, "program");
}

/* What members of an object within @program would begin with: a new line, and blanks beyond those of its own; a blank where the
 * plan is all on one line. */
static char *
dup_indent (LockstepJson program)
{
  LockstepJsonIter iter;
  LockstepJson     name = { NULL, 0 };
  const char      *start;

  lockstep_json_iter_init (&iter, program);
  while (lockstep_json_iter_next (&iter, &name, NULL))
    ;
  if (name.text == NULL)
    return g_strdup (" ");

  for (start = name.text; start > program.text && strchr (" \t", start[-1]) != NULL; start--)
    ;
  if (start == program.text || start[-1] != '\n')
    return g_strdup (" ");

  return g_strdup_printf ("\n%.*s%s", (int) (name.text - start), start, name.text > start && *start == '\t' ? "\t" : "  ");
}

/* A member with all proposals of @kind in it; NULL where there is none. */
static char *
dup_object (GPtrArray        *proposals,
            LockstepProbeKind kind,
            const char       *indent)
{
  g_autoptr (GString) out = g_string_new ("{");

  for (guint i = 0; i < proposals->len; i++)
    {
      const LockstepProposal *proposal = g_ptr_array_index (proposals, i);

      if (proposal->kind != kind)
        continue;
      if (out->len > 1)
        g_string_append_c (out, ',');
      g_string_append (out, indent);
      lockstep_json_append_string (out, proposal->name, -1);
      g_string_append_printf (out, ": %s", proposal->json);
    }
  if (out->len == 1)
    return NULL;

  g_string_append (out, " }");
  return g_string_free (g_steal_pointer (&out), FALSE);
}

static gboolean
apply (GBytes    **text,
       const char *setting,
       GError    **error)
{
  GBytes *changed = lockstep_plan_apply_setting (*text, setting, error);

  if (changed == NULL)
    return FALSE;

  g_bytes_unref (*text);
  *text = changed;
  return TRUE;
}

/* Puts those of @kind in one by one where there are some already, else all at once. */
static gboolean
write_kind (GPtrArray        *proposals,
            LockstepProbeKind kind,
            GBytes          **text,
            GError          **error)
{
  LockstepJson     program = get_program (*text);
  g_autofree char *indent = dup_indent (program);
  g_autofree char *object = dup_object (proposals, kind, indent);

  if (object == NULL)
    return TRUE;
  if (kind != LOCKSTEP_PROBE_PROGRESS && lockstep_json_get_member (program, members[kind]).text == NULL)
    {
      g_autofree char *setting = g_strdup_printf ("program.%s=%s", members[kind], object);

      return apply (text, setting, error);
    }

  for (guint i = 0; i < proposals->len; i++)
    {
      const LockstepProposal *proposal = g_ptr_array_index (proposals, i);
      g_autofree char        *setting = NULL;

      if (proposal->kind != kind)
        continue;
      setting = kind == LOCKSTEP_PROBE_PROGRESS ? g_strdup_printf ("program.progress=%s", proposal->json)
                                                : g_strdup_printf ("program.%s[\"%s\"]=%s", members[kind], proposal->name, proposal->json);
      if (!apply (text, setting, error))
        return FALSE;
    }

  return TRUE;
}

GBytes *
lockstep_proposals_write (GPtrArray *proposals,
                          GBytes    *text,
                          GError   **error)
{
  g_autoptr (GBytes) changed = g_bytes_ref (text);

  for (LockstepProbeKind kind = LOCKSTEP_PROBE_PROGRESS; kind <= LOCKSTEP_PROBE_RESULT; kind++)
    if (!write_kind (proposals, kind, &changed, error))
      return NULL;

  return g_steal_pointer (&changed);
}

GBytes *
lockstep_proposals_write_file (const char *name,
                               GBytes     *text,
                               GError    **error)
{
  LockstepJson        program = get_program (text);
  g_autofree char    *indent = dup_indent (program);
  g_autofree char    *setting = NULL;
  g_autoptr (GString) quoted = g_string_new (NULL);

  lockstep_json_append_string (quoted, name, -1);
  setting = lockstep_json_get_member (program, "files").text != NULL
              ? g_strdup_printf ("program.files[\"%s\"]={ \"link\": %s }", name, quoted->str)
              : g_strdup_printf ("program.files={%s%s: { \"link\": %s } }", indent, quoted->str, quoted->str);

  return lockstep_plan_apply_setting (text, setting, error);
}
