/* SPDX-License-Identifier: MIT */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * Cuts the bytes that arrive into lines. Private to transport/.
 *
 * Bytes are received straight into its buffer, and a long line leaves it without being copied.
 */
typedef struct
{
  char *data;
  gsize capacity;
  gsize start;    /* of the line that is not yet whole */
  gsize searched; /* no newline stands between start and here */
  gsize end;      /* of what has arrived */
} LockstepLineReader;

/* Room for the next bytes; sets @size, which is never 0. */
char *lockstep_line_reader_reserve (LockstepLineReader *self,
                                    gsize              *size);

/* @size bytes have been put where lockstep_line_reader_reserve() said. */
void lockstep_line_reader_commit (LockstepLineReader *self,
                                  gsize               size);

/* The next whole line without its newline, or NULL: without @error when more has to arrive, or
 * LOCKSTEP_PEER_ERROR_TOO_LONG. */
GBytes *lockstep_line_reader_take (LockstepLineReader *self,
                                   GError            **error);

/* Whether a line has begun and not ended. */
gboolean lockstep_line_reader_is_amid_line (LockstepLineReader *self);

void lockstep_line_reader_clear (LockstepLineReader *self);

G_END_DECLS
