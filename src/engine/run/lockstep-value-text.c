/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-value-text.h"

#include <string.h>

/* Bytes of one member, and of all before the last. */
#define MAX_MEMBER 120
#define MAX_ALL    1000

/* A string that is longer is not decoded as a whole for the beginning of it. */
#define MAX_DECODED 4096

/* Appends the first @max bytes of @text, and “…” where there are more. TRUE when it was cut. */
static gboolean
append_cut (GString    *out,
            const char *text,
            gsize       length,
            gsize       max)
{
  const char *end = text + length;

  if (length > max)
    for (end = text + max; end > text && ((guchar) *end & 0xc0) == 0x80; end--)
      ;
  g_string_append_len (out, text, end - text);
  if (length > max)
    g_string_append (out, "…");

  return length > max;
}

static gboolean
append_string (GString     *out,
               LockstepJson value,
               gsize        max)
{
  const gsize      start = out->len;
  g_autofree char *text = NULL;
  gsize            length;
  gboolean         cut;

  if (value.length > MAX_DECODED)
    return append_cut (out, value.text + 1, value.length - 2, max);

  text = lockstep_json_dup_string (value, &length);
  if (length == 0)
    g_string_append (out, "\"\"");
  cut = append_cut (out, text, length, max);
  for (gsize i = start; i < out->len; i++)
    if (g_ascii_iscntrl (out->str[i]))
      out->str[i] = ' ';

  return cut;
}

/* Appends what is nested, which may be large, as far as it is shown. */
static gboolean
append_nested (GString     *out,
               LockstepJson value,
               gsize        max)
{
  g_autoptr (GString) compact = g_string_new (NULL);
  gboolean            in_string = FALSE;

  for (gsize i = 0; i < value.length && compact->len <= max; i++)
    {
      const char c = value.text[i];

      if (!in_string && g_ascii_isspace (c))
        continue;
      g_string_append_c (compact, c);
      if (in_string && c == '\\')
        g_string_append_c (compact, value.text[++i]);
      else if (c == '"')
        in_string = !in_string;
    }

  return append_cut (out, compact->str, compact->len, max);
}

static gboolean
append_value (GString     *out,
              LockstepJson value,
              gsize        max)
{
  switch (lockstep_json_get_kind (value))
    {
    case LOCKSTEP_JSON_STRING:
      return append_string (out, value, max);
    case LOCKSTEP_JSON_ARRAY:
    case LOCKSTEP_JSON_OBJECT:
      return append_nested (out, value, max);
    default:
      return append_cut (out, value.text, value.length, max);
    }
}

char *
lockstep_value_dup_text (LockstepJson value,
                         gboolean    *cut)
{
  GString         *out = g_string_new (NULL);
  LockstepJsonIter iter;
  LockstepJson     name, member;

  *cut = FALSE;
  if (lockstep_json_get_kind (value) != LOCKSTEP_JSON_OBJECT)
    {
      *cut = append_value (out, value, MAX_ALL);
      return g_string_free (out, FALSE);
    }

  lockstep_json_iter_init (&iter, value);
  while (lockstep_json_iter_next (&iter, &name, &member))
    {
      if (out->len > 0)
        g_string_append (out, " · ");
      if (out->len > MAX_ALL)
        {
          g_string_append (out, "…");
          *cut = TRUE;
          break;
        }
      *cut |= append_string (out, name, MAX_MEMBER);
      g_string_append_c (out, ' ');
      *cut |= append_value (out, member, MAX_MEMBER);
    }

  return g_string_free (out, FALSE);
}
