/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * What is looked for in the lines that a program prints.
 *
 * Plain text stands for itself, anywhere in a line; a blank in it for any number of blanks, and one of {number}, {integer} and
 * {word} for what is to be read there ({{ for a brace). Text between slashes is a regular expression (GRegex), whose one
 * group is what is read. Lines are bytes: what is not UTF-8 hurts nobody.
 */
typedef struct _LockstepPattern LockstepPattern;

/* What is read where the pattern matches. */
typedef enum
{
  LOCKSTEP_PATTERN_NOTHING, /* it only matches */
  LOCKSTEP_PATTERN_NUMBER,
  LOCKSTEP_PATTERN_INTEGER,
  LOCKSTEP_PATTERN_WORD,
  LOCKSTEP_PATTERN_GROUP, /* of a regular expression: a number if it is one, else text */
} LockstepPatternKind;

/* NULL with LOCKSTEP_PLAN_ERROR_MEMBER, which says what was expected; for a regular expression that does not
 * compile, also where. */
LockstepPattern *lockstep_pattern_new (const char *text,
                                       GError    **error);

void lockstep_pattern_free (LockstepPattern *self);

/* As it was written. */
const char *lockstep_pattern_get_text (const LockstepPattern *self);

LockstepPatternKind lockstep_pattern_get_kind (const LockstepPattern *self);

/* Text that stands in every line that matches, to be looked for first because that is fast; NULL where none is
 * known. */
const char *lockstep_pattern_get_literal (const LockstepPattern *self);

/* Looks at @line (@length bytes, without its end). Where it matches, @found (not owned) and @found_length are set to
 * what is read, or to what matches where nothing is. */
gboolean lockstep_pattern_match (const LockstepPattern *self,
                                 const char            *line,
                                 gsize                  length,
                                 const char           **found,
                                 gsize                 *found_length);

/* The same from @at on, which is set behind the match: called again it finds the next one. */
gboolean lockstep_pattern_match_next (const LockstepPattern *self,
                                      const char            *line,
                                      gsize                  length,
                                      gsize                 *at,
                                      const char           **found,
                                      gsize                 *found_length);

/* Appends what was read as JSON: a number with the digits it was printed with, or a string. FALSE where a number was
 * to be read that is none to a double: NaN, an infinity, the stars of a field that was too narrow. */
gboolean lockstep_pattern_append_value (const LockstepPattern *self,
                                        const char            *found,
                                        gsize                  found_length,
                                        GString               *json);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LockstepPattern, lockstep_pattern_free)

G_END_DECLS
