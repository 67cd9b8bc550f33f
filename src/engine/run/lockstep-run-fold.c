/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-run-members.h"

#include <glib/gi18n-lib.h>

#include "lockstep-journal.h"
#include "lockstep-run-solver-private.h"
#include "lockstep-signal-text.h"

LockstepRunSolver *
lockstep_run_get_solver (LockstepRun *self,
                         int          index)
{
  if (index < 0)
    return NULL;

  while (self->rows->len <= (guint) index)
    {
      g_autoptr (LockstepRunSolver) made = lockstep_run_solver_new (self->rows->len);

      /* Who is told of the new row may ask for it. */
      g_ptr_array_add (self->rows, made);
      g_list_store_append (self->solvers, made);
    }

  return g_ptr_array_index (self->rows, index);
}

static char *
dup_payload_string (const LockstepEvent *event,
                    const char          *name)
{
  return lockstep_json_dup_string (lockstep_json_get_member (lockstep_event_get_payload (event), name), NULL);
}

static gint64
get_payload_int (const LockstepEvent *event,
                 const char          *name,
                 gint64               otherwise)
{
  gint64 number;

  return lockstep_json_get_int (lockstep_json_get_member (lockstep_event_get_payload (event), name), &number) ? number : otherwise;
}

void
lockstep_run_leave_solvers (LockstepRun *self,
                            gint64       time)
{
  for (guint i = 0; i < self->rows->len; i++)
    {
      LockstepRunSolver *solver = lockstep_run_get_solver (self, (int) i);

      lockstep_run_solver_set_state (solver, LOCKSTEP_SOLVER_DEAD, time);
      lockstep_run_solver_set_waiting (solver, FALSE);
      lockstep_run_solver_set_usage (solver, -1, 0);
    }
}

static void
fold_run_started (LockstepRun         *self,
                  const LockstepEvent *event)
{
  if (self->start == 0)
    {
      self->start = event->time;
    }
  else
    {
      self->worked += MAX ((self->end > 0 ? self->end : self->latest) - self->session, 0);
      lockstep_run_leave_solvers (self, event->time);
      g_clear_pointer (&self->error, g_free);
    }

  self->n_solvers = (guint) get_payload_int (event, "solvers", 0);
  self->memory = (guint64) MAX (get_payload_int (event, "memory", 0), 0);
  lockstep_estimate_start (self->estimate, event->time);
  self->session = event->time;
  self->end = 0;
  self->towards = LOCKSTEP_RUN_IDLE;
  lockstep_run_set_state (self, LOCKSTEP_RUN_LAUNCHING);
}

/* What is said of a step that starts. */
typedef struct
{
  gint64       n_tasks;
  gint64       first;
  gboolean     resumed;
  LockstepJson iterations;
  LockstepJson again;
} Started;

/* A loop comes here for each of its steps: one walk finds all. */
static Started
read_started (const LockstepEvent *event)
{
  Started          started = { 0 };
  LockstepJsonIter iter;
  LockstepJson     name, value;

  lockstep_json_iter_init (&iter, lockstep_event_get_payload (event));
  while (lockstep_json_iter_next (&iter, &name, &value))
    {
      if (lockstep_json_is_string (name, "tasks"))
        lockstep_json_get_int (value, &started.n_tasks);
      else if (lockstep_json_is_string (name, "first"))
        lockstep_json_get_int (value, &started.first);
      else if (lockstep_json_is_string (name, "iterations"))
        started.iterations = value;
      else if (lockstep_json_is_string (name, "resumed"))
        lockstep_json_get_boolean (value, &started.resumed);
      else if (lockstep_json_is_string (name, "again"))
        started.again = value;
    }

  return started;
}

/* "again": [[17,17],[33,40]] */
static void
take_back (LockstepRun *self,
           LockstepJson again)
{
  LockstepJsonIter iter;
  LockstepJson     range;

  lockstep_json_iter_init (&iter, again);
  while (lockstep_json_iter_next (&iter, NULL, &range))
    {
      const gint64 end = lockstep_run_get_next_task (self);
      gint64       from, to;

      if (lockstep_json_get_int (lockstep_json_get_path (range, "0"), &from) &&
          lockstep_json_get_int (lockstep_json_get_path (range, "1"), &to))
        for (gint64 task = MAX (from, lockstep_results_get_first (self->results)); task <= to && task < end; task++)
          lockstep_results_take_back (self->results, task);
    }
}

