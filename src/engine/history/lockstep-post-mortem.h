/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lockstep-digest.h"
#include "lockstep-process.h"

G_BEGIN_DECLS

/* Lines of the solver's output that are shown. */
#define LOCKSTEP_POST_MORTEM_LINES 50

/**
 * All there is to know of a task that failed, or a solver that died: for the window, for the terminal. Plain data; what does
 * not apply, or is not known, is NULL or negative.
 *
 * How a solver was started is what the plan's member solver says. For a task of a plan that runs a
 * program, the same members tell how that was started, and the log is what it printed.
 */
typedef struct
{
  /* what it had to do */
  gint64  task; /* counted through the run; negative: nothing */
  int     attempt;
  int     iteration; /* of the innermost loop, from 1; 0 outside of loops */
  char   *step;      /* its title */
  char   *method;
  GBytes *params;      /* of the call, JSON text: what it was given */
  char   *params_lost; /* why that is not known, a sentence */
  gint64  failed;      /* where it had nothing to do: the task that it did last, if that failed; negative: none */

  /* how the task failed */
  char    *cause;  /* "crash", "timeout", …: of TASK_FAILED */
  char    *reason; /* a sentence */
  gboolean final;  /* it was not tried again */

  /* the solver */
  int            solver; /* -1 for none */
  char          *host;
  gint64         time; /* when it ended, else when the task failed: UTC in µs; 0 for neither */
  gboolean       ended;
  LockstepReport report; /* of its guard; where it ended */
  char          *end;    /* the same in words: "was killed by SIGSEGV (segmentation fault)" */
  char          *why;    /* and in context, as the log has it */
  char          *log;    /* the path of its output */
  char          *lines;  /* the last of it, by the time it ended; valid UTF-8 */

  /* to do it again by hand */
  char **command;   /* argv */
  char **env;       /* "NAME=VALUE"… over the environment */
  char  *directory; /* the working folder */
  char  *input;     /* the file that was the standard input of a program; NULL for none */
} LockstepPostMortem;

/* What @digest, of the same run, knows of @found: all but the params of the call and the lines. */
LockstepPostMortem *lockstep_post_mortem_new (LockstepDigest     *digest,
                                              const LockstepCase *found);

/* Of the last attempt at @task in the run folder @directory, failed or not; or, where @task is negative, of the last end of
 * @solver, on a thread. */
void                lockstep_post_mortem_load_async (const char         *directory,
                                                     gint64              task,
                                                     int                 solver,
                                                     GAsyncReadyCallback callback,
                                                     gpointer            user_data);
LockstepPostMortem *lockstep_post_mortem_load_finish (GAsyncResult *result,
                                                      GError      **error);

void lockstep_post_mortem_free (LockstepPostMortem *self);

/* What starts the same program by hand, for a shell: "cd … && env NAME=VALUE … COMMAND ARGUMENT…". NULL where it is not
 * known. */
char *lockstep_post_mortem_dup_command_line (const LockstepPostMortem *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LockstepPostMortem, lockstep_post_mortem_free)

G_END_DECLS
