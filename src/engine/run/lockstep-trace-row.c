/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-trace-row.h"

/* Where spans have to become one, those within a millisecond do first (µs). */
#define FIRST_RESOLUTION 1000

LockstepTraceRow *
lockstep_trace_row_new (guint series_limit)
{
  LockstepTraceRow *self = g_new0 (LockstepTraceRow, 1);

  self->spans = g_array_new (FALSE, FALSE, sizeof (LockstepSpan));
  self->lives = g_array_new (FALSE, FALSE, sizeof (LockstepLife));
  self->cpu = lockstep_series_new (series_limit);
  self->memory = lockstep_series_new (series_limit);
  self->progress = lockstep_series_new (series_limit);

  return self;
}

void
lockstep_trace_row_free (LockstepTraceRow *self)
{
  g_array_unref (self->spans);
  g_array_unref (self->lives);
  g_free (self->host);
  lockstep_series_free (self->cpu);
  lockstep_series_free (self->memory);
  lockstep_series_free (self->progress);
  g_free (self);
}

/* Whether @span and the one behind it may become one. Failures stay apart from the rest as long as there is room. */
static gboolean
can_merge (const LockstepSpan *span,
           const LockstepSpan *next,
           gint64              resolution,
           gint64              length)
{
  return next->end != LOCKSTEP_TRACE_OPEN && next->end - span->start <= resolution &&
         (span->outcome == next->outcome || resolution > length);
}

static void
merge (LockstepSpan       *span,
       const LockstepSpan *next)
{
  if (next->busy > span->busy / span->n_tasks)
    span->step = next->step;
  if (next->outcome == LOCKSTEP_SPAN_FAILED)
    span->outcome = LOCKSTEP_SPAN_FAILED;
  span->end = next->end;
  span->busy += next->busy;
  span->n_tasks += next->n_tasks;
}

static void
merge_shortest (LockstepTraceRow *self,
                guint             limit)
{
  LockstepSpan *spans = (LockstepSpan *) self->spans->data;
  guint         n_left = self->spans->len;
  const gint64  length = spans[n_left - 1].start - spans[0].start;

  if (self->resolution == 0)
    self->resolution = FIRST_RESOLUTION / 2;
  while (n_left > limit / 4 * 3)
    {
      guint last = 0;

      self->resolution *= 2;
      for (guint i = 1; i < n_left; i++)
        {
          if (can_merge (&spans[last], &spans[i], self->resolution, length))
            merge (&spans[last], &spans[i]);
          else
            spans[++last] = spans[i];
        }
      n_left = last + 1;
    }
  g_array_set_size (self->spans, n_left);
}

void
lockstep_trace_row_begin (LockstepTraceRow   *self,
                          const LockstepSpan *span,
                          guint               limit)
{
  LockstepSpan begun = *span;

  if (self->spans->len > 0)
    {
      const LockstepSpan *last = &g_array_index (self->spans, LockstepSpan, self->spans->len - 1);

      lockstep_trace_row_end (self, -1, begun.start, LOCKSTEP_SPAN_STOPPED);
      begun.start = MAX (begun.start, last->end);
    }
  if (self->spans->len >= limit)
    merge_shortest (self, limit);
  g_array_append_val (self->spans, begun);
}

void
lockstep_trace_row_end (LockstepTraceRow   *self,
                        gint64              task,
                        gint64              time,
                        LockstepSpanOutcome outcome)
{
  LockstepSpan *last;

  if (self->spans->len == 0)
    return;

  last = &g_array_index (self->spans, LockstepSpan, self->spans->len - 1);
  if (task >= 0 && task != last->task)
    return;

  /* That a task failed may be told after the end of its solver. */
  if (last->end != LOCKSTEP_TRACE_OPEN)
    {
      if (task >= 0 && last->outcome == LOCKSTEP_SPAN_STOPPED)
        last->outcome = outcome;
      return;
    }

  last->end = MAX (time, last->start);
  last->busy = last->end - last->start;
  last->outcome = outcome;
}

LockstepLife *
lockstep_trace_row_get_life (LockstepTraceRow *self)
{
  LockstepLife *last;

  if (self->lives->len == 0)
    return NULL;

  last = &g_array_index (self->lives, LockstepLife, self->lives->len - 1);
  return last->ended == LOCKSTEP_TRACE_OPEN ? last : NULL;
}

void
lockstep_trace_row_leave (LockstepTraceRow *self,
                          gint64            time)
{
  LockstepLife *life = lockstep_trace_row_get_life (self);

  lockstep_trace_row_end (self, -1, time, LOCKSTEP_SPAN_STOPPED);
  if (life != NULL)
    life->ended = MAX (time, life->launched);
}

int
lockstep_trace_row_find (const LockstepTraceRow *self,
                         gint64                  time)
{
  const LockstepSpan *spans = (const LockstepSpan *) self->spans->data;
  guint               low = 0, high = self->spans->len;

  while (low < high)
    {
      const guint middle = low + (high - low) / 2;

      if (spans[middle].start <= time)
        low = middle + 1;
      else
        high = middle;
    }

  return (int) low - 1;
}