/* A run that is resumed at @step is to leave none but the loops around it. */
static void
stay_in_other_loops (LockstepRun  *self,
                     LockstepStep *step)
{
  GHashTableIter iter;
  gpointer       index;

  g_hash_table_iter_init (&iter, self->leaving);
  while (g_hash_table_iter_next (&iter, &index, NULL))
    {
      const LockstepStep *loop = step->parent;

      while (loop != NULL && loop->index != GPOINTER_TO_UINT (index))
        loop = loop->parent;
      if (loop == NULL)
        g_hash_table_iter_remove (&iter);
    }
}

static void
fold_step_started (LockstepRun         *self,
                   const LockstepEvent *event)
{
  LockstepStep    *step = lockstep_plan_get_step (self->plan, (guint) event->step);
  const Started    started = read_started (event);
  const guint      n_tasks = (guint) started.n_tasks;
  LockstepJsonIter iter;
  LockstepJson     element;

  if (step == NULL)
    return;

  self->step = step;
  self->iteration = event->iteration;
  self->at_work = TRUE;
  lockstep_run_forget_late (self);

  g_array_set_size (self->iterations, 0);
  lockstep_json_iter_init (&iter, started.iterations);
  while (lockstep_json_iter_next (&iter, NULL, &element))
    {
      gint64 number = 1;
      guint  iteration;

      lockstep_json_get_int (element, &number);
      iteration = (guint) number;
      g_array_append_val (self->iterations, iteration);
    }

  if (started.resumed)
    {
      lockstep_results_begin_again (self->results, step, self->iterations, started.first, n_tasks);
      take_back (self, started.again);
      lockstep_causes_forget (self->causes, started.first, lockstep_results_get_current (self->results)->failures);
      stay_in_other_loops (self, step);
      lockstep_result_files_go_back (self->files, started.first, step->kind == LOCKSTEP_STEP_TASKS);
    }
  else
    {
      lockstep_results_begin (self->results, step, self->iterations, started.first, n_tasks);
    }
  lockstep_result_files_begin (self->files, step->index, started.first);
  lockstep_estimate_begin_step (self->estimate, step, (const guint *) self->iterations->data, self->iterations->len,
                                n_tasks, lockstep_results_get_n_ended (self->results), event->time);
}

static void
fold_step_ended (LockstepRun         *self,
                 const LockstepEvent *event)
{
  self->at_work = FALSE;
  lockstep_run_forget_late (self);
  lockstep_estimate_end_step (self->estimate, event->time);
  if (self->step == NULL)
    return;

  lockstep_results_end (self->results, self->step);
  if (!lockstep_result_files_is_empty (self->files))
    {
      g_autoptr (GArray) moments = lockstep_results_dup_moments (self->results);

      lockstep_result_files_end (self->files, self->step->kind == LOCKSTEP_STEP_ONE ? 2 : 1, moments);
    }
}

static void
fold_task_started (LockstepRun         *self,
                   const LockstepEvent *event,
                   LockstepRunSolver   *solver)
{
  LockstepLateTask *late = lockstep_run_find_late (self, event->task);

  if (solver == NULL || self->step == NULL)
    return;

  if (late != NULL)
    late->n_solvers++;
  lockstep_results_begin_attempt (self->results, event->task, event->attempt, event->solver, event->time);
  lockstep_run_solver_set_state (solver, LOCKSTEP_SOLVER_BUSY, event->time);
  lockstep_run_solver_set_waiting (solver, FALSE);
  lockstep_run_solver_set_sign (solver, event->time);
  lockstep_run_solver_set_task (solver, self->step->title, event->task, self->step->kind == LOCKSTEP_STEP_TASKS,
                                event->attempt, event->part, MAX (event->parts, 0));
  lockstep_estimate_begin_task (self->estimate, (guint) event->solver, event->task, event->time);
}

