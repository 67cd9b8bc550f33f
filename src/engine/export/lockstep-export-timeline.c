/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-export-job.h"

#include "lockstep-table-writer.h"

typedef enum
{
  SPAN_NONE,
  SPAN_OPEN,
  SPAN_CLOSED, /* how long its solver waits at the barrier is not known yet */
} SpanState;

/* What a solver is at, or was at last. */
typedef struct
{
  SpanState     kind;
  LockstepStep *step; /* NULL for initialize */
  gint64        task;
  int           attempt;
  int           part;
  gint64        start;
  gint64        end;
  const char   *state;    /* how it ended */
  gboolean      stopping; /* the solver was asked to end */
  GRefString   *host;     /* owned; stays with the solver */
} Span;

typedef struct
{
  const LockstepExportJob *job;
  LockstepTableWriter     *writer;
  GArray                  *spans;      /* of Span, by solver */
  GArray                  *iterations; /* of guint: of the loops around the step at work */
  gint64                   latest;     /* time of the newest event */

  /* The writer's columns. */
  guint solver, host, step, first_iteration, n_iterations, task, part, attempt, start, end, seconds, state, waiting;
} Timeline;

static Span *
get_span (Timeline *self,
          int       solver)
{
  const Span none = { SPAN_NONE };

  while (self->spans->len <= (guint) solver)
    g_array_append_val (self->spans, none);

  return &g_array_index (self->spans, Span, solver);
}

static void
clear_span (gpointer data)
{
  g_clear_pointer (&((Span *) data)->host, g_ref_string_release);
}

/* Writes the span of @solver, which waited at the barrier so long afterwards (µs; negative where there was none). */
static gboolean
write_span (Timeline *self,
            int       solver,
            gint64    waiting,
            GError  **error)
{
  LockstepTableWriter *writer = self->writer;
  Span                *span = get_span (self, solver);

  span->kind = SPAN_NONE;
  lockstep_table_writer_set_int (writer, self->solver, solver);
  lockstep_table_writer_set_text (writer, self->host, span->host, -1);
  lockstep_table_writer_set_text (writer, self->step, span->step != NULL ? span->step->title : "initialize", -1);
  for (guint i = 0; span->step != NULL && i < MIN (self->n_iterations, self->iterations->len); i++)
    lockstep_table_writer_set_int (writer, self->first_iteration + i, g_array_index (self->iterations, guint, i));
  lockstep_table_writer_set_int (writer, self->task, span->task);
  lockstep_table_writer_set_int (writer, self->part, span->part);
  lockstep_table_writer_set_int (writer, self->attempt, span->attempt);
  lockstep_table_writer_set_time (writer, self->start, span->start);
  lockstep_table_writer_set_time (writer, self->end, span->end);
  if (span->end > 0)
    lockstep_table_writer_set_seconds (writer, self->seconds, MAX (span->end - span->start, 0));
  lockstep_table_writer_set_text (writer, self->state, span->state, -1);
  if (waiting >= 0)
    lockstep_table_writer_set_seconds (writer, self->waiting, waiting);

  return lockstep_table_writer_end_row (writer, error);
}

/* Writes what the solver was at: it does something else now, or nothing any more. What nobody said the end of ends so, as
 * @state. */
static gboolean
leave_span (Timeline   *self,
            int         solver,
            gint64      time,
            const char *state,
            GError    **error)
{
  Span *span = get_span (self, solver);

  if (span->kind == SPAN_NONE)
    return TRUE;
  if (span->kind == SPAN_CLOSED)
    return write_span (self, solver, span->step != NULL ? 0 : -1, error);

  span->state = state;
  span->end = time;
  return write_span (self, solver, -1, error);
}

static gboolean
leave_all (Timeline *self,
           gint64    time,
           GError  **error)
{
  for (guint i = 0; i < self->spans->len; i++)
    if (!leave_span (self, (int) i, time, "stopped", error))
      return FALSE;

  return TRUE;
}

/* The barrier is passed, and nobody waits any more. */
static gboolean
pass_barrier (Timeline *self,
              gint64    time,
              GError  **error)
{
  for (guint i = 0; i < self->spans->len; i++)
    {
      const Span *span = get_span (self, (int) i);

      if (span->kind == SPAN_CLOSED && span->step != NULL && !write_span (self, (int) i, MAX (time - span->end, 0), error))
        return FALSE;
    }

  return TRUE;
}

static void
begin_span (Timeline            *self,
            const LockstepEvent *event)
{
  Span       *span = get_span (self, event->solver);
  GRefString *host = span->host;

  *span = (Span){
    .kind = SPAN_OPEN,
    .step = event->step >= 0 ? lockstep_plan_get_step (self->job->plan, (guint) event->step) : NULL,
    .task = event->task,
    .attempt = event->attempt,
    .part = event->part,
    .start = event->time,
    .host = host,
  };
}

