/* SPDX-License-Identifier: MIT */

#pragma once

#include "lockstep-line-reader.h"
#include "lockstep-line-writer.h"
#include "lockstep-peer.h"

G_BEGIN_DECLS

/**
 * Carries lines over a GIOStream, both ways. Private to transport/, and to who tests the other end.
 *
 * Abstract: LockstepSocketWire drives a socket's descriptor itself, LockstepStreamWire any other stream with GIO's
 * asynchronous calls. Neither blocks.
 */
#define LOCKSTEP_TYPE_WIRE (lockstep_wire_get_type ())
G_DECLARE_DERIVABLE_TYPE (LockstepWire, lockstep_wire, LOCKSTEP, WIRE, GObject)

/* What the owner of a wire is told. It may close the wire in either; nothing is told after that. */
typedef struct
{
  void (*received) (gpointer owner,
                    GBytes  *line);
  void (*failed) (gpointer      owner,
                  const GError *reason);
} LockstepWireEvents;

struct _LockstepWireClass
{
  GObjectClass parent_class;

  /* Starts to read. */
  gboolean (*start) (LockstepWire *self,
                     GError      **error);

  /* Writes of @text what can be written now, while nothing else waits to be; returns its bytes. Where that fails it
   * calls lockstep_wire_write_failed(). NULL where a stream has no such thing. */
  gsize (*write) (LockstepWire *self,
                  const char   *text,
                  gsize         length);

  /* Writes what can be written now, and sees to it that the rest will be. */
  void (*flush) (LockstepWire *self);

  /* Stops reading and writing, and closes the stream. */
  void (*shut) (LockstepWire *self);
};

/* Takes over @stream and starts to read; @owner is told what happens, and outlives the wire or closes it. Where
 * the stream cannot be read it is told so before this returns. */
LockstepWire *lockstep_wire_new (GIOStream                *stream,
                                 const LockstepWireEvents *events,
                                 gpointer                  owner);

/* Writes a line; see lockstep_line_writer_add(). @head is left with anything. */
void lockstep_wire_send (LockstepWire  *self,
                         GString       *head,
                         GBytes *const *pieces,
                         const char    *tail);

gsize lockstep_wire_get_queued (LockstepWire *self);

/* Whether more waits behind the message being written than LOCKSTEP_PEER_MAX_QUEUE. */
gboolean lockstep_wire_is_full (LockstepWire *self);

/* Closes the stream; what is queued is dropped, and the owner is told nothing any more. */
void lockstep_wire_close (LockstepWire *self);

/* For the classes derived from it. */

GIOStream          *lockstep_wire_get_stream (LockstepWire *self);
LockstepLineReader *lockstep_wire_get_reader (LockstepWire *self);
LockstepLineWriter *lockstep_wire_get_writer (LockstepWire *self);
gboolean            lockstep_wire_is_closed (LockstepWire *self);

/* The bytes committed to the reader go to the owner, line by line. Returns FALSE when the wire was closed thereby. */
gboolean lockstep_wire_deliver (LockstepWire *self);

/* The stream has ended. */
void lockstep_wire_ended (LockstepWire *self);

/* Reading failed. */
void lockstep_wire_read_failed (LockstepWire *self,
                                const GError *error);

/* Writing failed. Nothing is written any more, and what the other end had sent before it went away is still read:
 * the wire fails once lockstep_wire_drained() is called, or reading ends. */
void lockstep_wire_write_failed (LockstepWire *self,
                                 const GError *error);

/* Nothing is left to read for now. Returns FALSE when the wire failed, because writing had. */
gboolean lockstep_wire_drained (LockstepWire *self);

G_END_DECLS