static void
fold_task_ended (LockstepRun         *self,
                 const LockstepEvent *event,
                 LockstepRunSolver   *solver)
{
  const gboolean is_first = lockstep_results_set (self->results, event->task, event->payload);
  const gboolean had_failed = is_first && lockstep_causes_remove (self->causes, event->task);

  if (event->payload != NULL && g_bytes_get_size (event->payload) > LOCKSTEP_JOURNAL_INLINE_MAX)
    lockstep_result_files_add (self->files, event->task);
  lockstep_run_leave_late (self, event);
  lockstep_results_end_attempt (self->results, event->task, event->solver, event->time);
  if (solver != NULL)
    {
      lockstep_estimate_end_task (self->estimate, (guint) event->solver, event->task, is_first && !had_failed, event->time);
      lockstep_run_solver_set_state (solver, LOCKSTEP_SOLVER_READY, event->time);
      lockstep_run_solver_set_waiting (solver, TRUE);
      lockstep_run_solver_set_done (solver);
      lockstep_run_solver_set_sign (solver, event->time);
    }
}

/* What failures of one cause have in common. What a solver prints before a signal kills it says less than the signal, but where
 * memory ran out, that is known. */
static char *
dup_cause_line (const LockstepEvent *event,
                const char          *cause)
{
  g_autofree char *line = NULL;
  gint64           number;

  if (g_strcmp0 (cause, "crash") == 0 && lockstep_json_get_int (lockstep_json_get_member (lockstep_event_get_payload (event), "signal"), &number))
    {
      g_autofree char *name = lockstep_signal_dup_text ((int) number);

      return g_strdup_printf (_ ("killed by %s"), name);
    }
  if ((line = dup_payload_string (event, "line")) != NULL)
    return g_steal_pointer (&line);

  return dup_payload_string (event, "reason");
}

static void
fold_task_failed (LockstepRun         *self,
                  const LockstepEvent *event,
                  LockstepRunSolver   *solver)
{
  gboolean final = FALSE, ended = FALSE;

  lockstep_run_leave_late (self, event);
  lockstep_results_end_attempt (self->results, event->task, event->solver, event->time);
  lockstep_json_get_boolean (lockstep_json_get_member (lockstep_event_get_payload (event), "final"), &final);
  if (final)
    {
      g_autofree char *reason = dup_payload_string (event, "reason");
      g_autofree char *cause = dup_payload_string (event, "cause");
      g_autofree char *line = dup_cause_line (event, cause);

      ended = lockstep_results_fail (self->results, event->task, reason);
      if (ended || lockstep_causes_lookup (self->causes, event->task) != NULL)
        lockstep_causes_add (self->causes, cause != NULL ? cause : "step-error", line != NULL ? line : "",
                             event->task, event->solver, event->attempt);
    }
  if (solver != NULL)
    lockstep_estimate_end_task (self->estimate, (guint) event->solver, event->task, ended, event->time);
  if (solver != NULL && lockstep_run_solver_get_state (solver) == LOCKSTEP_SOLVER_BUSY)
    lockstep_run_solver_set_state (solver, LOCKSTEP_SOLVER_READY, event->time);
}

/* A loop that was left goes on. */
static void
go_back (LockstepRun *self,
         gint64       first)
{
  LockstepStep *step = lockstep_results_go_back (self->results, self->plan, first, self->iterations);

  if (step == NULL)
    return;

  lockstep_causes_forget (self->causes, first, lockstep_results_get_current (self->results)->failures);
  lockstep_result_files_go_back (self->files, first, FALSE);
  self->step = step;
  self->at_work = FALSE;
}

