/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Seconds as a person says them, translated: "0.4 s", "41 s", "8 min", "3 h 40 min", "2 d 5 h". */
char *lockstep_duration_dup_text (double seconds);

G_END_DECLS
