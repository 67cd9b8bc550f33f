/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <stdbool.h>
#include <sys/types.h>

/**
 * Starts the program that the guard is there for.
 */

typedef struct
{
  char *const *command;   /* argv, ends with NULL; looked up along PATH */
  const char  *directory; /* its working folder; NULL: the guard's */
  const char  *output;    /* file its standard output and standard error are appended to; NULL: the guard's own */
  bool         has_nice;
  int          nice;
} ChildPlan;

/* What did not work, when a program could not be started. */
typedef struct
{
  const char *what;  /* "fork", "output", "input", "directory" or "exec"; NULL when it was started */
  int         error; /* errno */
} ChildFailure;

typedef struct
{
  pid_t        pid;
  int          start_pipe; /* end of file: it runs; a ChildFailure: it never will. -1 once that is known */
  ChildFailure failure;
} Child;

/* Forks; false with child->failure where that fails. Does not wait for the program to be loaded, which may take
 * long from a disk that is far away: poll child->start_pipe for input, then call child_finish_start(). */
bool child_start (Child           *child,
                  const ChildPlan *plan);

/* Reads the outcome of the start, with the pipe at its end; true when the program runs, or has run. */
bool child_finish_start (Child *child);
