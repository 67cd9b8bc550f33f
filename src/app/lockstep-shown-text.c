/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-shown-text.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define LONGEST 1000

static void
append_line (GString    *out,
             const char *line,
             gsize       length)
{
  const glong n_characters = g_utf8_strlen (line, (gssize) length);
  const glong more = n_characters - LONGEST;

  if (more <= 0)
    {
      g_string_append_len (out, line, (gssize) length);
      return;
    }

  g_string_append_len (out, line, g_utf8_offset_to_pointer (line, LONGEST) - line);
  g_string_append_printf (out, ngettext ("… and %'ld more character", "… and %'ld more characters", (gulong) more), more);
}

char *
lockstep_shown_text_dup (const char *text)
{
  GString *out = g_string_new (NULL);

  while (*text != '\0')
    {
      const gsize length = strcspn (text, "\n");

      append_line (out, text, length);
      text += length;
      if (*text == '\n')
        {
          g_string_append_c (out, '\n');
          text++;
        }
    }

  return g_string_free (out, FALSE);
}
