/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-recent-events.h"

/* So many are kept at most, and so many bytes of payload. */
#define MAX_EVENTS 1024
#define MAX_SIZE   (4 * 1024 * 1024)

struct _LockstepRecentEvents
{
  LockstepEvent events[MAX_EVENTS]; /* the one of number n is at n modulo MAX_EVENTS */
  guint64       first;
  guint64       last;
  gsize         size; /* of their payloads (bytes) */
};

static gsize
get_size (const LockstepEvent *event)
{
  return event->payload != NULL ? g_bytes_get_size (event->payload) : 0;
}

static LockstepEvent *
get_place (LockstepRecentEvents *self,
           guint64               number)
{
  return &self->events[number % MAX_EVENTS];
}

static void
drop_first (LockstepRecentEvents *self)
{
  LockstepEvent *event = get_place (self, self->first);

  self->size -= get_size (event);
  lockstep_event_clear (event);
  self->first++;
}

LockstepRecentEvents *
lockstep_recent_events_new (guint64 last)
{
  LockstepRecentEvents *self = g_new0 (LockstepRecentEvents, 1);

  self->first = last + 1;
  self->last = last;

  return self;
}

void
lockstep_recent_events_free (LockstepRecentEvents *self)
{
  while (self->first <= self->last)
    drop_first (self);
  g_free (self);
}

void
lockstep_recent_events_add (LockstepRecentEvents *self,
                            const LockstepEvent  *event,
                            guint64               number)
{
  LockstepEvent *place = get_place (self, number);

  g_return_if_fail (number == self->last + 1);

  while (self->first <= self->last &&
         (number - self->first >= MAX_EVENTS || self->size + get_size (event) > MAX_SIZE))
    drop_first (self);

  *place = *event;
  if (event->payload != NULL)
    g_bytes_ref (event->payload);
  self->size += get_size (event);
  self->last = number;
}

guint64
lockstep_recent_events_get_first (LockstepRecentEvents *self)
{
  return self->first;
}

guint64
lockstep_recent_events_get_last (LockstepRecentEvents *self)
{
  return self->last;
}

const LockstepEvent *
lockstep_recent_events_get (LockstepRecentEvents *self,
                            guint64               number)
{
  g_return_val_if_fail (number >= self->first && number <= self->last, NULL);

  return get_place (self, number);
}
