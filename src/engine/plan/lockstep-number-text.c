/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-number-text.h"

#include <langinfo.h>
#include <string.h>

char *
lockstep_number_dup_text (guint64 number)
{
  g_autofree char *digits = g_strdup_printf ("%" G_GUINT64_FORMAT, number);
  g_autofree char *separator = g_locale_to_utf8 (nl_langinfo (THOUSEP), -1, NULL, NULL, NULL);
  const gsize      length = strlen (digits);
  GString         *out = g_string_new (NULL);

  for (gsize i = 0; i < length; i++)
    {
      if (i > 0 && (length - i) % 3 == 0)
        g_string_append (out, separator != NULL && *separator != '\0' ? separator : ",");
      g_string_append_c (out, digits[i]);
    }

  return g_string_free (out, FALSE);
}

char *
lockstep_number_dup_local (const char *text)
{
  g_autofree char *sign = g_locale_to_utf8 (nl_langinfo (RADIXCHAR), -1, NULL, NULL, NULL);
  const char      *point = strchr (text, '.');

  if (point == NULL || sign == NULL)
    return g_strdup (text);

  return g_strdup_printf ("%.*s%s%s", (int) (point - text), text, sign, point + 1);
}

char *
lockstep_number_dup_short (double number)
{
  char             text[G_ASCII_DTOSTR_BUF_SIZE];
  char            *exponent;
  g_autofree char *mantissa = NULL;
  GString         *out;

  g_ascii_formatd (text, sizeof text, "%.3g", number);
  if ((exponent = strchr (text, 'e')) == NULL)
    return lockstep_number_dup_local (text);

  /* C writes at least two digits of it, and a plus. */
  *exponent = '\0';
  mantissa = lockstep_number_dup_local (text);
  out = g_string_new (mantissa);
  g_string_append_printf (out, "e%d", (int) g_ascii_strtoll (exponent + 1, NULL, 10));

  return g_string_free (out, FALSE);
}
