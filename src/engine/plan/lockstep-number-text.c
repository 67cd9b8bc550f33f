/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-number-text.h"

#include <langinfo.h>

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
lockstep_number_dup_short (double number)
{
  char     text[G_ASCII_DTOSTR_BUF_SIZE];
  char    *exponent;
  GString *out;

  g_ascii_formatd (text, sizeof text, "%.3g", number);
  if ((exponent = strchr (text, 'e')) == NULL)
    return g_strdup (text);

  /* C writes at least two digits of it, and a plus. */
  out = g_string_new_len (text, exponent - text);
  g_string_append_printf (out, "e%d", (int) g_ascii_strtoll (exponent + 1, NULL, 10));

  return g_string_free (out, FALSE);
}
