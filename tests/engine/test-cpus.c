/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-cpus-private.h"
#include "lockstep-cpus.h"

#include "root-fixture.h"

#include <unistd.h>

static void
add_siblings (RootFixture *fixture,
              guint        cpu,
              const char  *list)
{
  g_autofree char *path = g_strdup_printf ("sys/devices/system/cpu/cpu%u/topology/thread_siblings_list", cpu);

  root_fixture_add (fixture, path, list);
}

/* The cores of the CPUs whose characters in @allowed are not "-". */
static guint
count_cores (RootFixture *fixture,
             const char  *allowed)
{
  cpu_set_t set;

  CPU_ZERO (&set);
  for (guint i = 0; allowed[i] != '\0'; i++)
    if (allowed[i] != '-')
      CPU_SET (i, &set);

  return lockstep_cpus_count_cores (fixture->root, &set, sizeof set);
}

/* Four cores of two threads each, numbered as kernels do: the second threads after all the first ones. */
static void
test_siblings (RootFixture  *fixture,
               gconstpointer data)
{
  static const char *const lists[] = { "0,4\n", "1,5\n", "2,6\n", "3,7\n" };

  for (guint i = 0; i < 8; i++)
    add_siblings (fixture, i, lists[i % 4]);

  g_assert_cmpuint (count_cores (fixture, "01234567"), ==, 4);
  g_assert_cmpuint (count_cores (fixture, "0123----"), ==, 4);
  g_assert_cmpuint (count_cores (fixture, "0---4---"), ==, 1);
  g_assert_cmpuint (count_cores (fixture, "01--4---"), ==, 2);
  g_assert_cmpuint (count_cores (fixture, "-------7"), ==, 1);
}

/* Without threads, and where the kernel does not tell. */
static void
test_no_siblings (RootFixture  *fixture,
                  gconstpointer data)
{
  g_assert_cmpuint (count_cores (fixture, "01"), ==, 0);
  add_siblings (fixture, 0, "0\n");
  g_assert_cmpuint (count_cores (fixture, "01"), ==, 0);
  add_siblings (fixture, 1, "1\n");
  g_assert_cmpuint (count_cores (fixture, "01"), ==, 2);
}

static void
test_this_machine (RootFixture  *fixture,
                   gconstpointer data)
{
  LockstepCpus cpus;
  cpu_set_t    before;
  cpu_set_t    one;

  lockstep_cpus_read (&cpus);
  g_assert_cmpuint (cpus.online, ==, sysconf (_SC_NPROCESSORS_ONLN));
  g_assert_cmpuint (cpus.allowed, >=, 1);
  g_assert_cmpuint (cpus.allowed, <=, cpus.affinity);
  g_assert_cmpuint (cpus.cores, >=, 1);
  g_assert_cmpuint (cpus.cores, <=, cpus.affinity);

  /* As after "taskset -c". */
  g_assert_no_errno (sched_getaffinity (0, sizeof before, &before));
  CPU_ZERO (&one);
  for (int cpu = 0; cpu < CPU_SETSIZE && CPU_COUNT (&one) == 0; cpu++)
    if (CPU_ISSET (cpu, &before))
      CPU_SET (cpu, &one);
  g_assert_no_errno (sched_setaffinity (0, sizeof one, &one));
  lockstep_cpus_read (&cpus);
  g_assert_no_errno (sched_setaffinity (0, sizeof before, &before));

  g_assert_cmpuint (cpus.affinity, ==, 1);
  g_assert_cmpuint (cpus.allowed, ==, 1);
  g_assert_cmpuint (cpus.cores, ==, 1);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, test) g_test_add (path, RootFixture, NULL, root_fixture_set_up, test, root_fixture_tear_down)
  ADD ("/cpus/siblings", test_siblings);
  ADD ("/cpus/no-siblings", test_no_siblings);
  ADD ("/cpus/this-machine", test_this_machine);
#undef ADD

  return g_test_run ();
}
