/* SPDX-License-Identifier: MIT */

#include "lockstep-json.h"

#include <math.h>

#include "lockstep-json-text.h"

/* A number whose digits before the point and exponent add up to no more than this is no infinity. */
#define SAFE_MAGNITUDE 308

typedef struct
{
  const char *start;
  const char *next;
  const char *end;
  guint       max_depth;
  guint       depth;
  char        closing[LOCKSTEP_JSON_MAX_DEPTH]; /* of each open container, from the outermost */
  GError    **error;
} Scanner;

G_DEFINE_QUARK (lockstep_json_error, lockstep_json_error)

/* The one place that refuses a text: at scanner->next. */
G_GNUC_PRINTF (3, 4)
static gboolean
refuse (Scanner          *scanner,
        LockstepJsonError code,
        const char       *format,
        ...)
{
  g_autofree char *message = NULL;
  const char      *line_start = scanner->start;
  guint64          line = 1;
  guint64          column = 1;
  va_list          arguments;

  for (const char *c = scanner->start; c < scanner->next; c++)
    if (*c == '\n')
      {
        line++;
        line_start = c + 1;
      }

  /* Characters, not bytes. */
  for (const char *c = line_start; c < scanner->next; c++)
    if (((guchar) *c & 0xc0) != 0x80)
      column++;

  va_start (arguments, format);
  message = g_strdup_vprintf (format, arguments);
  va_end (arguments);

  g_set_error (scanner->error, LOCKSTEP_JSON_ERROR, code,
               "%s at line %" G_GUINT64_FORMAT ", column %" G_GUINT64_FORMAT, message, line, column);

  return FALSE;
}

static gboolean
refuse_instead_of (Scanner    *scanner,
                   const char *expected)
{
  if (scanner->next == scanner->end)
    return refuse (scanner, LOCKSTEP_JSON_ERROR_SYNTAX, "Expected %s, but the text ends", expected);

  if (g_ascii_isprint (*scanner->next))
    return refuse (scanner, LOCKSTEP_JSON_ERROR_SYNTAX, "Expected %s, not “%c”,", expected, *scanner->next);

  return refuse (scanner, LOCKSTEP_JSON_ERROR_SYNTAX, "Expected %s, not the byte 0x%02x,", expected,
                 (guchar) *scanner->next);
}

static inline void
skip_space (Scanner *scanner)
{
  const char *c = scanner->next;

  while (c < scanner->end && (*c == ' ' || *c == '\n' || *c == '\r' || *c == '\t'))
    c++;

  scanner->next = c;
}

static inline gboolean
at (Scanner *scanner,
    char     c)
{
  return scanner->next < scanner->end && *scanner->next == c;
}

static inline const char *
skip_digits (Scanner *scanner)
{
  const char *c = scanner->next;

  while (c < scanner->end && (guchar) (*c - '0') < 10)
    c++;

  return c;
}

/* Reads the four hexadecimal digits of an escape, scanner->next being the u. */
static gboolean
scan_code_unit (Scanner *scanner,
                guint   *unit)
{
  *unit = 0;
  scanner->next++;

  for (guint i = 0; i < 4; i++, scanner->next++)
    {
      if (scanner->next == scanner->end || !g_ascii_isxdigit (*scanner->next))
        return refuse_instead_of (scanner, "four hexadecimal digits after “\\u”");

      *unit = *unit * 16 + (guint) g_ascii_xdigit_value (*scanner->next);
    }

  return TRUE;
}

/* scanner->next is the backslash. */
static gboolean
scan_escape (Scanner *scanner)
{
  const char *escape = scanner->next++;
  guint       high;
  guint       low;

  if (scanner->next == scanner->end || *scanner->next == '\0' || !strchr ("\"\\/bfnrtu", *scanner->next))
    return refuse_instead_of (scanner, "one of “\"\\/bfnrtu” after a backslash");

  if (*scanner->next != 'u')
    {
      scanner->next++;
      return TRUE;
    }

  if (!scan_code_unit (scanner, &high))
    return FALSE;

  if ((high & 0xf800) != 0xd800)
    return TRUE;

  if (high < 0xdc00 && at (scanner, '\\') && scanner->end - scanner->next >= 2 && scanner->next[1] == 'u')
    {
      scanner->next++;
      if (!scan_code_unit (scanner, &low))
        return FALSE;
      if ((low & 0xfc00) == 0xdc00)
        return TRUE;
    }

  scanner->next = escape;

  return refuse (scanner, LOCKSTEP_JSON_ERROR_ENCODING,
                 "The surrogate “\\u%04x” stands without its other half", high);
}

