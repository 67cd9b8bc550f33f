/* SPDX-License-Identifier: MIT */

#pragma once

#include <string.h>

#include "lockstep-json.h"

G_BEGIN_DECLS

/**
 * The writer of JSON: appends values to a GString. Independent of the locale.
 */

/* Room for any double, its sign, exponent and NUL. */
#define LOCKSTEP_JSON_DOUBLE_SIZE 32

/* The shortest decimal that reads back as the same double. @value is finite; returns @buffer. */
const char *lockstep_json_format_double (char  *buffer,
                                         double value);

/* Appends @length bytes as they are. A message is put together from many short texts, so that each costs its copy and
 * not a call with the checks of g_string_append_len(). */
static inline void
lockstep_json_append_text (GString    *out,
                           const char *text,
                           gsize       length)
{
  if (G_UNLIKELY (length >= out->allocated_len - out->len))
    {
      g_string_append_len (out, text, (gssize) length);
      return;
    }

  memcpy (out->str + out->len, text, length);
  out->len += length;
  out->str[out->len] = '\0';
}

/* The same for a string constant. */
#define lockstep_json_append_literal(out, literal) lockstep_json_append_text ((out), "" literal, sizeof (literal) - 1)

void lockstep_json_append_double (GString *out,
                                  double   value);

void lockstep_json_append_int (GString *out,
                               gint64   value);

/* @text in quotes, escaped; @length bytes, or -1 when it ends in NUL. Bytes that are not UTF-8
 * become U+FFFD, so that what is written is always JSON. */
void lockstep_json_append_string (GString    *out,
                                  const char *text,
                                  gssize      length);

/* Appends `"name":`, with a comma before it unless @out ends in an opening bracket. */
void lockstep_json_append_name (GString    *out,
                                const char *name);

/* Append `"name":value`, with a comma as above. */
void lockstep_json_append_int_member (GString    *out,
                                      const char *name,
                                      gint64      value);
void lockstep_json_append_boolean_member (GString    *out,
                                          const char *name,
                                          gboolean    value);

/* Like them; null for a value that is not finite. */
void lockstep_json_append_double_member (GString    *out,
                                         const char *name,
                                         double      value);

/* Appends `"name":"text"`, with a comma as above; null for NULL. */
void lockstep_json_append_string_member (GString    *out,
                                         const char *name,
                                         const char *text);

G_END_DECLS
