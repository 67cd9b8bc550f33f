/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Bytes that may be used: the machine's, or the control group's limit where that is less. */
guint64 lockstep_memory_read_total (void);

/* Of them, those that can be had now. */
guint64 lockstep_memory_read_available (void);

/* How many processes the kernel has killed since it started because memory ran out, in any control group (oom_kill in
 * /proc/vmstat, Linux 4.13); 0 where it does not tell. */
guint64 lockstep_memory_read_oom_kills (void);

G_END_DECLS
