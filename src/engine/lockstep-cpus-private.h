/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * What the control groups of this process allow it. @root stands for "/": a test has a tree of its own there.
 */

/* CPUs, as a quotient of quota and period, the least of all groups from this process's own up to the root; 0 for no
 * limit. */
double lockstep_cpus_read_quota_below (const char *root);

/* Bytes; 0 for no limit. */
guint64 lockstep_cpus_read_memory_limit_below (const char *root);

G_END_DECLS
