/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>
#include <sys/resource.h>

G_BEGIN_DECLS

/**
 * The process of a program, with all that it starts.
 *
 * This process becomes the one that orphans pass to (a child subreaper), so that it knows when nothing is left; whoever uses
 * this has no other children.
 */
typedef struct _LockstepProgramProcess LockstepProgramProcess;

#define LOCKSTEP_PROGRAM_ERROR (lockstep_program_error_quark ())
GQuark lockstep_program_error_quark (void);

typedef enum
{
  LOCKSTEP_PROGRAM_ERROR_START,     /* the program or what it needs could not be had */
  LOCKSTEP_PROGRAM_ERROR_FAILED,    /* it ran, and failed */
  LOCKSTEP_PROGRAM_ERROR_RESULT,    /* it ran, and what was looked for is not there */
  LOCKSTEP_PROGRAM_ERROR_CANCELLED, /* nobody wants it any more */
} LockstepProgramError;

/* What to start. Nothing of it passes a shell. */
typedef struct
{
  char      **command;   /* a name without a slash is looked up along the PATH of env */
  char      **env;       /* all of it */
  const char *directory; /* working folder */
  int         input;     /* descriptor for standard input; -1 for none */
  int         output;    /* for standard output and error */
} LockstepProgramStart;

/* NULL with LOCKSTEP_PROGRAM_ERROR_START. */
LockstepProgramProcess *lockstep_program_process_start (const LockstepProgramStart *start,
                                                        GError                    **error);

/* Waits up to @milliseconds for the program itself to end; TRUE when it has. */
gboolean lockstep_program_process_wait (LockstepProgramProcess *self,
                                        int                     milliseconds);

/* Ends what is left of it: SIGTERM, and after @grace seconds SIGKILL, until there is nothing. Where nothing is, that
 * costs nothing. Returns how many had to be killed. */
guint lockstep_program_process_end (LockstepProgramProcess *self,
                                    double                  grace);

/* As of waitpid(2), once the program has ended. */
int lockstep_program_process_get_status (const LockstepProgramProcess *self);

/* What the program itself used, and its children that it waited for, once it has ended. */
const struct rusage *lockstep_program_process_get_usage (const LockstepProgramProcess *self);

void lockstep_program_process_free (LockstepProgramProcess *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LockstepProgramProcess, lockstep_program_process_free)

G_END_DECLS
