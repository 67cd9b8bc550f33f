/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-estimate-private.h"

/* Estimates of shorter steps (s) are not kept. */
#define MIN_JUDGED 2.0

/* A step that takes less (s) in all is not worth an estimate of its own; nor is anything told sooner after the first step. */
#define MIN_WORTH   5.0
#define MIN_SECONDS 2.0

/* Shares of a step at which an estimate is kept. */
static const double marks[LOCKSTEP_N_MARKS] = { 0.10, 0.25, 0.50, 0.75 };

LockstepEstimate *
lockstep_estimate_new (LockstepPlan *plan)
{
  LockstepEstimate *self = g_new0 (LockstepEstimate, 1);

  self->times = lockstep_step_times_new (plan);
  self->iterations = g_array_new (FALSE, FALSE, sizeof (guint));
  self->seats = g_array_new (FALSE, TRUE, sizeof (LockstepSeat));
  self->durations = lockstep_spread_new ();
  self->first_began = -1;
  self->since = -1;

  return self;
}

void
lockstep_estimate_free (LockstepEstimate *self)
{
  lockstep_step_times_free (self->times);
  g_array_unref (self->iterations);
  g_array_unref (self->seats);
  lockstep_spread_free (self->durations);
  g_free (self);
}

/* The estimate's clock at @time of the run's. */
static gint64
get_clock (LockstepEstimate *self,
           gint64            time)
{
  return (self->since >= 0 ? MIN (time, self->since) : time) - self->stopped;
}

/* Something happened at @time: what the estimate's clock says. */
static gint64
take_time (LockstepEstimate *self,
           gint64            time)
{
  self->last = time;

  return get_clock (self, time);
}

/* The clock stands still while nobody works because of a pause. Called when one of these changed. */
static void
set_clock (LockstepEstimate *self,
           gint64            time)
{
  const gboolean stands = self->paused && (self->standing || self->n_busy == 0);

  if (stands && self->since < 0)
    {
      self->since = time;
    }
  else if (!stands && self->since >= 0)
    {
      self->stopped += MAX (time - self->since, 0);
      self->since = -1;
    }
}

static void
leave_seats (LockstepEstimate *self)
{
  for (guint i = 0; i < self->seats->len; i++)
    g_array_index (self->seats, LockstepSeat, i).task = -1;
  self->n_busy = 0;
  self->fractions = 0;
}

void
lockstep_estimate_start (LockstepEstimate *self,
                         gint64            time)
{
  leave_seats (self);
  self->paused = self->standing = FALSE;
  set_clock (self, self->last);
  if (self->last > 0)
    self->stopped += MAX (time - self->last, 0);
  take_time (self, time);
}

void
lockstep_estimate_pause (LockstepEstimate *self,
                         gboolean          standing,
                         gint64            time)
{
  if (!self->paused)
    self->held_low = self->held_high = G_MAXDOUBLE;
  self->paused = TRUE;
  self->standing = standing;
  set_clock (self, time);
  take_time (self, time);
}

void
lockstep_estimate_continue (LockstepEstimate *self,
                            gint64            time)
{
  self->paused = self->standing = FALSE;
  set_clock (self, time);
  take_time (self, time);
}

void
lockstep_estimate_set_plan (LockstepEstimate *self,
                            LockstepPlan     *plan)
{
  leave_seats (self);
  self->step = NULL;
  lockstep_step_times_set_plan (self->times, plan);
}

void
lockstep_estimate_begin_step (LockstepEstimate *self,
                              LockstepStep     *step,
                              const guint      *iterations,
                              guint             n_iterations,
                              guint             n_tasks,
                              guint             n_ended,
                              gint64            time)
{
  leave_seats (self);
  self->step = step;
  g_array_set_size (self->iterations, 0);
  g_array_append_vals (self->iterations, iterations, n_iterations);
  self->n_tasks = n_tasks;
  self->n_ended = n_ended;
  self->is_rest = n_ended > 0;
  self->step_began = take_time (self, time);
  if (self->first_began < 0)
    self->first_began = self->step_began;

  self->most_busy = 0;
  lockstep_spread_clear (self->durations);
  self->lost = 0;
  self->n_made = 0;
  self->next_mark = 0;
}

void
lockstep_estimate_end_step (LockstepEstimate *self,
                            gint64            time)
{
  const gint64 now = take_time (self, time);
  const double seconds = (double) MAX (now - self->step_began, 0) / G_USEC_PER_SEC;

  if (self->step == NULL)
    return;

  for (guint i = 0; i < self->n_made; i++)
    self->made[i].actual = seconds - self->made[i].actual;
  if (seconds < MIN_JUDGED)
    self->n_made = 0;
  if (!self->is_rest)
    lockstep_step_times_add (self->times, self->step, seconds);
  leave_seats (self);
  self->step = NULL;
}

