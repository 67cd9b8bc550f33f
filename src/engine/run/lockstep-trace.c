/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-trace-private.h"

static void
value_free (gpointer data)
{
  LockstepTraceValue *value = data;

  for (guint i = 0; i < value->by_solver->len; i++)
    lockstep_series_free (g_ptr_array_index (value->by_solver, i));
  g_ptr_array_unref (value->by_solver);
  lockstep_series_free (value->of_one);
  g_free (value->name);
  g_free (value);
}

LockstepTrace *
lockstep_trace_new (LockstepPlan *plan)
{
  LockstepTrace *self = g_new0 (LockstepTrace, 1);

  self->plan = g_object_ref (plan);
  self->stop = LOCKSTEP_TRACE_OPEN;
  self->clocks = g_array_new (FALSE, FALSE, sizeof (gint64));
  self->resumptions = g_array_new (FALSE, FALSE, sizeof (gint64));
  self->pauses = g_array_new (FALSE, FALSE, sizeof (LockstepTracePause));
  self->rows = g_ptr_array_new_with_free_func ((GDestroyNotify) lockstep_trace_row_free);
  self->steps = g_array_new (FALSE, FALSE, sizeof (LockstepTraceStep));
  self->usages = g_array_new (FALSE, FALSE, sizeof (double));
  self->cpu = lockstep_series_new (LOCKSTEP_TRACE_SUM_POINTS);
  self->memory = lockstep_series_new (LOCKSTEP_TRACE_SUM_POINTS);
  self->values = g_ptr_array_new_with_free_func (value_free);

  return self;
}

void
lockstep_trace_free (LockstepTrace *self)
{
  if (self == NULL)
    return;

  g_object_unref (self->plan);
  g_array_unref (self->clocks);
  g_array_unref (self->resumptions);
  g_array_unref (self->pauses);
  g_ptr_array_unref (self->rows);
  g_array_unref (self->steps);
  g_array_unref (self->usages);
  lockstep_series_free (self->cpu);
  lockstep_series_free (self->memory);
  g_ptr_array_unref (self->values);
  g_free (self);
}

LockstepPlan *
lockstep_trace_get_plan (LockstepTrace *self)
{
  return self->plan;
}

gint64
lockstep_trace_get_length (LockstepTrace *self,
                           gint64         now)
{
  if (self->ended || self->session == 0)
    return self->latest;

  return MAX (self->latest, self->worked + now - self->session);
}

/* The time at which the session of that number began. */
static gint64
get_session_start (LockstepTrace *self,
                   guint          session)
{
  return session == 0 ? 0 : g_array_index (self->resumptions, gint64, session - 1);
}

gint64
lockstep_trace_to_clock (LockstepTrace *self,
                         gint64         time)
{
  guint session = self->clocks->len;

  if (session == 0)
    return 0;

  do
    session--;
  while (session > 0 && get_session_start (self, session) > time);

  return g_array_index (self->clocks, gint64, session) + time - get_session_start (self, session);
}

gint64
lockstep_trace_from_clock (LockstepTrace *self,
                           gint64         clock)
{
  guint  session = self->clocks->len;
  gint64 time;

  if (session == 0)
    return 0;

  do
    session--;
  while (session > 0 && g_array_index (self->clocks, gint64, session) > clock);

  time = get_session_start (self, session) + MAX (clock - g_array_index (self->clocks, gint64, session), 0);
  if (session + 1 < self->clocks->len)
    time = MIN (time, get_session_start (self, session + 1));

  return time;
}

gint64
lockstep_trace_get_latest (LockstepTrace *self)
{
  return self->session == 0 ? 0 : self->session + self->latest - self->worked;
}

guint
lockstep_trace_get_n_rows (LockstepTrace *self)
{
  return self->rows->len;
}

const LockstepTraceRow *
lockstep_trace_get_row (LockstepTrace *self,
                        guint          solver)
{
  return g_ptr_array_index (self->rows, solver);
}

guint64
lockstep_trace_get_n_spans (LockstepTrace *self)
{
  guint64 n_spans = 0;

  for (guint i = 0; i < self->rows->len; i++)
    n_spans += lockstep_trace_get_row (self, i)->spans->len;

  return n_spans;
}

guint64
lockstep_trace_get_n_failed (LockstepTrace *self)
{
  return self->n_failed;
}

guint64
lockstep_trace_get_n_crashed (LockstepTrace *self)
{
  return self->n_crashed;
}

guint
lockstep_trace_get_n_steps (LockstepTrace *self)
{
  return self->steps->len;
}

