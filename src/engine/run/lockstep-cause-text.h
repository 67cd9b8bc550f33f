/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Characters of a folded text; a longer one ends in “…”. */
#define LOCKSTEP_CAUSE_TEXT_MAX 200

/* @text without what differs from one failure to the next of the same cause, on one line: of several lines the last that is
 * not empty; numbers (whole, with fraction and exponent, hexadecimal) become “#”, paths their last component; quotes stay,
 * white space is squeezed, escape sequences are left out. UTF-8 in and out; free with g_free(). */
char *lockstep_cause_dup_folded (const char *text);

G_END_DECLS
