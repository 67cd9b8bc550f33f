/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-inquest.h"

/* What a solver has to do, while it has. */
typedef struct
{
  gint64  task;
  int     step;
  int     iteration;
  int     attempt;
  guint64 request;
} Request;

/* What is known of a solver. */
typedef struct
{
  GBytes      *launch;   /* of its present process, or its last; NULL before */
  GArray      *requests; /* of Request; it computes the first */
  LockstepCase death;    /* its last */
  gint64       failed;   /* the task that it did last, where that failed; -1 where it did not */
  GBytes      *failure;  /* of that */
  guint        n_deaths;
  guint        n_failed; /* the failures there were with the one that it is being stopped for; 0 for none */
} Solver;

struct _LockstepInquest
{
  GArray    *failures; /* of LockstepCase */
  GPtrArray *solvers;  /* of Solver, by index; NULL where there was none */
  gint64     sweep;
  guint64    n_events;
};

void
lockstep_case_copy (LockstepCase       *self,
                    const LockstepCase *other)
{
  *self = *other;
  if (self->failure != NULL)
    g_bytes_ref (self->failure);
  if (self->death != NULL)
    g_bytes_ref (self->death);
  if (self->launch != NULL)
    g_bytes_ref (self->launch);
}

void
lockstep_case_clear (LockstepCase *self)
{
  g_clear_pointer (&self->failure, g_bytes_unref);
  g_clear_pointer (&self->death, g_bytes_unref);
  g_clear_pointer (&self->launch, g_bytes_unref);
}

static void
solver_free (gpointer data)
{
  Solver *solver = data;

  if (solver == NULL)
    return;

  g_clear_pointer (&solver->launch, g_bytes_unref);
  g_clear_pointer (&solver->failure, g_bytes_unref);
  lockstep_case_clear (&solver->death);
  g_array_unref (solver->requests);
  g_free (solver);
}

LockstepInquest *
lockstep_inquest_new (void)
{
  LockstepInquest *self = g_new0 (LockstepInquest, 1);

  self->failures = g_array_new (FALSE, FALSE, sizeof (LockstepCase));
  g_array_set_clear_func (self->failures, (GDestroyNotify) lockstep_case_clear);
  self->solvers = g_ptr_array_new_with_free_func (solver_free);
  self->sweep = -1;

  return self;
}

void
lockstep_inquest_free (LockstepInquest *self)
{
  g_array_unref (self->failures);
  g_ptr_array_unref (self->solvers);
  g_free (self);
}

static Solver *
get_solver (LockstepInquest *self,
            int              index)
{
  Solver *solver;

  if (index < 0)
    return NULL;

  while (self->solvers->len <= (guint) index)
    g_ptr_array_add (self->solvers, NULL);
  if ((solver = g_ptr_array_index (self->solvers, index)) == NULL)
    {
      solver = g_new0 (Solver, 1);
      solver->failed = -1;
      solver->requests = g_array_new (FALSE, FALSE, sizeof (Request));
      g_ptr_array_index (self->solvers, index) = solver;
    }

  return solver;
}

static LockstepJson
get_member (GBytes     *payload,
            const char *name)
{
  LockstepJson object = { NULL, 0 };

  if (payload != NULL)
    object.text = g_bytes_get_data (payload, &object.length);

  return lockstep_json_get_member (object, name);
}

gboolean
lockstep_case_is_final (const LockstepCase *self)
{
  gboolean final = TRUE;

  lockstep_json_get_boolean (get_member (self->failure, "final"), &final);
  return self->failure != NULL && final;
}

/* Whether @again, "again" of STEP_STARTED, names @task. */
static gboolean
is_again (LockstepJson again,
          gint64       task)
{
  LockstepJsonIter iter;
  LockstepJson     span;
  gint64           from, to;

  lockstep_json_iter_init (&iter, again);
  while (lockstep_json_iter_next (&iter, NULL, &span))
    if (lockstep_json_get_int (lockstep_json_get_path (span, "0"), &from) &&
        lockstep_json_get_int (lockstep_json_get_path (span, "1"), &to) && task >= from && task <= to)
      return TRUE;

  return FALSE;
}

/* A run that is resumed takes back failures: those from the first task of the step on, but of a step of tasks that
 * goes on only the ones that are done again and those after the step. */
static void
take_step_started (LockstepInquest     *self,
                   LockstepPlan        *plan,
                   const LockstepEvent *event)
{
  LockstepStep *step = lockstep_plan_get_step (plan, (guint) event->step);
  LockstepJson  again = get_member (event->payload, "again");
  gint64        first = -1, n_tasks = 0;
  gboolean      goes_on;

  lockstep_json_get_int (get_member (event->payload, "first"), &first);
  lockstep_json_get_int (get_member (event->payload, "tasks"), &n_tasks);
  goes_on = step != NULL && step->kind == LOCKSTEP_STEP_TASKS && first == self->sweep;
  for (guint i = self->failures->len; i > 0 && again.text != NULL; i--)
    {
      const gint64 task = g_array_index (self->failures, LockstepCase, i - 1).task;

      if (task >= first && (!goes_on || task >= first + n_tasks || is_again (again, task)))
        g_array_remove_index (self->failures, i - 1);
    }
  if (step != NULL && step->kind == LOCKSTEP_STEP_TASKS)
    self->sweep = first;
}

