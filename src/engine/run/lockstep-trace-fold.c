/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-trace-private.h"

#include <string.h>

/* Spans that all rows together have room for (40 bytes each), and the fewest of one row. */
#define MAX_SPANS     (1 << 19)
#define MIN_ROW_SPANS 1024

#define MAX_STEPS (1 << 17)

/* The sums of CPU and memory are taken so often (µs): solvers are measured one after another, once a second. */
#define SUM_INTERVAL (G_USEC_PER_SEC / 2)

/* The most and fewest points that a series of one solver has, and those that all have. */
#define MAX_POINTS 4096
#define MIN_POINTS 256
#define ALL_POINTS (1 << 17)

static guint
get_series_limit (LockstepTrace *self)
{
  return CLAMP (ALL_POINTS / MAX (self->rows->len, 1), MIN_POINTS, MAX_POINTS);
}

static LockstepTraceRow *
get_row (LockstepTrace *self,
         int            solver)
{
  if (solver < 0)
    return NULL;

  while (self->rows->len <= (guint) solver)
    {
      const double none[] = { 0, 0 };

      g_ptr_array_add (self->rows, lockstep_trace_row_new (get_series_limit (self)));
      g_array_append_vals (self->usages, none, 2);
    }

  return g_ptr_array_index (self->rows, solver);
}

static LockstepTraceValue *
get_value (LockstepTrace *self,
           LockstepJson   name)
{
  LockstepTraceValue *value;

  for (guint i = 0; i < self->values->len; i++)
    {
      value = g_ptr_array_index (self->values, i);
      if (lockstep_json_is_string (name, value->name))
        return value;
    }
  if (self->values->len >= LOCKSTEP_TRACE_MAX_VALUES)
    return NULL;

  value = g_new0 (LockstepTraceValue, 1);
  value->name = lockstep_json_dup_string (name, NULL);
  value->by_solver = g_ptr_array_new ();
  for (guint i = 0;; i++)
    {
      LockstepStep *step = lockstep_plan_get_step (self->plan, i);

      if (step == NULL)
        break;
      if (step->until == NULL || g_strcmp0 (lockstep_condition_get_name (step->until), value->name) != 0)
        continue;
      value->has_target = TRUE;
      value->target = lockstep_condition_get_target (step->until);
      value->target_text = lockstep_condition_get_target_text (step->until);
    }
  g_ptr_array_add (self->values, value);

  return value;
}

static void
report_at (LockstepTrace *self,
           LockstepJson   name,
           int            solver,
           gint64         time,
           double         number)
{
  LockstepTraceValue *value = get_value (self, name);
  LockstepSeries    **series;

  if (value == NULL)
    return;

  if (solver >= 0 && value->by_solver->len <= (guint) solver)
    g_ptr_array_set_size (value->by_solver, solver + 1);
  series = solver >= 0 ? (LockstepSeries **) &value->by_solver->pdata[solver] : &value->of_one;
  if (*series == NULL)
    {
      *series = lockstep_series_new (solver >= 0 ? get_series_limit (self) : LOCKSTEP_TRACE_SUM_POINTS);
      value->n_series++;
    }
  lockstep_series_add (*series, time, number);
}

void
lockstep_trace_report (LockstepTrace *self,
                       LockstepJson   name,
                       int            solver,
                       double         number)
{
  report_at (self, name, solver, self->latest, number);
}

/* The numbers among the members of @object. */
static void
report_numbers (LockstepTrace *self,
                LockstepJson   object,
                int            solver,
                gint64         time)
{
  LockstepJsonIter iter;
  LockstepJson     name, value;
  double           number;

  if (lockstep_json_get_kind (object) != LOCKSTEP_JSON_OBJECT)
    return;

  lockstep_json_iter_init (&iter, object);
  while (lockstep_json_iter_next (&iter, &name, &value))
    if (lockstep_json_get_double (value, &number))
      report_at (self, name, solver, time, number);
}

