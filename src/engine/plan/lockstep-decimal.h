/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * Numbers as programs print them: "12", "+.5", "007", "1.5D-03", and "0.123-101", which is Fortran's way to write an
 * exponent of three digits.
 */

/* Reads all of @text (@length bytes, blanks around it left out). Appends the same digits as a JSON number to @json
 * (may be NULL) and sets @value (may be NULL). FALSE when it is no number, or none that a double holds. */
gboolean lockstep_decimal_read (const char *text,
                                gsize       length,
                                GString    *json,
                                double     *value);

/* Whether @text (@length bytes, blanks around it left out) stands where a number was to be and could not be written: NaN, an
 * infinity, stars, or a number that no double holds. */
gboolean lockstep_decimal_is_broken (const char *text,
                                     gsize       length);

G_END_DECLS
