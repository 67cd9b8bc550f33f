/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-control-group.h"

#include "root-fixture.h"

/* Version 2, in the group /user/job. */
static void
add_version_2 (RootFixture *fixture)
{
  root_fixture_add (fixture, "proc/self/cgroup", "0::/user/job\n");
  root_fixture_add (fixture, "proc/self/mountinfo",
                    "23 1 0:20 / /proc rw - proc proc rw\n"
                    "31 23 0:28 / /sys/fs/cgroup rw,nosuid shared:9 - cgroup2 cgroup2 rw,nsdelegate\n");
  root_fixture_add (fixture, "sys/fs/cgroup/user/job/cgroup.procs", "");
}

static void
test_no_groups (RootFixture  *fixture,
                gconstpointer data)
{
  g_assert_cmpfloat (lockstep_control_group_read_quota (fixture->root), ==, 0);
  g_assert_cmpuint (lockstep_control_group_read_memory (fixture->root), ==, 0);
}

static void
test_version_2 (RootFixture  *fixture,
                gconstpointer data)
{
  add_version_2 (fixture);
  g_assert_cmpfloat (lockstep_control_group_read_quota (fixture->root), ==, 0);
  g_assert_cmpuint (lockstep_control_group_read_memory (fixture->root), ==, 0);

  root_fixture_add (fixture, "sys/fs/cgroup/user/job/cpu.max", "max 100000\n");
  root_fixture_add (fixture, "sys/fs/cgroup/user/job/memory.max", "max\n");
  g_assert_cmpfloat (lockstep_control_group_read_quota (fixture->root), ==, 0);
  g_assert_cmpuint (lockstep_control_group_read_memory (fixture->root), ==, 0);

  root_fixture_add (fixture, "sys/fs/cgroup/user/job/cpu.max", "250000 100000\n");
  root_fixture_add (fixture, "sys/fs/cgroup/user/job/memory.max", "3000000000\n");
  g_assert_cmpfloat (lockstep_control_group_read_quota (fixture->root), ==, 2.5);
  g_assert_cmpuint (lockstep_control_group_read_memory (fixture->root), ==, 3000000000);

  /* A group above may allow less. */
  root_fixture_add (fixture, "sys/fs/cgroup/user/cpu.max", "75000 50000\n");
  root_fixture_add (fixture, "sys/fs/cgroup/user/memory.max", "2000000000\n");
  g_assert_cmpfloat (lockstep_control_group_read_quota (fixture->root), ==, 1.5);
  g_assert_cmpuint (lockstep_control_group_read_memory (fixture->root), ==, 2000000000);
}

/* In a container the hierarchy may be mounted from its group on. */
static void
test_container (RootFixture  *fixture,
                gconstpointer data)
{
  root_fixture_add (fixture, "proc/self/cgroup", "0::/machine/box/job\n");
  root_fixture_add (fixture, "proc/self/mountinfo", "31 23 0:28 /machine/box /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n");
  root_fixture_add (fixture, "sys/fs/cgroup/cpu.max", "400000 100000\n");
  root_fixture_add (fixture, "sys/fs/cgroup/job/cpu.max", "300000 100000\n");
  g_assert_cmpfloat (lockstep_control_group_read_quota (fixture->root), ==, 3);

  /* A group out of sight leaves what is in sight. */
  root_fixture_add (fixture, "proc/self/cgroup", "0::/../other\n");
  g_assert_cmpfloat (lockstep_control_group_read_quota (fixture->root), ==, 4);
}

static void
test_version_1 (RootFixture  *fixture,
                gconstpointer data)
{
  root_fixture_add (fixture, "proc/self/cgroup",
                    "9:name=systemd:/user\n"
                    "4:memory:/user/job\n"
                    "2:cpuacct:/elsewhere\n"
                    "1:cpuset,cpu:/user/job\n"
                    "0::/\n");
  root_fixture_add (fixture, "proc/self/mountinfo",
                    "31 23 0:28 / /sys/fs/cgroup rw - tmpfs tmpfs rw\n"
                    "32 31 0:29 / /sys/fs/cgroup/cpu\\040set rw - cgroup cgroup rw,cpuset,cpu\n"
                    "33 31 0:30 / /sys/fs/cgroup/cpuacct rw - cgroup cgroup rw,cpuacct\n"
                    "35 31 0:32 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n"
                    "41 31 0:38 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw\n");
  root_fixture_add (fixture, "sys/fs/cgroup/cpu set/user/job/cpu.cfs_quota_us", "-1\n");
  root_fixture_add (fixture, "sys/fs/cgroup/cpu set/user/job/cpu.cfs_period_us", "100000\n");
  root_fixture_add (fixture, "sys/fs/cgroup/memory/user/job/memory.limit_in_bytes", "9223372036854771712\n");
  g_assert_cmpfloat (lockstep_control_group_read_quota (fixture->root), ==, 0);
  g_assert_cmpuint (lockstep_control_group_read_memory (fixture->root), ==, 0);

  root_fixture_add (fixture, "sys/fs/cgroup/cpu set/user/cpu.cfs_quota_us", "350000\n");
  root_fixture_add (fixture, "sys/fs/cgroup/cpu set/user/cpu.cfs_period_us", "100000\n");
  root_fixture_add (fixture, "sys/fs/cgroup/memory/memory.limit_in_bytes", "1073741824\n");
  g_assert_cmpfloat (lockstep_control_group_read_quota (fixture->root), ==, 3.5);
  g_assert_cmpuint (lockstep_control_group_read_memory (fixture->root), ==, 1073741824);
}

