/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "descendants.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static void
process_set_reserve (ProcessSet *set,
                     size_t      n_items)
{
  Process *items;

  if (n_items <= set->n_allocated)
    return;

  n_items = n_items < 64 ? 64 : 2 * n_items;
  items = realloc (set->items, n_items * sizeof *items);

  /* Out of memory: the solver dies with its guard (PR_SET_PDEATHSIG), and the controller sees that. */
  if (items == NULL)
    abort ();

  set->items = items;
  set->n_allocated = n_items;
}

static void
process_set_append (ProcessSet    *set,
                    const Process *process)
{
  process_set_reserve (set, set->n_items + 1);
  set->items[set->n_items++] = *process;
}

/* Adds @process where it belongs; false when it was there already. */
static bool
process_set_add (ProcessSet    *set,
                 const Process *process)
{
  size_t low = 0;
  size_t high = set->n_items;

  while (low < high)
    {
      size_t         middle = (low + high) / 2;
      const Process *item = &set->items[middle];

      if (item->pid == process->pid && item->start == process->start)
        return false;

      if (item->pid < process->pid || (item->pid == process->pid && item->start < process->start))
        low = middle + 1;
      else
        high = middle;
    }

  process_set_reserve (set, set->n_items + 1);
  memmove (&set->items[low + 1], &set->items[low], (set->n_items - low) * sizeof *set->items);
  set->items[low] = *process;
  set->n_items++;

  return true;
}

void
process_set_clear (ProcessSet *set)
{
  free (set->items);
  *set = (ProcessSet){ 0 };
}

/* Reads /proc/@name/stat; false when there is no such process any more. */
static bool
process_read (int         proc,
              const char *name,
              Process    *process)
{
  char        path[64];
  char        text[1024];
  const char *after_command;
  ssize_t     length;
  int         fd;
  char        state;
  int         parent;
  long        n_threads;

  snprintf (path, sizeof path, "%s/stat", name);
  if ((fd = openat (proc, path, O_RDONLY | O_CLOEXEC)) < 0)
    return false;

  length = read (fd, text, sizeof text - 1);
  close (fd);
  if (length <= 0)
    return false;
  text[length] = '\0';

  /* The command is in parentheses and may hold anything, parentheses too. */
  if ((after_command = strrchr (text, ')')) == NULL)
    return false;

  if (sscanf (after_command + 1,
              " %c %d %*d %*d %*d %*d %*u %*u %*u %*u %*u %*u %*u %*d %*d %*d %*d %ld %*d %llu",
              &state, &parent, &n_threads, &process->start) != 4)
    return false;

  process->pid = atoi (text);
  process->parent = parent;
  /* A process whose first thread has ended, but not the others, looks like a zombie, and is alive. */
  process->ended = (state == 'Z' && n_threads <= 1) || state == 'X';

  return true;
}

static int
compare_parents (const void *a,
                 const void *b)
{
  pid_t parent_a = ((const Process *) a)->parent;
  pid_t parent_b = ((const Process *) b)->parent;

  return (parent_a > parent_b) - (parent_a < parent_b);
}

/* Appends the children of @parent to @found; @all is sorted by parent. */
static void
append_children (const ProcessSet *all,
                 pid_t             parent,
                 ProcessSet       *found)
{
  size_t low = 0;
  size_t high = all->n_items;

  while (low < high)
    {
      size_t middle = (low + high) / 2;

      if (all->items[middle].parent < parent)
        low = middle + 1;
      else
        high = middle;
    }

  for (; low < all->n_items && all->items[low].parent == parent; low++)
    process_set_append (found, &all->items[low]);
}

/* Sends @number to @process, and to nothing else. */
static void
process_signal (const Process *process,
                int            number)
{
  char    path[64];
  Process now;
  int     fd;

  /* Nobody but the guard reaps its children, so their numbers cannot pass to others meanwhile. */
  if (process->parent == getpid ())
    {
      kill (process->pid, number);
      return;
    }

  if ((fd = syscall (SYS_pidfd_open, process->pid, 0)) < 0)
    return;

  snprintf (path, sizeof path, "/proc/%d", process->pid);
  if (process_read (AT_FDCWD, path, &now) && now.start == process->start)
    syscall (SYS_pidfd_send_signal, fd, number, NULL, 0);

  close (fd);
}

/* Sends @number to @process unless it is in @done, and adds it there; true when it was not. */
static bool
process_signal_once (const Process *process,
                     int            number,
                     ProcessSet    *done)
{
  if (process->ended || !process_set_add (done, process))
    return false;

  process_signal (process, number);
  return true;
}

