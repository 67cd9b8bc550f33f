/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-watch.h"

/* µs of the watch's own time. */
typedef struct
{
  gint64 begun;
  gint64 sign;
} Clock;

struct _LockstepWatch
{
  GArray *clocks; /* of Clock, by solver */
  gint64  paused; /* µs that the watch has stood still, up to the last pause */
  gint64  since;  /* monotonic: when the present pause began; 0 while it runs */
};

LockstepWatch *
lockstep_watch_new (void)
{
  LockstepWatch *self = g_new0 (LockstepWatch, 1);

  self->clocks = g_array_new (FALSE, TRUE, sizeof (Clock));

  return self;
}

void
lockstep_watch_free (LockstepWatch *self)
{
  g_array_unref (self->clocks);
  g_free (self);
}

gint64
lockstep_watch_get_time (LockstepWatch *self,
                         gint64         now)
{
  return (self->since != 0 ? self->since : now) - self->paused;
}

static Clock *
get_clock (LockstepWatch *self,
           guint          solver)
{
  if (solver >= self->clocks->len)
    g_array_set_size (self->clocks, solver + 1);

  return &g_array_index (self->clocks, Clock, solver);
}

void
lockstep_watch_begin (LockstepWatch *self,
                      guint          solver,
                      gint64         now)
{
  Clock *clock = get_clock (self, solver);

  clock->begun = lockstep_watch_get_time (self, now);
  clock->sign = clock->begun;
}

void
lockstep_watch_sign (LockstepWatch *self,
                     guint          solver,
                     gint64         now)
{
  get_clock (self, solver)->sign = lockstep_watch_get_time (self, now);
}

double
lockstep_watch_get_elapsed (LockstepWatch *self,
                            guint          solver,
                            gint64         now)
{
  return (double) (lockstep_watch_get_time (self, now) - get_clock (self, solver)->begun) / G_USEC_PER_SEC;
}

double
lockstep_watch_get_silence (LockstepWatch *self,
                            guint          solver,
                            gint64         now)
{
  return (double) (lockstep_watch_get_time (self, now) - get_clock (self, solver)->sign) / G_USEC_PER_SEC;
}

void
lockstep_watch_set_paused (LockstepWatch *self,
                           gboolean       paused,
                           gint64         now)
{
  if (paused == (self->since != 0))
    return;

  if (paused)
    {
      self->since = now;
    }
  else
    {
      self->paused += now - self->since;
      self->since = 0;
    }
}
