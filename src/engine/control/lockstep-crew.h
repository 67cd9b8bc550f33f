/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lockstep-plan.h"
#include "lockstep-record.h"
#include "lockstep-solver.h"

G_BEGIN_DECLS

/**
 * The solvers of a live run: starts them on their hosts, measures them, tells what happens to them, starts those that
 * crash again, stops them.
 *
 * A crashed solver is started again at once, then with growing pauses; a task that it completes resets the count.
 * It stays out when its program cannot be started, and after three initialize in a row that failed. Stops that
 * were ordered here do not count.
 */
#define LOCKSTEP_TYPE_CREW (lockstep_crew_get_type ())
G_DECLARE_FINAL_TYPE (LockstepCrew, lockstep_crew, LOCKSTEP, CREW, GObject)

/* Why a solver ended. */
typedef enum
{
  LOCKSTEP_DEATH_ORDERED, /* it was stopped from here */
  LOCKSTEP_DEATH_CRASH,   /* it went by itself, or broke the protocol */
  LOCKSTEP_DEATH_MEMORY,  /* killed, probably because memory had run out */
} LockstepDeath;

/* Signals:
 *
 * ready (LockstepSolver *solver): it was initialized.
 * alive (LockstepSolver *solver): it gave a sign of life.
 * ended (LockstepSolver *solver, LockstepDeath death, int signal, const char *reason): no process of it is left. It was
 *   killed by signal (0 for none), which was not sent from here. The reason is for people: "was killed by SIGKILL", or what
 *   it was stopped for.
 * out (LockstepSolver *solver, const char *reason): it will not be started again.
 * gone: there is no process left, and none will be started.
 */

/* @hosts is an array of LockstepHost; @grace is what solvers are given to go, in seconds. */
LockstepCrew *lockstep_crew_new (LockstepRecord *record,
                                 GPtrArray      *hosts,
                                 double          grace);

/* Who is told of the solvers' answers, or NULL for nobody; see lockstep_solver_set_answer_func(). */
void lockstep_crew_set_answer_func (LockstepCrew      *self,
                                    LockstepAnswerFunc func,
                                    gpointer           user_data);

/* Starts solvers: so many as @n_solvers has for each host. Their indices run through the hosts in order. */
void lockstep_crew_launch (LockstepCrew *self,
                           const guint  *n_solvers);

guint lockstep_crew_get_n_hosts (LockstepCrew *self);

/* The host with that index. */
LockstepHost *lockstep_crew_get_host (LockstepCrew *self,
                                      guint         host);

/* The index of the host that the solver is on. */
guint lockstep_crew_get_host_of (LockstepCrew *self,
                                 guint         solver);

/* The members on a host. */
guint lockstep_crew_get_n_members_on (LockstepCrew *self,
                                      guint         host);

/* However many there are or were. */
guint lockstep_crew_get_n_solvers (LockstepCrew *self);

LockstepSolver *lockstep_crew_get_solver (LockstepCrew *self,
                                          guint         index);

/* Those with a process. */
guint lockstep_crew_get_n_alive (LockstepCrew *self);

/* Those that work or will: all that are not out. */
guint lockstep_crew_get_n_members (LockstepCrew *self);

/* Whether every solver is ready or busy, or out. */
gboolean lockstep_crew_is_settled (LockstepCrew *self);

/* @solver completed a task: its crashes are forgotten. */
void lockstep_crew_task_completed (LockstepCrew   *self,
                                   LockstepSolver *solver);

/* Has a fresh process in the place of @solver's, because a person wants it: its crashes are forgotten, and one that waits to be
 * started again waits no longer. FALSE with an error where it is out, or is being stopped already. */
gboolean lockstep_crew_renew (LockstepCrew   *self,
                              LockstepSolver *solver,
                              const char     *why,
                              GError        **error);

/* Stops @solver and starts it again. */
void lockstep_crew_restart (LockstepCrew   *self,
                            LockstepSolver *solver,
                            LockstepStop    how,
                            const char     *why);

/* @solver is not to be started again. */
void lockstep_crew_dismiss (LockstepCrew   *self,
                            LockstepSolver *solver,
                            const char     *why);

/* While what follows from a death is not decided, nobody is started again: the run may be about to end. */
void lockstep_crew_hold (LockstepCrew *self);
void lockstep_crew_release (LockstepCrew *self);

/* Stops (SIGSTOP) or continues all process trees. */
void lockstep_crew_set_paused (LockstepCrew *self,
                               gboolean      paused);

/* Stops them all, for good. */
void lockstep_crew_stop (LockstepCrew *self,
                         LockstepStop  how,
                         const char   *why);

G_END_DECLS
