/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-limits.h"

#include "lockstep-control-group.h"

#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

/* A solver's stream, and its guard's control socket. */
#define DESCRIPTORS_PER_SOLVER 2

/* For the ends that are open while a solver is started, the journal, and what views read. */
#define SPARE_DESCRIPTORS 64

static guint64
count_open_descriptors (void)
{
  g_autoptr (GDir) dir = g_dir_open ("/proc/self/fd", 0, NULL);
  guint64          n_open = 0;

  while (dir != NULL && g_dir_read_name (dir) != NULL)
    n_open++;

  return n_open;
}

void
lockstep_limits_read_descriptors (LockstepDescriptors *descriptors)
{
  struct rlimit limit = { RLIM_INFINITY, RLIM_INFINITY };

  getrlimit (RLIMIT_NOFILE, &limit);
  descriptors->soft = limit.rlim_cur == RLIM_INFINITY ? G_MAXUINT64 : limit.rlim_cur;
  descriptors->hard = limit.rlim_max == RLIM_INFINITY ? G_MAXUINT64 : limit.rlim_max;
  descriptors->used = count_open_descriptors ();
}

guint64
lockstep_limits_count_descriptors (const LockstepDescriptors *descriptors,
                                   guint                      n_solvers)
{
  return descriptors->used + SPARE_DESCRIPTORS + DESCRIPTORS_PER_SOLVER * (guint64) n_solvers;
}

guint
lockstep_limits_count_solvers (const LockstepDescriptors *descriptors)
{
  const guint64 taken = descriptors->used + SPARE_DESCRIPTORS;

  return descriptors->hard > taken ? (guint) MIN ((descriptors->hard - taken) / DESCRIPTORS_PER_SOLVER, G_MAXUINT) : 0;
}

void
lockstep_limits_raise_descriptors (guint n_solvers)
{
  LockstepDescriptors descriptors;
  guint64             needed;
  struct rlimit       limit;

  lockstep_limits_read_descriptors (&descriptors);
  needed = MIN (lockstep_limits_count_descriptors (&descriptors, n_solvers), descriptors.hard);
  if (needed <= descriptors.soft || getrlimit (RLIMIT_NOFILE, &limit) != 0)
    return;

  limit.rlim_cur = needed;
  setrlimit (RLIMIT_NOFILE, &limit);
}

/* The threads of all processes of this person: a folder has a link for each folder in it, and two of its own. */
static guint64
count_own_threads (void)
{
  g_autoptr (GDir) proc = g_dir_open ("/proc", 0, NULL);
  const char      *name;
  guint64          n_threads = 0;

  while (proc != NULL && (name = g_dir_read_name (proc)) != NULL)
    {
      g_autofree char *path = NULL;
      struct stat      status;

      if (!g_ascii_isdigit (*name))
        continue;
      path = g_build_filename ("/proc", name, "task", NULL);
      if (stat (path, &status) == 0 && status.st_uid == getuid () && status.st_nlink > 2)
        n_threads += status.st_nlink - 2;
    }

  return n_threads;
}

guint64
lockstep_limits_read_processes_left (void)
{
  const guint64 of_group = lockstep_control_group_read_processes_left ("/");
  struct rlimit limit;
  guint64       used;
  guint64       of_person;

  /* The kernel does not hold root to it. */
  if (geteuid () == 0 || getrlimit (RLIMIT_NPROC, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY)
    return of_group;

  used = count_own_threads ();
  of_person = limit.rlim_cur > used ? limit.rlim_cur - used : 1;

  return of_group > 0 ? MIN (of_group, of_person) : of_person;
}
