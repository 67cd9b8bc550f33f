/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * What the adapter left of an attempt at a task of a plan with a program: its folder in the run's, and the task.json in it.
 */
typedef struct
{
  char  *folder;      /* "…/tasks/0137/2" */
  char  *log;         /* what the program printed */
  char **command;     /* argv */
  char **env;         /* "NAME=VALUE"… that the plan put over the environment */
  char  *directory;   /* the working folder */
  char  *input;       /* the file that was its standard input; NULL for none */
  int    exit_code;   /* negative where it did not exit */
  double seconds;     /* wall time; negative where the program did not end by itself */
  double cpu_seconds; /* user and system */
  gint64 peak_memory; /* bytes */
} LockstepProgramTask;

/* Of the attempt at @task that @solver made (negative: any; the newest where several did) in the run folder @run. NULL where
 * there is none, or not any more. Reads the disk. */
LockstepProgramTask *lockstep_program_task_load (const char *run,
                                                 gint64      task,
                                                 int         attempt,
                                                 int         solver);

void lockstep_program_task_free (LockstepProgramTask *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LockstepProgramTask, lockstep_program_task_free)

G_END_DECLS