static void
fold_loop_iterated (LockstepRun         *self,
                    const LockstepEvent *event)
{
  LockstepStep    *loop = lockstep_plan_get_step (self->plan, (guint) event->step);
  LockstepJsonIter iter;
  LockstepJson     name, value;
  gboolean         reached = FALSE, left = FALSE, early = FALSE;
  gint64           back = -1;

  if (loop == NULL || self->step == NULL)
    return;

  self->loop = loop;
  self->loop_value = 0;
  lockstep_json_iter_init (&iter, lockstep_event_get_payload (event));
  while (lockstep_json_iter_next (&iter, &name, &value))
    {
      if (lockstep_json_is_string (name, "value"))
        lockstep_json_get_double (value, &self->loop_value);
      else if (lockstep_json_is_string (name, "reached"))
        lockstep_json_get_boolean (value, &reached);
      else if (lockstep_json_is_string (name, "left"))
        lockstep_json_get_boolean (value, &left);
      else if (lockstep_json_is_string (name, "back"))
        lockstep_json_get_int (value, &back);
    }

  if (back >= 0)
    go_back (self, back);
  if (left)
    early = g_hash_table_remove (self->leaving, GUINT_TO_POINTER (loop->index));
  lockstep_results_come_round (self->results, loop->index, self->step->index, self->iterations, left,
                               reached || loop->until == NULL, early);
}

/* The state that the payload's member @name has the name of; IDLE where it has none. */
static LockstepRunState
get_payload_state (const LockstepEvent *event,
                   const char          *name)
{
  g_autofree char *state = dup_payload_string (event, name);

  for (guint i = LOCKSTEP_RUN_FINISHED; i <= LOCKSTEP_RUN_INTERRUPTED; i++)
    if (g_strcmp0 (state, lockstep_run_state_to_name (i)) == 0)
      return i;

  return LOCKSTEP_RUN_IDLE;
}

static void
fold_run_stopping (LockstepRun         *self,
                   const LockstepEvent *event)
{
  double grace;

  self->kill_time = 0;
  if (lockstep_json_get_double (lockstep_json_get_member (lockstep_event_get_payload (event), "grace"), &grace))
    self->kill_time = event->time + (gint64) (grace * G_USEC_PER_SEC);
  lockstep_run_forget_late (self);
  self->towards = get_payload_state (event, "towards");
  lockstep_run_set_state (self, LOCKSTEP_RUN_STOPPING);
}

static void
fold_run_ended (LockstepRun         *self,
                const LockstepEvent *event)
{
  for (guint i = 0; i < self->rows->len; i++)
    lockstep_run_solver_set_waiting (lockstep_run_get_solver (self, (int) i), FALSE);

  lockstep_run_forget_late (self);
  g_free (self->error);
  self->error = dup_payload_string (event, "error");
  g_object_notify (G_OBJECT (self), "error");
  self->end = event->time;
  self->towards = get_payload_state (event, "state");
  lockstep_run_set_state (self, self->towards);
}

static void
fold_run_paused (LockstepRun         *self,
                 const LockstepEvent *event)
{
  g_autofree char *why = dup_payload_string (event, "why");
  gboolean         now = FALSE, trouble = FALSE;

  lockstep_json_get_boolean (lockstep_json_get_member (lockstep_event_get_payload (event), "now"), &now);
  lockstep_json_get_boolean (lockstep_json_get_member (lockstep_event_get_payload (event), "trouble"), &trouble);
  lockstep_run_set_trouble (self, trouble ? why : NULL);
  lockstep_estimate_pause (self->estimate, now, event->time);
}

