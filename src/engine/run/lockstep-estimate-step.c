/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-estimate-private.h"

/* Nothing is told from tasks before so many have ended, and so many seconds have passed. */
#define MIN_ENDED         5
#define MIN_TASKS_SECONDS 2.0

/* Nor from progress before so much of a task is done, and so many seconds have passed. */
#define MIN_FRACTION         0.05
#define MIN_PROGRESS_SECONDS 1.0

/* What progress says may be wrong by this share at a task's end, and by so much more at its beginning. */
#define PROGRESS_DOUBT       0.1
#define PROGRESS_EARLY_DOUBT 0.2

/* The last task of a step may be as long as this share of all. */
#define LONG_SHARE 0.95

static double
get_elapsed (const LockstepSeat *seat,
             gint64              now)
{
  return (double) MAX (now - seat->began, 0) / G_USEC_PER_SEC;
}

/* What is left of a task by its progress. */
static LockstepRange
get_rest_by_progress (const LockstepSeat *seat,
                      double              elapsed)
{
  const double  left = 1 - seat->told.fraction;
  const double  doubt = PROGRESS_DOUBT + PROGRESS_EARLY_DOUBT * left;
  const double  since = elapsed - seat->told.elapsed;
  const double  overall = left * seat->told.elapsed / seat->told.fraction;
  double        recent = overall;
  LockstepRange rest;

  if (seat->told.fraction > seat->before.fraction)
    recent = left * (seat->told.elapsed - seat->before.elapsed) / (seat->told.fraction - seat->before.fraction);

  rest.low = MIN (overall, recent) * (1 - doubt) - since;
  rest.middle = (overall + recent) / 2 - since;
  /* When no news came for longer than there was left, the news may take as long again. */
  rest.high = MAX (MAX (overall, recent) * (1 + doubt) - since, since);
  rest.low = MAX (rest.low, 0);
  rest.middle = CLAMP (rest.middle, rest.low, rest.high);

  return rest;
}

static LockstepRange
get_rest (LockstepEstimate   *self,
          const LockstepSeat *seat,
          double              elapsed)
{
  if (seat->told.fraction >= MIN_FRACTION)
    return get_rest_by_progress (seat, elapsed);

  return lockstep_spread_get_rest (self->durations, elapsed);
}

/* The tasks at work, taken together. */
typedef struct
{
  LockstepRange sum;     /* what is left of them all */
  LockstepRange longest; /* of the last of them */
  double        elapsed; /* sum */
  double        share;   /* sum of the shares that are done */
} AtWork;

static AtWork
look_at_work (LockstepEstimate *self,
              gint64            now)
{
  AtWork at_work = { 0 };

  for (guint i = 0; i < self->seats->len; i++)
    {
      const LockstepSeat *seat = &g_array_index (self->seats, LockstepSeat, i);
      const double        elapsed = get_elapsed (seat, now);
      LockstepRange       rest;

      if (seat->task < 0)
        continue;

      rest = get_rest (self, seat, elapsed);
      at_work.sum.low += rest.low;
      at_work.sum.middle += rest.middle;
      at_work.sum.high += rest.high;
      at_work.longest.low = MAX (at_work.longest.low, rest.low);
      at_work.longest.middle = MAX (at_work.longest.middle, rest.middle);
      at_work.longest.high = MAX (at_work.longest.high, rest.high);
      at_work.elapsed += elapsed;
      if (elapsed + rest.middle > 0)
        at_work.share += elapsed / (elapsed + rest.middle);
    }

  return at_work;
}

static gboolean
all_told_progress (LockstepEstimate *self)
{
  for (guint i = 0; i < self->seats->len; i++)
    {
      const LockstepSeat *seat = &g_array_index (self->seats, LockstepSeat, i);

      if (seat->task >= 0 && seat->told.fraction < MIN_FRACTION)
        return FALSE;
    }

  return self->n_busy > 0;
}

/* Tasks wait: their work is shared out over the solvers. */
static LockstepRange
get_range_of_tasks (LockstepEstimate *self,
                    const AtWork     *at_work,
                    double            n_waiting,
                    double            seconds)
{
  const double  n_known = (double) lockstep_spread_get_count (self->durations);
  const double  ended = lockstep_spread_get_sum (self->durations);
  const double  spent = ended + self->lost;
  const double  mean = (spent + at_work->elapsed) / (n_known + at_work->share);
  const double  extra = ended > 0 ? spent / ended : 1; /* for attempts that failed */
  const double  recent = lockstep_spread_get_recent_mean (self->durations) * extra;
  const double  coming = lockstep_spread_get_coming_mean (self->durations, n_waiting) * extra;
  const double  average = MIN ((spent + at_work->elapsed) / seconds, self->most_busy);
  const double  most = MAX (MAX (self->n_busy, average), 1), fewest = MAX (MIN (self->n_busy, average), 0.5);
  const double  deviation = lockstep_spread_get_deviation (self->durations);
  LockstepRange least = lockstep_range_of_sum (n_waiting, n_known, MIN (mean, MIN (recent, coming)), deviation);
  LockstepRange greatest = lockstep_range_of_sum (n_waiting, n_known, MAX (mean, MAX (recent, coming)), deviation);
  const double  last = lockstep_spread_get_quantile (self->durations, LONG_SHARE) * (1 - 1 / most);
  LockstepRange range;

  range.low = MAX ((least.low + at_work->sum.low) / most, at_work->longest.low);
  range.middle = ((least.middle + greatest.middle) / 2 + at_work->sum.middle) / most;
  range.high = MAX ((greatest.high + at_work->sum.middle) / fewest + last, at_work->longest.high);

  return range;
}

gboolean
lockstep_estimate_get_step (LockstepEstimate *self,
                            gint64            now,
                            LockstepRange    *range)
{
  const double seconds = (double) (now - self->step_began) / G_USEC_PER_SEC;
  const guint  n_left = self->n_tasks - MIN (self->n_ended, self->n_tasks);
  const guint  n_waiting = n_left - MIN (self->n_busy, n_left);

  if (lockstep_spread_get_count (self->durations) >= MAX (MIN_ENDED, self->most_busy) && seconds >= MIN_TASKS_SECONDS)
    {
      const AtWork at_work = look_at_work (self, now);

      *range = n_waiting > 0 ? get_range_of_tasks (self, &at_work, n_waiting, seconds) : at_work.longest;
      return TRUE;
    }
  if (n_waiting == 0 && seconds >= MIN_PROGRESS_SECONDS && all_told_progress (self))
    {
      *range = look_at_work (self, now).longest;
      return TRUE;
    }
  if (!lockstep_step_times_get (self->times, self->step, range) || range->high <= seconds)
    return FALSE;

  range->low = MAX (range->low - seconds, 0);
  range->middle = MAX (range->middle - seconds, range->low);
  range->high -= seconds;
  return TRUE;
}
