/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "protocol-vectors.h"

#include <string.h>

LockstepJson
vectors_load (const char *name,
              char      **text)
{
  g_autofree char   *path = g_build_filename (g_getenv ("LOCKSTEP_VECTORS"), name, NULL);
  g_autoptr (GError) error = NULL;
  LockstepJson       value;
  gsize              length;

  g_file_get_contents (path, text, &length, &error);
  g_assert_no_error (error);
  lockstep_json_scan (*text, length, &value, &error);
  g_assert_no_error (error);

  return value;
}

char *
vectors_dup (LockstepJson entry,
             const char  *name)
{
  char *string = lockstep_json_dup_string (lockstep_json_get_member (entry, name), NULL);

  g_assert_nonnull (string);

  return string;
}

/* Appends the string member @name so many times. */
static void
append_times (GString     *out,
              LockstepJson entry,
              const char  *name,
              gint64       n_times)
{
  g_autofree char *string = lockstep_json_dup_string (lockstep_json_get_member (entry, name), NULL);

  for (gint64 i = 0; string != NULL && i < n_times; i++)
    g_string_append (out, string);
}

GString *
vectors_make_text (LockstepJson entry)
{
  g_autofree char *hex = lockstep_json_dup_string (lockstep_json_get_member (entry, "hex"), NULL);
  GString         *out = g_string_new (NULL);
  gint64           n_times = 0;

  lockstep_json_get_int (lockstep_json_get_member (entry, "repeat"), &n_times);
  append_times (out, entry, "before", n_times);
  append_times (out, entry, "text", 1);
  for (const char *digit = hex; digit != NULL && *digit != '\0'; digit++)
    if (*digit != ' ')
      {
        g_string_append_c (out, (char) (g_ascii_xdigit_value (digit[0]) << 4 | g_ascii_xdigit_value (digit[1])));
        digit++;
      }
  append_times (out, entry, "after", n_times);

  return out;
}

static gboolean
are_equal_strings (LockstepJson one,
                   LockstepJson other)
{
  gsize            one_length;
  gsize            other_length;
  g_autofree char *one_text = lockstep_json_dup_string (one, &one_length);
  g_autofree char *other_text = lockstep_json_dup_string (other, &other_length);

  return one_length == other_length && memcmp (one_text, other_text, one_length) == 0;
}

/* Whether each member of @one is in @other, of a name that stands twice the last; or each element in the same place. */
static gboolean
are_equal_containers (LockstepJson one,
                      LockstepJson other)
{
  const gboolean   is_object = lockstep_json_get_kind (one) == LOCKSTEP_JSON_OBJECT;
  LockstepJsonIter iter;
  LockstepJsonIter other_iter;
  LockstepJson     name;
  LockstepJson     value;
  LockstepJson     counterpart;

  lockstep_json_iter_init (&iter, one);
  lockstep_json_iter_init (&other_iter, other);
  while (lockstep_json_iter_next (&iter, &name, &value))
    {
      g_autofree char *member = is_object ? lockstep_json_dup_string (name, NULL) : NULL;

      if (is_object)
        {
          value = lockstep_json_get_member (one, member);
          counterpart = lockstep_json_get_member (other, member);
        }
      else if (!lockstep_json_iter_next (&other_iter, NULL, &counterpart))
        {
          return FALSE;
        }
      if (!vectors_are_equal (value, counterpart))
        return FALSE;
    }

  return TRUE;
}

gboolean
vectors_are_equal (LockstepJson one,
                   LockstepJson other)
{
  const LockstepJsonKind kind = lockstep_json_get_kind (one);
  double                 number;
  double                 other_number;

  if (kind != lockstep_json_get_kind (other))
    return FALSE;

  switch (kind)
    {
    case LOCKSTEP_JSON_NUMBER:
      return lockstep_json_get_double (one, &number) && lockstep_json_get_double (other, &other_number) &&
             !(number < other_number) && !(number > other_number);
    case LOCKSTEP_JSON_STRING:
      return are_equal_strings (one, other);
    case LOCKSTEP_JSON_ARRAY:
    case LOCKSTEP_JSON_OBJECT:
      return are_equal_containers (one, other) && are_equal_containers (other, one);
    case LOCKSTEP_JSON_BOOLEAN:
      return one.length == other.length;
    case LOCKSTEP_JSON_ABSENT:
    case LOCKSTEP_JSON_NULL:
    default:
      return TRUE;
    }
}
