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

  process->pid = atoi (name);
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

/* The descendants of this process, parents before their children. */
static void
descendants_read (ProcessSet *descendants)
{
  DIR           *directory;
  struct dirent *entry;
  ProcessSet     all = { 0 };

  descendants->n_items = 0;

  if ((directory = opendir ("/proc")) == NULL)
    return;

  while ((entry = readdir (directory)) != NULL)
    {
      Process process;

      if (entry->d_name[0] >= '1' && entry->d_name[0] <= '9' &&
          process_read (dirfd (directory), entry->d_name, &process))
        process_set_append (&all, &process);
    }

  closedir (directory);

  if (all.n_items > 0)
    {
      qsort (all.items, all.n_items, sizeof *all.items, compare_parents);

      append_children (&all, getpid (), descendants);
      /* A walk is no snapshot, and a reused number could close a circle: no more than there are. */
      for (size_t i = 0; i < descendants->n_items && descendants->n_items <= all.n_items; i++)
        append_children (&all, descendants->items[i].pid, descendants);
    }

  process_set_clear (&all);
}

/* Sends @number to @process, and to nothing else: the process id may have passed to a stranger since it was read. */
static void
process_signal (const Process *process,
                int            number)
{
  char    path[64];
  Process now;
  int     fd = syscall (SYS_pidfd_open, process->pid, 0);

  if (fd < 0)
    {
      if (errno == ENOSYS)
        kill (process->pid, number);
      return;
    }

  snprintf (path, sizeof path, "/proc/%d", process->pid);
  if (process_read (AT_FDCWD, path, &now) && now.start == process->start)
    syscall (SYS_pidfd_send_signal, fd, number, NULL, 0);

  close (fd);
}

/* Stops all descendants; leaves those that were there in @stopped. */
static void
descendants_stop (ProcessSet *stopped)
{
  ProcessSet descendants = { 0 };
  bool       found_new;

  do
    {
      found_new = false;
      descendants_read (&descendants);

      for (size_t i = 0; i < descendants.n_items; i++)
        {
          const Process *process = &descendants.items[i];

          if (process->ended || !process_set_add (stopped, process))
            continue;

          process_signal (process, SIGSTOP);
          found_new = true;
        }
    }
  while (found_new);

  process_set_clear (&descendants);
}

void
descendants_terminate (ProcessSet *told)
{
  ProcessSet descendants = { 0 };

  descendants_read (&descendants);

  for (size_t i = 0; i < descendants.n_items; i++)
    {
      const Process *process = &descendants.items[i];

      if (process->ended || !process_set_add (told, process))
        continue;

      process_signal (process, SIGTERM);
      process_signal (process, SIGCONT);
    }

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
  ProcessSet descendants = { 0 };

  descendants_read (&descendants);

  for (size_t i = 0; i < descendants.n_items; i++)
    process_signal (&descendants.items[i], SIGCONT);

  process_set_clear (&descendants);
}

void
descendants_kill (ProcessSet *killed)
{
  ProcessSet stopped = { 0 };

  descendants_stop (&stopped);

  for (size_t i = 0; i < stopped.n_items; i++)
    {
      process_signal (&stopped.items[i], SIGKILL);
      process_set_add (killed, &stopped.items[i]);
    }

  process_set_clear (&stopped);
}
