/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-run-service-private.h"

#include <glib/gi18n-lib.h>

#include "lockstep-event-params.h"
#include "lockstep-service-socket.h"
#include "lockstep-subscription.h"

/* How often (ms) it is looked whether all has been read when the run has ended, and for how long (µs) at most. */
#define END_INTERVAL 10
#define END_WAIT     G_USEC_PER_SEC

enum
{
  OPENED,
  OVER,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (LockstepRunService, lockstep_run_service, G_TYPE_OBJECT)

static gboolean
all_have_read (LockstepRunService *self)
{
  for (guint i = 0; i < self->subscriptions->len; i++)
    if (!lockstep_subscription_is_done (g_ptr_array_index (self->subscriptions, i)))
      return FALSE;

  return TRUE;
}

static gboolean
end_cb (gpointer user_data)
{
  LockstepRunService *self = user_data;

  if (!self->stopped || (!all_have_read (self) && g_get_monotonic_time () < self->end_time))
    return G_SOURCE_CONTINUE;

  self->end_source = 0;
  lockstep_service_disconnect (self->service);
  g_signal_emit (self, signals[OVER], 0);

  return G_SOURCE_REMOVE;
}

static void
stopped_cb (GObject      *service,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (LockstepRunService) self = user_data;

  lockstep_service_stop_finish (LOCKSTEP_SERVICE (service), result);
  self->stopped = TRUE;
}

/* The run has ended: nobody new is let in, and those who are there may read what they were told. */
static void
end (LockstepRunService *self)
{
  if (self->opening || self->end_source != 0)
    return;

  self->end_time = g_get_monotonic_time () + END_WAIT;
  self->end_source = g_timeout_add (END_INTERVAL, end_cb, self);
  lockstep_service_stop_async (self->service, stopped_cb, g_object_ref (self));
}

static void
listening_cb (GObject      *service,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr (LockstepRunService) self = user_data;
  g_autoptr (GError)             error = NULL;

  self->opening = FALSE;
  self->opened = TRUE;
  if (!lockstep_service_listen_finish (self->service, result, &error) &&
      lockstep_run_get_towards (self->run) == LOCKSTEP_RUN_IDLE)
    {
      g_autofree char *text = NULL;

      text = g_strdup_printf (_ ("This run cannot be followed and controlled from other processes: %s"),
                              error->message);
      lockstep_record_log (self->record, -1, "warning", text);
    }

  g_signal_emit (self, signals[OPENED], 0);
  if (lockstep_run_has_ended (self->run))
    end (self);
}

static void
open_socket (LockstepRunService *self)
{
  g_autofree char *name = lockstep_service_socket_dup_name (lockstep_run_get_directory (self->run));

  self->opening = TRUE;
  lockstep_service_listen_async (self->service, name, listening_cb, g_object_ref (self));
}

static void
tell_subscribers (LockstepRunService  *self,
                  const LockstepEvent *event,
                  guint64              number)
{
  g_autoptr (GBytes) params = NULL;

  for (guint i = 0; i < self->subscriptions->len; i++)
    {
      LockstepSubscription *subscription = g_ptr_array_index (self->subscriptions, i);

      if (!lockstep_subscription_is_live (subscription))
        continue;
      if (params == NULL)
        params = lockstep_event_params_new (event, number);
      lockstep_subscription_tell (subscription, number, params);
    }
}

static void
event_cb (LockstepRun         *run,
          const LockstepEvent *event,
          LockstepRunService  *self)
{
  const guint64 n_events = lockstep_record_get_n_events (self->record);
  guint64       number = 0;

  if (self->recent == NULL)
    self->recent = lockstep_recent_events_new (n_events - 1);
  if (n_events > lockstep_recent_events_get_last (self->recent))
    {
      number = n_events;
      lockstep_recent_events_add (self->recent, event, number);
    }
  if (self->subscriptions->len > 0)
    tell_subscribers (self, event, number);

  if (event->type == LOCKSTEP_EVENT_RUN_STARTED && !self->opening && !self->opened)
    open_socket (self);
}

/* Also a run that ended before it started. */
static void
state_cb (LockstepRun        *run,
          GParamSpec         *pspec,
          LockstepRunService *self)
{
  if (lockstep_run_has_ended (run))
    end (self);
}

static void
request_cb (LockstepService    *service,
            LockstepPeer       *peer,
            LockstepRequest    *request,
            LockstepRunService *self)
{
  lockstep_run_service_answer (self, peer, request);
}

static void
left_cb (LockstepService    *service,
         LockstepPeer       *peer,
         LockstepRunService *self)
{
  for (guint i = self->subscriptions->len; i > 0; i--)
    if (lockstep_subscription_get_peer (g_ptr_array_index (self->subscriptions, i - 1)) == peer)
      g_ptr_array_remove_index_fast (self->subscriptions, i - 1);
}

void
lockstep_run_service_subscribe (LockstepRunService *self,
                                LockstepPeer       *peer,
                                guint64             from)
{
  left_cb (self->service, peer, self);
  lockstep_service_keep (self->service, peer);
  g_ptr_array_add (self->subscriptions,
                   lockstep_subscription_new (peer, lockstep_run_get_directory (self->run), from, self->recent));
}

static void
lockstep_run_service_dispose (GObject *object)
{
  LockstepRunService *self = LOCKSTEP_RUN_SERVICE (object);

  g_clear_handle_id (&self->end_source, g_source_remove);
  g_ptr_array_set_size (self->subscriptions, 0);
  if (self->run != NULL)
    g_signal_handlers_disconnect_by_data (self->run, self);
  if (self->service != NULL)
    g_signal_handlers_disconnect_by_data (self->service, self);
  g_clear_object (&self->service);
  g_clear_object (&self->record);
  g_clear_object (&self->run);
  g_clear_object (&self->controller);

  G_OBJECT_CLASS (lockstep_run_service_parent_class)->dispose (object);
}

static void
lockstep_run_service_finalize (GObject *object)
{
  LockstepRunService *self = LOCKSTEP_RUN_SERVICE (object);

  g_ptr_array_unref (self->subscriptions);
  g_clear_pointer (&self->recent, lockstep_recent_events_free);

  G_OBJECT_CLASS (lockstep_run_service_parent_class)->finalize (object);
}

static void
lockstep_run_service_class_init (LockstepRunServiceClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = lockstep_run_service_dispose;
  object_class->finalize = lockstep_run_service_finalize;

  signals[OPENED] = g_signal_new ("opened", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 0);
  signals[OVER] = g_signal_new ("over", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                                0);
}

static void
lockstep_run_service_init (LockstepRunService *self)
{
  self->service = lockstep_service_new ();
  self->subscriptions = g_ptr_array_new_with_free_func ((GDestroyNotify) lockstep_subscription_free);
  g_signal_connect (self->service, "request", G_CALLBACK (request_cb), self);
  g_signal_connect (self->service, "left", G_CALLBACK (left_cb), self);
}

LockstepRunService *
lockstep_run_service_new (LockstepController *controller)
{
  LockstepRunService *self = g_object_new (LOCKSTEP_TYPE_RUN_SERVICE, NULL);

  self->controller = g_object_ref (controller);
  self->run = g_object_ref (lockstep_controller_get_run (controller));
  self->record = g_object_ref (lockstep_controller_get_record (controller));
  g_signal_connect (self->run, "event", G_CALLBACK (event_cb), self);
  g_signal_connect (self->run, "notify::state", G_CALLBACK (state_cb), self);

  return self;
}

const char *
lockstep_run_service_get_path (LockstepRunService *self)
{
  return lockstep_service_get_path (self->service);
}
