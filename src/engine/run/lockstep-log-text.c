/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-log-text.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#define REPLACEMENT "\357\277\275"
#define ESCAPE      0x1b

/* Nearly all that solvers print, and then the line is shown as it is. */
static gboolean
is_plain (const char *line,
          gsize       length)
{
  for (gsize i = 0; i < length; i++)
    {
      guchar byte = line[i];

      if ((byte < 0x20 && byte != '\t') || byte >= 0x7f)
        return FALSE;
    }

  return TRUE;
}

/* The first byte behind the escape sequence that @text begins with. */
static const char *
skip_escape (const char *text,
             const char *end)
{
  if (++text == end)
    return end;
  if (*text != '[')
    return text + 1;

  for (text++; text < end; text++)
    if (*text >= 0x40 && *text <= 0x7e)
      return text + 1;

  return end;
}

static void
append_character (GString *out,
                  gunichar character)
{
  /* Separators would break the line in the view. */
  if (character == '\t' || (!g_unichar_iscntrl (character) && character != 0x2028 && character != 0x2029))
    g_string_append_unichar (out, character);
  else
    g_string_append (out, REPLACEMENT);
}

static void
append_any (GString    *out,
            const char *line,
            gsize       length)
{
  const char *end = line + length;

  while (line < end)
    {
      gunichar character;

      if (*line == ESCAPE)
        {
          line = skip_escape (line, end);
          continue;
        }

      character = g_utf8_get_char_validated (line, end - line);
      if (character == (gunichar) -1 || character == (gunichar) -2)
        {
          g_string_append (out, REPLACEMENT);
          line++;
        }
      else
        {
          append_character (out, character);
          line = g_utf8_next_char (line);
        }
    }
}

void
lockstep_log_text_append (GString    *out,
                          const char *line,
                          gsize       length)
{
  const char *overwritten;
  gsize       rest = 0;

  while (length > 0 && line[length - 1] == '\r')
    length--;
  if ((overwritten = memrchr (line, '\r', length)) != NULL)
    {
      length -= overwritten + 1 - line;
      line = overwritten + 1;
    }

  if (length > LOCKSTEP_LOG_TEXT_MAX_LINE)
    {
      rest = length - LOCKSTEP_LOG_TEXT_MAX_LINE;
      length = LOCKSTEP_LOG_TEXT_MAX_LINE;
      for (guint i = 0; i < 3 && (line[length] & 0xc0) == 0x80; i++)
        {
          length--;
          rest++;
        }
    }

  if (is_plain (line, length))
    g_string_append_len (out, line, length);
  else
    append_any (out, line, length);

  if (rest > 0)
    {
      g_autofree char *size = g_format_size (rest);

      g_string_append_printf (out, _ (" … (%s more in the file)"), size);
    }
}