/* A run that is resumed goes back to a loop that it had left. */
static void
take_loop_iterated (LockstepInquest     *self,
                    const LockstepEvent *event)
{
  gint64 back;

  if (!lockstep_json_get_int (get_member (event->payload, "back"), &back))
    return;

  for (guint i = self->failures->len; i > 0; i--)
    if (g_array_index (self->failures, LockstepCase, i - 1).task >= back)
      g_array_remove_index (self->failures, i - 1);
}

/* The sessions before have no solver left, and no failure that one of their ends could explain. */
static void
take_run_started (LockstepInquest *self)
{
  for (guint i = 0; i < self->solvers->len; i++)
    {
      Solver *solver = g_ptr_array_index (self->solvers, i);

      if (solver == NULL)
        continue;
      g_array_set_size (solver->requests, 0);
      solver->n_failed = 0;
    }
}

/* Keeps the task that @solver failed at last, for as long as it does no other. */
static void
set_failed (Solver *solver,
            gint64  task,
            GBytes *failure)
{
  solver->failed = task;
  g_clear_pointer (&solver->failure, g_bytes_unref);
  solver->failure = failure != NULL ? g_bytes_ref (failure) : NULL;
}

static void
take_launched (LockstepInquest     *self,
               const LockstepEvent *event)
{
  Solver *solver = get_solver (self, event->solver);

  if (solver == NULL)
    return;

  g_clear_pointer (&solver->launch, g_bytes_unref);
  solver->launch = event->payload != NULL ? g_bytes_ref (event->payload) : NULL;
  solver->n_failed = 0;
  set_failed (solver, -1, NULL);
  g_array_set_size (solver->requests, 0);
}

static void
take_task_started (LockstepInquest     *self,
                   const LockstepEvent *event)
{
  Solver       *solver = get_solver (self, event->solver);
  const Request request = {
    .task = event->task,
    .step = event->step,
    .iteration = event->iteration,
    .attempt = event->attempt,
    .request = self->n_events,
  };

  if (solver == NULL)
    return;

  g_array_append_val (solver->requests, request);
  set_failed (solver, -1, NULL);
}

/* Takes the request for @event's task from its solver, which has done with it: sets @request. FALSE where it had none. */
static gboolean
take_request (Solver              *solver,
              const LockstepEvent *event,
              Request             *request)
{
  for (guint i = 0; i < solver->requests->len; i++)
    {
      *request = g_array_index (solver->requests, Request, i);
      if (request->task == event->task)
        {
          g_array_remove_index (solver->requests, i);
          return TRUE;
        }
    }

  return FALSE;
}

static void
take_task_ended (LockstepInquest     *self,
                 const LockstepEvent *event)
{
  Solver *solver = get_solver (self, event->solver);
  Request request;

  if (solver != NULL)
    take_request (solver, event, &request);
}

/* Whether a solver is stopped for what @failure tells of. */
static gboolean
is_stopped_for (const LockstepCase *failure)
{
  LockstepJson cause = get_member (failure->failure, "cause");

  return lockstep_json_is_string (cause, "timeout") || lockstep_json_is_string (cause, "stall");
}

/* Whether the solver died of the attempt that @event tells of. */
static gboolean
died_of (const Solver        *solver,
         const LockstepEvent *event)
{
  return solver->death.death != NULL && solver->death.request > 0 && solver->death.failure == NULL &&
         solver->death.task == event->task && solver->death.attempt == event->attempt;
}

static void
take_task_failed (LockstepInquest     *self,
                  const LockstepEvent *event)
{
  Solver      *solver = get_solver (self, event->solver);
  LockstepCase failure = {
    .time = event->time,
    .solver = event->solver,
    .step = event->step,
    .iteration = event->iteration,
    .task = event->task,
    .attempt = event->attempt,
    .failed = -1,
    .failure = event->payload != NULL ? g_bytes_ref (event->payload) : g_bytes_new_static ("{}", 2),
  };
  Request request;

  if (solver != NULL && died_of (solver, event))
    {
      /* Its last lines were read in between. */
      solver->death.failure = g_bytes_ref (failure.failure);
      failure.request = solver->death.request;
      failure.death = g_bytes_ref (solver->death.death);
      failure.launch = solver->death.launch != NULL ? g_bytes_ref (solver->death.launch) : NULL;
    }
  else if (solver != NULL)
    {
      failure.request = take_request (solver, event, &request) ? request.request : 0;
      failure.launch = solver->launch != NULL ? g_bytes_ref (solver->launch) : NULL;
      set_failed (solver, event->task, failure.failure);
      if (is_stopped_for (&failure))
        solver->n_failed = self->failures->len + 1;
    }

  g_array_append_val (self->failures, failure);
}