/* The member that the until of the loop looks at may lie deeper. */
static void
report_condition (LockstepTrace *self,
                  LockstepStep  *step,
                  LockstepJson   result)
{
  for (LockstepStep *loop = step->parent; loop != NULL; loop = loop->parent)
    {
      const char *name = loop->until != NULL ? lockstep_condition_get_name (loop->until) : NULL;
      double      number;

      if (name != NULL && strchr (name, '.') != NULL &&
          lockstep_json_get_double (lockstep_json_get_path (result, name), &number))
        {
          g_autofree char   *quoted = g_strdup_printf ("\"%s\"", name);
          const LockstepJson text = { quoted, strlen (quoted) };

          lockstep_trace_report (self, text, -1, number);
        }
    }
}

static void
take_result (LockstepTrace       *self,
             const LockstepEvent *event)
{
  LockstepStep *step = lockstep_plan_get_step (self->plan, (guint) event->step);

  if (step == NULL || event->payload == NULL)
    return;

  if (step->kind == LOCKSTEP_STEP_ONE)
    {
      report_numbers (self, lockstep_event_get_payload (event), -1, self->latest);
      report_condition (self, step, lockstep_event_get_payload (event));
    }
  else if (step->kind == LOCKSTEP_STEP_ALL)
    {
      report_numbers (self, lockstep_event_get_payload (event), event->solver, self->latest);
    }
}

/* What a step on `one` reports is the run's, whoever computes it. */
static void
take_progress (LockstepTrace       *self,
               const LockstepEvent *event,
               LockstepTraceRow    *row)
{
  const LockstepSpan *span = row->spans->len > 0 ? lockstep_trace_row_get_span (row, row->spans->len - 1) : NULL;
  LockstepStep       *step = span != NULL ? lockstep_plan_get_step (self->plan, span->step) : NULL;
  const gint64        time = CLAMP (self->worked + event->time - self->session, 0, self->latest);
  double              fraction;

  /* One that was held has others before it that came later. */
  if (lockstep_json_get_double (lockstep_json_get_member (lockstep_event_get_payload (event), "fraction"), &fraction))
    lockstep_series_add (row->progress, time, CLAMP (fraction, 0, 1));
  report_numbers (self, lockstep_json_get_member (lockstep_event_get_payload (event), "values"),
                  step != NULL && step->kind == LOCKSTEP_STEP_ONE ? -1 : event->solver, time);
}

static void
sum_usages (LockstepTrace *self)
{
  const double *usages = (const double *) self->usages->data;
  double        cpu = 0, memory = 0;

  for (guint i = 0; i < self->usages->len; i += 2)
    {
      cpu += usages[i];
      memory += usages[i + 1];
    }
  lockstep_series_add (self->cpu, self->latest, cpu);
  lockstep_series_add (self->memory, self->latest, memory);
  self->summed = self->latest;
}

static void
set_usage (LockstepTrace *self,
           int            solver,
           double         cpu,
           double         memory)
{
  LockstepTraceRow *row = get_row (self, solver);
  double           *usage;

  if (row == NULL)
    return;

  /* What all of them had before this one is news; half a round would be a dent. */
  if (self->latest - self->summed >= SUM_INTERVAL)
    sum_usages (self);
  usage = &g_array_index (self->usages, double, 2 * (guint) solver);
  usage[0] = MAX (cpu, 0);
  usage[1] = memory;
  if (cpu >= 0)
    lockstep_series_add (row->cpu, self->latest, cpu);
  lockstep_series_add (row->memory, self->latest, memory);
}

static void
take_usage (LockstepTrace       *self,
            const LockstepEvent *event)
{
  double cpu = -1, memory = 0;

  lockstep_json_get_double (lockstep_json_get_member (lockstep_event_get_payload (event), "cpu"), &cpu);
  lockstep_json_get_double (lockstep_json_get_member (lockstep_event_get_payload (event), "memory"), &memory);
  set_usage (self, event->solver, cpu, memory);
}

static void
start_session (LockstepTrace *self,
               gint64         clock)
{
  if (self->session != 0)
    {
      lockstep_trace_end (self);
      self->worked = self->latest;
      g_array_append_val (self->resumptions, self->worked);
    }
  g_array_append_val (self->clocks, clock);
  self->session = clock;
  self->ended = FALSE;
  self->stop = LOCKSTEP_TRACE_OPEN;
}

