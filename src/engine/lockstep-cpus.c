/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-cpus.h"

#include "lockstep-cpus-private.h"

#include <errno.h>
#include <math.h>
#include <sched.h>
#include <string.h>
#include <unistd.h>

/* The kernel has no more than this many CPUs in any configuration. */
#define MOST_CPUS 8192

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
lockstep_cpus_read_quota_below (const char *root)
{
  return least_of (read_least (root, NULL, read_quota_v2), read_least (root, "cpu", read_quota_v1));
}

guint64
lockstep_cpus_read_memory_limit_below (const char *root)
{
  return least_of (read_least (root, NULL, read_memory_v2), read_least (root, "memory", read_memory_v1));
}

static guint
count_affinity (void)
{
  cpu_set_t *set = CPU_ALLOC (MOST_CPUS);
  gsize      size = CPU_ALLOC_SIZE (MOST_CPUS);
  guint      n_cpus = 0;

  if (sched_getaffinity (0, size, set) == 0)
    n_cpus = CPU_COUNT_S (size, set);
  CPU_FREE (set);

  return n_cpus;
}

void
lockstep_cpus_read (LockstepCpus *cpus)
{
  long online = sysconf (_SC_NPROCESSORS_ONLN);

  g_return_if_fail (cpus != NULL);

  cpus->online = MAX (online, 1);
  cpus->affinity = count_affinity ();
  if (cpus->affinity == 0)
    cpus->affinity = cpus->online;
  cpus->quota = lockstep_cpus_read_quota_below ("/");

  cpus->allowed = cpus->affinity;
  if (cpus->quota > 0 && cpus->quota < cpus->affinity)
    cpus->allowed = MAX (1, (guint) ceil (cpus->quota - 0.01));
}

guint64
lockstep_cpus_read_memory (void)
{
  guint64 machine = (guint64) sysconf (_SC_PHYS_PAGES) * sysconf (_SC_PAGESIZE);
  guint64 limit = lockstep_cpus_read_memory_limit_below ("/");

  return limit > 0 ? MIN (machine, limit) : machine;
}
