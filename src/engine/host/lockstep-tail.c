/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-tail.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Views come first. */
#define PRIORITY 150

#define POLL_MICROSECONDS (G_USEC_PER_SEC / 10)

/* The most that is read at once, and with that the most that waits to be taken. */
#define CHUNK ((gsize) 1 << 20)

/* Behind by more than the first, a tail skips ahead until it is behind by the second. They differ, so that a file that
 * grows a little too fast is not torn at every chunk. */
#define FAR_BEHIND    ((guint64) 8 << 20)
#define NEAR_ENOUGH   ((guint64) 4 << 20)
#define SHOWN_AT_ONCE ((guint64) 64 << 10)

/* One followed file. Shared by the object and the thread that reads, which outlives it where a disk does not answer. */
typedef struct
{
  char         *path;    /* owned */
  GMainContext *context; /* owned */
  GWeakRef      tail;

  /* Under the lock of the reader. */
  gboolean finishing; /* nothing will be written any more */
  gboolean taking;    /* what was read is on its way; nothing is read before it was taken */
  gboolean due;       /* there may be more to be read than the last time: do not wait for the next poll */
  gboolean closed;    /* read no more */

  /* Of the thread alone, but when taking: then of the main context. */
  gboolean start_at_end;
  gboolean inside_line; /* what stands at offset belongs to a line that was skipped */
  guint64  offset;      /* of the first byte that was not delivered */
  guint64  seen;        /* size of the file when it held no whole line after offset */
  guint64  skipped;     /* bytes before the text */
  GBytes  *text;        /* owned; NULL for none */
  gboolean drained;     /* all that will ever be there was delivered */
} Follower;

struct _LockstepTail
{
  GObject   parent_instance;
  Follower *follower; /* a reference, as of g_atomic_rc_box */
};

G_DEFINE_FINAL_TYPE (LockstepTail, lockstep_tail, G_TYPE_OBJECT)

