/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lockstep-host.h"
#include "lockstep-json.h"
#include "lockstep-run-solver.h"

G_BEGIN_DECLS

/**
 * A solver that lives: its process, the conversation with it, and its state. The controller's hand; views see
 * LockstepRunSolver.
 *
 * dead → launching → initializing → ready ⇄ busy → terminating → dead
 */
#define LOCKSTEP_TYPE_SOLVER (lockstep_solver_get_type ())
G_DECLARE_FINAL_TYPE (LockstepSolver, lockstep_solver, LOCKSTEP, SOLVER, GObject)

/* How hard to stop; each may follow the one before. */
typedef enum
{
  LOCKSTEP_STOP_ASK,       /* terminate over the protocol; SIGTERM after a part of the grace period, SIGKILL at its end */
  LOCKSTEP_STOP_TERMINATE, /* SIGTERM now, SIGKILL at the end of the grace period */
  LOCKSTEP_STOP_KILL,      /* SIGKILL now */
} LockstepStop;

/* Signals:
 *
 * started (gint64 pid): the program runs, and was asked to initialize.
 * ready (GBytes *answer): initialize was answered; calls may be made.
 * progress (gint64 task, GBytes *params): task is -1 while it initializes.
 * logged (const char *level, const char *text)
 * stopping (const char *why): it was told to go, or broke a rule and is made to.
 * ended (const LockstepReport *report, const char *why): no process of it is left; @why is what it was stopped for, or NULL
 *   when it went by itself. It may be launched again.
 */
LockstepSolver *lockstep_solver_new (guint index);

/* A call ended: @result, or the step's own error. */
typedef void (*LockstepAnswerFunc) (LockstepSolver *solver,
                                    gint64          task,
                                    GBytes         *result,
                                    const GError   *error,
                                    gpointer        user_data);

/* Who is told of the answers, or NULL for nobody: a function, because a signal takes as long as all else that is done of a
 * call here. Calls that are open when the solver ends are not answered any more. */
void lockstep_solver_set_answer_func (LockstepSolver    *self,
                                      LockstepAnswerFunc func,
                                      gpointer           user_data);

guint lockstep_solver_get_index (LockstepSolver *self);

LockstepSolverState lockstep_solver_get_state (LockstepSolver *self);

/* The process of a solver that is not dead. */
LockstepProcess *lockstep_solver_get_process (LockstepSolver *self);

/* Starts the dead solver on @host and calls initialize with @params as soon as it runs. @timeout is how many
 * seconds it may be silent before it has answered; 0 for ever. FALSE with an error when nothing was started. */
gboolean lockstep_solver_launch (LockstepSolver       *self,
                                 LockstepHost         *host,
                                 const LockstepLaunch *launch,
                                 GBytes               *params,
                                 double                timeout,
                                 GError              **error);

/* Calls a step method on a ready or busy solver; more than one call may be open, they are answered in order. @params as in
 * lockstep_peer_call_async(). */
void lockstep_solver_call (LockstepSolver *self,
                           gint64          task,
                           const char     *method,
                           GBytes *const  *params);

/* Tells the solver that the answer of the call is not wanted any more; it comes all the same, or an error instead. */
void lockstep_solver_cancel (LockstepSolver *self,
                             gint64          task);

/* Calls that were not answered yet. */
guint lockstep_solver_get_n_calls (LockstepSolver *self);

/* While its process stands still, it may be silent. */
void lockstep_solver_set_paused (LockstepSolver *self,
                                 gboolean        paused);

/* Ends the solver, whatever its state; @grace in seconds. @why is a sentence for people; the first one counts. */
void lockstep_solver_stop (LockstepSolver *self,
                           LockstepStop    how,
                           double          grace,
                           const char     *why);

G_END_DECLS