/* Keeps the estimate of now when the next mark is passed. */
static void
check_mark (LockstepEstimate *self,
            gint64            now)
{
  const double  share = (self->n_ended + self->fractions) / self->n_tasks;
  LockstepRange range;

  if (self->next_mark == LOCKSTEP_N_MARKS || !(share >= marks[self->next_mark] && share < 1))
    return;

  while (self->next_mark < LOCKSTEP_N_MARKS && share >= marks[self->next_mark])
    self->next_mark++;
  if (lockstep_estimate_get_step (self, now, &range))
    self->made[self->n_made++] = (LockstepEstimateMade){
      .share = share,
      .low = range.low,
      .high = range.high,
      .actual = (double) (now - self->step_began) / G_USEC_PER_SEC,
    };
}

static LockstepSeat *
get_seat (LockstepEstimate *self,
          guint             solver)
{
  while (self->seats->len <= solver)
    {
      const LockstepSeat seat = { .task = -1 };

      g_array_append_val (self->seats, seat);
    }

  return &g_array_index (self->seats, LockstepSeat, solver);
}

static void
leave_seat (LockstepEstimate *self,
            LockstepSeat     *seat)
{
  if (seat->task < 0)
    return;

  self->fractions -= seat->told.fraction;
  self->n_busy--;
  seat->task = -1;
}

void
lockstep_estimate_begin_task (LockstepEstimate *self,
                              guint             solver,
                              gint64            task,
                              gint64            time)
{
  LockstepSeat *seat = get_seat (self, solver);
  const gint64  now = take_time (self, time);

  leave_seat (self, seat);
  *seat = (LockstepSeat){ .task = task, .began = now };
  self->n_busy++;
  self->most_busy = MAX (self->most_busy, self->n_busy);
  if (self->paused)
    set_clock (self, time);
}

void
lockstep_estimate_progress (LockstepEstimate *self,
                            guint             solver,
                            double            fraction,
                            gint64            time)
{
  LockstepSeat *seat = get_seat (self, solver);
  const gint64  now = take_time (self, time);

  if (self->step == NULL || seat->task < 0 || fraction < 0 || fraction == seat->told.fraction)
    return;

  /* Work of several phases may begin again from nothing. */
  if (fraction < seat->told.fraction)
    seat->half = seat->before = (LockstepProgress){ 0 };
  self->fractions += fraction - seat->told.fraction;
  seat->told.fraction = fraction;
  seat->told.elapsed = (double) MAX (now - seat->began, 0) / G_USEC_PER_SEC;
  if (fraction >= 2 * seat->half.fraction)
    {
      seat->before = seat->half;
      seat->half = seat->told;
    }
  check_mark (self, now);
}

/* @task is done: a second solver that is at it as well works for nothing. */
static void
leave_rivals (LockstepEstimate *self,
              gint64            task)
{
  for (guint i = 0; i < self->seats->len; i++)
    {
      LockstepSeat *seat = &g_array_index (self->seats, LockstepSeat, i);

      if (seat->task == task)
        leave_seat (self, seat);
    }
}

void
lockstep_estimate_end_task (LockstepEstimate *self,
                            guint             solver,
                            gint64            task,
                            gboolean          ended,
                            gint64            time)
{
  LockstepSeat *seat = get_seat (self, solver);
  const gint64  now = take_time (self, time);

  if (self->step == NULL)
    return;

  if (seat->task == task)
    {
      const double seconds = (double) MAX (now - seat->began, 0) / G_USEC_PER_SEC;

      if (ended)
        lockstep_spread_add (self->durations, seconds);
      else
        self->lost += seconds;
      leave_seat (self, seat);
    }
  if (ended)
    {
      self->n_ended++;
      if (self->n_busy + self->n_ended > self->n_tasks)
        leave_rivals (self, task);
    }
  if (self->paused)
    set_clock (self, time);
  if (ended)
    check_mark (self, now);
}

LockstepEstimateScope
lockstep_estimate_get (LockstepEstimate *self,
                       gint64            time,
                       double           *low,
                       double           *high)
{
  const gint64          now = get_clock (self, time);
  LockstepRange         range;
  LockstepEstimateScope scope;
  double                seconds;

  if (self->step == NULL || now - self->first_began < MIN_SECONDS * G_USEC_PER_SEC ||
      !lockstep_estimate_get_step (self, now, &range))
    return LOCKSTEP_ESTIMATE_NONE;

  seconds = (double) (now - self->step_began) / G_USEC_PER_SEC;
  scope = lockstep_step_times_add_rest (self->times, self->step, (const guint *) self->iterations->data,
                                        self->iterations->len, &range);
  if (scope == LOCKSTEP_ESTIMATE_STEP && seconds + range.high < MIN_WORTH)
    return LOCKSTEP_ESTIMATE_NONE;

  /* Fewer and fewer are at work in a pause, which makes nothing longer. */
  if (self->paused)
    {
      range.low = self->held_low = MIN (self->held_low, range.low);
      range.high = self->held_high = MIN (self->held_high, range.high);
    }
  *low = range.low;
  *high = range.high;
  return scope;
}

const LockstepEstimateMade *
lockstep_estimate_get_made (LockstepEstimate *self,
                            guint            *n_made)
{
  *n_made = self->step == NULL ? self->n_made : 0;

  return self->made;
}
