/* SPDX-License-Identifier: MIT */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * The messages that wait to be written, in their order. Private to transport/.
 *
 * A long piece of a message is referenced and never copied; what is short is gathered into one.
 */
typedef struct
{
  GQueue messages; /* the first is the one being written */
  gsize  queued;   /* bytes of all of them that are not yet written */
} LockstepLineWriter;

/* Appends @pieces, @tail and newline to @head, as lockstep_line_writer_add() does, where all of them are short; returns
 * whether they are. */
gboolean lockstep_line_writer_join (GString       *head,
                                    GBytes *const *pieces,
                                    const char    *tail);

/* Adds what is left of a line that is written already in part. */
void lockstep_line_writer_add_rest (LockstepLineWriter *self,
                                    const char         *text,
                                    gsize               length);

/* Adds the line @head, @pieces (ended by NULL; may be NULL), @tail, newline. A newline within @pieces, which
 * in JSON is but white space, is written as a space. */
void lockstep_line_writer_add (LockstepLineWriter *self,
                               GString            *head,
                               GBytes *const      *pieces,
                               const char         *tail);

/* What is to be written next, in at most @n_max vectors; returns their number. */
guint lockstep_line_writer_gather (LockstepLineWriter *self,
                                   GOutputVector      *vectors,
                                   guint               n_max);

/* @size bytes of what was gathered have been written. */
void lockstep_line_writer_advance (LockstepLineWriter *self,
                                   gsize               size);

/* Bytes that wait behind the message being written. */
gsize lockstep_line_writer_get_waiting (LockstepLineWriter *self);

void lockstep_line_writer_clear (LockstepLineWriter *self);

G_END_DECLS
