/* SPDX-License-Identifier: MIT */

#include "lockstep-socket-wire.h"

#include <errno.h>
#include <sys/socket.h>

#include "lockstep-poll.h"

/* What one system call writes from. */
#define VECTORS 64

struct _LockstepSocketWire
{
  LockstepWire       parent_instance;
  int                descriptor; /* the connection's */
  LockstepPollWatch *watch;      /* NULL once shut */
};

G_DEFINE_FINAL_TYPE (LockstepSocketWire, lockstep_socket_wire, LOCKSTEP_TYPE_WIRE)

static GError *
error_from_errno (int code)
{
  return g_error_new_literal (G_IO_ERROR, g_io_error_from_errno (code), g_strerror (code));
}

/* Takes note of why nothing was written, which is @code: that there is no room is no failure. */
static void
note_write_error (LockstepSocketWire *self,
                  int                 code)
{
  g_autoptr (GError) error = NULL;

  if (code == EAGAIN || code == EWOULDBLOCK)
    return;

  error = error_from_errno (code);
  lockstep_wire_write_failed (LOCKSTEP_WIRE (self), error);
  lockstep_poll_watch_wake (self->watch);
}

static gsize
lockstep_socket_wire_write (LockstepWire *wire,
                            const char   *text,
                            gsize         length)
{
  LockstepSocketWire *self = LOCKSTEP_SOCKET_WIRE (wire);
  gssize              written;

  do
    written = send (self->descriptor, text, length, MSG_DONTWAIT | MSG_NOSIGNAL);
  while (written < 0 && errno == EINTR);

  if (written >= 0)
    return (gsize) written;

  note_write_error (self, errno);

  return 0;
}

static void
lockstep_socket_wire_flush (LockstepWire *wire)
{
  LockstepSocketWire *self = LOCKSTEP_SOCKET_WIRE (wire);
  LockstepLineWriter *writer = lockstep_wire_get_writer (wire);
  GOutputVector       vectors[VECTORS];
  struct msghdr       message = { .msg_iov = (struct iovec *) vectors };
  gssize              written;

  /* GOutputVector is documented to be a struct iovec. */
  G_STATIC_ASSERT (sizeof (GOutputVector) == sizeof (struct iovec));

  message.msg_iovlen = lockstep_line_writer_gather (writer, vectors, VECTORS);

  do
    written = sendmsg (self->descriptor, &message, MSG_DONTWAIT | MSG_NOSIGNAL);
  while (written < 0 && errno == EINTR);

  if (written >= 0)
    lockstep_line_writer_advance (writer, (gsize) written);
  else
    note_write_error (self, errno);

  lockstep_poll_watch_set_writing (self->watch, writer->queued > 0);
}

/* One reception and the lines in it, so that the other peers have their turn. */
static void
receive (LockstepSocketWire *self)
{
  LockstepWire       *wire = LOCKSTEP_WIRE (self);
  LockstepLineReader *reader = lockstep_wire_get_reader (wire);
  gsize               size;
  char               *buffer = lockstep_line_reader_reserve (reader, &size);
  gssize              received;

  do
    received = recv (self->descriptor, buffer, size, MSG_DONTWAIT);
  while (received < 0 && errno == EINTR);

  if (received > 0)
    {
      lockstep_line_reader_commit (reader, (gsize) received);
      lockstep_wire_deliver (wire);
    }
  else if (received == 0)
    {
      lockstep_wire_ended (wire);
    }
  else if (errno == EAGAIN || errno == EWOULDBLOCK)
    {
      lockstep_wire_drained (wire);
    }
  else
    {
      g_autoptr (GError) error = error_from_errno (errno);

      lockstep_wire_read_failed (wire, error);
    }
}

static void
ready_cb (gpointer user_data,
          gboolean readable,
          gboolean writable)
{
  g_autoptr (LockstepSocketWire) self = g_object_ref (user_data);

  if (writable)
    lockstep_socket_wire_flush (LOCKSTEP_WIRE (self));

  if (readable)
    receive (self);
}

static gboolean
lockstep_socket_wire_start (LockstepWire *wire,
                            GError      **error)
{
  LockstepSocketWire *self = LOCKSTEP_SOCKET_WIRE (wire);
  GSocket            *socket = g_socket_connection_get_socket (G_SOCKET_CONNECTION (lockstep_wire_get_stream (wire)));

  self->descriptor = g_socket_get_fd (socket);
  self->watch = lockstep_poll_watch_new (self->descriptor, ready_cb, self, error);

  return self->watch != NULL;
}

static void
lockstep_socket_wire_shut (LockstepWire *wire)
{
  LockstepSocketWire *self = LOCKSTEP_SOCKET_WIRE (wire);

  g_clear_pointer (&self->watch, lockstep_poll_watch_free);

  /* Closing a socket does not wait, and what it says then would help nobody. */
  g_io_stream_close (lockstep_wire_get_stream (wire), NULL, NULL);
}

static void
lockstep_socket_wire_class_init (LockstepSocketWireClass *klass)
{
  LockstepWireClass *wire_class = LOCKSTEP_WIRE_CLASS (klass);

  wire_class->start = lockstep_socket_wire_start;
  wire_class->write = lockstep_socket_wire_write;
  wire_class->flush = lockstep_socket_wire_flush;
  wire_class->shut = lockstep_socket_wire_shut;
}

static void
lockstep_socket_wire_init (LockstepSocketWire *self)
{
}