const LockstepTraceStep *
lockstep_trace_get_step (LockstepTrace *self,
                         guint          index)
{
  return &g_array_index (self->steps, LockstepTraceStep, index);
}

int
lockstep_trace_find_step (LockstepTrace *self,
                          gint64         time)
{
  guint low = 0, high = self->steps->len;

  while (low < high)
    {
      const guint middle = low + (high - low) / 2;

      if (lockstep_trace_get_step (self, middle)->start <= time)
        low = middle + 1;
      else
        high = middle;
    }

  return (int) low - 1;
}

gint64
lockstep_trace_get_stop (LockstepTrace *self)
{
  return self->stop;
}

const LockstepTracePause *
lockstep_trace_get_pauses (LockstepTrace *self,
                           guint         *n_pauses)
{
  *n_pauses = self->pauses->len;

  return (const LockstepTracePause *) self->pauses->data;
}

const gint64 *
lockstep_trace_get_resumptions (LockstepTrace *self,
                                guint         *n_resumptions)
{
  *n_resumptions = self->resumptions->len;

  return (const gint64 *) self->resumptions->data;
}

const LockstepSeries *
lockstep_trace_get_cpu (LockstepTrace *self)
{
  return self->cpu;
}

const LockstepSeries *
lockstep_trace_get_memory (LockstepTrace *self)
{
  return self->memory;
}

GPtrArray *
lockstep_trace_get_values (LockstepTrace *self)
{
  return self->values;
}

/* The life that @row was in, or the last one before. */
static const LockstepLife *
find_life (const LockstepTraceRow *row,
           gint64                  time)
{
  for (guint i = row->lives->len; i > 0; i--)
    if (g_array_index (row->lives, LockstepLife, i - 1).launched <= time)
      return &g_array_index (row->lives, LockstepLife, i - 1);

  return NULL;
}

static void
look_at_life (const LockstepTraceRow *row,
              gint64                  time,
              LockstepSight          *sight)
{
  const LockstepLife *life = find_life (row, time);

  if (life == NULL)
    {
      sight->state = LOCKSTEP_SOLVER_DEAD;
    }
  else if (time >= life->ended)
    {
      sight->state = LOCKSTEP_SOLVER_DEAD;
      sight->since = life->ended;
    }
  else if (time >= life->stopping)
    {
      sight->state = LOCKSTEP_SOLVER_TERMINATING;
      sight->since = life->stopping;
    }
  else if (time >= life->ready)
    {
      sight->state = LOCKSTEP_SOLVER_READY;
      sight->since = life->ready;
    }
  else
    {
      sight->state = LOCKSTEP_SOLVER_INITIALIZING;
      sight->since = life->launched;
    }
}

/* Of one task: what was reported of others is not its own. */
static double
get_fraction (const LockstepTraceRow *row,
              const LockstepSpan     *span,
              gint64                  time)
{
  guint                n_points;
  const LockstepPoint *points = lockstep_series_get_points (row->progress, &n_points);
  const int            found = lockstep_series_find (row->progress, time);

  if (span->n_tasks > 1 || found < 0 || points[found].time < span->start)
    return -1;

  return points[found].value;
}

void
lockstep_trace_look (LockstepTrace *self,
                     guint          solver,
                     gint64         time,
                     LockstepSight *sight)
{
  const LockstepTraceRow *row;
  int                     found;

  *sight = (LockstepSight){ .state = LOCKSTEP_SOLVER_DEAD, .fraction = -1, .cpu = -1, .memory = -1 };
  if (solver >= self->rows->len)
    return;

  row = lockstep_trace_get_row (self, solver);
  look_at_life (row, time, sight);

  if ((found = lockstep_trace_find_step (self, time)) >= 0 && time < lockstep_trace_get_step (self, (guint) found)->end)
    sight->step = lockstep_trace_get_step (self, (guint) found);

  if ((found = lockstep_trace_row_find (row, time)) >= 0)
    {
      const LockstepSpan *span = lockstep_trace_row_get_span (row, (guint) found);

      if (time < span->end)
        {
          sight->state = LOCKSTEP_SOLVER_BUSY;
          sight->since = span->start;
          sight->span = span;
          sight->fraction = get_fraction (row, span, time);
        }
      else
        {
          sight->since = MAX (sight->since, span->end);
        }
    }
  sight->waiting = sight->state == LOCKSTEP_SOLVER_READY && sight->step != NULL && time < self->stop;

  if (sight->state != LOCKSTEP_SOLVER_DEAD)
    {
      lockstep_series_get_at (row->cpu, time, &sight->cpu);
      lockstep_series_get_at (row->memory, time, &sight->memory);
    }
}
