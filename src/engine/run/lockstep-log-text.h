/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Bytes of one line that are shown; what is longer is in the file. */
#define LOCKSTEP_LOG_TEXT_MAX_LINE 4096

/* Appends @line (any bytes, without its newline) as a view can show it: one line of UTF-8. What a terminal would
 * overwrite after a carriage return and its colour sequences are left out, what is not text is replaced. */
void lockstep_log_text_append (GString    *out,
                               const char *line,
                               gsize       length);

G_END_DECLS
