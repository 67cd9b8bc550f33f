/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-timeline-words.h"

#include <glib/gi18n-lib.h>

#include "lockstep-axis.h"
#include "lockstep-number-text.h"
#include "lockstep-solver-text.h"

#define SECONDS(time) ((double) (time) / G_USEC_PER_SEC)

const char *
lockstep_span_outcome_to_text (LockstepSpanOutcome outcome)
{
  switch (outcome)
    {
    case LOCKSTEP_SPAN_RUNNING:
      return _ ("computing");
    case LOCKSTEP_SPAN_DONE:
      return _ ("done");
    case LOCKSTEP_SPAN_FAILED:
      return _ ("failed");
    case LOCKSTEP_SPAN_STOPPED:
    default:
      return _ ("stopped");
    }
}

const char *
lockstep_timeline_words_get_step (LockstepTrace *trace,
                                  guint          step)
{
  LockstepStep *found = lockstep_plan_get_step (lockstep_trace_get_plan (trace), step);

  return found != NULL ? found->title : "";
}

int
lockstep_timeline_words_get_iteration (LockstepTrace      *trace,
                                       const LockstepSpan *span)
{
  const int     found = lockstep_trace_find_step (trace, span->start);
  LockstepStep *step = lockstep_plan_get_step (lockstep_trace_get_plan (trace), span->step);

  if (found < 0 || step == NULL || step->parent == NULL)
    return 0;

  return lockstep_trace_get_step (trace, (guint) found)->iteration;
}

/* "2.05 s", exact enough for what is so long. */
static char *
dup_length (gint64 length)
{
  return lockstep_axis_dup_time (SECONDS (length), MAX (SECONDS (length) / 1000, 1e-6));
}

static void
take_line (GPtrArray *lines,
           char      *line)
{
  g_ptr_array_add (lines, line);
}

static char **
end_lines (GPtrArray *lines)
{
  g_ptr_array_add (lines, NULL);

  return (char **) g_ptr_array_free (lines, FALSE);
}

/* Which of its step's tasks it is. */
static char *
dup_task (LockstepTrace      *trace,
          const LockstepSpan *span)
{
  LockstepStep            *step = lockstep_plan_get_step (lockstep_trace_get_plan (trace), span->step);
  const int                found = lockstep_trace_find_step (trace, span->start);
  const LockstepTraceStep *barrier = found >= 0 ? lockstep_trace_get_step (trace, (guint) found) : NULL;
  const int                iteration = lockstep_timeline_words_get_iteration (trace, span);
  g_autofree char         *task = NULL;

  if (span->n_tasks > 1)
    {
      g_autofree char *number = lockstep_number_dup_text (span->n_tasks);

      return g_strdup_printf (_ ("%s tasks"), number);
    }
  if (step != NULL && step->kind == LOCKSTEP_STEP_ALL && barrier != NULL && barrier->step == span->step &&
      span->task >= barrier->first && span->task < barrier->first + barrier->n_tasks)
    task = g_strdup_printf (_ ("part %d of %u"), (int) (span->task - barrier->first) + 1, barrier->n_tasks);
  else
    task = g_strdup_printf (_ ("task %d"), (int) span->task);

  return iteration > 0 ? g_strdup_printf (_ ("iteration %d · %s"), iteration, task) : g_steal_pointer (&task);
}

char **
lockstep_timeline_words_dup_span (LockstepTrace      *trace,
                                  guint               solver,
                                  const LockstepSpan *span,
                                  gint64              now)
{
  GPtrArray       *lines = g_ptr_array_new ();
  const gint64     end = MIN (span->end, now);
  g_autofree char *task = dup_task (trace, span);
  g_autofree char *length = dup_length (MAX (end - span->start, 0));
  g_autofree char *clock = lockstep_timeline_words_dup_clock (trace, span->start, end - span->start);

  take_line (lines, g_strdup_printf (_ ("Solver %u · %s"), solver, lockstep_timeline_words_get_step (trace, span->step)));
  take_line (lines, g_steal_pointer (&task));
  if (span->attempt > 1)
    take_line (lines, g_strdup_printf (_ ("%s · from %s · %s · attempt %d"), length, clock, lockstep_span_outcome_to_text (span->outcome), span->attempt));
  else
    take_line (lines, g_strdup_printf (_ ("%s · from %s · %s"), length, clock, lockstep_span_outcome_to_text (span->outcome)));

  return end_lines (lines);
}

/* What a solver does that computes nothing. */
static const char *
get_doing (const LockstepSight *sight)
{
  return lockstep_doing_to_text (lockstep_doing_get (sight->state, sight->waiting));
}

