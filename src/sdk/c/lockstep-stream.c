/* SPDX-License-Identifier: MIT */

#include "lockstep-stream.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define CHUNK (64 * 1024)

/* A line so long is given away with the buffer it lies in rather than copied. */
#define LONG_LINE (256 * 1024)

struct _LockstepStream
{
  int    descriptor;
  char  *buffer;
  gsize  size;
  gsize  start;   /* of what has not been taken */
  gsize  scanned; /* no line ends between start and here */
  gsize  end;     /* of what has been read */
  GMutex writing;
};

LockstepStream *
lockstep_stream_new (int descriptor)
{
  LockstepStream *self = g_new0 (LockstepStream, 1);

  self->descriptor = descriptor;
  g_mutex_init (&self->writing);

  return self;
}

void
lockstep_stream_free (LockstepStream *self)
{
  close (self->descriptor);
  g_mutex_clear (&self->writing);
  g_free (self->buffer);
  g_free (self);
}

int
lockstep_stream_get_descriptor (LockstepStream *self)
{
  return self->descriptor;
}

/* Gives away the buffer, which starts with the line, and keeps what follows in a new one. */
static char *
take_buffer (LockstepStream *self,
             gsize           length)
{
  char *line = self->buffer;
  gsize left = self->end - length - 1;

  self->size = MAX (CHUNK, left);
  self->buffer = g_malloc (self->size);
  memcpy (self->buffer, line + length + 1, left);
  self->start = self->scanned = 0;
  self->end = left;
  line[length] = '\0';

  return line;
}

char *
lockstep_stream_take_line (LockstepStream *self,
                           gsize          *length)
{
  char *newline;
  char *line;

  if (self->scanned == self->end)
    return NULL;
  newline = memchr (self->buffer + self->scanned, '\n', self->end - self->scanned);
  if (!newline)
    {
      self->scanned = self->end;
      return NULL;
    }

  *length = newline - self->buffer - self->start;
  if (self->start == 0 && *length >= LONG_LINE)
    return take_buffer (self, *length);

  line = g_malloc (*length + 1);
  memcpy (line, self->buffer + self->start, *length);
  line[*length] = '\0';
  self->start = self->scanned = self->start + *length + 1;
  if (self->start == self->end)
    self->start = self->scanned = self->end = 0;

  return line;
}

static void
make_room (LockstepStream *self)
{
  if (self->size - self->end >= CHUNK)
    return;
  if (self->start > 0)
    {
      memmove (self->buffer, self->buffer + self->start, self->end - self->start);
      self->end -= self->start;
      self->scanned -= self->start;
      self->start = 0;
    }
  if (self->size - self->end < CHUNK)
    {
      self->size = MAX (self->size * 2, self->end + CHUNK);
      self->buffer = g_realloc (self->buffer, self->size);
    }
}

static void
wait_for (LockstepStream *self,
          short           events)
{
  struct pollfd descriptor = { .fd = self->descriptor, .events = events };

  poll (&descriptor, 1, -1);
}

gboolean
lockstep_stream_fill (LockstepStream *self)
{
  make_room (self);

  for (;;)
    {
      gssize n = recv (self->descriptor, self->buffer + self->end, self->size - self->end, 0);

      if (n > 0)
        {
          self->end += n;
          return TRUE;
        }
      if (n == 0)
        return FALSE;
      if (errno == EAGAIN)
        wait_for (self, POLLIN);
      else if (errno != EINTR)
        return FALSE;
    }
}

/* Takes @n bytes off the front of the pieces. */
static void
skip_written (struct iovec **pieces,
              guint         *n_pieces,
              gsize          n)
{
  while (*n_pieces > 0 && n >= (*pieces)->iov_len)
    {
      n -= (*pieces)->iov_len;
      (*pieces)++;
      (*n_pieces)--;
    }
  if (*n_pieces > 0)
    {
      (*pieces)->iov_base = (char *) (*pieces)->iov_base + n;
      (*pieces)->iov_len -= n;
    }
}

gboolean
lockstep_stream_write (LockstepStream *self,
                       struct iovec   *pieces,
                       guint           n_pieces)
{
  gboolean written = TRUE;

  g_mutex_lock (&self->writing);
  while (n_pieces > 0 && written)
    {
      struct msghdr message = { .msg_iov = pieces, .msg_iovlen = n_pieces };
      /* No signal for this process, and none that is ignored in the programs which a solver starts. */
      gssize n = sendmsg (self->descriptor, &message, MSG_NOSIGNAL);

      if (n >= 0)
        skip_written (&pieces, &n_pieces, n);
      else if (errno == EAGAIN)
        wait_for (self, POLLOUT);
      else if (errno != EINTR)
        written = FALSE;
    }
  g_mutex_unlock (&self->writing);

  return written;
}