/* scanner->next is the opening quote. */
static gboolean
scan_string (Scanner *scanner)
{
  scanner->next++;

  for (;;)
    {
      gsize length;

      scanner->next = lockstep_skip_plain (scanner->next, scanner->end);

      if (scanner->next == scanner->end)
        return refuse (scanner, LOCKSTEP_JSON_ERROR_SYNTAX, "The text ends inside a string");

      if (*scanner->next == '"')
        {
          scanner->next++;
          return TRUE;
        }

      if (*scanner->next == '\\')
        {
          if (!scan_escape (scanner))
            return FALSE;
        }
      else if ((guchar) *scanner->next < 0x20)
        {
          return refuse (scanner, LOCKSTEP_JSON_ERROR_SYNTAX, "The control character 0x%02x stands in a string",
                         (guchar) *scanner->next);
        }
      else
        {
          if ((length = lockstep_utf8_length (scanner->next, scanner->end)) == 0)
            return refuse (scanner, LOCKSTEP_JSON_ERROR_ENCODING, "The byte 0x%02x is not UTF-8",
                           (guchar) *scanner->next);

          scanner->next += length;
        }
    }
}

static gboolean
scan_number (Scanner *scanner)
{
  const char      *start = scanner->next;
  const char      *digits;
  gsize            magnitude;
  g_autofree char *copy = NULL;

  if (*scanner->next == '-')
    scanner->next++;

  digits = scanner->next;
  scanner->next = skip_digits (scanner);
  if (scanner->next == digits)
    return refuse_instead_of (scanner, "a digit");

  magnitude = (gsize) (scanner->next - digits);
  if (*digits == '0' && magnitude > 1)
    {
      scanner->next = digits + 1;
      return refuse (scanner, LOCKSTEP_JSON_ERROR_SYNTAX, "A number may not start with 0, as this one does,");
    }

  if (at (scanner, '.'))
    {
      digits = ++scanner->next;
      if ((scanner->next = skip_digits (scanner)) == digits)
        return refuse_instead_of (scanner, "a digit after the decimal point");
    }

  if (scanner->next < scanner->end && (*scanner->next | 0x20) == 'e')
    {
      gboolean negative = FALSE;
      gsize    exponent = 0;

      scanner->next++;
      if (at (scanner, '+') || at (scanner, '-'))
        negative = *scanner->next++ == '-';

      digits = scanner->next;
      if ((scanner->next = skip_digits (scanner)) == digits)
        return refuse_instead_of (scanner, "a digit in the exponent");

      for (; digits < scanner->next && exponent <= SAFE_MAGNITUDE; digits++)
        exponent = exponent * 10 + (gsize) (*digits - '0');

      if (!negative)
        magnitude += exponent;
    }

  if (G_LIKELY (magnitude <= SAFE_MAGNITUDE))
    return TRUE;

  copy = g_strndup (start, (gsize) (scanner->next - start));
  if (isfinite (g_ascii_strtod (copy, NULL)))
    return TRUE;

  scanner->next = start;

  return refuse (scanner, LOCKSTEP_JSON_ERROR_RANGE, "The number %.24s%s is too large for a double", copy,
                 strlen (copy) > 24 ? "…" : "");
}

static gboolean
scan_literal (Scanner    *scanner,
              const char *literal)
{
  gsize length = strlen (literal);

  if ((gsize) (scanner->end - scanner->next) < length || memcmp (scanner->next, literal, length) != 0)
    return refuse_instead_of (scanner, "a value");

  scanner->next += length;

  return TRUE;
}

/* The name of a member and the colon after it. */
static gboolean
scan_name (Scanner      *scanner,
           LockstepJson *name)
{
  skip_space (scanner);
  if (!at (scanner, '"'))
    return refuse_instead_of (scanner, "the name of a member in quotes");

  name->text = scanner->next;
  scanner->next = lockstep_skip_plain (name->text + 1, scanner->end);
  if (G_LIKELY (at (scanner, '"')))
    {
      scanner->next++;
    }
  else
    {
      scanner->next = name->text;
      if (!scan_string (scanner))
        return FALSE;
    }

  name->length = (gsize) (scanner->next - name->text);
  skip_space (scanner);
  if (!at (scanner, ':'))
    return refuse_instead_of (scanner, "“:” after the name of a member");

  scanner->next++;

  return TRUE;
}

static gboolean
refuse_depth (Scanner *scanner)
{
  return refuse (scanner, LOCKSTEP_JSON_ERROR_DEPTH, "Arrays and objects are nested deeper than %d levels",
                 LOCKSTEP_JSON_MAX_DEPTH);
}

/* Enters a container. Sets @empty where there is nothing in it, and it is left again. */
static gboolean
scan_opening (Scanner  *scanner,
              char      closing,
              gboolean *empty)
{
  LockstepJson name;

  if (scanner->depth == scanner->max_depth)
    return refuse_depth (scanner);

  scanner->next++;
  skip_space (scanner);

  if ((*empty = at (scanner, closing)))
    {
      scanner->next++;
      return TRUE;
    }

  scanner->closing[scanner->depth++] = closing;

  return closing == ']' || scan_name (scanner, &name);
}