static void
take_ended (LockstepInquest     *self,
            const LockstepEvent *event)
{
  Solver       *solver = get_solver (self, event->solver);
  LockstepCase *failure = NULL;
  LockstepCase  death = { .time = event->time, .solver = event->solver, .step = -1, .iteration = -1, .task = -1, .attempt = -1, .failed = -1 };

  if (solver == NULL)
    return;

  if (solver->n_failed > 0 && solver->n_failed <= self->failures->len)
    failure = &g_array_index (self->failures, LockstepCase, solver->n_failed - 1);

  if (solver->requests->len > 0)
    {
      const Request *request = &g_array_index (solver->requests, Request, 0);

      death.step = request->step;
      death.iteration = request->iteration;
      death.task = request->task;
      death.attempt = request->attempt;
      death.request = request->request;
    }
  else if (failure != NULL && failure->solver == event->solver && failure->death == NULL)
    {
      /* It was stopped for what it did not do, or went of it. */
      failure->death = event->payload != NULL ? g_bytes_ref (event->payload) : NULL;
      death.step = failure->step;
      death.iteration = failure->iteration;
      death.task = failure->task;
      death.attempt = failure->attempt;
      death.request = failure->request;
      death.failure = g_bytes_ref (failure->failure);
    }
  else if (solver->failed >= 0)
    {
      death.failed = solver->failed;
      death.failure = g_bytes_ref (solver->failure);
    }

  death.death = event->payload != NULL ? g_bytes_ref (event->payload) : g_bytes_new_static ("{}", 2);
  death.launch = solver->launch != NULL ? g_bytes_ref (solver->launch) : NULL;
  lockstep_case_clear (&solver->death);
  solver->death = death;
  solver->n_deaths++;
  solver->n_failed = 0;
  g_array_set_size (solver->requests, 0);
}

void
lockstep_inquest_take (LockstepInquest     *self,
                       LockstepPlan        *plan,
                       const LockstepEvent *event)
{
  self->n_events++;

  switch (event->type)
    {
    case LOCKSTEP_EVENT_RUN_STARTED:
      take_run_started (self);
      break;
    case LOCKSTEP_EVENT_STEP_STARTED:
      take_step_started (self, plan, event);
      break;
    case LOCKSTEP_EVENT_LOOP_ITERATED:
      take_loop_iterated (self, event);
      break;
    case LOCKSTEP_EVENT_SOLVER_LAUNCHED:
      take_launched (self, event);
      break;
    case LOCKSTEP_EVENT_SOLVER_ENDED:
      take_ended (self, event);
      break;
    case LOCKSTEP_EVENT_TASK_STARTED:
      take_task_started (self, event);
      break;
    case LOCKSTEP_EVENT_TASK_ENDED:
      take_task_ended (self, event);
      break;
    case LOCKSTEP_EVENT_TASK_FAILED:
      take_task_failed (self, event);
      break;
    default:
      break;
    }
}

guint
lockstep_inquest_get_n_failures (LockstepInquest *self)
{
  return self->failures->len;
}

const LockstepCase *
lockstep_inquest_get_failure (LockstepInquest *self,
                              guint            index)
{
  return &g_array_index (self->failures, LockstepCase, index);
}

const LockstepCase *
lockstep_inquest_find_task (LockstepInquest *self,
                            gint64           task)
{
  for (guint i = self->failures->len; i > 0; i--)
    if (g_array_index (self->failures, LockstepCase, i - 1).task == task)
      return &g_array_index (self->failures, LockstepCase, i - 1);

  return NULL;
}

static const Solver *
find_solver (LockstepInquest *self,
             guint            index)
{
  return index < self->solvers->len ? g_ptr_array_index (self->solvers, index) : NULL;
}

const LockstepCase *
lockstep_inquest_find_solver (LockstepInquest *self,
                              guint            solver)
{
  const Solver *found = find_solver (self, solver);

  return found != NULL && found->n_deaths > 0 ? &found->death : NULL;
}

guint
lockstep_inquest_get_n_deaths (LockstepInquest *self,
                               guint            solver)
{
  const Solver *found = find_solver (self, solver);

  return found != NULL ? found->n_deaths : 0;
}

gint64
lockstep_inquest_get_sweep (LockstepInquest *self)
{
  return self->sweep;
}

guint64
lockstep_inquest_get_n_events (LockstepInquest *self)
{
  return self->n_events;
}
