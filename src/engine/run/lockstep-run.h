/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "lockstep-cause.h"
#include "lockstep-estimate.h"
#include "lockstep-event.h"
#include "lockstep-plan.h"
#include "lockstep-run-solver.h"

G_BEGIN_DECLS

/**
 * One execution of a plan, folded from its events: solvers, steps, tasks, results, totals. Every view reads
 * this and nothing else, whether the run is live, finished, or on another machine.
 */
typedef enum
{
  LOCKSTEP_RUN_IDLE,
  LOCKSTEP_RUN_LAUNCHING,
  LOCKSTEP_RUN_STEPPING,
  LOCKSTEP_RUN_PAUSED,
  LOCKSTEP_RUN_STOPPING, /* no new task; solvers are being stopped, then the journal is written out */
  LOCKSTEP_RUN_FINISHED,
  LOCKSTEP_RUN_FAILED,
  LOCKSTEP_RUN_TERMINATED,
  LOCKSTEP_RUN_INTERRUPTED, /* its controller died */
} LockstepRunState;

/* "idle", "launching", …: for files and scripts, not for people. */
const char *lockstep_run_state_to_name (LockstepRunState state);

#define LOCKSTEP_TYPE_RUN (lockstep_run_get_type ())
G_DECLARE_FINAL_TYPE (LockstepRun, lockstep_run, LOCKSTEP, RUN, GObject)

/* Properties, notified at most 10 times a second (state: at once):
 *   state (LockstepRunState as uint), name, error (string: why it failed), trouble (string: see
 *   lockstep_run_get_trouble), finishing (boolean: see lockstep_run_is_finishing), fraction (double 0…1 over the whole plan, negative
 *   for unknown), n-late (uint: tasks that a barrier waits for, see lockstep_run_get_late()), summary (string: see
 *   lockstep_run_dup_summary), directory (string)
 *
 * Signal event (const LockstepEvent *event): after it was folded. */
LockstepRun *lockstep_run_new (LockstepPlan *plan);

LockstepPlan *lockstep_run_get_plan (LockstepRun *self);

/* The run's folder; NULL before there is one. */
const char *lockstep_run_get_directory (LockstepRun *self);
void        lockstep_run_set_directory (LockstepRun *self,
                                        const char  *directory);

LockstepRunState lockstep_run_get_state (LockstepRun *self);

/* Whether the state is one of the last four. */
gboolean lockstep_run_has_ended (LockstepRun *self);

/* The state that a run that is stopping, or has ended, goes towards; IDLE before. */
LockstepRunState lockstep_run_get_towards (LockstepRun *self);

/* When what is left of the solvers of a run that is stopping is killed (UTC in µs); 0 where it is not stopping, or that is not known. */
gint64 lockstep_run_get_kill_time (LockstepRun *self);

/* Takes in the next event. */
void lockstep_run_fold (LockstepRun         *self,
                        const LockstepEvent *event);

/* Of LockstepRunSolver, by index. */
GListModel *lockstep_run_get_solvers (LockstepRun *self);

/* How many solvers it was started with; since it was resumed last, where it was. */
guint lockstep_run_get_n_solvers (LockstepRun *self);

double      lockstep_run_get_fraction (LockstepRun *self);
const char *lockstep_run_get_error (LockstepRun *self);

/* Why a run that is paused was not paused by a person, and what is to be done: its disk is full. Else NULL. */
const char *lockstep_run_get_trouble (LockstepRun *self);

/* Whether a person wants its tasks at work finished, no new ones begun, and then the end. */
gboolean lockstep_run_is_finishing (LockstepRun *self);

/* "Finishing 3 tasks, then stopping", of such a run; else NULL. Translated. */
char *lockstep_run_dup_finishing (LockstepRun *self);

/* Whether every loop that was left was left because its until held. Says something of a run that is finished. */
gboolean lockstep_run_get_reached (LockstepRun *self);

/* Whether there was a loop that was left before its until held, and a person wanted each of those to be left. */
gboolean lockstep_run_get_left_early (LockstepRun *self);

