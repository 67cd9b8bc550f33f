/* SPDX-License-Identifier: MIT */

#include "lockstep-vector.h"

#include <string.h>

#include "lockstep-json-writer.h"

/* Elements encoded at a time where bytes must be swapped; a multiple of three keeps base64 free of padding. */
#define CHUNK 3072

/* What a character that is none of base64 decodes to. */
#define NO_DIGIT 0xff

static void
append_base64 (GString      *out,
               const double *values,
               gsize         n_values)
{
  gsize start = out->len;
  gsize capacity = (n_values * sizeof (double) / 3 + 1) * 4 + 4;
  gsize written = 0;
  int   state = 0;
  int   save = 0;

  g_string_set_size (out, start + capacity);

  for (gsize i = 0; i < n_values; i += CHUNK)
    {
      gsize         n = MIN (CHUNK, n_values - i);
      const guchar *bytes = (const guchar *) (values + i);

#if G_BYTE_ORDER == G_BIG_ENDIAN
      guint64 swapped[CHUNK];

      memcpy (swapped, values + i, n * sizeof (double));
      for (gsize j = 0; j < n; j++)
        swapped[j] = GUINT64_TO_LE (swapped[j]);
      bytes = (const guchar *) swapped;
#endif

      written += g_base64_encode_step (bytes, n * sizeof (double), FALSE, out->str + start + written, &state, &save);
    }

  written += g_base64_encode_close (FALSE, out->str + start + written, &state, &save);
  g_string_truncate (out, start + written);
}

void
lockstep_vector_append (GString      *out,
                        const double *values,
                        gsize         n_values)
{
  if (n_values > LOCKSTEP_VECTOR_PLAIN_MAX)
    {
      g_string_append (out, "{\"f64\":\"");
      append_base64 (out, values, n_values);
      g_string_append (out, "\"}");
      return;
    }

  g_string_append_c (out, '[');
  for (gsize i = 0; i < n_values; i++)
    {
      if (i > 0)
        g_string_append_c (out, ',');
      lockstep_json_append_double (out, values[i]);
    }
  g_string_append_c (out, ']');
}

static double *
read_array (LockstepJson array,
            gsize       *n_values)
{
  LockstepJsonIter   iter;
  LockstepJson       element;
  gsize              count = lockstep_json_count (array);
  g_autofree double *values = g_new (double, count + 1);
  gsize              n = 0;

  lockstep_json_iter_init (&iter, array);
  while (lockstep_json_iter_next (&iter, NULL, &element))
    if (!lockstep_json_get_double (element, &values[n++]))
      return NULL;

  *n_values = n;

  return g_steal_pointer (&values);
}

static const guchar *
base64_digits (void)
{
  static guchar digits[256];
  static gsize  once;

  if (g_once_init_enter (&once))
    {
      const char *alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

      memset (digits, NO_DIGIT, sizeof digits);
      for (guchar i = 0; i < 64; i++)
        digits[(guchar) alphabet[i]] = i;

      g_once_init_leave (&once, 1);
    }

  return digits;
}

/* Strict, unlike g_base64_decode(), which passes over what it does not know and would shift every value after it.
 * @out has room for three bytes of each four characters. Returns the number of bytes, or -1. */
static gssize
decode_base64 (const char *text,
               gsize       length,
               guchar     *out)
{
  const guchar *digits = base64_digits ();
  const guchar *in = (const guchar *) text;
  guchar       *start = out;
  guint         padding = 0;

  if (length % 4 != 0)
    return -1;

  if (length > 0 && text[length - 1] == '=')
    padding = text[length - 2] == '=' ? 2 : 1;

  for (gsize i = 0; i < length; i += 4, in += 4)
    {
      gboolean last = i + 4 == length;
      guint    a = digits[in[0]];
      guint    b = digits[in[1]];
      guint    c = last && padding == 2 ? 0 : digits[in[2]];
      guint    d = last && padding >= 1 ? 0 : digits[in[3]];

      if ((a | b | c | d) == NO_DIGIT)
        return -1;

      *out++ = (guchar) (a << 2 | b >> 4);
      *out++ = (guchar) (b << 4 | c >> 2);
      *out++ = (guchar) (c << 6 | d);
    }

  return out - start - padding;
}

static double *
read_base64 (LockstepJson string,
             gsize       *n_values)
{
  g_autofree char   *unescaped = NULL;
  g_autofree double *values = NULL;
  const char        *text = string.text + 1;
  gsize              length = string.length - 2;
  gssize             size;

  /* Some writers of JSON escape every slash. */
  if (memchr (text, '\\', length) != NULL)
    text = unescaped = lockstep_json_dup_string (string, &length);

  values = g_malloc (length / 4 * 3 + sizeof (double));
  size = decode_base64 (text, length, (guchar *) values);

  if (size < 0 || (gsize) size % sizeof (double) != 0)
    return NULL;

  *n_values = (gsize) size / sizeof (double);

#if G_BYTE_ORDER == G_BIG_ENDIAN
  for (gsize i = 0; i < *n_values; i++)
    {
      guint64 bits;

      memcpy (&bits, &values[i], sizeof bits);
      bits = GUINT64_FROM_LE (bits);
      memcpy (&values[i], &bits, sizeof bits);
    }
#endif

  return g_steal_pointer (&values);
}

double *
lockstep_vector_read (LockstepJson value,
                      gsize       *n_values)
{
  LockstepJson string;

  g_return_val_if_fail (n_values != NULL, NULL);

  if (lockstep_json_get_kind (value) == LOCKSTEP_JSON_ARRAY)
    return read_array (value, n_values);

  string = lockstep_json_get_member (value, "f64");
  if (lockstep_json_get_kind (string) != LOCKSTEP_JSON_STRING || lockstep_json_count (value) != 1)
    return NULL;

  return read_base64 (string, n_values);
}