/* Reads all processes. Children of the guard are stopped (SIGSTOP) as soon as they are seen, if @stopped is not NULL:
 * one that forks and exits all the time is a child of the guard, and gone before the walk is over. */
static bool
read_all (ProcessSet *all,
          ProcessSet *stopped)
{
  /* Small, so that what it holds is no old news. */
  _Alignas(struct dirent64) char buffer[512];
  bool                           stopped_any = false;
  ssize_t                        length;
  int                            proc = open ("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

  while (proc >= 0 && (length = getdents64 (proc, buffer, sizeof buffer)) > 0)
    for (ssize_t offset = 0; offset < length;)
      {
        const struct dirent64 *entry = (const struct dirent64 *) (buffer + offset);
        Process                process;

        offset += entry->d_reclen;
        if (entry->d_name[0] < '1' || entry->d_name[0] > '9' || !process_read (proc, entry->d_name, &process))
          continue;

        if (stopped != NULL && process.parent == getpid ())
          stopped_any |= process_signal_once (&process, SIGSTOP, stopped);

        process_set_append (all, &process);
      }

  if (proc >= 0)
    close (proc);

  return stopped_any;
}

/* Sets @descendants to those of this process among @all, which it sorts. */
static void
find_descendants (ProcessSet *all,
                  ProcessSet *descendants)
{
  if (all->n_items == 0)
    return;

  qsort (all->items, all->n_items, sizeof *all->items, compare_parents);

  append_children (all, getpid (), descendants);
  /* A walk is no snapshot, and a reused number could close a circle: no more than there are. */
  for (size_t i = 0; i < descendants->n_items && descendants->n_items <= all->n_items; i++)
    append_children (all, descendants->items[i].pid, descendants);
}

/* The descendants of this process, parents before their children. */
static ProcessSet
descendants_read (void)
{
  ProcessSet all = { 0 };
  ProcessSet descendants = { 0 };

  read_all (&all, NULL);
  find_descendants (&all, &descendants);
  process_set_clear (&all);

  return descendants;
}

/* Stops all descendants; leaves those that were there in @stopped. */
static void
descendants_stop (ProcessSet *stopped)
{
  bool found_new;

  do
    {
      ProcessSet all = { 0 };
      ProcessSet descendants = { 0 };

      found_new = read_all (&all, stopped);
      find_descendants (&all, &descendants);
      for (size_t i = 0; i < descendants.n_items; i++)
        found_new |= process_signal_once (&descendants.items[i], SIGSTOP, stopped);

      process_set_clear (&all);
      process_set_clear (&descendants);
    }
  while (found_new);
}

static void
terminate (const Process *process,
           ProcessSet    *told)
{
  if (process_signal_once (process, SIGTERM, told))
    process_signal (process, SIGCONT);
}

void
descendants_terminate_child (pid_t       pid,
                             ProcessSet *told)
{
  char    path[64];
  Process process;

  snprintf (path, sizeof path, "/proc/%d", pid);
  if (process_read (AT_FDCWD, path, &process))
    terminate (&process, told);
}

unsigned long long
descendants_get_time (void)
{
  struct timespec    time;
  unsigned long long per_second = sysconf (_SC_CLK_TCK);

  clock_gettime (CLOCK_BOOTTIME, &time);
  return time.tv_sec * per_second + time.tv_nsec * per_second / 1000000000;
}

void
descendants_terminate (unsigned long long time,
                       ProcessSet        *told)
{
  ProcessSet descendants = descendants_read ();

  for (size_t i = 0; i < descendants.n_items; i++)
    if (descendants.items[i].start <= time)
      terminate (&descendants.items[i], told);

  process_set_clear (&descendants);
}

void
descendants_pause (void)
{
  ProcessSet stopped = { 0 };

  descendants_stop (&stopped);
  process_set_clear (&stopped);
}

void
descendants_continue (void)
{
  ProcessSet descendants = descendants_read ();

  for (size_t i = 0; i < descendants.n_items; i++)
    process_signal (&descendants.items[i], SIGCONT);

  process_set_clear (&descendants);
}

bool
descendants_kill (ProcessSet *killed)
{
  ProcessSet stopped = { 0 };
  bool       killed_any = false;

  descendants_stop (&stopped);

  for (size_t i = 0; i < stopped.n_items; i++)
    {
      process_signal (&stopped.items[i], SIGKILL);
      killed_any |= process_set_add (killed, &stopped.items[i]);
    }

  process_set_clear (&stopped);
  return killed_any;
}