/* Steps that are shorter than a resolution, which grows, become one. */
static void
merge_steps (LockstepTrace *self)
{
  LockstepTraceStep *steps = (LockstepTraceStep *) self->steps->data;
  guint              n_left = self->steps->len;

  self->resolution = MAX (self->resolution, 500);
  while (n_left > MAX_STEPS / 4 * 3)
    {
      guint last = 0;

      self->resolution *= 2;
      for (guint i = 1; i < n_left; i++)
        {
          if (steps[i].end - steps[last].start <= self->resolution)
            {
              steps[last].end = steps[i].end;
              steps[last].n_tasks += steps[i].n_tasks;
              steps[last].n_steps += steps[i].n_steps;
            }
          else
            {
              steps[++last] = steps[i];
            }
        }
      n_left = last + 1;
    }
  g_array_set_size (self->steps, n_left);
}

static void
end_step (LockstepTrace *self)
{
  LockstepTraceStep *last;

  if (self->steps->len == 0)
    return;

  last = &g_array_index (self->steps, LockstepTraceStep, self->steps->len - 1);
  if (last->end == LOCKSTEP_TRACE_OPEN)
    last->end = self->latest;
}

static void
start_step (LockstepTrace       *self,
            const LockstepEvent *event)
{
  static const char *const names[] = { "tasks", "first" };
  LockstepJson             members[G_N_ELEMENTS (names)];
  LockstepTraceStep        step = {
           .start = self->latest,
           .end = LOCKSTEP_TRACE_OPEN,
           .n_steps = 1,
           .iteration = event->iteration,
           .step = (guint16) event->step,
  };
  gint64 n_tasks = 0;

  end_step (self);
  lockstep_json_get_members (lockstep_event_get_payload (event), names, G_N_ELEMENTS (names), members);
  lockstep_json_get_int (members[0], &n_tasks);
  lockstep_json_get_int (members[1], &step.first);
  step.n_tasks = (guint32) n_tasks;
  if (self->steps->len >= MAX_STEPS)
    merge_steps (self);
  g_array_append_val (self->steps, step);
}

static void
start_task (LockstepTrace       *self,
            const LockstepEvent *event,
            LockstepTraceRow    *row)
{
  const LockstepSpan span = {
    .start = self->latest,
    .end = LOCKSTEP_TRACE_OPEN,
    .task = event->task,
    .n_tasks = 1,
    .step = (guint16) event->step,
    .attempt = (guint8) CLAMP (event->attempt, 0, 255),
    .outcome = LOCKSTEP_SPAN_RUNNING,
  };

  lockstep_trace_row_begin (row, &span, MAX (MAX_SPANS / self->rows->len, MIN_ROW_SPANS));
}

static void
launch (LockstepTrace       *self,
        const LockstepEvent *event,
        LockstepTraceRow    *row)
{
  const LockstepLife life = {
    .launched = self->latest,
    .ready = LOCKSTEP_TRACE_OPEN,
    .stopping = LOCKSTEP_TRACE_OPEN,
    .ended = LOCKSTEP_TRACE_OPEN,
  };

  lockstep_trace_row_leave (row, self->latest);
  if (row->host == NULL)
    row->host = lockstep_json_dup_string (lockstep_json_get_member (lockstep_event_get_payload (event), "host"), NULL);
  g_array_append_val (row->lives, life);
}

static void
take_solver (LockstepTrace       *self,
             const LockstepEvent *event,
             LockstepTraceRow    *row)
{
  LockstepLife *life;

  if (event->type == LOCKSTEP_EVENT_SOLVER_LAUNCHED)
    launch (self, event, row);
  if ((life = lockstep_trace_row_get_life (row)) == NULL)
    return;

  if (event->type == LOCKSTEP_EVENT_SOLVER_READY)
    life->ready = self->latest;
  else if (event->type == LOCKSTEP_EVENT_SOLVER_STOPPING)
    life->stopping = self->latest;
  else if (event->type == LOCKSTEP_EVENT_SOLVER_ENDED)
    {
      life->crashed = life->stopping == LOCKSTEP_TRACE_OPEN;
      self->n_crashed += life->crashed;
      set_usage (self, event->solver, 0, 0);
      lockstep_trace_row_leave (row, self->latest);
    }
}

