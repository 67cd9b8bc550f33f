/* SPDX-License-Identifier: MIT */

#include "lockstep-wire.h"

#include "lockstep-json-writer.h"
#include "lockstep-socket-wire.h"
#include "lockstep-stream-wire.h"

/* At most so much waits for the end of a delivery. */
#define HELD_SIZE (16 * 1024)

typedef struct
{
  GIOStream                *stream;
  const LockstepWireEvents *events;
  gpointer                  owner; /* not referenced */
  LockstepLineReader        reader;
  LockstepLineWriter        writer;
  GString                  *held; /* lines that wait for the end of a delivery; sent before the writer's */
  gboolean                  delivering;
  GError                   *write_error; /* why nothing is written any more */
  gboolean                  closed;
} LockstepWirePrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (LockstepWire, lockstep_wire, G_TYPE_OBJECT)

static LockstepWirePrivate *
get_private (LockstepWire *self)
{
  return lockstep_wire_get_instance_private (self);
}

/* The one way in which a wire ends by itself. */
static void
fail (LockstepWire *self,
      const GError *reason)
{
  LockstepWirePrivate *private = get_private (self);

  if (private->closed)
    return;

  g_object_ref (self);
  lockstep_wire_close (self);
  private->events->failed (private->owner, reason);
  g_object_unref (self);
}

static void
lockstep_wire_finalize (GObject *object)
{
  LockstepWirePrivate *private = get_private (LOCKSTEP_WIRE (object));

  g_clear_object (&private->stream);
  lockstep_line_reader_clear (&private->reader);
  lockstep_line_writer_clear (&private->writer);
  g_string_free (private->held, TRUE);
  g_clear_error (&private->write_error);

  G_OBJECT_CLASS (lockstep_wire_parent_class)->finalize (object);
}

static void
lockstep_wire_class_init (LockstepWireClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = lockstep_wire_finalize;
}

static void
lockstep_wire_init (LockstepWire *self)
{
  get_private (self)->held = g_string_new (NULL);
}

LockstepWire *
lockstep_wire_new (GIOStream                *stream,
                   const LockstepWireEvents *events,
                   gpointer                  owner)
{
  LockstepWire *self;
  LockstepWirePrivate *private;
  g_autoptr (GError) error = NULL;

  /* A wrapper of another stream is a GSocketConnection too, but its bytes are not those of the socket. */
  if (G_IS_SOCKET_CONNECTION (stream) && !G_IS_TCP_WRAPPER_CONNECTION (stream))
    self = g_object_new (LOCKSTEP_TYPE_SOCKET_WIRE, NULL);
  else
    self = g_object_new (LOCKSTEP_TYPE_STREAM_WIRE, NULL);

  private = get_private (self);
  private->stream = g_object_ref (stream);
  private->events = events;
  private->owner = owner;

  if (!LOCKSTEP_WIRE_GET_CLASS (self)->start (self, &error))
    lockstep_wire_read_failed (self, error);

  return self;
}

/* Writes lines while nothing is queued. Mostly there is room for them: then they need no place in the queue. */
static void
write_lines (LockstepWire *self,
             GString      *lines)
{
  LockstepWirePrivate *private = get_private (self);
  gsize written = LOCKSTEP_WIRE_GET_CLASS (self)->write (self, lines->str, lines->len);

  if (written < lines->len && private->write_error == NULL)
    {
      lockstep_line_writer_add_rest (&private->writer, lines->str + written, lines->len - written);
      LOCKSTEP_WIRE_GET_CLASS (self)->flush (self);
    }
  g_string_truncate (lines, 0);
}

/* Writes the lines that are held back. */
static void
write_held (LockstepWire *self)
{
  LockstepWirePrivate *private = get_private (self);

  if (private->held->len > 0)
    write_lines (self, private->held);
}

