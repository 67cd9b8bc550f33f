/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-decimal.h"

#include <math.h>
#include <string.h>

/* More digits than any program prints. */
#define MAX_LENGTH 400

static gsize
skip_digits (const char *text,
             gsize       at,
             gsize       length)
{
  while (at < length && g_ascii_isdigit (text[at]))
    at++;

  return at;
}

/* Appends the exponent that begins at @at, in JSON's way; FALSE when it is none. */
static gboolean
append_exponent (GString    *out,
                 const char *text,
                 gsize       at,
                 gsize       length,
                 gboolean    has_point)
{
  const gboolean has_letter = strchr ("eEdDqQ", text[at]) != NULL;
  const gsize    sign = has_letter ? at + 1 : at;
  gsize          digits = sign;

  if (digits < length && (text[digits] == '+' || text[digits] == '-'))
    digits++;
  if (digits == length || skip_digits (text, digits, length) != length)
    return FALSE;
  if (!has_letter && (!has_point || digits == sign || length - digits < 3))
    return FALSE;

  g_string_append_c (out, text[at] == 'E' ? 'E' : 'e');
  g_string_append_len (out, text + sign, (gssize) (length - sign));
  return TRUE;
}

static void
strip (const char **text,
       gsize       *length)
{
  for (; *length > 0 && g_ascii_isspace (**text); (*length)--)
    (*text)++;
  while (*length > 0 && g_ascii_isspace ((*text)[*length - 1]))
    (*length)--;
}

/* @text, which has no blanks around it, as a JSON number; NULL when it is none. */
static GString *
read_digits (const char *text,
             gsize       length)
{
  g_autoptr (GString) out = NULL;
  gsize               at = 0, whole, whole_end, part, part_end;
  gboolean            has_point = FALSE;

  if (length == 0 || length > MAX_LENGTH)
    return NULL;

  out = g_string_new (NULL);
  if (text[0] == '-' || text[0] == '+')
    {
      if (text[0] == '-')
        g_string_append_c (out, '-');
      at++;
    }

  whole = at;
  at = whole_end = skip_digits (text, at, length);
  part = part_end = at;
  if (at < length && text[at] == '.')
    {
      has_point = TRUE;
      part = at + 1;
      at = part_end = skip_digits (text, part, length);
    }
  if (whole_end == whole && part_end == part)
    return NULL;

  while (whole + 1 < whole_end && text[whole] == '0')
    whole++;
  if (whole == whole_end)
    g_string_append_c (out, '0');
  g_string_append_len (out, text + whole, (gssize) (whole_end - whole));
  if (part_end > part)
    {
      g_string_append_c (out, '.');
      g_string_append_len (out, text + part, (gssize) (part_end - part));
    }
  if (at < length && !append_exponent (out, text, at, length, has_point))
    return NULL;

  return g_steal_pointer (&out);
}

gboolean
lockstep_decimal_read (const char *text,
                       gsize       length,
                       GString    *json,
                       double     *value)
{
  g_autoptr (GString) out = NULL;
  double              number;

  strip (&text, &length);
  if ((out = read_digits (text, length)) == NULL)
    return FALSE;
  number = g_ascii_strtod (out->str, NULL);
  if (!isfinite (number))
    return FALSE;

  if (json != NULL)
    g_string_append_len (json, out->str, (gssize) out->len);
  if (value != NULL)
    *value = number;
  return TRUE;
}

gboolean
lockstep_decimal_is_broken (const char *text,
                            gsize       length)
{
  static const char *const names[] = { "nan", "inf", "infinity" };
  g_autoptr (GString)      out = NULL;
  gsize                    n_stars = 0;

  strip (&text, &length);
  if ((out = read_digits (text, length)) != NULL)
    return !isfinite (g_ascii_strtod (out->str, NULL));

  while (n_stars < length && text[n_stars] == '*')
    n_stars++;
  if (n_stars == length)
    return n_stars > 1;

  if (*text == '-' || *text == '+')
    {
      text++;
      length--;
    }
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (length == strlen (names[i]) && g_ascii_strncasecmp (text, names[i], length) == 0)
      return TRUE;

  return FALSE;
}
