/* SPDX-License-Identifier: MIT */

#include "lockstep-line-reader.h"

#include <string.h>

#include "lockstep-peer.h"

/* What a peer holds that only gets short messages; there may be thousands, and less memory is longer in the caches. */
#define INITIAL_CAPACITY 512

/* At most so much is received at once, so that no peer holds up the others. */
#define RECEIVE_SIZE (64 * 1024)

/* A line of at least this length takes the buffer with it. */
#define LONG_LINE (64 * 1024)

static void
set_capacity (LockstepLineReader *self,
              gsize               capacity)
{
  self->data = g_realloc (self->data, capacity);
  self->capacity = capacity;
}

char *
lockstep_line_reader_reserve (LockstepLineReader *self,
                              gsize              *size)
{
  if (self->start == self->end)
    self->start = self->searched = self->end = 0;

  if (self->capacity - self->end < self->capacity / 4 && self->start > 0)
    {
      memmove (self->data, self->data + self->start, self->end - self->start);
      self->searched -= self->start;
      self->end -= self->start;
      self->start = 0;
    }

  if (self->capacity - self->end <= self->capacity / 4)
    set_capacity (self, MAX (INITIAL_CAPACITY, self->capacity * 2));

  *size = MIN (self->capacity - self->end, RECEIVE_SIZE);

  return self->data + self->end;
}

void
lockstep_line_reader_commit (LockstepLineReader *self,
                             gsize               size)
{
  self->end += size;

  /* More is waiting, presumably. */
  if (self->end == self->capacity && self->capacity < RECEIVE_SIZE)
    set_capacity (self, self->capacity * 2);
}

/* The line of @length bytes at the start of the buffer, together with the buffer. */
static GBytes *
take_buffer (LockstepLineReader *self,
             gsize               length)
{
  gsize rest = self->end - length - 1;
  gsize capacity = MAX (INITIAL_CAPACITY, rest);
  char *data = g_malloc (capacity);
  char *line = g_steal_pointer (&self->data);

  memcpy (data, line + length + 1, rest);
  *self = (LockstepLineReader){ .data = data, .capacity = capacity, .end = rest };

  return g_bytes_new_take (g_realloc (line, length), length);
}

GBytes *
lockstep_line_reader_take (LockstepLineReader *self,
                           GError            **error)
{
  const char *newline = NULL;
  gsize       length;
  GBytes     *line;

  if (self->searched < self->end)
    newline = memchr (self->data + self->searched, '\n', self->end - self->searched);

  length = newline != NULL ? (gsize) (newline - self->data) - self->start : self->end - self->start;
  if (length > LOCKSTEP_PEER_MAX_MESSAGE)
    {
      g_set_error (error, LOCKSTEP_PEER_ERROR, LOCKSTEP_PEER_ERROR_TOO_LONG,
                   "The other end sent a message of more than %d MiB, which is the most that one may hold",
                   LOCKSTEP_PEER_MAX_MESSAGE / (1024 * 1024));
      return NULL;
    }

  if (newline == NULL)
    {
      self->searched = self->end;
      return NULL;
    }

  if (length >= LONG_LINE && self->start == 0)
    return take_buffer (self, length);

  line = g_bytes_new (self->data + self->start, length);
  self->start += length + 1;
  self->searched = self->start;

  return line;
}

gboolean
lockstep_line_reader_is_amid_line (LockstepLineReader *self)
{
  return self->start < self->end;
}

void
lockstep_line_reader_clear (LockstepLineReader *self)
{
  g_clear_pointer (&self->data, g_free);
  *self = (LockstepLineReader){ NULL };
}
