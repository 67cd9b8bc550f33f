/* SPDX-License-Identifier: MIT */

#include "lockstep-json.h"

#include "lockstep-json-text.h"

/* Longer numbers are copied to the heap to be read. */
#define NUMBER_SIZE 64

/* An integer of no more digits fits into 64 bits. */
#define SAFE_DIGITS 18

/* A value of less than this share of its document is copied out of it. */
#define SLICE_SHARE 4

static const LockstepJson absent = { NULL, 0 };

/* Everything below walks text that lockstep_json_scan() has accepted, so that it need only find where values end. */

static const char *
skip_space (const char *text,
            const char *end)
{
  while (text < end && (*text == ' ' || *text == '\n' || *text == '\r' || *text == '\t'))
    text++;

  return text;
}

/* The byte after the string whose opening quote is at @text. */
static const char *
skip_string (const char *text,
             const char *end)
{
  text++;

  while (text < end)
    {
      if (end - text >= 8)
        {
          guint64 word = lockstep_bytes_load (text) & LOCKSTEP_BYTES (0x7f);
          guint64 special = lockstep_bytes_below (word ^ LOCKSTEP_BYTES ('"'), 1) |
                            lockstep_bytes_below (word ^ LOCKSTEP_BYTES ('\\'), 1);

          if (special == 0)
            {
              text += 8;
              continue;
            }

          /* Without its high bit another character may look like a quote; the byte itself tells. */
          text += lockstep_bytes_first (special);
        }

      if (*text == '"')
        return text + 1;

      text += *text == '\\' ? 2 : 1;
    }

  return end;
}

/* The byte after the container that opens at @text. */
static const char *
skip_container (const char *text,
                const char *end)
{
  guint depth = 0;

  while (text < end)
    {
      if (end - text >= 8)
        {
          guint64 word = lockstep_bytes_load (text) & LOCKSTEP_BYTES (0x7f);
          guint64 folded = word | LOCKSTEP_BYTES (0x20); /* brackets and braces differ by that alone */
          guint64 special = lockstep_bytes_below (word ^ LOCKSTEP_BYTES ('"'), 1) |
                            lockstep_bytes_below (folded ^ LOCKSTEP_BYTES ('{'), 1) |
                            lockstep_bytes_below (folded ^ LOCKSTEP_BYTES ('}'), 1);

          if (special == 0)
            {
              text += 8;
              continue;
            }
          text += lockstep_bytes_first (special);
        }

      switch (*text)
        {
        case '"':
          text = skip_string (text, end);
          break;
        case '{':
        case '[':
          depth++;
          text++;
          break;
        case '}':
        case ']':
          text++;
          if (--depth == 0)
            return text;
          break;
        default:
          text++;
          break;
        }
    }

  return end;
}

static const char *
skip_value (const char *text,
            const char *end)
{
  if (text == end)
    return end;

  switch (*text)
    {
    case '"':
      return skip_string (text, end);
    case '{':
    case '[':
      return skip_container (text, end);
    default:
      while (text<end && * text> ' ' && *text != ',' && *text != ']' && *text != '}')
        text++;
      return text;
    }
}

/* The text of a string without its quotes. */
static LockstepJson
without_quotes (LockstepJson string)
{
  return (LockstepJson){ string.text + 1, string.length - 2 };
}

static guint
read_code_unit (const char *text)
{
  guint unit = 0;

  for (guint i = 0; i < 4; i++)
    unit = unit * 16 + (guint) g_ascii_xdigit_value (text[i]);

  return unit;
}

/* Decodes the escape whose backslash is at @text to @out, which advances. Returns the byte after it. */
static const char *
decode_escape (const char *text,
               char      **out)
{
  gunichar c;
  char     escape = text[1];

  text += 2;

  switch (escape)
    {
    case 'b':
      *(*out)++ = '\b';
      break;
    case 'f':
      *(*out)++ = '\f';
      break;
    case 'n':
      *(*out)++ = '\n';
      break;
    case 'r':
      *(*out)++ = '\r';
      break;
    case 't':
      *(*out)++ = '\t';
      break;
    case 'u':
      c = read_code_unit (text);
      text += 4;
      if ((c & 0xf800) == 0xd800)
        {
          c = 0x10000 + ((c & 0x3ff) << 10) + (read_code_unit (text + 2) & 0x3ff);
          text += 6;
        }
      *out += g_unichar_to_utf8 (c, *out);
      break;
    default:
      *(*out)++ = escape;
      break;
    }

  return text;
}

LockstepJsonKind
lockstep_json_get_kind (LockstepJson value)
{
  if (value.length == 0)
    return LOCKSTEP_JSON_ABSENT;

  switch (*value.text)
    {
    case 'n':
      return LOCKSTEP_JSON_NULL;
    case 't':
    case 'f':
      return LOCKSTEP_JSON_BOOLEAN;
    case '"':
      return LOCKSTEP_JSON_STRING;
    case '[':
      return LOCKSTEP_JSON_ARRAY;
    case '{':
      return LOCKSTEP_JSON_OBJECT;
    default:
      return LOCKSTEP_JSON_NUMBER;
    }
}