static void
close_span (Timeline            *self,
            const LockstepEvent *event,
            const char          *state)
{
  Span *span = get_span (self, event->solver);

  if (span->kind != SPAN_OPEN || span->task != event->task)
    return;

  span->kind = SPAN_CLOSED;
  span->end = event->time;
  span->state = state;
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

static void
set_host (Timeline            *self,
          const LockstepEvent *event)
{
  g_autofree char *host = lockstep_json_dup_string (get_member (event, "host"), NULL);
  Span            *span = get_span (self, event->solver);

  clear_span (span);
  if (host != NULL)
    span->host = g_ref_string_new_intern (host);
}

static void
set_iterations (Timeline            *self,
                const LockstepEvent *event)
{
  LockstepJsonIter iter;
  LockstepJson     element;

  g_array_set_size (self->iterations, 0);
  lockstep_json_iter_init (&iter, get_member (event, "iterations"));
  while (lockstep_json_iter_next (&iter, NULL, &element))
    {
      gint64 number = 1;
      guint  iteration;

      lockstep_json_get_int (element, &number);
      iteration = (guint) number;
      g_array_append_val (self->iterations, iteration);
    }
}

static gboolean
take_solver_event (Timeline            *self,
                   const LockstepEvent *event,
                   GError             **error)
{
  switch (event->type)
    {
    case LOCKSTEP_EVENT_SOLVER_LAUNCHED:
      if (!leave_span (self, event->solver, event->time, "stopped", error))
        return FALSE;
      set_host (self, event);
      return TRUE;
    case LOCKSTEP_EVENT_SOLVER_STARTED:
    case LOCKSTEP_EVENT_TASK_STARTED:
      if (!leave_span (self, event->solver, event->time, "stopped", error))
        return FALSE;
      begin_span (self, event);
      return TRUE;
    case LOCKSTEP_EVENT_SOLVER_READY:
    case LOCKSTEP_EVENT_TASK_ENDED:
      close_span (self, event, "done");
      return TRUE;
    case LOCKSTEP_EVENT_TASK_FAILED:
      close_span (self, event, "failed");
      return TRUE;
    case LOCKSTEP_EVENT_SOLVER_STOPPING:
      get_span (self, event->solver)->stopping = TRUE;
      return TRUE;
    case LOCKSTEP_EVENT_SOLVER_ENDED:
      /* A death that nobody asked for is a failure of what it was at. */
      return leave_span (self, event->solver, event->time,
                         get_span (self, event->solver)->stopping ? "stopped" : "failed", error);
    default:
      return TRUE;
    }
}

static gboolean
take_event (Timeline            *self,
            const LockstepEvent *event,
            GError             **error)
{
  switch (event->type)
    {
    /* A controller that died has left them at that; who was at work last was so at the newest event. */
    case LOCKSTEP_EVENT_RUN_STARTED:
      return leave_all (self, self->latest, error);
    case LOCKSTEP_EVENT_RUN_ENDED:
      return leave_all (self, event->time, error);
    case LOCKSTEP_EVENT_STEP_STARTED:
      if (!pass_barrier (self, event->time, error))
        return FALSE;
      set_iterations (self, event);
      return TRUE;
    case LOCKSTEP_EVENT_STEP_ENDED:
      return pass_barrier (self, event->time, error);
    default:
      return event->solver < 0 || take_solver_event (self, event, error);
    }
}

/* What the run is at: its end is not known. */
static gboolean
write_open (Timeline *self,
            GError  **error)
{
  for (guint i = 0; i < self->spans->len; i++)
    {
      Span *span = get_span (self, (int) i);

      if (span->kind == SPAN_OPEN)
        span->state = "running";
      if (span->kind != SPAN_NONE && !write_span (self, (int) i, -1, error))
        return FALSE;
    }

  return TRUE;
}

static void
declare_columns (Timeline *self)
{
  LockstepTableWriter  *writer = self->writer;
  g_autoptr (GPtrArray) iterations = lockstep_export_job_dup_iteration_names (self->job);

  self->solver = lockstep_table_writer_add_column (writer, "solver");
  self->host = lockstep_table_writer_add_column (writer, "host");
  self->step = lockstep_table_writer_add_column (writer, "step");
  self->first_iteration = self->step + 1;
  self->n_iterations = iterations->len;
  for (guint i = 0; i < iterations->len; i++)
    lockstep_table_writer_add_column (writer, g_ptr_array_index (iterations, i));
  self->task = lockstep_table_writer_add_column (writer, "task");
  self->part = lockstep_table_writer_add_column (writer, "part");
  self->attempt = lockstep_table_writer_add_column (writer, "attempt");
  self->start = lockstep_table_writer_add_column (writer, "start");
  self->end = lockstep_table_writer_add_column (writer, "end");
  self->seconds = lockstep_table_writer_add_column (writer, "seconds");
  self->state = lockstep_table_writer_add_column (writer, "state");
  self->waiting = lockstep_table_writer_add_column (writer, "waiting");
}

static gboolean
write_journal (Timeline *self,
               GError  **error)
{
  g_autoptr (LockstepJournalReader) reader = lockstep_journal_reader_new (self->job->directory, error);
  LockstepEvent                     event;
  gboolean                          ok = reader != NULL;

  while (ok && lockstep_journal_reader_next (reader, &event, NULL))
    {
      ok = take_event (self, &event, error) && lockstep_export_job_advance_reader (self->job, reader, 0, 1, error);
      self->latest = MAX (self->latest, event.time);
      lockstep_event_clear (&event);
    }
  if (!ok || !(self->job->live ? write_open (self, error) : leave_all (self, self->latest, error)))
    return FALSE;

  lockstep_export_job_warn_of (self->job, reader);
  return TRUE;
}

gboolean
lockstep_export_write_timeline (const LockstepExportJob *job,
                                GError                 **error)
{
  g_autoptr (LockstepTableWriter) writer = lockstep_table_writer_new (job->file, job->format);
  g_autoptr (GArray)              spans = g_array_new (FALSE, FALSE, sizeof (Span));
  g_autoptr (GArray)              iterations = g_array_new (FALSE, FALSE, sizeof (guint));
  Timeline                        self = { job, writer, spans, iterations };

  g_array_set_clear_func (spans, clear_span);
  declare_columns (&self);

  return write_journal (&self, error) && lockstep_table_writer_finish (writer, error);
}
