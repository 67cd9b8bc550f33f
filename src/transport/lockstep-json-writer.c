/* SPDX-License-Identifier: MIT */

#include "lockstep-json-writer.h"

#include <float.h>
#include <math.h>

#include "lockstep-json-text.h"

/* Integers below this are written exactly by 15 digits. */
#define EXACT_INTEGER 1e15

/* All numbers of two digits, one after the other. */
static const char pairs[] = "00010203040506070809"
                            "10111213141516171819"
                            "20212223242526272829"
                            "30313233343536373839"
                            "40414243444546474849"
                            "50515253545556575859"
                            "60616263646566676869"
                            "70717273747576777879"
                            "80818283848586878889"
                            "90919293949596979899";

#define REPLACEMENT_CHARACTER "\xef\xbf\xbd"

static guint
count_digits (guint64 number)
{
  guint n = 1;

  for (; number >= 1000; number /= 1000)
    n += 3;

  return n + (number >= 10) + (number >= 100);
}

/* How many characters @value has. */
static guint
measure_int (gint64 value)
{
  /* The lowest number has no positive counterpart among those with a sign. */
  return value < 0 ? 1 + count_digits (-(guint64) value) : count_digits ((guint64) value);
}

/* Writes the @length characters of @value, without a NUL. By hand, because printf takes as long as all the rest of a
 * short message. */
static void
format_int (char  *out,
            guint  length,
            gint64 value)
{
  guint64 rest = value < 0 ? -(guint64) value : (guint64) value;
  char   *end = out + length;

  for (; rest >= 100; rest /= 100)
    {
      end -= 2;
      memcpy (end, pairs + 2 * (rest % 100), 2);
    }

  if (rest >= 10)
    memcpy (end - 2, pairs + 2 * rest, 2);
  else
    end[-1] = (char) ('0' + rest);

  if (value < 0)
    *out = '-';
}

/* Takes the plus sign and leading zeros out of the exponent: 1e+22 to 1e22, 1e-05 to 1e-5. */
static void
shorten_exponent (char *number)
{
  char *out = strchr (number, 'e');
  char *in;

  if (out == NULL)
    return;

  in = ++out;
  if (*in == '-')
    {
      in++;
      out++;
    }
  else if (*in == '+')
    {
      in++;
    }

  while (*in == '0')
    in++;

  memmove (out, in, strlen (in) + 1);
}

/* Below a power of two doubles lie twice as close as above it. So the nearest decimal of 16 digits may belong to the
 * double below, where the next one further from zero is farther away and yet belongs to this one. */
static gboolean
format_away_from_zero (char  *buffer,
                       double value)
{
  char *digit;

  g_ascii_formatd (buffer, LOCKSTEP_JSON_DOUBLE_SIZE, "%.15e", value);

  for (digit = strchr (buffer, 'e') - 1; *digit == '9'; digit--)
    *digit = '0';

  if (!g_ascii_isdigit (*digit))
    return FALSE;

  (*digit)++;

  return g_ascii_strtod (buffer, NULL) == value;
}

const char *
lockstep_json_format_double (char  *buffer,
                             double value)
{
  /* Every decimal of 15 digits survives a double, so that 15 digits without trailing zeros are the shortest
   * form where they read back. Subnormals hold fewer. */
  int digits = fabs (value) < DBL_MIN ? 1 : DBL_DIG;

  g_return_val_if_fail (isfinite (value), "0");

  if (fabs (value) < EXACT_INTEGER && value == trunc (value) && !(value == 0 && signbit (value)))
    {
      const guint length = measure_int ((gint64) value);

      format_int (buffer, length, (gint64) value);
      buffer[length] = '\0';
      return buffer;
    }

  for (;; digits++)
    {
      char format[8];

      g_snprintf (format, sizeof format, "%%.%dg", digits);
      g_ascii_formatd (buffer, LOCKSTEP_JSON_DOUBLE_SIZE, format, value);

      if (digits == DBL_DECIMAL_DIG || g_ascii_strtod (buffer, NULL) == value ||
          (digits == DBL_DECIMAL_DIG - 1 && format_away_from_zero (buffer, value)))
        break;
    }

  shorten_exponent (buffer);

  return buffer;
}

