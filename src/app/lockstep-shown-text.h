/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* @text with no line longer than a label lays out at once (a thousand characters): what is longer ends in how much more there
 * is. Pango takes minutes for a paragraph of a megabyte, and the window stands still meanwhile. UTF-8; free with g_free(). */
char *lockstep_shown_text_dup (const char *text);

G_END_DECLS
