/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-ledger.h"

/* Tasks of steps whose beginning cannot be read, one after the other. */
#define MAX_GAP 10000000

/* What a solver is at; it computes one task at a time. */
typedef struct
{
  gint64  task; /* -1 for none */
  gint64  start;
  guint16 host;
} Solver;

struct _LockstepLedger
{
  LockstepPlan *plan;
  GArray       *steps;      /* of LockstepLedgerStep */
  GArray       *iterations; /* of guint, of all steps */
  GArray       *tasks;      /* of LockstepLedgerTask, by number */
  GArray       *solvers;    /* of Solver, by index */
  GPtrArray    *hosts;      /* names; the first is NULL */
};

LockstepLedger *
lockstep_ledger_new (LockstepPlan *plan)
{
  LockstepLedger *self = g_new0 (LockstepLedger, 1);

  self->plan = g_object_ref (plan);
  self->steps = g_array_new (FALSE, FALSE, sizeof (LockstepLedgerStep));
  self->iterations = g_array_new (FALSE, FALSE, sizeof (guint));
  self->tasks = g_array_new (FALSE, FALSE, sizeof (LockstepLedgerTask));
  self->solvers = g_array_new (FALSE, FALSE, sizeof (Solver));
  self->hosts = g_ptr_array_new_with_free_func (g_free);
  g_ptr_array_add (self->hosts, NULL);

  return self;
}

void
lockstep_ledger_free (LockstepLedger *self)
{
  g_object_unref (self->plan);
  g_array_unref (self->steps);
  g_array_unref (self->iterations);
  g_array_unref (self->tasks);
  g_array_unref (self->solvers);
  g_ptr_array_unref (self->hosts);
  g_free (self);
}

static LockstepJson
get_member (const LockstepEvent *event,
            const char          *name)
{
  LockstepJson payload = { NULL, 0 };

  if (event->payload != NULL)
    payload.text = g_bytes_get_data (event->payload, &payload.length);

  return lockstep_json_get_member (payload, name);
}

static Solver *
get_solver (LockstepLedger *self,
            int             index)
{
  const Solver idle = { -1, 0, 0 };

  if (index < 0)
    return NULL;

  while (self->solvers->len <= (guint) index)
    g_array_append_val (self->solvers, idle);

  return &g_array_index (self->solvers, Solver, index);
}

static LockstepLedgerTask *
get_task (LockstepLedger *self,
          gint64          task)
{
  return task >= 0 && task < self->tasks->len ? &g_array_index (self->tasks, LockstepLedgerTask, task) : NULL;
}

static void
forget_solvers (LockstepLedger *self)
{
  for (guint i = 0; i < self->solvers->len; i++)
    g_array_index (self->solvers, Solver, i).task = -1;
}

/* What was at work is not any more. */
static void
stop_tasks (LockstepLedger *self)
{
  for (guint i = 0; i < self->tasks->len; i++)
    {
      LockstepLedgerTask *task = &g_array_index (self->tasks, LockstepLedgerTask, i);

      if (task->state == LOCKSTEP_LEDGER_RUNNING)
        task->state = LOCKSTEP_LEDGER_STOPPED;
    }
  forget_solvers (self);
}

static LockstepLedgerStep *
get_last_step (LockstepLedger *self)
{
  return self->steps->len > 0 ? &g_array_index (self->steps, LockstepLedgerStep, self->steps->len - 1) : NULL;
}

/* Steps that began with the task @first, or later, are void; and with them their tasks. */
static void
go_back (LockstepLedger *self,
         gint64          first)
{
  const LockstepLedgerStep *last = get_last_step (self);

  while (last != NULL && last->first >= first)
    {
      g_array_set_size (self->iterations, last->iterations);
      g_array_set_size (self->steps, self->steps->len - 1);
      last = get_last_step (self);
    }

  g_array_set_size (self->tasks, last != NULL ? (guint) last->first + last->n_tasks : 0);
}