static void
take_task (LockstepTrace       *self,
           const LockstepEvent *event,
           LockstepTraceRow    *row)
{
  switch (event->type)
    {
    case LOCKSTEP_EVENT_TASK_STARTED:
      start_task (self, event, row);
      break;
    case LOCKSTEP_EVENT_TASK_ENDED:
      lockstep_trace_row_end (row, event->task, self->latest, LOCKSTEP_SPAN_DONE);
      take_result (self, event);
      break;
    case LOCKSTEP_EVENT_TASK_FAILED:
      lockstep_trace_row_end (row, event->task, self->latest, LOCKSTEP_SPAN_FAILED);
      self->n_failed++;
      break;
    case LOCKSTEP_EVENT_PROGRESS:
      take_progress (self, event, row);
      break;
    case LOCKSTEP_EVENT_USAGE:
      take_usage (self, event);
      break;
    default:
      take_solver (self, event, row);
    }
}

static void
take_pause (LockstepTrace *self,
            gboolean       begins)
{
  const LockstepTracePause pause = { self->latest, LOCKSTEP_TRACE_OPEN };
  LockstepTracePause      *last = self->pauses->len > 0
                                    ? &g_array_index (self->pauses, LockstepTracePause, self->pauses->len - 1)
                                    : NULL;
  const gboolean           is_open = last != NULL && last->end == LOCKSTEP_TRACE_OPEN;

  if (begins && !is_open)
    g_array_append_val (self->pauses, pause);
  else if (!begins && is_open)
    last->end = self->latest;
}

void
lockstep_trace_take (LockstepTrace       *self,
                     const LockstepEvent *event)
{
  LockstepTraceRow *row = get_row (self, event->solver);

  if (event->type == LOCKSTEP_EVENT_RUN_STARTED)
    start_session (self, event->time);
  if (self->session == 0 || (self->ended && event->type != LOCKSTEP_EVENT_RUN_STARTED))
    return;

  /* A clock that was set back stands still here. */
  self->latest = MAX (self->latest, self->worked + event->time - self->session);

  switch (event->type)
    {
    case LOCKSTEP_EVENT_STEP_STARTED:
      start_step (self, event);
      break;
    case LOCKSTEP_EVENT_STEP_ENDED:
      end_step (self);
      break;
    case LOCKSTEP_EVENT_RUN_PAUSED:
      take_pause (self, TRUE);
      break;
    case LOCKSTEP_EVENT_RUN_CONTINUED:
      take_pause (self, FALSE);
      break;
    case LOCKSTEP_EVENT_RUN_STOPPING:
      self->stop = self->latest;
      take_pause (self, FALSE);
      break;
    case LOCKSTEP_EVENT_RUN_ENDED:
      lockstep_trace_end (self);
      break;
    default:
      if (row != NULL)
        take_task (self, event, row);
    }
}

void
lockstep_trace_take_left_out (LockstepTrace       *self,
                              const LockstepEvent *event)
{
  LockstepJson     left_out = lockstep_json_get_member (lockstep_event_get_payload (event), "left-out");
  LockstepJson     name, number;
  LockstepJsonIter iter;
  gint64           n_reports;

  if (event->type != LOCKSTEP_EVENT_RUN_ENDED || lockstep_json_get_kind (left_out) != LOCKSTEP_JSON_OBJECT)
    return;

  lockstep_json_iter_init (&iter, left_out);
  while (lockstep_json_iter_next (&iter, &name, &number))
    for (guint i = 0; i < self->values->len; i++)
      {
        LockstepTraceValue *value = g_ptr_array_index (self->values, i);

        if (lockstep_json_is_string (name, value->name) && lockstep_json_get_int (number, &n_reports) && n_reports > 0)
          value->n_left_out += (guint64) n_reports;
      }
}

void
lockstep_trace_end (LockstepTrace *self)
{
  if (self->ended || self->session == 0)
    return;

  for (guint i = 0; i < self->rows->len; i++)
    lockstep_trace_row_leave (g_ptr_array_index (self->rows, i), self->latest);
  for (guint i = 0; i < self->usages->len; i++)
    g_array_index (self->usages, double, i) = 0;
  end_step (self);
  take_pause (self, FALSE);
  sum_usages (self);
  self->stop = MIN (self->stop, self->latest);
  self->ended = TRUE;
}