const char *
lockstep_json_describe (LockstepJson value)
{
  switch (lockstep_json_get_kind (value))
    {
    case LOCKSTEP_JSON_NULL:
      return "null";
    case LOCKSTEP_JSON_BOOLEAN:
      return *value.text == 't' ? "true" : "false";
    case LOCKSTEP_JSON_NUMBER:
      return "a number";
    case LOCKSTEP_JSON_STRING:
      return "a string";
    case LOCKSTEP_JSON_ARRAY:
      return "an array";
    case LOCKSTEP_JSON_OBJECT:
      return "an object";
    case LOCKSTEP_JSON_ABSENT:
    default:
      return "nothing";
    }
}

void
lockstep_json_iter_init (LockstepJsonIter *iter,
                         LockstepJson      container)
{
  LockstepJsonKind kind = lockstep_json_get_kind (container);

  if (kind != LOCKSTEP_JSON_OBJECT && kind != LOCKSTEP_JSON_ARRAY)
    {
      *iter = (LockstepJsonIter){ NULL, NULL, '\0' };
      return;
    }

  iter->next = container.text + 1;
  iter->end = container.text + container.length;
  iter->closing = kind == LOCKSTEP_JSON_OBJECT ? '}' : ']';
}

gboolean
lockstep_json_iter_next (LockstepJsonIter *iter,
                         LockstepJson     *name,
                         LockstepJson     *value)
{
  const char  *text = skip_space (iter->next, iter->end);
  LockstepJson found_name = absent;

  if (text == iter->end || *text == iter->closing)
    return FALSE;

  if (*text == ',')
    text = skip_space (text + 1, iter->end);

  if (iter->closing == '}')
    {
      found_name.text = text;
      text = skip_string (text, iter->end);
      found_name.length = (gsize) (text - found_name.text);

      text = skip_space (text, iter->end);
      text = skip_space (text + 1, iter->end);
    }

  iter->next = skip_value (text, iter->end);

  if (name != NULL)
    *name = found_name;
  if (value != NULL)
    *value = (LockstepJson){ text, (gsize) (iter->next - text) };

  return TRUE;
}

guint
lockstep_json_count (LockstepJson container)
{
  LockstepJsonIter iter;
  guint            count = 0;

  lockstep_json_iter_init (&iter, container);
  while (lockstep_json_iter_next (&iter, NULL, NULL))
    count++;

  return count;
}

LockstepJson
lockstep_json_get_member (LockstepJson object,
                          const char  *name)
{
  LockstepJsonIter iter;
  LockstepJson     member_name;
  LockstepJson     member;
  LockstepJson     found = absent;

  if (lockstep_json_get_kind (object) != LOCKSTEP_JSON_OBJECT)
    return absent;

  lockstep_json_iter_init (&iter, object);
  while (lockstep_json_iter_next (&iter, &member_name, &member))
    if (lockstep_json_is_string (member_name, name))
      found = member;

  return found;
}

/* Whether a name as it stands in the text, between its quotes and without escapes, is @name. */
static inline gboolean
is_name (LockstepJson inner,
         const char  *name)
{
  gsize i;

  for (i = 0; i < inner.length && inner.text[i] == name[i]; i++)
    ;

  return i == inner.length && name[i] == '\0';
}

void
lockstep_json_sort_member (LockstepJson       name,
                           LockstepJson       value,
                           const char *const *names,
                           guint              n_names,
                           LockstepJson      *members)
{
  const LockstepJson inner = without_quotes (name);
  const char         first = *inner.text;
  guint              i;

  for (i = 0; i < n_names && (names[i][0] != first || !is_name (inner, names[i])); i++)
    ;

  if (i == n_names && memchr (inner.text, '\\', inner.length) != NULL)
    for (i = 0; i < n_names && !lockstep_json_is_string (name, names[i]); i++)
      ;

  if (i < n_names)
    members[i] = value;
}

void
lockstep_json_get_members (LockstepJson       object,
                           const char *const *names,
                           guint              n_names,
                           LockstepJson      *values)
{
  LockstepJsonIter iter;
  LockstepJson     name, value;

  memset (values, 0, n_names * sizeof *values);
  if (lockstep_json_get_kind (object) != LOCKSTEP_JSON_OBJECT)
    return;

  lockstep_json_iter_init (&iter, object);
  while (lockstep_json_iter_next (&iter, &name, &value))
    lockstep_json_sort_member (name, value, names, n_names, values);
}

