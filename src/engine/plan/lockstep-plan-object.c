/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-plan-object.h"

#include <glib/gi18n-lib.h>

#include "lockstep-nearest.h"
#include "lockstep-quantity.h"

static void
set_unknown_error (GError           **error,
                   const char        *path,
                   LockstepJson       name,
                   const char *const *known)
{
  g_autofree char *member_path = lockstep_plan_dup_member_path (path, name);
  g_autofree char *text = lockstep_json_dup_string (name, NULL);
  const char      *nearest = lockstep_nearest (text, known);

  if (nearest != NULL)
    {
      lockstep_plan_set_error (error, LOCKSTEP_PLAN_ERROR_MEMBER, member_path,
                               _ ("unknown member; did you mean “%s”?"), nearest);
    }
  else
    {
      g_autofree char *all = g_strjoinv (", ", (char **) known);

      lockstep_plan_set_error (error, LOCKSTEP_PLAN_ERROR_MEMBER, member_path,
                               _ ("unknown member; the members known here are %s"), all);
    }
}

gboolean
lockstep_plan_object_init (LockstepPlanObject *self,
                           LockstepJson        json,
                           const char         *path,
                           const char *const  *known,
                           GError            **error)
{
  LockstepJsonIter iter;
  LockstepJson     name, value;

  self->json = json;
  self->path = g_strdup (path);

  if (lockstep_json_get_kind (json) != LOCKSTEP_JSON_OBJECT)
    {
      lockstep_plan_set_type_error (error, path, _ ("an object"), json);
      return FALSE;
    }

  lockstep_json_iter_init (&iter, json);
  while (lockstep_json_iter_next (&iter, &name, &value))
    {
      guint i = 0;

      while (known[i] != NULL && !lockstep_json_is_string (name, known[i]))
        i++;
      if (known[i] == NULL)
        {
          set_unknown_error (error, path, name, known);
          return FALSE;
        }
    }

  return TRUE;
}

void
lockstep_plan_object_clear (LockstepPlanObject *self)
{
  g_clear_pointer (&self->path, g_free);
}

gboolean
lockstep_plan_object_has (const LockstepPlanObject *self,
                          const char               *name)
{
  return lockstep_plan_object_get (self, name).text != NULL;
}

LockstepJson
lockstep_plan_object_get (const LockstepPlanObject *self,
                          const char               *name)
{
  return lockstep_json_get_member (self->json, name);
}

char *
lockstep_plan_object_dup_path (const LockstepPlanObject *self,
                               const char               *name)
{
  return *self->path != '\0' ? g_strdup_printf ("%s.%s", self->path, name) : g_strdup (name);
}

gboolean
lockstep_plan_object_require (const LockstepPlanObject *self,
                              const char               *name,
                              const char               *what,
                              GError                  **error)
{
  g_autofree char *path = NULL;

  if (lockstep_plan_object_has (self, name))
    return TRUE;

  path = lockstep_plan_object_dup_path (self, name);
  lockstep_plan_set_error (error, LOCKSTEP_PLAN_ERROR_MEMBER, path, _ ("missing; expected %s"), what);
  return FALSE;
}

gboolean
lockstep_plan_object_read_text (const LockstepPlanObject *self,
                                const char               *name,
                                char                    **value,
                                GError                  **error)
{
  g_autofree char *path = NULL;
  char            *text;

  if (!lockstep_plan_object_has (self, name))
    return TRUE;

  path = lockstep_plan_object_dup_path (self, name);
  if ((text = lockstep_plan_dup_string (lockstep_plan_object_get (self, name), path, error)) == NULL)
    return FALSE;

  g_free (*value);
  *value = text;
  return TRUE;
}

gboolean
lockstep_plan_object_read_line (const LockstepPlanObject *self,
                                const char               *name,
                                char                    **value,
                                GError                  **error)
{
  g_autofree char *text = NULL;
  g_autofree char *path = NULL;
  gboolean         visible = FALSE;

  if (!lockstep_plan_object_read_text (self, name, &text, error))
    return FALSE;
  if (text == NULL)
    return TRUE;

  path = lockstep_plan_object_dup_path (self, name);
  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar     character = g_utf8_get_char (p);
      GUnicodeType type = g_unichar_type (character);

      if (type == G_UNICODE_CONTROL || type == G_UNICODE_LINE_SEPARATOR || type == G_UNICODE_PARAGRAPH_SEPARATOR)
        {
          lockstep_plan_set_error (error, LOCKSTEP_PLAN_ERROR_MEMBER, path,
                                   _ ("expected one line without control characters, found U+%04X in it"), character);
          return FALSE;
        }
      visible |= !g_unichar_isspace (character);
    }

  if (!visible)
    {
      lockstep_plan_set_error (error, LOCKSTEP_PLAN_ERROR_MEMBER, path, _ ("may not be empty"));
      return FALSE;
    }

  g_free (*value);
  *value = g_steal_pointer (&text);
  return TRUE;
}

