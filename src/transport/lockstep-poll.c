/* SPDX-License-Identifier: MIT */

#include "lockstep-poll.h"

#include <errno.h>
#include <gio/gio.h>
#include <glib-unix.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "lockstep-peer.h"

/* Descriptors asked for at once. */
#define BATCH 64

/* A dispatch ends after this time, so that the window is drawn; the rest of the batch has its turn in the next one. */
#define DISPATCH_MICROSECONDS 4000

typedef struct
{
  GSource            source;
  GMainContext      *context;
  int                epoll;
  gpointer           tag;
  guint              n_watches;
  GQueue             woken;        /* of LockstepPollWatch, referenced */
  struct epoll_event ready[BATCH]; /* their watches are referenced from next_ready on */
  guint              n_ready;
  guint              next_ready;
} PollSource;

struct _LockstepPollWatch
{
  gatomicrefcount  references;
  PollSource      *source; /* NULL once freed; a watch may wait for its turn by then */
  int              descriptor;
  gboolean         writing;
  gboolean         woken;
  LockstepPollFunc func;
  gpointer         user_data;
};

/* The source of each main context that has watches. */
static GHashTable *sources;
G_LOCK_DEFINE_STATIC (sources);

static void
watch_unref (LockstepPollWatch *watch)
{
  if (g_atomic_ref_count_dec (&watch->references))
    g_free (watch);
}

static gboolean
has_turns (PollSource *self)
{
  return self->next_ready < self->n_ready || self->woken.length > 0;
}

static gboolean
prepare (GSource *source,
         int     *timeout)
{
  *timeout = -1;

  return has_turns ((PollSource *) source);
}

static gboolean
check (GSource *source)
{
  PollSource *self = (PollSource *) source;

  return has_turns (self) || g_source_query_unix_fd (source, self->tag) != 0;
}

static void
serve (LockstepPollWatch *watch,
       guint32            events)
{
  if (watch->source != NULL)
    watch->func (watch->user_data, (events & ~(guint32) EPOLLOUT) != 0, (events & EPOLLOUT) != 0);

  watch_unref (watch);
}

static gboolean
dispatch (GSource    *source,
          GSourceFunc callback,
          gpointer    user_data)
{
  PollSource *self = (PollSource *) source;
  gint64      deadline = g_get_monotonic_time () + DISPATCH_MICROSECONDS;
  guint       n_woken = self->woken.length;

  if (self->next_ready == self->n_ready)
    {
      int n = epoll_wait (self->epoll, self->ready, BATCH, 0);

      self->next_ready = 0;
      self->n_ready = n > 0 ? (guint) n : 0;
      for (guint i = 0; i < self->n_ready; i++)
        g_atomic_ref_count_inc (&((LockstepPollWatch *) self->ready[i].data.ptr)->references);
    }

  /* Those woken meanwhile wait for the next dispatch. */
  while (n_woken-- > 0 && self->woken.length > 0)
    {
      LockstepPollWatch *watch = g_queue_pop_head (&self->woken);

      watch->woken = FALSE;
      serve (watch, EPOLLIN);
    }

  do
    {
      struct epoll_event event;

      if (self->next_ready == self->n_ready)
        break;

      event = self->ready[self->next_ready++];
      serve (event.data.ptr, event.events);
    }
  while (!g_source_is_destroyed (source) && g_get_monotonic_time () < deadline);

  return G_SOURCE_CONTINUE;
}

static void
finalize (GSource *source)
{
  PollSource *self = (PollSource *) source;

  while (self->next_ready < self->n_ready)
    watch_unref (self->ready[self->next_ready++].data.ptr);

  g_queue_clear_full (&self->woken, (GDestroyNotify) watch_unref);
  close (self->epoll);
}

static GSourceFuncs poll_source_funcs = {
  .prepare = prepare,
  .check = check,
  .dispatch = dispatch,
  .finalize = finalize,
};

