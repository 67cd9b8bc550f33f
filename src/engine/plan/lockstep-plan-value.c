/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-plan-value.h"

#include <glib/gi18n-lib.h>

/* What is shown of a value that was found; a plan may hold whole tables. */
#define SHOWN_BYTES 60

static char *
dup_clipped (LockstepJson json)
{
  g_autofree char *text = NULL;
  gsize            length = json.length;

  if (length <= SHOWN_BYTES)
    return lockstep_json_dup_text (json);

  /* Not in the middle of a character. */
  for (length = SHOWN_BYTES; length > 0 && (json.text[length] & 0xc0) == 0x80;)
    length--;

  text = g_strndup (json.text, length);
  return g_strconcat (text, "…", NULL);
}

char *
lockstep_plan_describe (LockstepJson json)
{
  g_autofree char *text = NULL;

  switch (lockstep_json_get_kind (json))
    {
    case LOCKSTEP_JSON_ABSENT:
      return g_strdup (_ ("nothing"));
    case LOCKSTEP_JSON_NULL:
    case LOCKSTEP_JSON_BOOLEAN:
      return lockstep_json_dup_text (json);
    case LOCKSTEP_JSON_NUMBER:
      text = dup_clipped (json);
      return g_strdup_printf (_ ("the number %s"), text);
    case LOCKSTEP_JSON_STRING:
      text = dup_clipped (json);
      return g_strdup_printf (_ ("the string %s"), text);
    case LOCKSTEP_JSON_ARRAY:
      return g_strdup (lockstep_json_count (json) == 0 ? _ ("an empty list") : _ ("a list"));
    case LOCKSTEP_JSON_OBJECT:
      return g_strdup (lockstep_json_count (json) == 0 ? _ ("an empty object") : _ ("an object"));
    default:
      g_assert_not_reached ();
    }
}

void
lockstep_plan_set_error (GError          **error,
                         LockstepPlanError code,
                         const char       *path,
                         const char       *format,
                         ...)
{
  g_autofree char *message = NULL;
  va_list          arguments;

  va_start (arguments, format);
  message = g_strdup_vprintf (format, arguments);
  va_end (arguments);

  g_set_error (error, LOCKSTEP_PLAN_ERROR, code, "%s: %s", *path != '\0' ? path : _ ("The plan"), message);
}

void
lockstep_plan_set_type_error (GError     **error,
                              const char  *path,
                              const char  *expected,
                              LockstepJson found)
{
  g_autofree char *description = lockstep_plan_describe (found);

  lockstep_plan_set_error (error, LOCKSTEP_PLAN_ERROR_MEMBER, path, _ ("expected %s, found %s"), expected, description);
}

char *
lockstep_plan_dup_member_path (const char  *path,
                               LockstepJson name)
{
  g_autofree char *text = lockstep_json_dup_text (name);
  gboolean         plain = name.length > 2;

  for (gsize i = 1; i + 1 < name.length && plain; i++)
    plain = g_ascii_isalnum (text[i]) || text[i] == '-' || text[i] == '_' || (guchar) text[i] >= 0x80;

  /* Anything else stays in quotes and escaped, as it stands in the text: it may be a terminal's command. */
  if (!plain)
    return g_strdup_printf ("%s[%s]", path, text);

  text[name.length - 1] = '\0';
  return *path != '\0' ? g_strdup_printf ("%s.%s", path, text + 1) : g_strdup (text + 1);
}

char *
lockstep_plan_dup_element_path (const char *path,
                                guint       index)
{
  return g_strdup_printf ("%s[%u]", path, index);
}

static gboolean
check_unique_members (LockstepJson object,
                      const char  *path,
                      GError     **error)
{
  g_autoptr (GHashTable) names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  LockstepJsonIter       iter;
  LockstepJson           name, value;

  lockstep_json_iter_init (&iter, object);
  while (lockstep_json_iter_next (&iter, &name, &value))
    {
      g_autofree char *member_path = NULL;
      gsize            length;
      char            *key = lockstep_json_dup_string (name, &length);

      /* Names with U+0000 differ by what follows it; as they stand in the text they differ as well. */
      if (strlen (key) != length)
        {
          g_free (key);
          key = lockstep_json_dup_text (name);
        }

      if (!g_hash_table_add (names, key))
        {
          member_path = lockstep_plan_dup_member_path (path, name);
          lockstep_plan_set_error (error, LOCKSTEP_PLAN_ERROR_MEMBER, member_path,
                                   _ ("stands twice; remove one of them"));
          return FALSE;
        }
    }

  return TRUE;
}

gboolean
lockstep_plan_check_unique (LockstepJson json,
                            const char  *path,
                            GError     **error)
{
  LockstepJsonKind kind = lockstep_json_get_kind (json);
  LockstepJsonIter iter;
  LockstepJson     name, value;

  if (kind == LOCKSTEP_JSON_OBJECT && !check_unique_members (json, path, error))
    return FALSE;

  lockstep_json_iter_init (&iter, json);
  for (guint index = 0; lockstep_json_iter_next (&iter, &name, &value); index++)
    {
      LockstepJsonKind value_kind = lockstep_json_get_kind (value);
      g_autofree char *value_path = NULL;

      if (value_kind != LOCKSTEP_JSON_OBJECT && value_kind != LOCKSTEP_JSON_ARRAY)
        continue;

      value_path = kind == LOCKSTEP_JSON_OBJECT ? lockstep_plan_dup_member_path (path, name)
                                                : lockstep_plan_dup_element_path (path, index);
      if (!lockstep_plan_check_unique (value, value_path, error))
        return FALSE;
    }

  return TRUE;
}

char *
lockstep_plan_dup_string (LockstepJson json,
                          const char  *path,
                          GError     **error)
{
  g_autofree char *text = NULL;
  gsize            length;

  text = lockstep_json_dup_string (json, &length);
  if (text == NULL)
    {
      lockstep_plan_set_type_error (error, path, _ ("a string"), json);
      return NULL;
    }
  if (strlen (text) != length)
    {
      lockstep_plan_set_error (error, LOCKSTEP_PLAN_ERROR_MEMBER, path, _ ("the character \\u0000 cannot stand here"));
      return NULL;
    }

  return g_steal_pointer (&text);
}
