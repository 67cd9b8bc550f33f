/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "lockstep-finding.h"

G_BEGIN_DECLS

/**
 * Tells whether a solver, in whatever language, keeps to the protocol: starts it, talks to it as a controller does and as
 * none would, and says what was found.
 */

/* What to test, and with what. */
typedef struct
{
  const char *const *command;
  const char        *directory;  /* where it is started, absolute */
  const char        *step;       /* the step that is called; NULL for the first that the solver names */
  const char        *params;     /* of it, a JSON object; NULL for none */
  const char        *initialize; /* the params of the plan, a JSON object; NULL for none */
  double             limit;      /* seconds that each answer may take */
} LockstepConformance;

/* Told of each finding in its turn, in the main context that was the caller's default. @check is a word for programs:
 * handshake, step, status, cancel, unknown-method, wrong-params, large-values, nested-values, garbage, terminate,
 * end-of-stream, messages. A solver with LOCKSTEP_FINDING_PROBLEM among them does not keep to the protocol. */
typedef void (*LockstepConformanceFound) (const char      *check,
                                          LockstepFinding *finding,
                                          gpointer         user_data);

/* Puts the solver to the test on a thread of its own. @found and @callback get @user_data; @found is called for the last
 * time before @callback. */
void lockstep_conformance_test_async (const LockstepConformance *conformance,
                                      LockstepConformanceFound   found,
                                      GAsyncReadyCallback        callback,
                                      gpointer                   user_data);

/* FALSE with an error when nothing could be tested: there was no folder for the output, or no guard. */
gboolean lockstep_conformance_test_finish (GAsyncResult *result,
                                           GError      **error);

G_END_DECLS