/* The tasks that failed for good and have brought no result since, each once. */
guint64 lockstep_run_get_n_failures (LockstepRun *self);

/* Why they failed: of LockstepCause, the largest group first. Changes at most 10 times a second; up to date when asked for. */
GListModel *lockstep_run_get_causes (LockstepRun *self);

/* The group that @task, counted through the run, is in; NULL when it did not fail. */
LockstepCause *lockstep_run_get_cause (LockstepRun *self,
                                       gint64       task);

/* How many seconds from now it will take, most probably, and of what that is the rest (see LockstepEstimate); NONE, which
 * is FALSE, where that cannot be told. */
LockstepEstimateScope lockstep_run_get_estimate (LockstepRun *self,
                                                 double      *low,
                                                 double      *high);

/* The same in words, translated: "about 3–4 h left", "2–3 min left in this step". NULL where it cannot be told. */
char *lockstep_run_dup_estimate (LockstepRun *self);

/* The estimates of the step that ended last, to be judged (see lockstep_estimate_get_made()). */
const LockstepEstimateMade *lockstep_run_get_estimates_made (LockstepRun *self,
                                                             guint       *n_made);

/* The step at work or last at work, or NULL; its iteration, counted from 1; its tasks, and those that ended. */
LockstepStep *lockstep_run_get_step (LockstepRun *self);
int           lockstep_run_get_iteration (LockstepRun *self);
guint64       lockstep_run_get_n_tasks (LockstepRun *self);
guint64       lockstep_run_get_n_done (LockstepRun *self);

/* The innermost loop at work and the last value its until looked at; NULL and FALSE where there is none. */
LockstepStep *lockstep_run_get_loop (LockstepRun *self);
gboolean      lockstep_run_get_loop_value (LockstepRun *self,
                                           double      *value);

/* Whether it is at work in a loop that a person may leave at the end of its iteration, and has not left yet. */
gboolean lockstep_run_may_stop_iterating (LockstepRun *self);

/* Whether a fresh process may be had in the place of the one of that index, which lives: the run is at work, and goes on. */
gboolean lockstep_run_may_restart (LockstepRun *self,
                                   guint        solver);

/* The most memory that one of its solvers was seen to need, and what could be had for all of them when it was started, or resumed
 * last; bytes, 0 where that is not known. */
guint64 lockstep_run_get_peak_memory (LockstepRun *self);
guint64 lockstep_run_get_memory (LockstepRun *self);

/* The result of a task of that step, @task from 0; NULL where there is none (yet). */
GBytes *lockstep_run_get_result (LockstepRun *self,
                                 guint64      task);

/* What the next steps may need (see the data-flow rule): the results of the last step that ended, in task order
 * (an element is NULL where its task failed; NULL before the first step); why those failed (index → char *); the result of the last `one` step; and the last
 * result of the `one` step with that index. NULL where there is none. */
GPtrArray  *lockstep_run_get_results (LockstepRun *self);
GHashTable *lockstep_run_get_failures (LockstepRun *self);
GBytes     *lockstep_run_get_last_one (LockstepRun *self);
GBytes     *lockstep_run_get_previous (LockstepRun *self,
                                       guint        step);

/* The number that the first task of the next step gets: tasks are counted through the run. */
gint64 lockstep_run_get_next_task (LockstepRun *self);

/* UTC in µs; 0 where it did not happen yet. A run that was resumed has the start of its first session. */
gint64 lockstep_run_get_start (LockstepRun *self);
gint64 lockstep_run_get_end (LockstepRun *self);

/* Seconds that it has been at work at the time @now (UTC in µs), or was until its end: without the time between sessions. */
double lockstep_run_get_seconds (LockstepRun *self,
                                 gint64       now);

/* Where it stands, in words for a person: "Iteration 112 of at most 500 · gap 3.2e-4 → 1e-6", "120 of 2000 tasks ·
 * about 3–4 h left", "Finished · 3.1 s". Translated. */
char *lockstep_run_dup_summary (LockstepRun *self);

G_END_DECLS
