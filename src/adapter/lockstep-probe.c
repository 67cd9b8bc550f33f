/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-probe.h"

#include "lockstep-decimal.h"
#include "lockstep-json-writer.h"

LockstepProbe *
lockstep_probe_new (LockstepProbeKind      kind,
                    const char            *name,
                    const LockstepPattern *pattern,
                    LockstepRow            row)
{
  LockstepProbe *self = g_new0 (LockstepProbe, 1);

  self->kind = kind;
  self->name = name;
  self->pattern = pattern;
  self->row = row;

  return self;
}

GPtrArray *
lockstep_probes_new (const LockstepProgram *program)
{
  GPtrArray *probes = g_ptr_array_new_with_free_func ((GDestroyNotify) lockstep_probe_free);

  if (program->progress != NULL)
    g_ptr_array_add (probes, lockstep_probe_new (LOCKSTEP_PROBE_PROGRESS, NULL, program->progress, LOCKSTEP_ROW_LAST));
  for (guint i = 0; i < program->values->len; i++)
    {
      const LockstepProgramValue *value = g_ptr_array_index (program->values, i);

      g_ptr_array_add (probes, lockstep_probe_new (LOCKSTEP_PROBE_VALUE, value->name, value->pattern, LOCKSTEP_ROW_LAST));
    }
  for (guint i = 0; i < program->results->len; i++)
    {
      const LockstepProgramResult *result = g_ptr_array_index (program->results, i);
      LockstepProbe               *probe = lockstep_probe_new (LOCKSTEP_PROBE_RESULT, result->name, result->pattern, result->row);

      probe->result = result;
      g_ptr_array_add (probes, probe);
    }
  for (guint i = 0; i < program->fails_if->len; i++)
    g_ptr_array_add (probes, lockstep_probe_new (LOCKSTEP_PROBE_FAILURE, NULL, g_ptr_array_index (program->fails_if, i),
                                                 LOCKSTEP_ROW_FIRST));

  return probes;
}

void
lockstep_probe_free (LockstepProbe *self)
{
  if (self == NULL)
    return;

  g_free (self->found);
  g_free (self);
}

gboolean
lockstep_probe_is_settled (const LockstepProbe *self)
{
  return self->row == LOCKSTEP_ROW_FIRST && self->n_matches > 0;
}

/* Whether the new match is the one that counts. */
static gboolean
counts (const LockstepProbe *self,
        gboolean             is_number,
        double               number)
{
  switch (self->row)
    {
    case LOCKSTEP_ROW_FIRST:
      return self->n_matches == 0;
    case LOCKSTEP_ROW_MIN:
      return is_number && (!self->is_number || number < self->number);
    case LOCKSTEP_ROW_MAX:
      return is_number && (!self->is_number || number > self->number);
    case LOCKSTEP_ROW_LAST:
    default:
      return TRUE;
    }
}

void
lockstep_probe_take (LockstepProbe *self,
                     const char    *found,
                     gsize          length,
                     goffset        offset)
{
  double         number = 0;
  const gboolean is_number = lockstep_decimal_read (found, length, NULL, &number);
  const gboolean is_extreme = self->row == LOCKSTEP_ROW_MIN || self->row == LOCKSTEP_ROW_MAX;

  /* What is no number is kept where there is no other, to be told. Among what is broken there is no smallest. */
  if (!self->is_broken && (counts (self, is_number, number) || self->found == NULL ||
                           (is_extreme && lockstep_decimal_is_broken (found, length))))
    {
      g_free (self->found);
      self->found = g_strndup (found, length);
      self->is_number = is_number;
      self->number = number;
      self->is_broken = is_extreme && lockstep_decimal_is_broken (found, length);
      self->offset = offset;
      self->is_new = TRUE;
    }
  self->n_matches++;
}

gboolean
lockstep_probe_append_json (const LockstepProbe *self,
                            GString             *json)
{
  const gsize length = strlen (self->found);

  /* A value in a JSON file is JSON already; as a string it may be what JSON has no number for. */
  if (self->result != NULL && self->result->member != NULL)
    {
      if (length > 2 && *self->found == '"' && lockstep_decimal_is_broken (self->found + 1, length - 2))
        return FALSE;
      g_string_append_len (json, self->found, (gssize) length);
      return TRUE;
    }
  if (self->pattern != NULL)
    return lockstep_pattern_append_value (self->pattern, self->found, length, json);
  if (lockstep_decimal_read (self->found, length, json, NULL))
    return TRUE;
  if (self->row == LOCKSTEP_ROW_MIN || self->row == LOCKSTEP_ROW_MAX || lockstep_decimal_is_broken (self->found, length))
    return FALSE;

  lockstep_json_append_string (json, self->found, (gssize) length);
  return TRUE;
}
