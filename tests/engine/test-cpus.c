/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-cpus-private.h"
#include "lockstep-cpus.h"

#include <ftw.h>
#include <glib/gstdio.h>
#include <sched.h>
#include <unistd.h>

typedef struct
{
  char *root;
} Fixture;

static void
set_up (Fixture      *fixture,
        gconstpointer data)
{
  fixture->root = g_dir_make_tmp ("lockstep-cpus-XXXXXX", NULL);
  g_assert_nonnull (fixture->root);
}

static int
remove_cb (const char        *path,
           const struct stat *status,
           int                kind,
           struct FTW        *walk)
{
  return remove (path);
}

static void
tear_down (Fixture      *fixture,
           gconstpointer data)
{
  g_assert_no_errno (nftw (fixture->root, remove_cb, 16, FTW_DEPTH | FTW_PHYS));
  g_free (fixture->root);
}

static void
add_file (Fixture    *fixture,
          const char *path,
          const char *text)
{
  g_autofree char   *full_path = g_build_filename (fixture->root, path, NULL);
  g_autofree char   *folder = g_path_get_dirname (full_path);
  g_autoptr (GError) error = NULL;

  g_assert_no_errno (g_mkdir_with_parents (folder, 0700));
  g_file_set_contents (full_path, text, -1, &error);
  g_assert_no_error (error);
}

/* Version 2, in the group /user/job. */
static void
add_version_2 (Fixture *fixture)
{
  add_file (fixture, "proc/self/cgroup", "0::/user/job\n");
  add_file (fixture, "proc/self/mountinfo",
            "23 1 0:20 / /proc rw - proc proc rw\n"
            "31 23 0:28 / /sys/fs/cgroup rw,nosuid shared:9 - cgroup2 cgroup2 rw,nsdelegate\n");
  add_file (fixture, "sys/fs/cgroup/user/job/cgroup.procs", "");
}

static void
test_no_groups (Fixture      *fixture,
                gconstpointer data)
{
  g_assert_cmpfloat (lockstep_cpus_read_quota_below (fixture->root), ==, 0);
  g_assert_cmpuint (lockstep_cpus_read_memory_limit_below (fixture->root), ==, 0);
}

static void
test_version_2 (Fixture      *fixture,
                gconstpointer data)
{
  add_version_2 (fixture);
  g_assert_cmpfloat (lockstep_cpus_read_quota_below (fixture->root), ==, 0);
  g_assert_cmpuint (lockstep_cpus_read_memory_limit_below (fixture->root), ==, 0);

  add_file (fixture, "sys/fs/cgroup/user/job/cpu.max", "max 100000\n");
  add_file (fixture, "sys/fs/cgroup/user/job/memory.max", "max\n");
  g_assert_cmpfloat (lockstep_cpus_read_quota_below (fixture->root), ==, 0);
  g_assert_cmpuint (lockstep_cpus_read_memory_limit_below (fixture->root), ==, 0);

  add_file (fixture, "sys/fs/cgroup/user/job/cpu.max", "250000 100000\n");
  add_file (fixture, "sys/fs/cgroup/user/job/memory.max", "3000000000\n");
  g_assert_cmpfloat (lockstep_cpus_read_quota_below (fixture->root), ==, 2.5);
  g_assert_cmpuint (lockstep_cpus_read_memory_limit_below (fixture->root), ==, 3000000000);

  /* A group above may allow less. */
  add_file (fixture, "sys/fs/cgroup/user/cpu.max", "75000 50000\n");
  add_file (fixture, "sys/fs/cgroup/user/memory.max", "2000000000\n");
  g_assert_cmpfloat (lockstep_cpus_read_quota_below (fixture->root), ==, 1.5);
  g_assert_cmpuint (lockstep_cpus_read_memory_limit_below (fixture->root), ==, 2000000000);
}

/* In a container the hierarchy may be mounted from its group on. */
static void
test_container (Fixture      *fixture,
                gconstpointer data)
{
  add_file (fixture, "proc/self/cgroup", "0::/machine/box/job\n");
  add_file (fixture, "proc/self/mountinfo", "31 23 0:28 /machine/box /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n");
  add_file (fixture, "sys/fs/cgroup/cpu.max", "400000 100000\n");
  add_file (fixture, "sys/fs/cgroup/job/cpu.max", "300000 100000\n");
  g_assert_cmpfloat (lockstep_cpus_read_quota_below (fixture->root), ==, 3);

  /* A group out of sight leaves what is in sight. */
  add_file (fixture, "proc/self/cgroup", "0::/../other\n");
  g_assert_cmpfloat (lockstep_cpus_read_quota_below (fixture->root), ==, 4);
}

