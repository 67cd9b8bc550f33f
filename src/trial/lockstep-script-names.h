/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What the script @text calls its argument @position (from 1), where it says so in a line: `rate = float(sys.argv[1])`,
 * `a, b = sys.argv[1], sys.argv[2]`, `rate=$1`, `rate <- args[1]`. NULL where it does not. */
char *lockstep_script_dup_name (const char *text,
                                guint       position);

G_END_DECLS
