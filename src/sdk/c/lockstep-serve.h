/* SPDX-License-Identifier: MIT */

#pragma once

#include "lockstep-sdk-solver.h"

G_BEGIN_DECLS

/**
 * Serves one connection, with two threads of which each does what the other does not.
 *
 * The calling thread reads, and computes a step that it has read itself and at once: a short step costs no change of
 * threads. When a step has lasted a millisecond, the second thread takes over reading, answers what can be answered at
 * once, keeps further steps in their order, and hands reading back when the step has ended. It looks at the clock only
 * while steps come; an idle solver wakes for nothing.
 */

typedef enum
{
  LOCKSTEP_SERVED_GONE,       /* the other end has gone */
  LOCKSTEP_SERVED_TERMINATED, /* it asked to terminate */
} LockstepServed;

/* Takes over @descriptor, a connected socket. When the end comes while a step computes, the step is cancelled and the
 * process exits with status 0 half a second later, come back or not; with @patient it is waited for as long as it takes
 * unless the controller asked to terminate. */
LockstepServed lockstep_serve (LockstepSdkSolver *solver,
                               int                descriptor,
                               gboolean           patient);

G_END_DECLS