/* "again": [[17,17],[33,40]] */
static void
take_back (LockstepLedger *self,
           LockstepJson    again)
{
  LockstepJsonIter iter;
  LockstepJson     range;

  lockstep_json_iter_init (&iter, again);
  while (lockstep_json_iter_next (&iter, NULL, &range))
    {
      gint64 from, to;

      if (lockstep_json_get_int (lockstep_json_get_path (range, "0"), &from) &&
          lockstep_json_get_int (lockstep_json_get_path (range, "1"), &to))
        for (gint64 i = MAX (from, 0); i <= to && i < self->tasks->len; i++)
          g_array_index (self->tasks, LockstepLedgerTask, i).state = LOCKSTEP_LEDGER_WAITING;
    }
}

/* There are tasks up to, and without, @end. */
static void
grow_tasks (LockstepLedger *self,
            gint64          end)
{
  const LockstepLedgerTask waiting = { .solver = -1, .state = LOCKSTEP_LEDGER_WAITING };

  while (self->tasks->len < end)
    g_array_append_val (self->tasks, waiting);
}

static void
add_iterations (LockstepLedger     *self,
                LockstepLedgerStep *step,
                LockstepJson        iterations)
{
  LockstepJsonIter iter;
  LockstepJson     element;

  lockstep_json_iter_init (&iter, iterations);
  while (lockstep_json_iter_next (&iter, NULL, &element))
    {
      gint64 number = 1;
      guint  iteration;

      lockstep_json_get_int (element, &number);
      iteration = (guint) number;
      g_array_append_val (self->iterations, iteration);
      step->n_iterations++;
    }
}

static void
begin_step (LockstepLedger      *self,
            const LockstepEvent *event)
{
  LockstepLedgerStep *last;
  LockstepLedgerStep  step = { .step = lockstep_plan_get_step (self->plan, (guint) event->step) };
  gint64              first = 0, n_tasks = 0;
  gboolean            resumed = FALSE;

  lockstep_json_get_int (get_member (event, "first"), &first);
  lockstep_json_get_int (get_member (event, "tasks"), &n_tasks);
  lockstep_json_get_boolean (get_member (event, "resumed"), &resumed);
  if (step.step == NULL || first < 0 || n_tasks < 0 || n_tasks > LOCKSTEP_TASK_LIST_MAX ||
      first > (gint64) self->tasks->len + MAX_GAP)
    return;

  go_back (self, resumed ? first + 1 : first);
  last = get_last_step (self);
  if (resumed && last != NULL && last->first == first && step.step->kind == LOCKSTEP_STEP_TASKS)
    {
      last->n_tasks = MAX (last->n_tasks, (guint) n_tasks);
      grow_tasks (self, first + last->n_tasks);
      take_back (self, get_member (event, "again"));
      return;
    }

  go_back (self, first);
  step.first = first;
  step.n_tasks = (guint) n_tasks;
  step.iterations = self->iterations->len;
  add_iterations (self, &step, get_member (event, "iterations"));
  g_array_append_val (self->steps, step);
  grow_tasks (self, first + n_tasks);
}

static void
begin_task (LockstepLedger      *self,
            const LockstepEvent *event)
{
  LockstepLedgerTask *task = get_task (self, event->task);
  Solver             *solver = get_solver (self, event->solver);

  if (task == NULL || solver == NULL)
    return;

  solver->task = event->task;
  solver->start = event->time;
  task->attempts = (guint16) CLAMP (event->attempt, task->attempts, G_MAXUINT16);
  if (task->state == LOCKSTEP_LEDGER_DONE || task->state == LOCKSTEP_LEDGER_RUNNING)
    return;

  task->state = LOCKSTEP_LEDGER_RUNNING;
  task->solver = event->solver;
  task->host = solver->host;
  task->start = event->time;
  task->end = 0;
}

/* An attempt ended. Of two at once, the first that brings a result counts. */
static void
end_task (LockstepLedger      *self,
          const LockstepEvent *event,
          goffset              line,
          gsize                length,
          LockstepLedgerState  state)
{
  LockstepLedgerTask *task = get_task (self, event->task);
  Solver             *solver = get_solver (self, event->solver);

  if (task != NULL && task->state != LOCKSTEP_LEDGER_DONE)
    {
      task->state = state;
      task->line = line;
      task->length = (guint32) MIN (length, G_MAXUINT32);
      task->end = event->time;
      if (solver != NULL)
        {
          task->solver = event->solver;
          task->host = solver->host;
          task->start = solver->task == event->task ? solver->start : 0;
        }
    }
  if (solver != NULL && solver->task == event->task)
    solver->task = -1;
}

