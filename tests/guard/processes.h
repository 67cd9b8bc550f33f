/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

/**
 * A look at processes through /proc. Those of a test carry a tag in their environment, by which they are found wherever
 * they went.
 */

/* Longer than any condition takes on the slowest machine. */
#define WATCHDOG_SECONDS 120

/* Ids of the living processes that carry @tag, without @but. */
GArray *find_tagged (const char *tag,
                     gint64      but);

/* Waits until no process with @tag is left. */
void wait_for_none (const char *tag);

/* Waits until @condition (data) holds. */
void wait_until (gboolean (*condition) (gpointer data), gpointer data);

/* The state of a process as in /proc/PID/stat ('S', 'T', 'Z', …), or '\0' when it is gone. */
char get_state (gint64 pid);

/* User and system time of a process alone, in clock ticks. */
guint64 get_ticks (gint64 pid);

/* A number in /proc/PID/status; -1 when it is not there. */
gint64 get_status_number (gint64      pid,
                          const char *name);
