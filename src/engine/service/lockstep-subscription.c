/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-subscription.h"

#include <glib/gi18n-lib.h>

#include "lockstep-event-params.h"
#include "lockstep-events-past.h"
#include "lockstep-json-writer.h"
#include "lockstep-service.h"

/* With more than this waiting (bytes), nothing more of the past is sent, and no samples. */
#define ENOUGH (256 * 1024)

/* How often (ms) it is looked whether a reader has read, or a journal been written. */
#define INTERVAL 20

/* How long (µs) a reader that was dropped has to fetch the reason, and one that is in the past to read anything. */
#define LAST_WAIT (10 * G_USEC_PER_SEC)
#define PAST_WAIT (30 * G_USEC_PER_SEC)

struct _LockstepSubscription
{
  LockstepPeer         *peer;   /* owned */
  LockstepRecentEvents *recent; /* borrowed */
  guint64               next;   /* number of the event that is sent next */
  LockstepEventsPast   *past;   /* while it is in the past; NULL where there is none */
  GCancellable         *cancellable;
  guint                 source;  /* waits until there is something to do */
  gboolean              live;    /* it has got all that there is */
  gboolean              dropped; /* it gets nothing more */
  gsize                 queued;  /* when it was looked at last */
  gint64                read_at; /* when it was last seen to read anything (monotonic) */
};

static void go_on (LockstepSubscription *self);

static void
notify (LockstepSubscription *self,
        const char           *method,
        GBytes               *params)
{
  GBytes *pieces[] = { params, NULL };

  lockstep_peer_notify (self->peer, method, pieces);
}

/* Waits until the reader has fetched the reason, and closes. */
static gboolean
dropped_cb (gpointer user_data)
{
  LockstepSubscription *self = user_data;

  if (lockstep_peer_get_queued (self->peer) > 0 && g_get_monotonic_time () - self->read_at < LAST_WAIT)
    return G_SOURCE_CONTINUE;

  self->source = 0;
  lockstep_peer_close (self->peer, NULL);
  return G_SOURCE_REMOVE;
}

/* The one way in which a subscription ends before the run. */
static void
drop (LockstepSubscription *self,
      const char           *why)
{
  GString           *text = g_string_new ("{");
  g_autoptr (GBytes) params = NULL;

  g_clear_handle_id (&self->source, g_source_remove);
  g_cancellable_cancel (self->cancellable);
  self->live = FALSE;
  self->dropped = TRUE;
  self->read_at = g_get_monotonic_time ();

  lockstep_json_append_string_member (text, "reason", why);
  g_string_append_printf (text, ",\"next\":%" G_GUINT64_FORMAT "}", self->next);
  params = g_string_free_to_bytes (text);
  notify (self, LOCKSTEP_SERVICE_DROPPED, params);
  self->source = g_timeout_add (INTERVAL, dropped_cb, self);
}

static void
drop_for_slowness (LockstepSubscription *self)
{
  const guint      mebibytes = (guint) (lockstep_peer_get_queued (self->peer) / (1024 * 1024));
  g_autofree char *why = NULL;

  why = g_strdup_printf (_ ("It reads too slowly: %u MiB of events wait to be read. Subscribe again from the event "
                            "that “next” says."),
                         mebibytes);
  drop (self, why);
}

/* Sends what is kept, and from then on each event as it happens. */
static void
go_live (LockstepSubscription *self)
{
  g_clear_pointer (&self->past, lockstep_events_past_unref);
  for (; self->next <= lockstep_recent_events_get_last (self->recent); self->next++)
    {
      const LockstepEvent *event = lockstep_recent_events_get (self->recent, self->next);
      g_autoptr (GBytes)   params = lockstep_event_params_new (event, self->next);

      notify (self, LOCKSTEP_EVENT_METHOD, params);
    }
  self->live = TRUE;
}

static gboolean
wait_cb (gpointer user_data)
{
  LockstepSubscription *self = user_data;

  self->source = 0;
  go_on (self);

  return G_SOURCE_REMOVE;
}

static void
read_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr (GError)    error = NULL;
  g_autoptr (GPtrArray) texts = lockstep_events_past_read_finish (result, &error);
  LockstepSubscription *self = user_data;

  /* It is gone, or dropped. */
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (texts == NULL)
    {
      drop (self, error->message);
      return;
    }

  for (guint i = 0; i < texts->len; i++)
    notify (self, LOCKSTEP_EVENT_METHOD, g_ptr_array_index (texts, i));
  self->next = lockstep_events_past_get_next (self->past);

  if (texts->len > 0)
    go_on (self);
  else
    self->source = g_timeout_add (INTERVAL, wait_cb, self);
}

/* Whether the reader, which is in the past, has enough to read. One that reads nothing at all is not kept. */
static gboolean
is_busy (LockstepSubscription *self)
{
  const gsize  queued = lockstep_peer_get_queued (self->peer);
  const gint64 now = g_get_monotonic_time ();

  if (queued != self->queued || queued == 0)
    self->read_at = now;
  self->queued = queued;
  if (queued <= ENOUGH)
    return FALSE;

  if (now - self->read_at > PAST_WAIT)
    drop_for_slowness (self);
  else
    self->source = g_timeout_add (INTERVAL, wait_cb, self);
  return TRUE;
}

/* Goes on with the past, unless it is over. */
static void
go_on (LockstepSubscription *self)
{
  if (self->past == NULL)
    go_live (self);
  else if (lockstep_peer_is_closed (self->peer) || is_busy (self))
    return;
  else if (self->next >= lockstep_recent_events_get_first (self->recent))
    go_live (self);
  else
    lockstep_events_past_read_async (self->past, lockstep_recent_events_get_last (self->recent), self->cancellable,
                                     read_cb, self);
}

LockstepSubscription *
lockstep_subscription_new (LockstepPeer         *peer,
                           const char           *directory,
                           guint64               from,
                           LockstepRecentEvents *recent)
{
  LockstepSubscription *self = g_new0 (LockstepSubscription, 1);

  self->peer = g_object_ref (peer);
  self->recent = recent;
  self->next = from;
  self->past = directory != NULL ? lockstep_events_past_new (directory, from) : NULL;
  self->cancellable = g_cancellable_new ();
  go_on (self);

  return self;
}

void
lockstep_subscription_free (LockstepSubscription *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_handle_id (&self->source, g_source_remove);
  g_clear_pointer (&self->past, lockstep_events_past_unref);
  g_clear_object (&self->peer);
  g_free (self);
}

LockstepPeer *
lockstep_subscription_get_peer (LockstepSubscription *self)
{
  return self->peer;
}

gboolean
lockstep_subscription_is_live (LockstepSubscription *self)
{
  return self->live;
}

void
lockstep_subscription_tell (LockstepSubscription *self,
                            guint64               number,
                            GBytes               *params)
{
  const gsize queued = lockstep_peer_get_queued (self->peer);

  if (!self->live || (number == 0 ? queued > ENOUGH : number < self->next))
    return;

  if (number > 0)
    self->next = number;
  if (queued > LOCKSTEP_SUBSCRIPTION_MAX_QUEUE)
    {
      drop_for_slowness (self);
      return;
    }

  notify (self, LOCKSTEP_EVENT_METHOD, params);
  if (number > 0)
    self->next = number + 1;
}

gboolean
lockstep_subscription_is_done (LockstepSubscription *self)
{
  return lockstep_peer_is_closed (self->peer) ||
         ((self->live || self->dropped) && lockstep_peer_get_queued (self->peer) == 0);
}
