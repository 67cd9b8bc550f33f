/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-process-tree.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Fields of /proc/PID/stat, counted as proc(5) does. */
#define FIELD_PARENT 4
#define FIELD_UTIME  14
#define FIELD_CSTIME 17
#define FIELD_RSS    24

typedef struct
{
  gint64  pid;
  gint64  parent;
  guint64 ticks; /* user and system, its own and of children waited for */
  guint64 pages;
} Process;

static gboolean
process_read (int         proc,
              const char *name,
              Process    *process)
{
  char    path[64];
  char    text[1024];
  char   *position;
  ssize_t length;
  int     fd;

  g_snprintf (path, sizeof path, "%s/stat", name);
  if ((fd = openat (proc, path, O_RDONLY | O_CLOEXEC)) < 0)
    return FALSE;

  length = read (fd, text, sizeof text - 1);
  close (fd);
  if (length <= 0)
    return FALSE;
  text[length] = '\0';

  /* The command, in parentheses, may hold anything; the state, after it, is one letter. */
  if ((position = strrchr (text, ')')) == NULL || strlen (position) < 4)
    return FALSE;
  position += 3;

  *process = (Process){ .pid = atoll (name) };
  for (guint field = FIELD_PARENT; field <= FIELD_RSS; field++)
    {
      gint64 value = strtoll (position, &position, 10);

      if (field == FIELD_PARENT)
        process->parent = value;
      else if (field >= FIELD_UTIME && field <= FIELD_CSTIME)
        process->ticks += value;
      else if (field == FIELD_RSS)
        process->pages = value;
    }

  return TRUE;
}

static GArray *
read_processes (void)
{
  GArray        *processes = g_array_new (FALSE, FALSE, sizeof (Process));
  DIR           *directory = opendir ("/proc");
  struct dirent *entry;

  if (directory == NULL)
    return processes;

  while ((entry = readdir (directory)) != NULL)
    {
      Process process;

      if (g_ascii_isdigit (entry->d_name[0]) && process_read (dirfd (directory), entry->d_name, &process))
        g_array_append_val (processes, process);
    }

  closedir (directory);

  return processes;
}

/* The tree that the process @pid is in, found among its ancestors. */
static LockstepProcessTree *
find_tree (gint64      pid,
           GHashTable *trees,
           GHashTable *parents)
{
  /* As deep as a tree may be: what was read is no snapshot, and could even be a circle. */
  for (guint depth = 0; depth < 1000 && pid > 1; depth++)
    {
      LockstepProcessTree *tree = g_hash_table_lookup (trees, GSIZE_TO_POINTER (pid));

      if (tree != NULL)
        return tree;

      pid = GPOINTER_TO_SIZE (g_hash_table_lookup (parents, GSIZE_TO_POINTER (pid)));
    }

  return NULL;
}

void
lockstep_process_trees_measure (LockstepProcessTree *trees,
                                guint                n_trees)
{
  g_autoptr (GArray)     processes = read_processes ();
  g_autoptr (GHashTable) trees_by_root = g_hash_table_new (NULL, NULL);
  g_autoptr (GHashTable) parents = g_hash_table_new (NULL, NULL);
  double                 ticks_per_second = sysconf (_SC_CLK_TCK);
  long                   page_size = sysconf (_SC_PAGESIZE);

  for (guint i = 0; i < n_trees; i++)
    {
      trees[i].found = FALSE;
      trees[i].cpu = 0;
      trees[i].memory = 0;
      g_hash_table_insert (trees_by_root, GSIZE_TO_POINTER (trees[i].root), &trees[i]);
    }

  for (guint i = 0; i < processes->len; i++)
    {
      const Process *process = &g_array_index (processes, Process, i);

      g_hash_table_insert (parents, GSIZE_TO_POINTER (process->pid), GSIZE_TO_POINTER (process->parent));
    }

  for (guint i = 0; i < processes->len; i++)
    {
      const Process       *process = &g_array_index (processes, Process, i);
      LockstepProcessTree *tree = find_tree (process->pid, trees_by_root, parents);

      if (tree == NULL)
        continue;

      if (process->pid == tree->root)
        tree->found = TRUE;
      tree->cpu += process->ticks / ticks_per_second;
      tree->memory += process->pages * page_size;
    }
}
