/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* When @time (UTC in µs) was, as a person says it, translated and in local time: "09:14" today, "Mon 19:02" this week,
 * "3 Nov 19:02" this year, else "3 Nov 2025". NULL where it is no time. */
char *lockstep_time_dup_text (gint64 time);

/* Whether it was today. */
gboolean lockstep_time_is_today (gint64 time);

G_END_DECLS
