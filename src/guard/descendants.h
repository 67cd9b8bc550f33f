/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/**
 * All processes below the guard, found by walking /proc: whatever session or process group they moved to, and
 * whether or not those between them and the guard are still there, since orphans become the guard's own children.
 */

/* A process id alone is not a process: it may have passed to another one. With the time of its start it is. */
typedef struct
{
  pid_t              pid;
  pid_t              parent;
  unsigned long long start; /* clock ticks since boot */
  bool               ended; /* only waiting to be reaped */
} Process;

/* Sorted by process id, then start. */
typedef struct
{
  Process *items; /* owned */
  size_t   n_items;
  size_t   n_allocated;
} ProcessSet;

void process_set_clear (ProcessSet *set);

/* Now, as the start of a process is told. */
unsigned long long descendants_get_time (void);

/* Sends SIGTERM, and SIGCONT so that a stopped process hears it, to every descendant that was there at @time and is
 * not in @told, and adds it there: a second SIGTERM means "at once" to some programs. */
void descendants_terminate (unsigned long long time,
                            ProcessSet        *told);

/* The same for @pid, a child of this process that was not waited for yet. */
void descendants_terminate_child (pid_t       pid,
                                  ProcessSet *told);

/* Stops all descendants, also those that are born meanwhile. */
void descendants_pause (void);

void descendants_continue (void);

/* Kills all descendants with SIGKILL and adds those it had to kill to @killed. They are stopped first, because a
 * program that forks as fast as it is killed wins against a killer that makes room for it. One call may miss a
 * process that changes parents while it looks: call it again until there is no child left to wait for. False when it
 * found none that it had not killed before. */
bool descendants_kill (ProcessSet *killed);