enum
{
  LINES,
  DRAINED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* One thread reads for all tails; it is there while there are any. */
static struct
{
  GMutex     lock;
  GCond      wake;
  gboolean   woken;     /* a follower is due */
  GPtrArray *followers; /* owned, of references; NULL without a thread */
} reader;

static void
follower_clear (gpointer data)
{
  Follower *follower = data;

  g_free (follower->path);
  g_main_context_unref (follower->context);
  g_weak_ref_clear (&follower->tail);
  g_clear_pointer (&follower->text, g_bytes_unref);
}

static void
follower_unref (gpointer follower)
{
  g_atomic_rc_box_release_full (follower, follower_clear);
}

/* With the lock held. */
static void
wake_reader (void)
{
  reader.woken = TRUE;
  g_cond_signal (&reader.wake);
}

/* In the context of the object's creator. */
static gboolean
deliver_cb (gpointer user_data)
{
  Follower                *follower = user_data;
  g_autoptr (LockstepTail) self = g_weak_ref_get (&follower->tail);
  g_autoptr (GBytes)       text = g_steal_pointer (&follower->text);
  guint64                  skipped = follower->skipped;
  gboolean                 drained = follower->drained;

  follower->skipped = 0;

  if (self != NULL && (text != NULL || skipped > 0))
    {
      g_autoptr (GBytes) none = g_bytes_new_static ("", 0);

      g_signal_emit (self, signals[LINES], 0, text != NULL ? text : none, skipped);
    }
  if (self != NULL && drained)
    g_signal_emit (self, signals[DRAINED], 0);

  g_mutex_lock (&reader.lock);
  follower->taking = FALSE;
  if (follower->due)
    wake_reader ();
  g_mutex_unlock (&reader.lock);

  return G_SOURCE_REMOVE;
}

/* Hands over what is in @follower; there is more to come at once when @due. */
static void
hand_over (Follower *follower,
           gboolean  due)
{
  g_autoptr (GSource) source = g_idle_source_new ();

  g_mutex_lock (&reader.lock);
  follower->taking = TRUE;
  follower->due |= due;
  if (follower->drained)
    follower->closed = TRUE;
  g_mutex_unlock (&reader.lock);

  g_source_set_priority (source, PRIORITY);
  g_source_set_callback (source, deliver_cb, g_atomic_rc_box_acquire (follower), follower_unref);
  g_source_attach (source, follower->context);
}

/* Goes on at @offset, which may be in the middle of a line: from the line after. One byte is read before it, to see
 * whether a line begins there. */
static void
skip_to (Follower *follower,
         guint64   offset)
{
  follower->skipped += offset - 1 - follower->offset;
  follower->offset = offset - 1;
  follower->inside_line = TRUE;
}

/* Up to a chunk from where @follower is; NULL when there is nothing to be had. */
static char *
read_chunk (Follower *follower,
            guint64   size,
            gsize    *length)
{
  gsize            wanted = MIN (size - follower->offset, CHUNK);
  g_autofree char *bytes = g_malloc (wanted);
  ssize_t          n_bytes;
  int              fd;

  if ((fd = open (follower->path, O_RDONLY | O_CLOEXEC | O_NOCTTY)) < 0)
    return NULL;

  do
    n_bytes = pread (fd, bytes, wanted, follower->offset);
  while (n_bytes < 0 && errno == EINTR);
  close (fd);

  if (n_bytes <= 0)
    return NULL;

  *length = n_bytes;
  return g_steal_pointer (&bytes);
}

/* Passes over what is left of the line that a skip ended in. */
static void
leave_line (Follower *follower,
            guint64   size)
{
  while (follower->inside_line && follower->offset < size)
    {
      gsize            length;
      g_autofree char *bytes = read_chunk (follower, size, &length);
      const char      *newline;

      if (bytes == NULL)
        return;

      if ((newline = memchr (bytes, '\n', length)) != NULL)
        length = newline + 1 - bytes;

      follower->inside_line = newline == NULL;
      follower->skipped += length;
      follower->offset += length;
    }
}

/* Reads the next chunk and keeps of it what can be delivered: whole lines, or all of it when that is the last line of
 * an ended file, or a line that fills the chunk. */
static void
take_chunk (Follower *follower,
            guint64   size,
            gboolean  finishing)
{
  gsize            length;
  g_autofree char *bytes = read_chunk (follower, size, &length);
  const char      *newline = bytes != NULL ? memrchr (bytes, '\n', length) : NULL;

  if (bytes == NULL || (newline == NULL && length < CHUNK && !finishing))
    {
      follower->seen = size;
      return;
    }

  if (newline != NULL)
    length = newline + 1 - bytes;

  follower->text = g_bytes_new (bytes, length);
  follower->offset += length;
}

/* Without the lock, while nothing of @follower is being taken. */
static void
follow (Follower *follower,
        gboolean  finishing)
{
  struct stat status;
  guint64     size = stat (follower->path, &status) == 0 ? status.st_size : 0;
  gboolean    more;

  /* Somebody has cut it off: what is there now is new. */
  if (size < follower->offset)
    {
      follower->offset = 0;
      follower->seen = 0;
      follower->inside_line = FALSE;
    }

  if (follower->start_at_end && size > SHOWN_AT_ONCE)
    skip_to (follower, size - SHOWN_AT_ONCE);
  follower->start_at_end = FALSE;

  if (size - follower->offset > FAR_BEHIND)
    skip_to (follower, size - NEAR_ENOUGH);

  leave_line (follower, size);

  more = size - follower->offset > CHUNK;
  if (follower->offset < size && (finishing || follower->seen != size))
    take_chunk (follower, size, finishing);

  follower->drained = finishing && follower->text == NULL;

  if (follower->text != NULL || follower->drained)
    hand_over (follower, more || finishing);
}

/* With the lock held: those that can be read now, each with a reference; all, or only those that are due. */
static GPtrArray *
take_readable (gboolean all)
{
  GPtrArray *readable = g_ptr_array_new_with_free_func (follower_unref);

  for (guint i = reader.followers->len; i > 0; i--)
    {
      Follower *follower = g_ptr_array_index (reader.followers, i - 1);

      if (follower->closed)
        g_ptr_array_remove_index_fast (reader.followers, i - 1);
      else if (!follower->taking && (all || follower->due))
        {
          follower->due = FALSE;
          g_ptr_array_add (readable, g_atomic_rc_box_acquire (follower));
        }
    }

  return readable;
}

static gpointer
reader_thread (gpointer data)
{
  gint64 next_poll = 0;

  g_mutex_lock (&reader.lock);

  while (reader.followers->len > 0)
    {
      g_autoptr (GPtrArray) readable = NULL;
      gint64                now = g_get_monotonic_time ();
      gboolean              poll = now >= next_poll;

      reader.woken = FALSE;
      readable = take_readable (poll);
      if (poll)
        next_poll = now + POLL_MICROSECONDS;

      for (guint i = 0; i < readable->len; i++)
        {
          Follower *follower = g_ptr_array_index (readable, i);
          gboolean  finishing = follower->finishing;

          g_mutex_unlock (&reader.lock);
          follow (follower, finishing);
          g_mutex_lock (&reader.lock);
        }

      while (!reader.woken && g_cond_wait_until (&reader.wake, &reader.lock, next_poll))
        continue;
    }

  g_clear_pointer (&reader.followers, g_ptr_array_unref);
  g_mutex_unlock (&reader.lock);

  return NULL;
}

static void
lockstep_tail_dispose (GObject *object)
{
  LockstepTail *self = LOCKSTEP_TAIL (object);

  if (self->follower != NULL)
    {
      g_mutex_lock (&reader.lock);
      self->follower->closed = TRUE;
      g_mutex_unlock (&reader.lock);
    }
  g_clear_pointer (&self->follower, follower_unref);

  G_OBJECT_CLASS (lockstep_tail_parent_class)->dispose (object);
}

static void
lockstep_tail_class_init (LockstepTailClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = lockstep_tail_dispose;

  signals[LINES] = g_signal_new ("lines", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                 G_TYPE_NONE, 2, G_TYPE_BYTES, G_TYPE_UINT64);
  signals[DRAINED] = g_signal_new ("drained", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 0);
}

static void
lockstep_tail_init (LockstepTail *self)
{
}

static LockstepTail *
create (const char *path,
        gboolean    start_at_end,
        guint64     offset)
{
  LockstepTail *self;
  Follower     *follower;

  g_return_val_if_fail (path != NULL, NULL);

  self = g_object_new (LOCKSTEP_TYPE_TAIL, NULL);

  follower = self->follower = g_atomic_rc_box_new0 (Follower);
  follower->path = g_strdup (path);
  follower->context = g_main_context_ref_thread_default ();
  follower->start_at_end = start_at_end;
  follower->offset = offset;
  follower->due = TRUE;
  g_weak_ref_init (&follower->tail, self);

  g_mutex_lock (&reader.lock);
  if (reader.followers == NULL)
    {
      reader.followers = g_ptr_array_new_with_free_func (follower_unref);
      g_thread_unref (g_thread_new ("tail", reader_thread, NULL));
    }
  g_ptr_array_add (reader.followers, g_atomic_rc_box_acquire (follower));
  wake_reader ();
  g_mutex_unlock (&reader.lock);

  return self;
}

LockstepTail *
lockstep_tail_new (const char *path,
                   gboolean    start_at_end)
{
  return create (path, start_at_end, 0);
}

LockstepTail *
lockstep_tail_new_from (const char *path,
                        guint64     offset)
{
  return create (path, FALSE, offset);
}

void
lockstep_tail_finish (LockstepTail *self)
{
  g_return_if_fail (LOCKSTEP_IS_TAIL (self));

  g_mutex_lock (&reader.lock);
  self->follower->finishing = TRUE;
  self->follower->due = TRUE;
  wake_reader ();
  g_mutex_unlock (&reader.lock);
}