static PollSource *
poll_source_new (GMainContext *context,
                 GError      **error)
{
  PollSource *self;
  int         epoll = epoll_create1 (EPOLL_CLOEXEC);

  if (epoll < 0)
    {
      int code = errno;

      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (code),
                   "Failed to make an epoll descriptor: %s", g_strerror (code));
      return NULL;
    }

  self = (PollSource *) g_source_new (&poll_source_funcs, sizeof (PollSource));
  self->epoll = epoll;
  self->context = g_main_context_ref (context);
  self->tag = g_source_add_unix_fd (&self->source, epoll, G_IO_IN);
  g_source_set_static_name (&self->source, "[lockstep] peers");
  g_source_set_priority (&self->source, LOCKSTEP_PEER_PRIORITY);

  /* Otherwise the main loop takes the descriptor out and puts it in again around each dispatch, which wakes it up for
   * nothing; at two solvers that doubles the cost of a call. */
  g_source_set_can_recurse (&self->source, TRUE);

  g_source_attach (&self->source, context);

  return self;
}

/* The source of the thread-default main context, with one watch more. */
static PollSource *
poll_source_hold (GError **error)
{
  g_autoptr (GMainContext) context = g_main_context_ref_thread_default ();
  PollSource              *self;

  G_LOCK (sources);

  if (sources == NULL)
    sources = g_hash_table_new (NULL, NULL);

  if ((self = g_hash_table_lookup (sources, context)) == NULL &&
      (self = poll_source_new (context, error)) != NULL)
    g_hash_table_insert (sources, context, self);

  if (self != NULL)
    self->n_watches++;

  G_UNLOCK (sources);

  return self;
}

static void
poll_source_release (PollSource *self)
{
  GMainContext *context = NULL;

  G_LOCK (sources);

  if (--self->n_watches == 0)
    {
      context = self->context;
      g_hash_table_remove (sources, context);
    }

  G_UNLOCK (sources);

  if (context == NULL)
    return;

  g_source_destroy (&self->source);
  g_source_unref (&self->source);
  g_main_context_unref (context);
}

static int
control (LockstepPollWatch *self,
         int                operation)
{
  struct epoll_event event = {
    .events = EPOLLIN | (self->writing ? EPOLLOUT : 0),
    .data.ptr = self,
  };

  return epoll_ctl (self->source->epoll, operation, self->descriptor, &event);
}

LockstepPollWatch *
lockstep_poll_watch_new (int              descriptor,
                         LockstepPollFunc func,
                         gpointer         user_data,
                         GError         **error)
{
  LockstepPollWatch *self;
  PollSource        *source = poll_source_hold (error);

  if (source == NULL)
    return NULL;

  self = g_new0 (LockstepPollWatch, 1);
  g_atomic_ref_count_init (&self->references);
  self->source = source;
  self->descriptor = descriptor;
  self->func = func;
  self->user_data = user_data;

  if (control (self, EPOLL_CTL_ADD) < 0)
    {
      int code = errno;

      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (code),
                   "Failed to wait for descriptor %d: %s", descriptor, g_strerror (code));
      g_free (self);
      poll_source_release (source);
      return NULL;
    }

  return self;
}

void
lockstep_poll_watch_set_writing (LockstepPollWatch *self,
                                 gboolean           writing)
{
  if (self->writing == writing)
    return;

  self->writing = writing;
  if (control (self, EPOLL_CTL_MOD) < 0)
    g_critical ("Failed to change what is awaited of descriptor %d: %s", self->descriptor, g_strerror (errno));
}

void
lockstep_poll_watch_wake (LockstepPollWatch *self)
{
  if (self->woken)
    return;

  self->woken = TRUE;
  g_atomic_ref_count_inc (&self->references);
  g_queue_push_tail (&self->source->woken, self);
}

void
lockstep_poll_watch_free (LockstepPollWatch *self)
{
  PollSource *source = self->source;

  control (self, EPOLL_CTL_DEL);
  self->source = NULL;
  watch_unref (self);
  poll_source_release (source);
}
