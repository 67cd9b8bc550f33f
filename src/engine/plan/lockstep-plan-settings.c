/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-plan-settings.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "lockstep-json-writer.h"
#include "lockstep-plan-value.h"

/* One step of the path down. */
typedef struct
{
  char    *name;  /* of a member, or an index in digits */
  gboolean index; /* it stood in brackets: nothing but an element of a list */
} Segment;

static void
clear_segment (gpointer data)
{
  g_free (((Segment *) data)->name);
}

static void G_GNUC_PRINTF (3, 4)
  set_error (GError    **error,
             const char *setting,
             const char *format,
             ...)
{
  g_autofree char *message = NULL;
  va_list          arguments;

  va_start (arguments, format);
  message = g_strdup_vprintf (format, arguments);
  va_end (arguments);

  g_set_error (error, LOCKSTEP_PLAN_ERROR, LOCKSTEP_PLAN_ERROR_MEMBER, _ ("The setting “%s”: %s"), setting, message);
}

/* Reads one bracket, [0] or ["name"], that @text starts with; returns what follows it, or NULL. */
static const char *
parse_bracket (const char *text,
               Segment    *segment)
{
  const char *end;

  segment->index = text[1] != '"';
  if (segment->index)
    {
      end = text + 1 + strspn (text + 1, "0123456789");
      if (end == text + 1 || *end != ']')
        return NULL;
      segment->name = g_strndup (text + 1, end - text - 1);
      return end + 1;
    }

  end = strstr (text + 2, "\"]");
  if (end == NULL)
    return NULL;
  segment->name = g_strndup (text + 2, end - text - 2);
  return end + 2;
}

/* Takes "steps[0].repeat=5" apart; returns the segments and sets @value to what follows the `=`. */
static GArray *
parse_setting (const char  *setting,
               const char **value,
               GError     **error)
{
  g_autoptr (GArray) segments = g_array_new (FALSE, FALSE, sizeof (Segment));
  const char        *at = setting;

  g_array_set_clear_func (segments, clear_segment);

  while (at != NULL)
    {
      Segment segment = { NULL, FALSE };

      if (*at == '[')
        {
          at = parse_bracket (at, &segment);
        }
      else
        {
          gsize length = strcspn (at, ".[=");

          segment.name = length > 0 ? g_strndup (at, length) : NULL;
          at += length;
        }

      if (at == NULL || segment.name == NULL)
        break;
      g_array_append_val (segments, segment);

      if (*at == '=')
        {
          *value = at + 1;
          return g_steal_pointer (&segments);
        }
      if (*at == '.')
        at++;
      else if (*at != '[')
        break;
    }

  set_error (error, setting, _ ("expected MEMBER=VALUE, such as params.demand=1.2 or steps[0].repeat=5"));
  return NULL;
}

/* The value as JSON text: as it is where it is JSON, a string otherwise. */
static char *
dup_value (const char *setting,
           const char *value,
           GError    **error)
{
  g_autoptr (GError) reason = NULL;
  GString           *string;
  LockstepJson       json;

  if (lockstep_json_scan (value, strlen (value), &json, &reason))
    return lockstep_json_dup_text (json);

  /* What is JSON in form but holds too much (1e400) was not meant to be a string. */
  if (!g_error_matches (reason, LOCKSTEP_JSON_ERROR, LOCKSTEP_JSON_ERROR_SYNTAX) || !g_utf8_validate (value, -1, NULL))
    {
      set_error (error, setting, "%s", reason->message);
      return NULL;
    }

  string = g_string_new (NULL);
  lockstep_json_append_string (string, value, -1);
  return g_string_free (string, FALSE);
}

/* Appends the members that are missing, from segment @first on, around @value. */
static gboolean
append_members (GString    *out,
                GArray     *segments,
                guint       first,
                const char *value,
                const char *setting,
                GError    **error)
{
  for (guint i = first; i < segments->len; i++)
    {
      const Segment *segment = &g_array_index (segments, Segment, i);

      if (segment->index)
        {
          set_error (error, setting, _ ("there is no list that has an element [%s]"), segment->name);
          return FALSE;
        }
      if (i > first)
        g_string_append_c (out, '{');
      lockstep_json_append_string (out, segment->name, -1);
      g_string_append (out, ": ");
    }

  g_string_append (out, value);
  for (guint i = first + 1; i < segments->len; i++)
    g_string_append_c (out, '}');

  return TRUE;
}

/* Puts @insertion in place of the @length bytes at @place, which points into @text. */
static GBytes *
splice (GBytes     *text,
        const char *place,
        gsize       length,
        const char *insertion)
{
  gsize       size;
  const char *data = g_bytes_get_data (text, &size);
  GString    *result = g_string_sized_new (size + strlen (insertion));

  g_string_append_len (result, data, place - data);
  g_string_append (result, insertion);
  g_string_append_len (result, place + length, data + size - (place + length));

  return g_string_free_to_bytes (result);
}

