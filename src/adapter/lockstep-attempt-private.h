/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lockstep-attempt.h"

G_BEGIN_DECLS

/* An attempt is written in two files: lockstep-attempt.c runs the program, lockstep-attempt-verdict.c says what it
 * came to. */

struct _LockstepAttempt
{
  const LockstepProgram *program;      /* not owned */
  LockstepPlaceholders   placeholders; /* what it points to is not owned */

  LockstepTaskFolder     *folder;         /* NULL until it was made */
  char                   *working_folder; /* of the program */
  LockstepOutputReader   *reader;
  GPtrArray              *probes;
  LockstepProbe          *progress; /* of them; NULL where there is none */
  double                  progress_of;
  LockstepProgramProcess *process;
  char                   *message; /* that was told last */
  double                  seconds;
  gboolean                has_ended; /* the program, by itself or because it printed what fails-if says */
  gboolean                succeeded;
};

/* The line of fails-if that was found; NULL where none was. */
const LockstepProbe *lockstep_attempt_find_failure (const LockstepAttempt *self);

/* What the attempt came to, once the program has ended and all it printed was read: the result as JSON text, or
 * NULL. */
char *lockstep_attempt_judge (LockstepAttempt *self,
                              GError         **error);

G_END_DECLS