void
lockstep_wire_send (LockstepWire  *self,
                    GString       *head,
                    GBytes *const *pieces,
                    const char    *tail)
{
  LockstepWirePrivate *private = get_private (self);
  LockstepWireClass *klass = LOCKSTEP_WIRE_GET_CLASS (self);
  gboolean           idle;

  if (private->closed || private->write_error != NULL)
    return;

  /* What answers the lines of one reception goes out at once: each system call may cost the other end a turn. */
  if (private->writer.queued == 0 && klass->write != NULL && lockstep_line_writer_join (head, pieces, tail))
    {
      if (!private->delivering && private->held->len == 0)
        {
          write_lines (self, head);
          return;
        }
      lockstep_json_append_text (private->held, head->str, head->len);
      if (!private->delivering || private->held->len >= HELD_SIZE)
        write_held (self);
      return;
    }

  write_held (self);
  idle = private->writer.queued == 0;
  lockstep_line_writer_add (&private->writer, head, pieces, tail);

  /* Otherwise the stream was full a moment ago, and is being waited for. */
  if (idle)
    klass->flush (self);
}

gsize
lockstep_wire_get_queued (LockstepWire *self)
{
  LockstepWirePrivate *private = get_private (self);

  return private->writer.queued + private->held->len;
}

gboolean
lockstep_wire_is_full (LockstepWire *self)
{
  return lockstep_line_writer_get_waiting (&get_private (self)->writer) > LOCKSTEP_PEER_MAX_QUEUE;
}

void
lockstep_wire_close (LockstepWire *self)
{
  LockstepWirePrivate *private = get_private (self);

  if (private->closed)
    return;

  write_held (self);
  private->closed = TRUE;
  LOCKSTEP_WIRE_GET_CLASS (self)->shut (self);
}

GIOStream *
lockstep_wire_get_stream (LockstepWire *self)
{
  return get_private (self)->stream;
}

LockstepLineReader *
lockstep_wire_get_reader (LockstepWire *self)
{
  return &get_private (self)->reader;
}

LockstepLineWriter *
lockstep_wire_get_writer (LockstepWire *self)
{
  return &get_private (self)->writer;
}

gboolean
lockstep_wire_is_closed (LockstepWire *self)
{
  return get_private (self)->closed;
}

gboolean
lockstep_wire_deliver (LockstepWire *self)
{
  LockstepWirePrivate *private = get_private (self);
  g_autoptr (GError) error = NULL;
  GBytes            *line;
  gboolean           open;

  /* The owner may drop its reference at any line. */
  g_object_ref (self);

  private->delivering = TRUE;
  while (!private->closed && (line = lockstep_line_reader_take (&private->reader, &error)) != NULL)
    {
      private->events->received (private->owner, line);
      g_bytes_unref (line);
    }
  private->delivering = FALSE;
  write_held (self);

  if (error != NULL)
    fail (self, error);

  open = !private->closed;
  g_object_unref (self);

  return open;
}

void
lockstep_wire_ended (LockstepWire *self)
{
  LockstepWirePrivate *private = get_private (self);
  g_autoptr (GError) error = NULL;

  if (lockstep_line_reader_is_amid_line (&private->reader))
    error = g_error_new_literal (LOCKSTEP_PEER_ERROR, LOCKSTEP_PEER_ERROR_CLOSED,
                                 "The other end closed the stream in the middle of a message");
  else
    error = g_error_new_literal (LOCKSTEP_PEER_ERROR, LOCKSTEP_PEER_ERROR_CLOSED,
                                 "The other end closed the stream");

  fail (self, error);
}

void
lockstep_wire_read_failed (LockstepWire *self,
                           const GError *error)
{
  g_autoptr (GError) reason = NULL;

  reason = g_error_new (LOCKSTEP_PEER_ERROR, LOCKSTEP_PEER_ERROR_CLOSED,
                        "The stream to the other end broke while it was being read: %s", error->message);
  fail (self, reason);
}

void
lockstep_wire_write_failed (LockstepWire *self,
                            const GError *error)
{
  LockstepWirePrivate *private = get_private (self);

  if (private->write_error != NULL)
    return;

  private->write_error = g_error_new (LOCKSTEP_PEER_ERROR, LOCKSTEP_PEER_ERROR_CLOSED,
                                      "The stream to the other end broke while it was being written: %s",
                                      error->message);
  lockstep_line_writer_clear (&private->writer);
}

gboolean
lockstep_wire_drained (LockstepWire *self)
{
  LockstepWirePrivate *private = get_private (self);

  if (private->write_error == NULL)
    return TRUE;

  fail (self, private->write_error);

  return FALSE;
}