/* The comma and the white space that a member behind @name, the last one of @object, begins with: as that one stands. */
static char *
dup_separator (LockstepJson object,
               LockstepJson name)
{
  const char *start = name.text;

  while (start > object.text + 1 && strchr (" \t\r\n", start[-1]) != NULL)
    start--;

  return memchr (start, '\n', (gsize) (name.text - start)) != NULL ? g_strdup_printf (",%.*s", (int) (name.text - start), start)
                                                                   : g_strdup (", ");
}

/* Adds a member behind the last one of @object. */
static GBytes *
splice_member (GBytes      *text,
               LockstepJson object,
               const char  *member)
{
  g_autofree char *separator = NULL;
  g_autofree char *insertion = NULL;
  LockstepJsonIter iter;
  LockstepJson     name, value;
  LockstepJson     last = { NULL, 0 };
  const char      *place = object.text + 1;

  lockstep_json_iter_init (&iter, object);
  while (lockstep_json_iter_next (&iter, &name, &value))
    {
      place = value.text + value.length;
      last = name;
    }

  separator = last.text != NULL ? dup_separator (object, last) : g_strdup ("");
  insertion = g_strconcat (separator, member, NULL);
  return splice (text, place, 0, insertion);
}

/* The element of the list @json that @segment names; absent with an error. */
static LockstepJson
get_element (LockstepJson   json,
             const Segment *segment,
             const char    *path,
             const char    *setting,
             GError       **error)
{
  LockstepJson absent = { NULL, 0 };
  LockstepJson element = absent;
  guint        count = lockstep_json_count (json);

  /* A name that is not an index is none of the elements. */
  if (segment->name[strspn (segment->name, "0123456789")] == '\0')
    element = lockstep_json_get_path (json, segment->name);

  if (element.text == NULL)
    set_error (error, setting,
               ngettext ("“%s” is a list of %u element, and [%s] is not in it",
                         "“%s” is a list of %u elements, and [%s] is not in it", count),
               path, count, segment->name);
  return element;
}

/* @value put at @segments of @json, the root of @text. */
static GBytes *
splice_setting (GBytes      *text,
                LockstepJson json,
                GArray      *segments,
                const char  *value,
                const char  *setting,
                GError     **error)
{
  g_autoptr (GString) path = g_string_new (NULL);
  LockstepJson        at = json;

  for (guint i = 0; i < segments->len; i++)
    {
      const Segment   *segment = &g_array_index (segments, Segment, i);
      LockstepJsonKind kind = lockstep_json_get_kind (at);
      LockstepJson     next = { NULL, 0 };

      if (kind == LOCKSTEP_JSON_ARRAY)
        {
          if ((next = get_element (at, segment, path->str, setting, error)).text == NULL)
            return NULL;
        }
      else if (kind == LOCKSTEP_JSON_OBJECT && !segment->index)
        {
          if ((next = lockstep_json_get_member (at, segment->name)).text == NULL)
            {
              g_autoptr (GString) member = g_string_new (NULL);

              if (!append_members (member, segments, i, value, setting, error))
                return NULL;
              return splice_member (text, at, member->str);
            }
        }
      else
        {
          g_autofree char *description = lockstep_plan_describe (at);

          set_error (error, setting,
                     _ ("“%s” is %s, so there is nothing named “%s” in it"), path->str, description, segment->name);
          return NULL;
        }

      if (path->len > 0 && !segment->index)
        g_string_append_c (path, '.');
      g_string_append_printf (path, segment->index ? "[%s]" : "%s", segment->name);
      at = next;
    }

  return splice (text, at.text, at.length, value);
}

GBytes *
lockstep_plan_apply_setting (GBytes     *text,
                             const char *setting,
                             GError    **error)
{
  g_autoptr (GArray) segments = NULL;
  g_autoptr (GBytes) changed = NULL;
  g_autoptr (GError) reason = NULL;
  g_autofree char   *value = NULL;
  const char        *raw_value = NULL;
  gsize              size;
  const char        *data = g_bytes_get_data (text, &size);
  LockstepJson       json;

  if ((segments = parse_setting (setting, &raw_value, error)) == NULL ||
      (value = dup_value (setting, raw_value, error)) == NULL ||
      !lockstep_json_scan (data, size, &json, error) ||
      (changed = splice_setting (text, json, segments, value, setting, error)) == NULL)
    return NULL;

  /* Two texts that are JSON can be nested too deep together. */
  data = g_bytes_get_data (changed, &size);
  if (!lockstep_json_scan (data, size, &json, &reason))
    {
      set_error (error, setting, "%s", reason->message);
      return NULL;
    }

  return g_steal_pointer (&changed);
}
