/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "processes.h"

#include <string.h>

/* Whether one of the strings in /proc/@name/environ is @tag. */
static gboolean
has_tag (const char *name,
         const char *tag)
{
  g_autofree char *path = g_build_filename ("/proc", name, "environ", NULL);
  g_autofree char *text = NULL;
  gsize            length;

  if (!g_file_get_contents (path, &text, &length, NULL))
    return FALSE;

  for (const char *entry = text; entry < text + length; entry += strlen (entry) + 1)
    if (strcmp (entry, tag) == 0)
      return TRUE;

  return FALSE;
}

GArray *
find_tagged (const char *tag,
             gint64      but)
{
  GArray          *found = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (GDir) proc = g_dir_open ("/proc", 0, NULL);
  const char      *name;

  while ((name = g_dir_read_name (proc)) != NULL)
    {
      gint64 pid = g_ascii_strtoll (name, NULL, 10);

      if (pid > 0 && pid != but && has_tag (name, tag))
        g_array_append_val (found, pid);
    }

  return found;
}

void
wait_until (gboolean (*condition) (gpointer data),
            gpointer data)
{
  gint64 deadline = g_get_monotonic_time () + WATCHDOG_SECONDS * G_USEC_PER_SEC;

  while (!condition (data))
    {
      g_assert_cmpint (g_get_monotonic_time (), <, deadline);
      g_usleep (1000);
    }
}

static gboolean
none_is_left (gpointer data)
{
  g_autoptr (GArray) left = find_tagged (data, 0);

  return left->len == 0;
}

void
wait_for_none (const char *tag)
{
  wait_until (none_is_left, (gpointer) tag);
}

/* The text of /proc/@pid/@name. */
static char *
read_proc (gint64      pid,
           const char *name)
{
  g_autofree char *path = g_strdup_printf ("/proc/%" G_GINT64_FORMAT "/%s", pid, name);
  char            *text;

  return g_file_get_contents (path, &text, NULL, NULL) ? text : NULL;
}

char
get_state (gint64 pid)
{
  g_autofree char *text = read_proc (pid, "stat");

  return text != NULL ? strrchr (text, ')')[2] : '\0';
}

guint64
get_ticks (gint64 pid)
{
  g_autofree char *text = read_proc (pid, "stat");
  g_auto (GStrv)   fields = NULL;

  g_assert_nonnull (text);
  fields = g_strsplit (strrchr (text, ')') + 2, " ", -1);

  return g_ascii_strtoull (fields[11], NULL, 10) + g_ascii_strtoull (fields[12], NULL, 10);
}

gint64
get_status_number (gint64      pid,
                   const char *name)
{
  g_autofree char *text = read_proc (pid, "status");
  g_autofree char *start = g_strdup_printf ("\n%s:", name);
  const char      *member = text != NULL ? strstr (text, start) : NULL;

  return member != NULL ? g_ascii_strtoll (member + strlen (start), NULL, 10) : -1;
}