/* What an event says of the solver that it names. */
static void
fold_solver (LockstepRun         *self,
             const LockstepEvent *event,
             LockstepRunSolver   *solver)
{
  LockstepJson     payload = lockstep_event_get_payload (event);
  g_autofree char *why = NULL;
  double           cpu = -1;
  gint64           memory = 0;

  switch (event->type)
    {
    case LOCKSTEP_EVENT_SOLVER_LAUNCHED:
      lockstep_run_solver_set_launched (solver, payload);
      lockstep_run_solver_set_state (solver, LOCKSTEP_SOLVER_LAUNCHING, event->time);
      break;
    case LOCKSTEP_EVENT_SOLVER_STARTED:
      lockstep_run_solver_set_pid (solver, get_payload_int (event, "pid", 0));
      lockstep_run_solver_set_state (solver, LOCKSTEP_SOLVER_INITIALIZING, event->time);
      break;
    case LOCKSTEP_EVENT_SOLVER_READY:
      lockstep_run_solver_set_state (solver, LOCKSTEP_SOLVER_READY, event->time);
      break;
    case LOCKSTEP_EVENT_SOLVER_STOPPING:
      lockstep_run_solver_set_state (solver, LOCKSTEP_SOLVER_TERMINATING, event->time);
      break;
    case LOCKSTEP_EVENT_SOLVER_ENDED:
      why = dup_payload_string (event, "why");
      lockstep_run_solver_set_state (solver, LOCKSTEP_SOLVER_DEAD, event->time);
      lockstep_run_solver_set_waiting (solver, FALSE);
      lockstep_run_solver_set_reason (solver, why);
      lockstep_run_solver_set_usage (solver, -1, 0);
      self->peak_memory = MAX (self->peak_memory, (guint64) MAX (get_payload_int (event, "peak", 0), 0));
      break;
    case LOCKSTEP_EVENT_PROGRESS:
      lockstep_run_solver_set_progress (solver, payload, event->time);
      break;
    case LOCKSTEP_EVENT_USAGE:
      lockstep_json_get_double (lockstep_json_get_member (payload, "cpu"), &cpu);
      lockstep_json_get_int (lockstep_json_get_member (payload, "memory"), &memory);
      lockstep_run_solver_set_usage (solver, cpu, (guint64) memory);
      self->peak_memory = MAX (self->peak_memory, (guint64) MAX (memory, 0));
      break;
    case LOCKSTEP_EVENT_OUTPUT:
    case LOCKSTEP_EVENT_LOG:
      lockstep_run_solver_set_sign (solver, event->time);
      break;
    default:
      break;
    }
}

void
lockstep_run_take_in (LockstepRun         *self,
                      const LockstepEvent *event)
{
  LockstepRunSolver *solver = lockstep_run_get_solver (self, event->solver);

  switch (event->type)
    {
    case LOCKSTEP_EVENT_RUN_STARTED:
      fold_run_started (self, event);
      break;
    case LOCKSTEP_EVENT_RUN_STOPPING:
      fold_run_stopping (self, event);
      break;
    case LOCKSTEP_EVENT_RUN_PAUSED:
      fold_run_paused (self, event);
      lockstep_run_set_state (self, LOCKSTEP_RUN_PAUSED);
      break;
    case LOCKSTEP_EVENT_RUN_CONTINUED:
      lockstep_estimate_continue (self->estimate, event->time);
      lockstep_run_set_state (self, LOCKSTEP_RUN_STEPPING);
      break;
    case LOCKSTEP_EVENT_RUN_FINISHING:
      lockstep_run_set_finishing (self, self->state == LOCKSTEP_RUN_STEPPING || self->state == LOCKSTEP_RUN_PAUSED);
      break;
    case LOCKSTEP_EVENT_RUN_ENDED:
      fold_run_ended (self, event);
      break;
    case LOCKSTEP_EVENT_STEP_STARTED:
      fold_step_started (self, event);
      if (self->state == LOCKSTEP_RUN_LAUNCHING)
        lockstep_run_set_state (self, LOCKSTEP_RUN_STEPPING);
      break;
    case LOCKSTEP_EVENT_STEP_ENDED:
      fold_step_ended (self, event);
      break;
    case LOCKSTEP_EVENT_TASK_STARTED:
      fold_task_started (self, event, solver);
      break;
    case LOCKSTEP_EVENT_TASK_ENDED:
      fold_task_ended (self, event, solver);
      break;
    case LOCKSTEP_EVENT_TASK_FAILED:
      fold_task_failed (self, event, solver);
      break;
    case LOCKSTEP_EVENT_TASK_LATE:
      lockstep_run_fold_late (self, event);
      break;
    case LOCKSTEP_EVENT_LOOP_ITERATED:
      fold_loop_iterated (self, event);
      break;
    case LOCKSTEP_EVENT_LOOP_LEAVING:
      g_hash_table_add (self->leaving, GINT_TO_POINTER (event->step));
      break;
    default:
      if (solver != NULL)
        fold_solver (self, event, solver);
      if (event->type == LOCKSTEP_EVENT_PROGRESS && solver != NULL)
        lockstep_estimate_progress (self->estimate, (guint) event->solver, lockstep_run_solver_get_fraction (solver),
                                    event->time);
      break;
    }

  self->latest = MAX (self->latest, event->time);
}