gboolean
lockstep_plan_object_read_int (const LockstepPlanObject *self,
                               const char               *name,
                               gint64                    minimum,
                               gint64                    maximum,
                               gint64                   *value,
                               GError                  **error)
{
  LockstepJson json = lockstep_plan_object_get (self, name);
  gint64       number;

  if (json.text == NULL)
    return TRUE;

  if (!lockstep_json_get_int (json, &number) || number < minimum || number > maximum)
    {
      g_autofree char *path = lockstep_plan_object_dup_path (self, name);
      g_autofree char *expected = NULL;

      if (maximum == G_MAXINT64)
        expected = g_strdup_printf (_ ("a whole number of at least %lld"), (long long) minimum);
      else
        expected = g_strdup_printf (_ ("a whole number from %lld to %lld"), (long long) minimum, (long long) maximum);
      lockstep_plan_set_type_error (error, path, expected, json);
      return FALSE;
    }

  *value = number;
  return TRUE;
}

gboolean
lockstep_plan_object_read_boolean (const LockstepPlanObject *self,
                                   const char               *name,
                                   gboolean                 *value,
                                   GError                  **error)
{
  LockstepJson     json = lockstep_plan_object_get (self, name);
  g_autofree char *path = NULL;

  if (json.text == NULL || lockstep_json_get_boolean (json, value))
    return TRUE;

  path = lockstep_plan_object_dup_path (self, name);
  lockstep_plan_set_type_error (error, path, _ ("true or false"), json);
  return FALSE;
}

gboolean
lockstep_plan_object_read_choice (const LockstepPlanObject *self,
                                  const char               *name,
                                  const char *const        *choices,
                                  guint                    *choice,
                                  GError                  **error)
{
  LockstepJson        json = lockstep_plan_object_get (self, name);
  g_autoptr (GString) expected = NULL;
  g_autofree char    *path = NULL;

  if (json.text == NULL)
    return TRUE;

  for (guint i = 0; choices[i] != NULL; i++)
    if (lockstep_json_is_string (json, choices[i]))
      {
        *choice = i;
        return TRUE;
      }

  expected = g_string_new (NULL);
  for (guint i = 0; choices[i] != NULL; i++)
    g_string_append_printf (expected, "%s\"%s\"", i == 0 ? "" : choices[i + 1] != NULL ? ", "
                                                                                       : _ (" or "),
                            choices[i]);

  path = lockstep_plan_object_dup_path (self, name);
  lockstep_plan_set_type_error (error, path, expected->str, json);
  return FALSE;
}

static void
prefix_path (const LockstepPlanObject *self,
             const char               *name,
             GError                  **error)
{
  g_autofree char *path = lockstep_plan_object_dup_path (self, name);

  g_prefix_error (error, "%s: ", path);
}

gboolean
lockstep_plan_object_read_duration (const LockstepPlanObject *self,
                                    const char               *name,
                                    double                   *seconds,
                                    GError                  **error)
{
  LockstepJson json = lockstep_plan_object_get (self, name);

  if (json.text == NULL || lockstep_quantity_read_duration (json, seconds, error))
    return TRUE;

  prefix_path (self, name, error);
  return FALSE;
}

gboolean
lockstep_plan_object_read_size (const LockstepPlanObject *self,
                                const char               *name,
                                guint64                  *bytes,
                                GError                  **error)
{
  LockstepJson json = lockstep_plan_object_get (self, name);

  if (json.text == NULL || lockstep_quantity_read_size (json, bytes, error))
    return TRUE;

  prefix_path (self, name, error);
  return FALSE;
}

gboolean
lockstep_plan_object_read_object (const LockstepPlanObject *self,
                                  const char               *name,
                                  GBytes                   *document,
                                  GBytes                  **value,
                                  GError                  **error)
{
  LockstepJson     json = lockstep_plan_object_get (self, name);
  g_autofree char *path = NULL;

  if (json.text == NULL)
    return TRUE;

  if (lockstep_json_get_kind (json) != LOCKSTEP_JSON_OBJECT)
    {
      path = lockstep_plan_object_dup_path (self, name);
      lockstep_plan_set_type_error (error, path, _ ("an object"), json);
      return FALSE;
    }

  g_clear_pointer (value, g_bytes_unref);
  *value = lockstep_json_slice (json, document);
  return TRUE;
}
