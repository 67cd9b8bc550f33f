/* SPDX-License-Identifier: MIT */

#include "lockstep-line-writer.h"

#include <string.h>

#include "lockstep-json-writer.h"

/* Pieces shorter than this are copied, which costs less than an entry of their own. */
#define SHORT_PIECE 4096

/* At most so much is gathered, for its newlines have to be looked for. */
#define GATHER_SIZE (256 * 1024)

typedef struct
{
  GBytes  *bytes;
  gboolean shared; /* given by the caller, and may hold newlines */
} Piece;

typedef struct
{
  gsize remaining; /* bytes not yet written */
  gsize offset;    /* into the piece being written */
  guint current;   /* the piece being written */
  guint n_pieces;
  Piece pieces[];
} Message;

static void
message_free (Message *message)
{
  for (guint i = 0; i < message->n_pieces; i++)
    g_bytes_unref (message->pieces[i].bytes);

  g_free (message);
}

static void
message_add_piece (Message *message,
                   GBytes  *bytes,
                   gboolean shared)
{
  message->pieces[message->n_pieces++] = (Piece){ bytes, shared };
  message->remaining += g_bytes_get_size (bytes);
}

static void
append_without_newlines (GString    *text,
                         const char *piece,
                         gsize       length)
{
  gsize start = text->len;
  char *newline;

  lockstep_json_append_text (text, piece, length);

  newline = text->str + start;
  while ((newline = memchr (newline, '\n', (gsize) (text->str + text->len - newline))) != NULL)
    *newline++ = ' ';
}

gboolean
lockstep_line_writer_join (GString       *head,
                           GBytes *const *pieces,
                           const char    *tail)
{
  for (guint i = 0; pieces != NULL && pieces[i] != NULL; i++)
    if (g_bytes_get_size (pieces[i]) >= SHORT_PIECE)
      return FALSE;

  for (guint i = 0; pieces != NULL && pieces[i] != NULL; i++)
    {
      gsize       size;
      const char *text = g_bytes_get_data (pieces[i], &size);

      append_without_newlines (head, text, size);
    }

  lockstep_json_append_text (head, tail, strlen (tail));
  g_string_append_c (head, '\n');

  return TRUE;
}

static void
add_message (LockstepLineWriter *self,
             Message            *message)
{
  self->queued += message->remaining;
  g_queue_push_tail (&self->messages, message);
}

void
lockstep_line_writer_add_rest (LockstepLineWriter *self,
                               const char         *text,
                               gsize               length)
{
  Message *message = g_malloc0 (sizeof (Message) + sizeof (Piece));

  message_add_piece (message, g_bytes_new (text, length), FALSE);
  add_message (self, message);
}

void
lockstep_line_writer_add (LockstepLineWriter *self,
                          GString            *head,
                          GBytes *const      *pieces,
                          const char         *tail)
{
  Message *message;
  guint    n_pieces = 0;

  while (pieces != NULL && pieces[n_pieces] != NULL)
    n_pieces++;

  /* Each long piece, what stands before it, and what stands after the last. */
  message = g_malloc0 (sizeof (Message) + (2 * n_pieces + 1) * sizeof (Piece));

  for (guint i = 0; i < n_pieces; i++)
    {
      gsize       size;
      const char *text = g_bytes_get_data (pieces[i], &size);

      if (size < SHORT_PIECE)
        {
          append_without_newlines (head, text, size);
          continue;
        }

      if (head->len > 0)
        message_add_piece (message, g_bytes_new (head->str, head->len), FALSE);
      g_string_truncate (head, 0);

      message_add_piece (message, g_bytes_ref (pieces[i]), TRUE);
    }

  g_string_append (head, tail);
  g_string_append_c (head, '\n');
  message_add_piece (message, g_bytes_new (head->str, head->len), FALSE);

  add_message (self, message);
}

/* Adds @text to @vectors, newlines replaced by a space where it is @shared. Returns the bytes that found room. */
static gsize
gather_text (const char    *text,
             gsize          length,
             gboolean       shared,
             GOutputVector *vectors,
             guint          n_max,
             guint         *n)
{
  gsize done = 0;

  while (done < length && *n < n_max)
    {
      const char *newline = shared ? memchr (text + done, '\n', length - done) : NULL;
      gsize       plain = newline != NULL ? (gsize) (newline - text) - done : length - done;

      if (plain > 0)
        vectors[(*n)++] = (GOutputVector){ text + done, plain };
      done += plain;

      if (newline != NULL && *n < n_max)
        {
          vectors[(*n)++] = (GOutputVector){ " ", 1 };
          done++;
        }
    }

  return done;
}

guint
lockstep_line_writer_gather (LockstepLineWriter *self,
                             GOutputVector      *vectors,
                             guint               n_max)
{
  gsize room = GATHER_SIZE;
  guint n = 0;

  for (GList *link = self->messages.head; link != NULL; link = link->next)
    {
      Message *message = link->data;
      gsize    offset = message->offset;

      for (guint i = message->current; i < message->n_pieces; i++, offset = 0)
        {
          Piece      *piece = &message->pieces[i];
          gsize       size;
          const char *text = g_bytes_get_data (piece->bytes, &size);
          gsize       length = MIN (size - offset, room);
          gsize       gathered = gather_text (text + offset, length, piece->shared, vectors, n_max, &n);

          room -= gathered;
          if (offset + gathered < size)
            return n;
        }
    }

  return n;
}

void
lockstep_line_writer_advance (LockstepLineWriter *self,
                              gsize               size)
{
  self->queued -= size;

  while (size > 0)
    {
      Message *message = g_queue_peek_head (&self->messages);
      gsize    left = g_bytes_get_size (message->pieces[message->current].bytes) - message->offset;
      gsize    step = MIN (size, left);

      size -= step;
      message->remaining -= step;
      message->offset += step;

      if (step == left)
        {
          message->current++;
          message->offset = 0;
        }

      if (message->remaining == 0)
        message_free (g_queue_pop_head (&self->messages));
    }
}

gsize
lockstep_line_writer_get_waiting (LockstepLineWriter *self)
{
  Message *first = g_queue_peek_head (&self->messages);

  return first != NULL ? self->queued - first->remaining : 0;
}

void
lockstep_line_writer_clear (LockstepLineWriter *self)
{
  g_queue_clear_full (&self->messages, (GDestroyNotify) message_free);
  self->queued = 0;
}