static void
fail_task (LockstepLedger      *self,
           const LockstepEvent *event,
           goffset              line,
           gsize                length)
{
  gboolean final = FALSE;

  lockstep_json_get_boolean (get_member (event, "final"), &final);
  end_task (self, event, line, length, final ? LOCKSTEP_LEDGER_FAILED : LOCKSTEP_LEDGER_WAITING);

  /* The other of two at once goes on. */
  if (!final)
    for (guint i = 0; i < self->solvers->len; i++)
      if (g_array_index (self->solvers, Solver, i).task == event->task && event->task < self->tasks->len &&
          get_task (self, event->task)->state == LOCKSTEP_LEDGER_WAITING)
        get_task (self, event->task)->state = LOCKSTEP_LEDGER_RUNNING;
}

static void
launch_solver (LockstepLedger      *self,
               const LockstepEvent *event)
{
  g_autofree char *host = lockstep_json_dup_string (get_member (event, "host"), NULL);
  Solver          *solver = get_solver (self, event->solver);
  guint            index = 1;

  if (solver == NULL || host == NULL)
    return;

  while (index < self->hosts->len && !g_str_equal (g_ptr_array_index (self->hosts, index), host))
    index++;
  if (index > G_MAXUINT16)
    return;
  if (index == self->hosts->len)
    g_ptr_array_add (self->hosts, g_steal_pointer (&host));
  solver->host = (guint16) index;
}

void
lockstep_ledger_take (LockstepLedger      *self,
                      const LockstepEvent *event,
                      goffset              line,
                      gsize                length)
{
  gint64 back;

  switch (event->type)
    {
    case LOCKSTEP_EVENT_RUN_STARTED:
    case LOCKSTEP_EVENT_RUN_ENDED:
      stop_tasks (self);
      break;
    case LOCKSTEP_EVENT_SOLVER_LAUNCHED:
      launch_solver (self, event);
      break;
    case LOCKSTEP_EVENT_STEP_STARTED:
      begin_step (self, event);
      break;
    case LOCKSTEP_EVENT_TASK_STARTED:
      begin_task (self, event);
      break;
    case LOCKSTEP_EVENT_TASK_ENDED:
      end_task (self, event, line, length, LOCKSTEP_LEDGER_DONE);
      break;
    case LOCKSTEP_EVENT_TASK_FAILED:
      fail_task (self, event, line, length);
      break;
    case LOCKSTEP_EVENT_LOOP_ITERATED:
      if (lockstep_json_get_int (get_member (event, "back"), &back))
        go_back (self, back);
      break;
    default:
      break;
    }
}

void
lockstep_ledger_end (LockstepLedger *self,
                     gboolean        live)
{
  if (!live)
    stop_tasks (self);
}

const char *
lockstep_ledger_state_to_name (LockstepLedgerState state)
{
  static const char *const names[] = {
    [LOCKSTEP_LEDGER_WAITING] = "waiting",
    [LOCKSTEP_LEDGER_RUNNING] = "running",
    [LOCKSTEP_LEDGER_STOPPED] = "stopped",
    [LOCKSTEP_LEDGER_DONE] = "done",
    [LOCKSTEP_LEDGER_FAILED] = "failed",
  };

  return names[state];
}

guint
lockstep_ledger_get_n_steps (LockstepLedger *self)
{
  return self->steps->len;
}

const LockstepLedgerStep *
lockstep_ledger_get_step (LockstepLedger *self,
                          guint           index)
{
  return &g_array_index (self->steps, LockstepLedgerStep, index);
}

const guint *
lockstep_ledger_get_iterations (LockstepLedger           *self,
                                const LockstepLedgerStep *step)
{
  return &g_array_index (self->iterations, guint, step->iterations);
}

const LockstepLedgerTask *
lockstep_ledger_get_task (LockstepLedger *self,
                          gint64          task)
{
  return get_task (self, task);
}

guint64
lockstep_ledger_get_n_tasks (LockstepLedger *self)
{
  return self->tasks->len;
}

const char *
lockstep_ledger_get_host (LockstepLedger *self,
                          guint           host)
{
  return g_ptr_array_index (self->hosts, host);
}
