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