static void
test_version_1 (Fixture      *fixture,
                gconstpointer data)
{
  add_file (fixture, "proc/self/cgroup",
            "9:name=systemd:/user\n"
            "4:memory:/user/job\n"
            "2:cpuacct:/elsewhere\n"
            "1:cpuset,cpu:/user/job\n"
            "0::/\n");
  add_file (fixture, "proc/self/mountinfo",
            "31 23 0:28 / /sys/fs/cgroup rw - tmpfs tmpfs rw\n"
            "32 31 0:29 / /sys/fs/cgroup/cpu\\040set rw - cgroup cgroup rw,cpuset,cpu\n"
            "33 31 0:30 / /sys/fs/cgroup/cpuacct rw - cgroup cgroup rw,cpuacct\n"
            "35 31 0:32 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n"
            "41 31 0:38 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw\n");
  add_file (fixture, "sys/fs/cgroup/cpu set/user/job/cpu.cfs_quota_us", "-1\n");
  add_file (fixture, "sys/fs/cgroup/cpu set/user/job/cpu.cfs_period_us", "100000\n");
  add_file (fixture, "sys/fs/cgroup/memory/user/job/memory.limit_in_bytes", "9223372036854771712\n");
  g_assert_cmpfloat (lockstep_cpus_read_quota_below (fixture->root), ==, 0);
  g_assert_cmpuint (lockstep_cpus_read_memory_limit_below (fixture->root), ==, 0);

  add_file (fixture, "sys/fs/cgroup/cpu set/user/cpu.cfs_quota_us", "350000\n");
  add_file (fixture, "sys/fs/cgroup/cpu set/user/cpu.cfs_period_us", "100000\n");
  add_file (fixture, "sys/fs/cgroup/memory/memory.limit_in_bytes", "1073741824\n");
  g_assert_cmpfloat (lockstep_cpus_read_quota_below (fixture->root), ==, 3.5);
  g_assert_cmpuint (lockstep_cpus_read_memory_limit_below (fixture->root), ==, 1073741824);
}

static void
test_garbage (Fixture      *fixture,
              gconstpointer data)
{
  add_version_2 (fixture);
  add_file (fixture, "sys/fs/cgroup/user/job/cpu.max", "200000\n");
  add_file (fixture, "sys/fs/cgroup/user/job/memory.max", "");
  g_assert_cmpfloat (lockstep_cpus_read_quota_below (fixture->root), ==, 0);
  g_assert_cmpuint (lockstep_cpus_read_memory_limit_below (fixture->root), ==, 0);

  add_file (fixture, "proc/self/mountinfo", "31 23\n - \n31 23 0:28 / - cgroup2\n");
  g_assert_cmpfloat (lockstep_cpus_read_quota_below (fixture->root), ==, 0);

  add_file (fixture, "proc/self/cgroup", "nonsense\n0:\n");
  g_assert_cmpfloat (lockstep_cpus_read_quota_below (fixture->root), ==, 0);
}

static void
test_this_machine (Fixture      *fixture,
                   gconstpointer data)
{
  LockstepCpus cpus;
  cpu_set_t    before;
  cpu_set_t    one;

  lockstep_cpus_read (&cpus);
  g_assert_cmpuint (cpus.online, ==, sysconf (_SC_NPROCESSORS_ONLN));
  g_assert_cmpuint (cpus.allowed, >=, 1);
  g_assert_cmpuint (cpus.allowed, <=, cpus.affinity);
  g_assert_cmpuint (lockstep_cpus_read_memory (), >, 100 << 20);

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
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/cpus/no-groups", Fixture, NULL, set_up, test_no_groups, tear_down);
  g_test_add ("/cpus/version-2", Fixture, NULL, set_up, test_version_2, tear_down);
  g_test_add ("/cpus/container", Fixture, NULL, set_up, test_container, tear_down);
  g_test_add ("/cpus/version-1", Fixture, NULL, set_up, test_version_1, tear_down);
  g_test_add ("/cpus/garbage", Fixture, NULL, set_up, test_garbage, tear_down);
  g_test_add ("/cpus/this-machine", Fixture, NULL, set_up, test_this_machine, tear_down);

  return g_test_run ();
}
