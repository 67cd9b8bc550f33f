/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-inherited-stream.h"

#include <fcntl.h>
#include <gio/gio.h>
#include <stdlib.h>
#include <string.h>

/* The descriptor that the guard gives a solver. */
#define STREAM 3

/* Wrappers within each other. */
#define MAX_WRAPPERS 8

/* "socket:[4711]", or NULL where the process has no stream there. */
static char *
dup_stream (gint64 pid)
{
  g_autofree char *path = g_strdup_printf ("/proc/%" G_GINT64_FORMAT "/fd/%d", pid, STREAM);
  g_autofree char *target = g_file_read_link (path, NULL);

  return target != NULL && g_str_has_prefix (target, "socket:") ? g_steal_pointer (&target) : NULL;
}

/* The child of @pid that has @stream as well; 0 for none. */
static gint64
find_heir (gint64      pid,
           const char *stream)
{
  g_autofree char *path = g_strdup_printf ("/proc/%" G_GINT64_FORMAT "/task/%" G_GINT64_FORMAT "/children", pid, pid);
  g_autofree char *text = NULL;
  g_auto (GStrv)   children = NULL;

  if (!g_file_get_contents (path, &text, NULL, NULL))
    return 0;

  children = g_strsplit (g_strstrip (text), " ", -1);
  for (char **child = children; *child != NULL; child++)
    {
      const gint64     heir = g_ascii_strtoll (*child, NULL, 10);
      g_autofree char *own = heir > 0 ? dup_stream (heir) : NULL;

      if (g_strcmp0 (own, stream) == 0)
        return heir;
    }

  return 0;
}

gboolean
lockstep_inherited_stream_look (gint64 pid)
{
  g_autofree char *stream = dup_stream (pid);
  g_autofree char *path = NULL;
  g_autofree char *text = NULL;
  const char      *flags;
  gint64           heir;

  if (stream == NULL)
    return FALSE;

  for (guint i = 0; i < MAX_WRAPPERS && (heir = find_heir (pid, stream)) > 0; i++)
    pid = heir;
  path = g_strdup_printf ("/proc/%" G_GINT64_FORMAT "/fdinfo/%d", pid, STREAM);

  return g_file_get_contents (path, &text, NULL, NULL) && (flags = strstr (text, "flags:")) != NULL &&
         (strtol (flags + strlen ("flags:"), NULL, 8) & O_CLOEXEC) == 0;
}