char **
lockstep_timeline_words_dup_rest (LockstepTrace *trace,
                                  guint          solver,
                                  gint64         time)
{
  GPtrArray       *lines = g_ptr_array_new ();
  g_autofree char *clock = lockstep_timeline_words_dup_clock (trace, time, G_USEC_PER_SEC);
  LockstepSight    sight;

  lockstep_trace_look (trace, solver, time, &sight);
  take_line (lines, g_strdup_printf (_ ("Solver %u · %s"), solver, get_doing (&sight)));
  if (sight.waiting && sight.step != NULL)
    {
      g_autofree char *waited = dup_length (MAX (time - sight.since, 0));

      take_line (lines, g_strdup_printf (_ ("for the end of %s"), lockstep_timeline_words_get_step (trace, sight.step->step)));
      take_line (lines, g_strdup_printf (_ ("%s so far at %s"), waited, clock));
    }
  else
    {
      take_line (lines, g_steal_pointer (&clock));
    }

  return end_lines (lines);
}

char *
lockstep_timeline_words_dup_clock (LockstepTrace *trace,
                                   gint64         time,
                                   gint64         resolution)
{
  const gint64          clock = lockstep_trace_to_clock (trace, time);
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (clock / G_USEC_PER_SEC);
  g_autoptr (GDateTime) local = g_date_time_to_local (utc);
  const int             part = (int) (clock % G_USEC_PER_SEC);
  const int             digits = resolution >= G_USEC_PER_SEC / 2 ? 1 : resolution >= 5000 ? 3
                                                                                           : 6;
  const int             unit = digits == 1 ? 100000 : digits == 3 ? 1000
                                                                  : 1;
  g_autofree char      *text = NULL;

  if (resolution >= 10 * G_USEC_PER_SEC)
    return g_date_time_format (local, "%H:%M:%S");

  /* What is cut off is not rounded up to a second that is not yet. */
  text = g_date_time_format (local, "%H:%M");
  return g_strdup_printf ("%s:%0*.*f", text, digits + 3, digits,
                          g_date_time_get_second (local) + (double) (part / unit * unit) / G_USEC_PER_SEC);
}

static char *
dup_sight (LockstepTrace *trace,
           int            solver,
           gint64         time)
{
  LockstepSight sight;

  lockstep_trace_look (trace, (guint) solver, time, &sight);
  if (sight.span != NULL)
    {
      g_autofree char *task = dup_task (trace, sight.span);

      return g_strdup_printf (_ ("solver %d: %s, %s"), solver, lockstep_timeline_words_get_step (trace, sight.span->step), task);
    }

  return g_strdup_printf (_ ("solver %d: %s"), solver, get_doing (&sight));
}

/* How many solvers compute. */
static char *
dup_computing (LockstepTrace *trace,
               gint64         time)
{
  const guint n_rows = lockstep_trace_get_n_rows (trace);
  guint       n_computing = 0;

  for (guint i = 0; i < n_rows; i++)
    {
      LockstepSight sight;

      lockstep_trace_look (trace, i, time, &sight);
      n_computing += sight.span != NULL;
    }

  return g_strdup_printf (ngettext ("%u of %u solver computing", "%u of %u solvers computing", n_rows), n_computing, n_rows);
}

char *
lockstep_timeline_words_dup_moment (LockstepTrace *trace,
                                    gint64         time,
                                    gint64         resolution,
                                    int            solver)
{
  GString         *text = g_string_new (NULL);
  const int        found = lockstep_trace_find_step (trace, time);
  g_autofree char *clock = lockstep_timeline_words_dup_clock (trace, time, resolution);
  g_autofree char *elapsed = lockstep_axis_dup_time (SECONDS (time), MAX (SECONDS (resolution), 1e-6));
  g_autofree char *rest = solver >= 0 ? dup_sight (trace, solver, time) : dup_computing (trace, time);

  g_string_append_printf (text, "%s · %s", clock, elapsed);
  if (found >= 0 && time < lockstep_trace_get_step (trace, (guint) found)->end)
    {
      const LockstepTraceStep *step = lockstep_trace_get_step (trace, (guint) found);
      LockstepStep            *plan_step = lockstep_plan_get_step (lockstep_trace_get_plan (trace), step->step);

      if (plan_step != NULL && plan_step->parent != NULL)
        {
          g_string_append (text, " · ");
          g_string_append_printf (text, _ ("iteration %d, %s"), step->iteration, plan_step->title);
        }
      else if (plan_step != NULL)
        {
          g_string_append_printf (text, " · %s", plan_step->title);
        }
    }
  g_string_append_printf (text, " · %s", rest);

  return g_string_free (text, FALSE);
}
