/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-memory.h"

#include "lockstep-control-group.h"

#include <string.h>
#include <unistd.h>

guint64
lockstep_memory_read_total (void)
{
  const guint64 machine = (guint64) sysconf (_SC_PHYS_PAGES) * (guint64) sysconf (_SC_PAGESIZE);
  const guint64 limit = lockstep_control_group_read_memory ("/");

  return limit > 0 ? MIN (machine, limit) : machine;
}

guint64
lockstep_memory_read_available (void)
{
  const guint64    left = lockstep_control_group_read_memory_left ("/");
  guint64          available = lockstep_memory_read_total ();
  g_autofree char *text = NULL;
  const char      *line;

  if (g_file_get_contents ("/proc/meminfo", &text, NULL, NULL) && (line = strstr (text, "\nMemAvailable:")) != NULL)
    available = MIN (available, g_ascii_strtoull (line + strlen ("\nMemAvailable:"), NULL, 10) * 1024);

  return left > 0 ? MIN (available, left) : available;
}

guint64
lockstep_memory_read_oom_kills (void)
{
  g_autofree char *text = NULL;
  const char      *line;

  if (!g_file_get_contents ("/proc/vmstat", &text, NULL, NULL))
    return 0;

  line = strstr (text, "\noom_kill ");
  return line != NULL ? g_ascii_strtoull (line + strlen ("\noom_kill "), NULL, 10) : 0;
}