/* What follows a value: as many ends of containers as there are, then a comma, or the end of the whole. */
static gboolean
scan_after_value (Scanner *scanner)
{
  while (scanner->depth > 0)
    {
      char         closing = scanner->closing[scanner->depth - 1];
      LockstepJson name;

      skip_space (scanner);

      if (at (scanner, ','))
        {
          scanner->next++;
          return closing == ']' || scan_name (scanner, &name);
        }

      if (!at (scanner, closing))
        return refuse_instead_of (scanner, closing == ']' ? "“,” or “]”" : "“,” or “}”");

      scanner->next++;
      scanner->depth--;
    }

  return TRUE;
}

/* One value, and all that is in it; without recursion, so that no text can exhaust the stack. */
static gboolean
scan_value (Scanner *scanner)
{
  do
    {
      gboolean complete = TRUE;
      gboolean good;

      skip_space (scanner);
      if (scanner->next == scanner->end)
        return refuse_instead_of (scanner, "a value");

      switch (*scanner->next)
        {
        case '{':
          good = scan_opening (scanner, '}', &complete);
          break;
        case '[':
          good = scan_opening (scanner, ']', &complete);
          break;
        case '"':
          good = scan_string (scanner);
          break;
        case 't':
          good = scan_literal (scanner, "true");
          break;
        case 'f':
          good = scan_literal (scanner, "false");
          break;
        case 'n':
          good = scan_literal (scanner, "null");
          break;
        case '-':
        case '0' ... '9':
          good = scan_number (scanner);
          break;
        default:
          good = refuse_instead_of (scanner, "a value");
          break;
        }

      if (!good || (complete && !scan_after_value (scanner)))
        return FALSE;
    }
  while (scanner->depth > 0);

  return TRUE;
}

/* Passes the number that most are; of any other value it says FALSE. */
static inline gboolean
skip_plain_number (Scanner *scanner)
{
  const char *digits = scanner->next;
  const char *after = skip_digits (scanner);

  if (after == scanner->end || after == digits || after - digits > SAFE_MAGNITUDE ||
      (*digits == '0' && after - digits > 1) || *after == '.' || (*after | 0x20) == 'e')
    return FALSE;

  scanner->next = after;

  return TRUE;
}

/* The object at scanner->next, whose members are sorted as they are passed. */
static gboolean
scan_members (Scanner           *scanner,
              const char *const *names,
              guint              n_names,
              LockstepJson      *members)
{
  if (scanner->max_depth-- == 0)
    return refuse_depth (scanner);

  scanner->next++;
  skip_space (scanner);
  if (at (scanner, '}'))
    {
      scanner->next++;
      return TRUE;
    }

  for (;;)
    {
      LockstepJson name;
      LockstepJson value;

      if (!scan_name (scanner, &name))
        return FALSE;

      skip_space (scanner);
      value.text = scanner->next;
      if (!skip_plain_number (scanner) && !scan_value (scanner))
        return FALSE;

      value.length = (gsize) (scanner->next - value.text);
      lockstep_json_sort_member (name, value, names, n_names, members);

      skip_space (scanner);
      if (at (scanner, '}'))
        {
          scanner->next++;
          return TRUE;
        }
      if (!at (scanner, ','))
        return refuse_instead_of (scanner, "“,” or “}”");

      scanner->next++;
    }
}

gboolean
lockstep_json_scan_members (const char        *text,
                            gsize              length,
                            guint              depth,
                            const char *const *names,
                            guint              n_names,
                            LockstepJson      *members,
                            LockstepJson      *value,
                            GError           **error)
{
  Scanner     scanner;
  const char *value_start;
  const char *value_end;
  gboolean    good;

  /* One by one, so that the table of what is open is not cleared for nothing. */
  scanner.start = scanner.next = text;
  scanner.end = text + length;
  scanner.max_depth = LOCKSTEP_JSON_MAX_DEPTH - depth;
  scanner.depth = 0;
  scanner.error = error;

  *value = (LockstepJson){ NULL, 0 };

  skip_space (&scanner);
  value_start = scanner.next;

  if (n_names > 0)
    memset (members, 0, n_names * sizeof *members);
  if (n_names > 0 && at (&scanner, '{'))
    good = scan_members (&scanner, names, n_names, members);
  else
    good = scan_value (&scanner);
  if (!good)
    return FALSE;

  value_end = scanner.next;

  skip_space (&scanner);
  if (scanner.next != scanner.end)
    return refuse_instead_of (&scanner, "nothing after the value");

  *value = (LockstepJson){ value_start, (gsize) (value_end - value_start) };

  return TRUE;
}

gboolean
lockstep_json_scan_within (const char   *text,
                           gsize         length,
                           guint         depth,
                           LockstepJson *value,
                           GError      **error)
{
  return lockstep_json_scan_members (text, length, depth, NULL, 0, NULL, value, error);
}

gboolean
lockstep_json_scan (const char   *text,
                    gsize         length,
                    LockstepJson *value,
                    GError      **error)
{
  g_return_val_if_fail (text != NULL || length == 0, FALSE);
  g_return_val_if_fail (value != NULL, FALSE);

  return lockstep_json_scan_within (text, length, 0, value, error);
}