static void
test_garbage (RootFixture  *fixture,
              gconstpointer data)
{
  add_version_2 (fixture);
  root_fixture_add (fixture, "sys/fs/cgroup/user/job/cpu.max", "200000\n");
  root_fixture_add (fixture, "sys/fs/cgroup/user/job/memory.max", "");
  g_assert_cmpfloat (lockstep_control_group_read_quota (fixture->root), ==, 0);
  g_assert_cmpuint (lockstep_control_group_read_memory (fixture->root), ==, 0);

  root_fixture_add (fixture, "proc/self/mountinfo", "31 23\n - \n31 23 0:28 / - cgroup2\n");
  g_assert_cmpfloat (lockstep_control_group_read_quota (fixture->root), ==, 0);

  root_fixture_add (fixture, "proc/self/cgroup", "nonsense\n0:\n");
  g_assert_cmpfloat (lockstep_control_group_read_quota (fixture->root), ==, 0);
}

static void
test_left (RootFixture  *fixture,
           gconstpointer data)
{
  add_version_2 (fixture);
  g_assert_cmpuint (lockstep_control_group_read_processes_left (fixture->root), ==, 0);
  g_assert_cmpuint (lockstep_control_group_read_memory_left (fixture->root), ==, 0);

  root_fixture_add (fixture, "sys/fs/cgroup/user/job/pids.max", "100\n");
  root_fixture_add (fixture, "sys/fs/cgroup/user/job/pids.current", "40\n");
  root_fixture_add (fixture, "sys/fs/cgroup/user/job/memory.max", "3000\n");
  root_fixture_add (fixture, "sys/fs/cgroup/user/job/memory.current", "2500\n");
  root_fixture_add (fixture, "sys/fs/cgroup/user/job/memory.stat", "anon 7\ninactive_file_not 9\ninactive_file 1000\n");
  g_assert_cmpuint (lockstep_control_group_read_processes_left (fixture->root), ==, 60);
  g_assert_cmpuint (lockstep_control_group_read_memory_left (fixture->root), ==, 1500);

  /* A group that is full leaves something, as nothing would mean that there is no limit. */
  root_fixture_add (fixture, "sys/fs/cgroup/user/pids.max", "50\n");
  root_fixture_add (fixture, "sys/fs/cgroup/user/pids.current", "60\n");
  g_assert_cmpuint (lockstep_control_group_read_processes_left (fixture->root), ==, 1);
}

static void
test_left_version_1 (RootFixture  *fixture,
                     gconstpointer data)
{
  root_fixture_add (fixture, "proc/self/cgroup", "8:pids:/job\n4:memory:/job\n");
  root_fixture_add (fixture, "proc/self/mountinfo",
                    "33 31 0:30 / /sys/fs/cgroup/pids rw - cgroup cgroup rw,pids\n"
                    "35 31 0:32 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n");
  root_fixture_add (fixture, "sys/fs/cgroup/pids/job/pids.max", "30\n");
  root_fixture_add (fixture, "sys/fs/cgroup/pids/job/pids.current", "10\n");
  root_fixture_add (fixture, "sys/fs/cgroup/memory/job/memory.limit_in_bytes", "3000\n");
  root_fixture_add (fixture, "sys/fs/cgroup/memory/job/memory.usage_in_bytes", "1000\n");
  root_fixture_add (fixture, "sys/fs/cgroup/memory/job/memory.stat", "inactive_file 5\ntotal_inactive_file 200\n");
  g_assert_cmpuint (lockstep_control_group_read_processes_left (fixture->root), ==, 20);
  g_assert_cmpuint (lockstep_control_group_read_memory_left (fixture->root), ==, 2200);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, test) g_test_add (path, RootFixture, NULL, root_fixture_set_up, test, root_fixture_tear_down)
  ADD ("/control-group/no-groups", test_no_groups);
  ADD ("/control-group/version-2", test_version_2);
  ADD ("/control-group/container", test_container);
  ADD ("/control-group/version-1", test_version_1);
  ADD ("/control-group/garbage", test_garbage);
  ADD ("/control-group/left", test_left);
  ADD ("/control-group/left-version-1", test_left_version_1);
#undef ADD

  return g_test_run ();
}
