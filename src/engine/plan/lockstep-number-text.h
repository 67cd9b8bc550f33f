/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* @number for people, in groups of three digits as the locale has them: "100,000". */
char *lockstep_number_dup_text (guint64 number);

/* @text, a number as C and JSON write it, with the decimal sign of the locale, which durations beside it have: "0,05". */
char *lockstep_number_dup_local (const char *text);

/* @number for a glance: three digits, and no more of an exponent than it needs: "0.00032", "9.9e-5". With the
 * decimal sign of the locale. */
char *lockstep_number_dup_short (double number);

G_END_DECLS
