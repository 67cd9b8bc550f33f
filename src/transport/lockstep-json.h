/* SPDX-License-Identifier: MIT */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * The strict reader of JSON (RFC 8259).
 *
 * A document is scanned once, whole; after that its values are looked at in place, member by member.
 * A value is a slice of the document's text: nothing is copied, and nothing that Lockstep did not make
 * is ever written again, so that a number arrives as it was sent. Beyond the grammar, what a double or
 * UTF-8 cannot hold is refused: numbers that read as infinity, and surrogates without their other half.
 */

/* Arrays and objects within each other; one more is an error. */
#define LOCKSTEP_JSON_MAX_DEPTH 128

#define LOCKSTEP_JSON_ERROR (lockstep_json_error_quark ())
GQuark lockstep_json_error_quark (void);

typedef enum
{
  LOCKSTEP_JSON_ERROR_SYNTAX,   /* not RFC 8259 */
  LOCKSTEP_JSON_ERROR_ENCODING, /* not UTF-8, or a lone surrogate */
  LOCKSTEP_JSON_ERROR_DEPTH,    /* nested deeper than LOCKSTEP_JSON_MAX_DEPTH */
  LOCKSTEP_JSON_ERROR_RANGE,    /* a number that a double cannot hold, such as 1e400 */
} LockstepJsonError;

typedef enum
{
  LOCKSTEP_JSON_ABSENT,
  LOCKSTEP_JSON_NULL,
  LOCKSTEP_JSON_BOOLEAN,
  LOCKSTEP_JSON_NUMBER,
  LOCKSTEP_JSON_STRING,
  LOCKSTEP_JSON_ARRAY,
  LOCKSTEP_JSON_OBJECT,
} LockstepJsonKind;

/* One value inside a scanned document: borrowed text, without the white space around it.
 * { NULL, 0 } is the value that is absent. */
typedef struct
{
  const char *text;
  gsize       length;
} LockstepJson;

/* Walks the members of an object or the elements of an array. */
typedef struct
{
  const char *next;
  const char *end;
  char        closing;
} LockstepJsonIter;

/* Checks the whole of @text (@length bytes, need not end in NUL), which is one value with nothing but
 * white space around it, and sets @value to it. The error's message ends with line and column. */
gboolean lockstep_json_scan (const char   *text,
                             gsize         length,
                             LockstepJson *value,
                             GError      **error);

LockstepJsonKind lockstep_json_get_kind (LockstepJson value);

/* "a number", "an object", …: what a message says was found. */
const char *lockstep_json_describe (LockstepJson value);

/* @container is an object or an array; of anything else there is nothing to walk. */
void lockstep_json_iter_init (LockstepJsonIter *iter,
                              LockstepJson      container);

/* Sets @name (the string value in front of the colon; absent in an array; may be NULL) and @value. */
gboolean lockstep_json_iter_next (LockstepJsonIter *iter,
                                  LockstepJson     *name,
                                  LockstepJson     *value);

/* Number of members or elements. */
guint lockstep_json_count (LockstepJson container);

/* The member @name of an object; where a name stands twice, the last. Absent when there is none,
 * or when @object is not an object. */
LockstepJson lockstep_json_get_member (LockstepJson object,
                                       const char  *name);

/* The members @names of an object in one walk, for where several are needed: @values has room for @n_names, and what is
 * not there is absent. */
void lockstep_json_get_members (LockstepJson       object,
                                const char *const *names,
                                guint              n_names,
                                LockstepJson      *values);

/* The value at the dotted @path ("network.los", "0.gap": an array is entered by index). */
LockstepJson lockstep_json_get_path (LockstepJson value,
                                     const char  *path);

/* The nearest double. FALSE for anything but a number. */
gboolean lockstep_json_get_double (LockstepJson value,
                                   double      *number);

/* FALSE for anything but a number written without fraction and exponent that 64 bits hold. */
gboolean lockstep_json_get_int (LockstepJson value,
                                gint64      *number);

gboolean lockstep_json_get_boolean (LockstepJson value,
                                    gboolean    *boolean);

/* The decoded string, ended by NUL, or NULL for anything but a string. It may hold NULs:
 * @length (may be NULL) is set to its bytes. */
char *lockstep_json_dup_string (LockstepJson value,
                                gsize       *length);

/* Whether @value is the string @text. */
gboolean lockstep_json_is_string (LockstepJson value,
                                  const char  *text);

/* The text of @value, ended by NUL. */
char *lockstep_json_dup_text (LockstepJson value);

/* @value as bytes of its own. Shares memory with @document (which @value must lie in) unless the
 * value is so small beside it that it would keep too much alive. */
GBytes *lockstep_json_slice (LockstepJson value,
                             GBytes      *document);

G_END_DECLS