LockstepJson
lockstep_json_get_path (LockstepJson value,
                        const char  *path)
{
  g_auto (GStrv) names = g_strsplit (path, ".", -1);

  for (guint i = 0; names[i] != NULL; i++)
    {
      LockstepJsonIter iter;
      guint64          index;

      if (lockstep_json_get_kind (value) != LOCKSTEP_JSON_ARRAY)
        {
          value = lockstep_json_get_member (value, names[i]);
          continue;
        }

      if (!g_ascii_string_to_unsigned (names[i], 10, 0, G_MAXUINT64, &index, NULL))
        return absent;

      lockstep_json_iter_init (&iter, value);
      do
        if (!lockstep_json_iter_next (&iter, NULL, &value))
          return absent;
      while (index-- > 0);
    }

  return value;
}

gboolean
lockstep_json_get_double (LockstepJson value,
                          double      *number)
{
  if (lockstep_json_get_kind (value) != LOCKSTEP_JSON_NUMBER)
    return FALSE;

  /* A copy, because a number at the very end of a document has nothing after it that would stop strtod. */
  if (value.length < NUMBER_SIZE)
    {
      char copy[NUMBER_SIZE];

      memcpy (copy, value.text, value.length);
      copy[value.length] = '\0';
      *number = g_ascii_strtod (copy, NULL);
    }
  else
    {
      g_autofree char *copy = g_strndup (value.text, value.length);

      *number = g_ascii_strtod (copy, NULL);
    }

  return TRUE;
}

gboolean
lockstep_json_get_int (LockstepJson value,
                       gint64      *number)
{
  gboolean negative;
  gint64   sum = 0;

  if (lockstep_json_get_kind (value) != LOCKSTEP_JSON_NUMBER)
    return FALSE;

  negative = *value.text == '-';

  /* So few digits cannot be too many. */
  if (!negative && value.length <= SAFE_DIGITS)
    {
      for (gsize i = 0; i < value.length; i++)
        {
          guchar digit = (guchar) (value.text[i] - '0');

          if (digit > 9)
            return FALSE;

          sum = sum * 10 + digit;
        }

      *number = sum;

      return TRUE;
    }

  for (gsize i = negative ? 1 : 0; i < value.length; i++)
    {
      gint64 digit = value.text[i] - '0';

      if (digit < 0 || digit > 9)
        return FALSE;

      if (__builtin_mul_overflow (sum, (gint64) 10, &sum) ||
          __builtin_add_overflow (sum, negative ? -digit : digit, &sum))
        return FALSE;
    }

  *number = sum;

  return TRUE;
}

gboolean
lockstep_json_get_boolean (LockstepJson value,
                           gboolean    *boolean)
{
  if (lockstep_json_get_kind (value) != LOCKSTEP_JSON_BOOLEAN)
    return FALSE;

  *boolean = *value.text == 't';

  return TRUE;
}

char *
lockstep_json_dup_string (LockstepJson value,
                          gsize       *length)
{
  const char *end;
  char       *decoded;
  char       *out;

  if (lockstep_json_get_kind (value) != LOCKSTEP_JSON_STRING)
    return NULL;

  value = without_quotes (value);
  end = value.text + value.length;

  /* No escape is shorter than what it stands for. */
  out = decoded = g_malloc (value.length + 1);

  while (value.text < end)
    {
      const char *escape = memchr (value.text, '\\', (gsize) (end - value.text));
      gsize       plain = (gsize) ((escape != NULL ? escape : end) - value.text);

      memcpy (out, value.text, plain);
      out += plain;
      value.text = escape != NULL ? decode_escape (escape, &out) : end;
    }

  *out = '\0';
  if (length != NULL)
    *length = (gsize) (out - decoded);

  return decoded;
}

gboolean
lockstep_json_is_string (LockstepJson value,
                         const char  *text)
{
  g_autofree char *decoded = NULL;
  LockstepJson     inner;
  gsize            text_length = strlen (text);
  gsize            length;

  if (lockstep_json_get_kind (value) != LOCKSTEP_JSON_STRING)
    return FALSE;

  inner = without_quotes (value);
  if (inner.length < text_length)
    return FALSE;

  /* What an escape stands for is shorter than the escape. */
  if (inner.length == text_length)
    return memcmp (inner.text, text, text_length) == 0 && memchr (text, '\\', text_length) == NULL;

  if (memchr (inner.text, '\\', inner.length) == NULL)
    return FALSE;

  decoded = lockstep_json_dup_string (value, &length);

  return length == text_length && memcmp (decoded, text, length) == 0;
}

char *
lockstep_json_dup_text (LockstepJson value)
{
  return g_strndup (value.text != NULL ? value.text : "", value.length);
}

GBytes *
lockstep_json_slice (LockstepJson value,
                     GBytes      *document)
{
  gsize       size;
  const char *text = g_bytes_get_data (document, &size);

  if (value.length < size / SLICE_SHARE)
    return g_bytes_new (value.text, value.length);

  g_return_val_if_fail (value.length == 0 || (value.text >= text && value.text + value.length <= text + size), NULL);

  return g_bytes_new_from_bytes (document, value.length > 0 ? (gsize) (value.text - text) : 0, value.length);
}