void
lockstep_json_append_double (GString *out,
                             double   value)
{
  char buffer[LOCKSTEP_JSON_DOUBLE_SIZE];

  g_string_append (out, lockstep_json_format_double (buffer, value));
}

void
lockstep_json_append_int (GString *out,
                          gint64   value)
{
  const gsize start = out->len;
  guint       length;

  /* Most indices are one digit. */
  if (G_LIKELY ((guint64) value < 10 && start + 1 < out->allocated_len))
    {
      out->str[start] = (char) ('0' + value);
      out->str[++out->len] = '\0';
      return;
    }

  length = measure_int (value);
  if (G_UNLIKELY (length >= out->allocated_len - start))
    g_string_set_size (out, start + length);

  format_int (out->str + start, length, value);
  out->len = start + length;
  out->str[out->len] = '\0';
}

/* Appends the first character of @text, which is not plain, and returns what follows it. */
static const char *
append_special (GString    *out,
                const char *text,
                const char *end)
{
  gsize length;

  switch (*text)
    {
    case '"':
      g_string_append (out, "\\\"");
      return text + 1;
    case '\\':
      g_string_append (out, "\\\\");
      return text + 1;
    case '\b':
      g_string_append (out, "\\b");
      return text + 1;
    case '\f':
      g_string_append (out, "\\f");
      return text + 1;
    case '\n':
      g_string_append (out, "\\n");
      return text + 1;
    case '\r':
      g_string_append (out, "\\r");
      return text + 1;
    case '\t':
      g_string_append (out, "\\t");
      return text + 1;
    default:
      break;
    }

  if ((guchar) *text < 0x20)
    {
      g_string_append_printf (out, "\\u%04x", (guchar) *text);
      return text + 1;
    }

  if ((length = lockstep_utf8_length (text, end)) > 0)
    {
      g_string_append_len (out, text, (gssize) length);
      return text + length;
    }

  g_string_append (out, REPLACEMENT_CHARACTER);

  return text + 1;
}

void
lockstep_json_append_string (GString    *out,
                             const char *text,
                             gssize      length)
{
  const char *end = text + (length < 0 ? (gssize) strlen (text) : length);

  g_string_append_c (out, '"');

  while (text < end)
    {
      const char *special = lockstep_skip_plain (text, end);

      lockstep_json_append_text (out, text, (gsize) (special - text));
      text = special < end ? append_special (out, special, end) : end;
    }

  g_string_append_c (out, '"');
}

void
lockstep_json_append_name (GString    *out,
                           const char *name)
{
  char last = out->len > 0 ? out->str[out->len - 1] : '{';

  if (last != '{' && last != '[')
    g_string_append_c (out, ',');

  lockstep_json_append_string (out, name, -1);
  g_string_append_c (out, ':');
}

void
lockstep_json_append_int_member (GString    *out,
                                 const char *name,
                                 gint64      value)
{
  lockstep_json_append_name (out, name);
  lockstep_json_append_int (out, value);
}

void
lockstep_json_append_boolean_member (GString    *out,
                                     const char *name,
                                     gboolean    value)
{
  lockstep_json_append_name (out, name);
  if (value)
    lockstep_json_append_literal (out, "true");
  else
    lockstep_json_append_literal (out, "false");
}

void
lockstep_json_append_double_member (GString    *out,
                                    const char *name,
                                    double      value)
{
  lockstep_json_append_name (out, name);
  if (isfinite (value))
    lockstep_json_append_double (out, value);
  else
    lockstep_json_append_literal (out, "null");
}

void
lockstep_json_append_string_member (GString    *out,
                                    const char *name,
                                    const char *text)
{
  lockstep_json_append_name (out, name);
  if (text != NULL)
    lockstep_json_append_string (out, text, -1);
  else
    lockstep_json_append_literal (out, "null");
}
