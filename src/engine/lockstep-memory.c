/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-memory.h"

#include <string.h>

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
