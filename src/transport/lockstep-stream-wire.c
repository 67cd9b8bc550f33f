/* SPDX-License-Identifier: MIT */

#include "lockstep-stream-wire.h"

#include <gio/gunixoutputstream.h>
#include <glib-unix.h>

/* What one operation writes from. */
#define VECTORS 64

struct _LockstepStreamWire
{
  LockstepWire  parent_instance;
  GCancellable *cancellable; /* of both operations; cancelled when the wire is shut */
  gboolean      reading;     /* an operation of the input stream is under way, and owns a reference */
  gboolean      writing;     /* the same of the output stream */
  GOutputVector vectors[VECTORS];
};

G_DEFINE_FINAL_TYPE (LockstepStreamWire, lockstep_stream_wire, LOCKSTEP_TYPE_WIRE)

static void start_to_read (LockstepStreamWire *self);

/* A stream cannot be closed while it has an operation under way. */
static void
close_when_idle (LockstepStreamWire *self)
{
  if (lockstep_wire_is_closed (LOCKSTEP_WIRE (self)) && !self->reading && !self->writing)
    g_io_stream_close_async (lockstep_wire_get_stream (LOCKSTEP_WIRE (self)), LOCKSTEP_PEER_PRIORITY,
                             NULL, NULL, NULL);
}

/* After a failure to write, what has arrived is still read; where the stream cannot tell, that is nothing. */
static gboolean
is_drained (LockstepStreamWire *self)
{
  GInputStream *input = g_io_stream_get_input_stream (lockstep_wire_get_stream (LOCKSTEP_WIRE (self)));

  return !G_IS_POLLABLE_INPUT_STREAM (input) ||
         !g_pollable_input_stream_can_poll (G_POLLABLE_INPUT_STREAM (input)) ||
         !g_pollable_input_stream_is_readable (G_POLLABLE_INPUT_STREAM (input));
}

static void
read_cb (GObject      *input,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr (LockstepStreamWire) self = user_data;
  LockstepWire                  *wire = LOCKSTEP_WIRE (self);
  g_autoptr (GError)             error = NULL;
  gssize                         size = g_input_stream_read_finish (G_INPUT_STREAM (input), result, &error);

  self->reading = FALSE;

  if (lockstep_wire_is_closed (wire))
    {
      close_when_idle (self);
    }
  else if (size > 0)
    {
      lockstep_line_reader_commit (lockstep_wire_get_reader (wire), (gsize) size);
      if (lockstep_wire_deliver (wire) && (!is_drained (self) || lockstep_wire_drained (wire)))
        start_to_read (self);
    }
  else if (size == 0)
    {
      lockstep_wire_ended (wire);
    }
  else
    {
      lockstep_wire_read_failed (wire, error);
    }
}

static void
start_to_read (LockstepStreamWire *self)
{
  LockstepWire *wire = LOCKSTEP_WIRE (self);
  gsize         size;
  char         *buffer = lockstep_line_reader_reserve (lockstep_wire_get_reader (wire), &size);

  self->reading = TRUE;
  g_input_stream_read_async (g_io_stream_get_input_stream (lockstep_wire_get_stream (wire)), buffer, size,
                             LOCKSTEP_PEER_PRIORITY, self->cancellable, read_cb, g_object_ref (self));
}

static void
write_cb (GObject      *output,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr (LockstepStreamWire) self = user_data;
  LockstepWire                  *wire = LOCKSTEP_WIRE (self);
  g_autoptr (GError)             error = NULL;
  gsize                          size;
  gboolean                       written = g_output_stream_writev_finish (G_OUTPUT_STREAM (output), result,
                                                                          &size, &error);

  self->writing = FALSE;

  if (lockstep_wire_is_closed (wire))
    {
      close_when_idle (self);
    }
  else if (written)
    {
      lockstep_line_writer_advance (lockstep_wire_get_writer (wire), size);
      if (lockstep_wire_get_queued (wire) > 0)
        LOCKSTEP_WIRE_GET_CLASS (self)->flush (wire);
    }
  else
    {
      lockstep_wire_write_failed (wire, error);
      if (is_drained (self))
        lockstep_wire_drained (wire);
    }
}

static gboolean
lockstep_stream_wire_start (LockstepWire *wire,
                            GError      **error)
{
  GOutputStream *output = g_io_stream_get_output_stream (lockstep_wire_get_stream (wire));

  /* A pipe that blocks does so in the middle of a write that is longer than what it has room for. */
  if (G_IS_UNIX_OUTPUT_STREAM (output) &&
      !g_unix_set_fd_nonblocking (g_unix_output_stream_get_fd (G_UNIX_OUTPUT_STREAM (output)), TRUE, error))
    return FALSE;

  start_to_read (LOCKSTEP_STREAM_WIRE (wire));

  return TRUE;
}

static void
lockstep_stream_wire_flush (LockstepWire *wire)
{
  LockstepStreamWire *self = LOCKSTEP_STREAM_WIRE (wire);
  guint               n = lockstep_line_writer_gather (lockstep_wire_get_writer (wire), self->vectors, VECTORS);

  self->writing = TRUE;
  g_output_stream_writev_async (g_io_stream_get_output_stream (lockstep_wire_get_stream (wire)), self->vectors, n,
                                LOCKSTEP_PEER_PRIORITY, self->cancellable, write_cb, g_object_ref (self));
}

static void
lockstep_stream_wire_shut (LockstepWire *wire)
{
  LockstepStreamWire *self = LOCKSTEP_STREAM_WIRE (wire);

  g_cancellable_cancel (self->cancellable);
  close_when_idle (self);
}

static void
lockstep_stream_wire_finalize (GObject *object)
{
  LockstepStreamWire *self = LOCKSTEP_STREAM_WIRE (object);

  g_clear_object (&self->cancellable);

  G_OBJECT_CLASS (lockstep_stream_wire_parent_class)->finalize (object);
}

static void
lockstep_stream_wire_class_init (LockstepStreamWireClass *klass)
{
  GObjectClass      *object_class = G_OBJECT_CLASS (klass);
  LockstepWireClass *wire_class = LOCKSTEP_WIRE_CLASS (klass);

  object_class->finalize = lockstep_stream_wire_finalize;

  wire_class->start = lockstep_stream_wire_start;
  wire_class->flush = lockstep_stream_wire_flush;
  wire_class->shut = lockstep_stream_wire_shut;
}

static void
lockstep_stream_wire_init (LockstepStreamWire *self)
{
  self->cancellable = g_cancellable_new ();
}
