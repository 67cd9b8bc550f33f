/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lockstep-json.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * A solver's process and its stream, without a controller: what the protocol says and no more.
 */
typedef struct _SolverConnection SolverConnection;

/* Starts @program with a stream, in the folder @directory. */
SolverConnection *solver_connection_new (const char *program,
                                         const char *directory);

/* Sends a notification. @params is JSON. */
void solver_connection_notify (SolverConnection *connection,
                               const char       *method,
                               const char       *params);

/* Sends a request, without waiting. */
void solver_connection_send (SolverConnection *connection,
                             const char       *method,
                             const char       *params);

/* Waits for the answer to the request last sent and returns its member "result" (or "error", when @error is set) as
 * text. Progress and log lines in front of it are counted and dropped. */
char *solver_connection_receive (SolverConnection *connection,
                                 gboolean          error);

/* Waits for the next progress of a step. */
void solver_connection_wait_for_progress (SolverConnection *connection);

/* solver_connection_send() and then solver_connection_receive(), without an error. */
char *solver_connection_call (SolverConnection *connection,
                              const char       *method,
                              const char       *params);

guint solver_connection_get_n_progress (SolverConnection *connection);

/* Asks the solver to terminate and waits until it has exited, which it must do with 0. */
void solver_connection_free (SolverConnection *connection);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SolverConnection, solver_connection_free)

G_END_DECLS
