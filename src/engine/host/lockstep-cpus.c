/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-cpus.h"

#include "lockstep-control-group.h"
#include "lockstep-cpus-private.h"

#include <math.h>
#include <unistd.h>

/* The kernel has no more than this many CPUs in any configuration. */
#define MOST_CPUS 8192

guint
lockstep_cpus_count_cores (const char      *root,
                           const cpu_set_t *set,
                           gsize            size)
{
  g_autoptr (GHashTable) cores = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint cpu = 0; cpu < size * 8; cpu++)
    {
      g_autofree char *name = NULL;
      g_autofree char *path = NULL;
      char            *siblings = NULL;

      if (!CPU_ISSET_S (cpu, size, set))
        continue;

      name = g_strdup_printf ("cpu%u", cpu);
      path = g_build_filename (root, "sys/devices/system/cpu", name, "topology/thread_siblings_list", NULL);
      if (!g_file_get_contents (path, &siblings, NULL, NULL))
        return 0;
      /* The threads of one core all have the same list. */
      g_hash_table_add (cores, siblings);
    }

  return g_hash_table_size (cores);
}

void
lockstep_cpus_read (LockstepCpus *cpus)
{
  const gsize size = CPU_ALLOC_SIZE (MOST_CPUS);
  cpu_set_t  *set = CPU_ALLOC (MOST_CPUS);
  const long  online = sysconf (_SC_NPROCESSORS_ONLN);

  g_return_if_fail (cpus != NULL);

  *cpus = (LockstepCpus){ .online = (guint) MAX (online, 1) };
  if (sched_getaffinity (0, size, set) == 0)
    {
      cpus->affinity = (guint) CPU_COUNT_S (size, set);
      cpus->cores = lockstep_cpus_count_cores ("/", set, size);
    }
  CPU_FREE (set);

  if (cpus->affinity == 0)
    cpus->affinity = cpus->online;
  if (cpus->cores == 0)
    cpus->cores = cpus->affinity;
  cpus->quota = lockstep_control_group_read_quota ("/");

  cpus->allowed = cpus->affinity;
  if (cpus->quota > 0 && cpus->quota < cpus->affinity)
    cpus->allowed = MAX (1, (guint) ceil (cpus->quota - 0.01));
}
