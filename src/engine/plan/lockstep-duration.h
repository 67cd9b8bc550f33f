/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Seconds as a person says them, translated: "0.4 s", "41 s", "8 min", "3 h 40 min", "2 d 5 h". */
char *lockstep_duration_dup_text (double seconds);

/* What is left of something, as a range from @low to @high seconds, translated and rounded outwards: "20–30 s left",
 * "2–3 min left", "about 3–4 h left", "less than 5 s left". */
char *lockstep_duration_dup_left (double low,
                                  double high);

G_END_DECLS
