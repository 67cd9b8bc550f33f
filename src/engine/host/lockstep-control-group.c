/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-control-group.h"

#include <string.h>

/* Reads the limit that the control group in the folder @group sets; 0 where it sets none. */
typedef double (*ReadLimit) (const char *group);

static char *
read_group_file (const char *group,
                 const char *name)
{
  g_autofree char *path = g_build_filename (group, name, NULL);
  char            *text = NULL;

  g_file_get_contents (path, &text, NULL, NULL);
  return text;
}

static double
read_group_number (const char *group,
                   const char *name)
{
  g_autofree char *text = read_group_file (group, name);

  return text != NULL ? g_ascii_strtod (text, NULL) : 0;
}

/* "QUOTA PERIOD" in microseconds, or "max PERIOD". */
static double
read_quota_v2 (const char *group)
{
  g_autofree char *text = read_group_file (group, "cpu.max");
  char            *rest;
  double           quota;
  double           period;

  if (text == NULL || !g_ascii_isdigit (*text))
    return 0;

  quota = g_ascii_strtod (text, &rest);
  period = g_ascii_strtod (rest, NULL);

  return period > 0 ? quota / period : 0;
}

static double
read_quota_v1 (const char *group)
{
  double quota = read_group_number (group, "cpu.cfs_quota_us");
  double period = read_group_number (group, "cpu.cfs_period_us");

  return quota > 0 && period > 0 ? quota / period : 0;
}

/* "max" is no number, and read as 0. */
static double
read_memory_v2 (const char *group)
{
  return read_group_number (group, "memory.max");
}

/* Without a limit this is the largest multiple of a page that the kernel can count: far above any machine. */
static double
read_memory_v1 (const char *group)
{
  double limit = read_group_number (group, "memory.limit_in_bytes");

  return limit < 0x1p62 ? limit : 0;
}

/* The number in the line "NAME NUMBER" of the group's memory.stat. */
static double
read_memory_statistic (const char *group,
                       const char *name)
{
  g_autofree char *text = read_group_file (group, "memory.stat");
  g_auto (GStrv)   lines = g_strsplit (text != NULL ? text : "", "\n", -1);
  const gsize      length = strlen (name);

  for (guint i = 0; lines[i] != NULL; i++)
    if (g_str_has_prefix (lines[i], name) && lines[i][length] == ' ')
      return g_ascii_strtod (lines[i] + length, NULL);

  return 0;
}

/* What a limit leaves; 1 where that is nothing, since 0 stands for no limit. */
static double
subtract (double limit,
          double used)
{
  return limit > 0 ? MAX (limit - used, 1) : 0;
}

/* Files that were read long ago take memory that is given back when it is wanted. */
static double
read_memory_left_v2 (const char *group)
{
  const double used = read_group_number (group, "memory.current") - read_memory_statistic (group, "inactive_file");

  return subtract (read_memory_v2 (group), used);
}

static double
read_memory_left_v1 (const char *group)
{
  const double used = read_group_number (group, "memory.usage_in_bytes") -
                      read_memory_statistic (group, "total_inactive_file");

  return subtract (read_memory_v1 (group), used);
}

/* The files have the same names in both versions. */
static double
read_processes_left (const char *group)
{
  return subtract (read_group_number (group, "pids.max"), read_group_number (group, "pids.current"));
}

/* Whether @names, separated by commas, has @name. */
static gboolean
list_has (const char *names,
          const char *name)
{
  g_auto (GStrv) list = g_strsplit (names, ",", -1);

  return g_strv_contains ((const char *const *) list, name);
}

/* The path of this process's group in the hierarchy of @controller (NULL: that of version 2), from lines of
 * "ID:CONTROLLERS:PATH". */
static char *
find_group (const char *root,
            const char *controller)
{
  g_autofree char *path = g_build_filename (root, "proc/self/cgroup", NULL);
  g_autofree char *text = NULL;
  g_auto (GStrv)   lines = NULL;

  if (!g_file_get_contents (path, &text, NULL, NULL))
    return NULL;

  lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    {
      g_auto (GStrv) fields = g_strsplit (lines[i], ":", 3);

      if (g_strv_length (fields) < 3)
        continue;

      if (controller != NULL ? list_has (fields[1], controller) : g_str_equal (fields[0], "0"))
        return g_strdup (fields[2]);
    }

  return NULL;
}

