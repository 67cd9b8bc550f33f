/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-terminal-writer.h"

#include <errno.h>
#include <unistd.h>

/* Bytes of one write: a frame fits into it, and a slow reader shows that it is at work. */
#define PIECE_SIZE (16 * 1024)

struct _LockstepTerminalWriter
{
  int      fd;
  GThread *thread;

  GMutex   lock; /* for all that follows */
  GCond    changed;
  GQueue   waiting;   /* of GBytes */
  gsize    length;    /* bytes not yet written, those being written included */
  guint64  n_written; /* pieces, so that progress can be seen */
  gboolean broken;    /* nobody reads any more */
  gboolean closing;
};

/* Held by the caller, and by the thread: a write that never returns may outlive the caller's interest. */
static void
clear (LockstepTerminalWriter *self)
{
  g_queue_clear_full (&self->waiting, (GDestroyNotify) g_bytes_unref);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->changed);
}

static void
unref (gpointer self)
{
  g_atomic_rc_box_release_full (self, (GDestroyNotify) clear);
}

/* Writes one piece; FALSE where nobody reads any more. */
static gboolean
write_piece (int         fd,
             const char *piece,
             gsize       length)
{
  while (length > 0)
    {
      gssize written = write (fd, piece, length);

      if (written >= 0)
        {
          piece += written;
          length -= (gsize) written;
        }
      else if (errno == EAGAIN)
        {
          /* Somebody else made it non-blocking. */
          GPollFD poll = { fd, G_IO_OUT, 0 };

          g_poll (&poll, 1, -1);
        }
      else if (errno != EINTR)
        {
          return FALSE;
        }
    }

  return TRUE;
}

static gpointer
run_thread (gpointer data)
{
  LockstepTerminalWriter *self = data;

  g_mutex_lock (&self->lock);
  while (!self->closing)
    {
      g_autoptr (GBytes) bytes = g_queue_pop_head (&self->waiting);
      gsize              length;
      const char        *piece;
      gboolean           written;

      if (bytes == NULL)
        {
          g_cond_wait (&self->changed, &self->lock);
          continue;
        }

      g_mutex_unlock (&self->lock);
      piece = g_bytes_get_data (bytes, &length);
      written = write_piece (self->fd, piece, length);
      g_mutex_lock (&self->lock);

      self->length -= length;
      self->n_written++;
      if (!written)
        {
          self->broken = TRUE;
          self->length = 0;
          g_queue_clear_full (&self->waiting, (GDestroyNotify) g_bytes_unref);
        }
      g_cond_broadcast (&self->changed);
    }
  g_mutex_unlock (&self->lock);
  unref (self);

  return NULL;
}

LockstepTerminalWriter *
lockstep_terminal_writer_new (int fd)
{
  LockstepTerminalWriter *self = g_atomic_rc_box_new0 (LockstepTerminalWriter);

  self->fd = fd;
  g_mutex_init (&self->lock);
  g_cond_init (&self->changed);
  g_queue_init (&self->waiting);
  self->thread = g_thread_new ("terminal", run_thread, g_atomic_rc_box_acquire (self));

  return self;
}

void
lockstep_terminal_writer_free (LockstepTerminalWriter *self)
{
  gboolean at_work;

  g_mutex_lock (&self->lock);
  self->closing = TRUE;
  at_work = self->length > 0;
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->lock);

  if (at_work)
    g_thread_unref (self->thread);
  else
    g_thread_join (self->thread);
  unref (self);
}

void
lockstep_terminal_writer_add (LockstepTerminalWriter *self,
                              const char             *text,
                              gsize                   length)
{
  g_mutex_lock (&self->lock);
  while (length > 0 && !self->broken)
    {
      gsize piece = MIN (length, PIECE_SIZE);

      g_queue_push_tail (&self->waiting, g_bytes_new (text, piece));
      self->length += piece;
      text += piece;
      length -= piece;
    }
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->lock);
}

gsize
lockstep_terminal_writer_get_length (LockstepTerminalWriter *self)
{
  gsize length;

  g_mutex_lock (&self->lock);
  length = self->length;
  g_mutex_unlock (&self->lock);

  return length;
}

gboolean
lockstep_terminal_writer_wait (LockstepTerminalWriter *self,
                               int                     patience)
{
  gboolean all;

  g_mutex_lock (&self->lock);
  while (self->length > 0)
    {
      guint64 n_written = self->n_written;

      if (patience < 0)
        g_cond_wait (&self->changed, &self->lock);
      else if (!g_cond_wait_until (&self->changed, &self->lock, g_get_monotonic_time () + patience * G_TIME_SPAN_MILLISECOND) &&
               self->n_written == n_written)
        break;
    }
  all = self->length == 0 && !self->broken;
  g_mutex_unlock (&self->lock);

  return all;
}
