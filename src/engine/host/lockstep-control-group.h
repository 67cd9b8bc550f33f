/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * What the control groups of this process (version 1 and 2) allow it: of each kind the least of all groups from the
 * process's own up to the root. @root stands for "/": a test has a tree of its own there.
 */

/* CPUs, as a quotient of quota and period; 0 for no limit. */
double lockstep_control_group_read_quota (const char *root);

/* Bytes; 0 for no limit. */
guint64 lockstep_control_group_read_memory (const char *root);

/* Of them, those that are not used yet, at least 1; 0 for no limit. */
guint64 lockstep_control_group_read_memory_left (const char *root);

/* Processes and threads that may be started yet, at least 1; 0 for no limit. */
guint64 lockstep_control_group_read_processes_left (const char *root);

G_END_DECLS