/* Where the hierarchy of @controller (NULL: that of version 2) is mounted, and which of its groups is seen there:
 * in a container that is often not the first one. Lines of
 * "ID PARENT DEVICE GROUP MOUNTPOINT OPTIONS [TAG…] - TYPE SOURCE SUPEROPTIONS". */
static gboolean
find_mount (const char *root,
            const char *controller,
            char      **mount_point,
            char      **mounted_group)
{
  g_autofree char *path = g_build_filename (root, "proc/self/mountinfo", NULL);
  g_autofree char *text = NULL;
  g_auto (GStrv)   lines = NULL;

  if (!g_file_get_contents (path, &text, NULL, NULL))
    return FALSE;

  lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    {
      char          *separator = strstr (lines[i], " - ");
      g_auto (GStrv) fields = NULL;
      g_auto (GStrv) kind = NULL;

      if (separator == NULL)
        continue;

      fields = g_strsplit (lines[i], " ", 6);
      kind = g_strsplit (separator + strlen (" - "), " ", 3);
      if (g_strv_length (fields) < 6 || g_strv_length (kind) < 3)
        continue;

      if (controller != NULL ? !g_str_equal (kind[0], "cgroup") || !list_has (kind[2], controller)
                             : !g_str_equal (kind[0], "cgroup2"))
        continue;

      /* Spaces and the like are octal there. */
      *mounted_group = g_strcompress (fields[3]);
      *mount_point = g_strcompress (fields[4]);
      return TRUE;
    }

  return FALSE;
}

/* The least limit of all groups that this process is in. */
static double
read_least (const char *root,
            const char *controller,
            ReadLimit   read_limit)
{
  g_autofree char *group = find_group (root, controller);
  g_autofree char *mount_point = NULL;
  g_autofree char *mounted_group = NULL;
  g_autofree char *top = NULL;
  g_autofree char *folder = NULL;
  const char      *below;
  double           least = 0;

  if (group == NULL || !find_mount (root, controller, &mount_point, &mounted_group))
    return 0;

  below = group;
  if (!g_str_equal (mounted_group, "/") && g_str_has_prefix (group, mounted_group))
    below += strlen (mounted_group);

  top = g_build_filename (root, mount_point, NULL);
  folder = g_build_filename (top, below, NULL);

  /* A group that is not below what is mounted ("/../…") cannot be seen; the top is the nearest that can. */
  if (strstr (below, "/..") != NULL || !g_file_test (folder, G_FILE_TEST_IS_DIR))
    {
      g_free (folder);
      folder = g_strdup (top);
    }

  while (strlen (folder) >= strlen (top))
    {
      double limit = read_limit (folder);
      char  *parent = g_path_get_dirname (folder);

      if (limit > 0 && (least == 0 || limit < least))
        least = limit;

      g_free (folder);
      folder = parent;
    }

  return least;
}

static double
least_of (double a,
          double b)
{
  return a == 0 ? b : b == 0 ? a
                             : MIN (a, b);
}

double
lockstep_control_group_read_quota (const char *root)
{
  return least_of (read_least (root, NULL, read_quota_v2), read_least (root, "cpu", read_quota_v1));
}

guint64
lockstep_control_group_read_memory (const char *root)
{
  return (guint64) least_of (read_least (root, NULL, read_memory_v2), read_least (root, "memory", read_memory_v1));
}

guint64
lockstep_control_group_read_memory_left (const char *root)
{
  return (guint64) least_of (read_least (root, NULL, read_memory_left_v2),
                             read_least (root, "memory", read_memory_left_v1));
}

guint64
lockstep_control_group_read_processes_left (const char *root)
{
  return (guint64) least_of (read_least (root, NULL, read_processes_left),
                             read_least (root, "pids", read_processes_left));
}
