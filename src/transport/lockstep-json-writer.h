/* SPDX-License-Identifier: MIT */

#pragma once

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

/* Appends `"name":"text"`, with a comma as above. */
void lockstep_json_append_string_member (GString    *out,
                                         const char *name,
                                         const char *text);

G_END_DECLS
