/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lockstep-audition.h"
#include "lockstep-conformance.h"

G_BEGIN_DECLS

/**
 * What the checks work with. Of the thread that they run on.
 */
typedef struct
{
  /* What to test. */
  char **command;
  char  *directory;
  char  *step; /* set by the handshake where nobody chose one */
  char  *params;
  char  *initialize;
  double limit;

  /* Who is told. */
  GMainContext            *context;
  LockstepConformanceFound found;
  gpointer                 user_data;

  /* The test. */
  char             *folder; /* stands in for that of a run */
  char             *output;
  LockstepAudition *audition; /* NULL where no solver lives */
  GPtrArray        *complaints;
  guint             task;         /* of the last call of the step */
  gboolean          step_answers; /* else what needs a step is left out */
  GError           *error;        /* nothing could be started */
} LockstepTest;

/* Tells of a finding; takes over @text and @advice (may be NULL). */
void lockstep_test_tell (LockstepTest        *self,
                         const char          *check,
                         LockstepFindingLevel level,
                         char                *text,
                         char                *advice);

/* A solver that has been initialized: the one that lives, or a new one. FALSE when there is none to be had. */
gboolean lockstep_test_have_solver (LockstepTest *self);

/* Calls initialize of a new solver; the answer, or what came instead. */
LockstepHeard lockstep_test_initialize (LockstepTest *self);

/* Whether a call was answered; else tells the problem, and ends the solver. */
gboolean lockstep_test_is_answered (LockstepTest        *self,
                                    const char          *check,
                                    const char          *method,
                                    const LockstepHeard *heard);

/* Ends the solver. */
void lockstep_test_drop_solver (LockstepTest *self);

/* All checks, in their order. */
void lockstep_test_run_checks (LockstepTest *self);

G_END_DECLS
