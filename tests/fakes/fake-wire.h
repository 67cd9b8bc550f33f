/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <stdbool.h>
#include <stddef.h>

/**
 * The solver's end of the protocol in plain C, for fakes only: it shares no code with what it is used to test,
 * trusts the controller, and can write what no honest solver would.
 */

/* A piece of the text of a message; { NULL, 0 } is a value that is absent. */
typedef struct
{
  const char *text;
  size_t      length;
} Slice;

typedef struct
{
  Slice id;     /* absent in a notification */
  Slice method; /* without its quotes */
  Slice params;
} Message;

/* Opens the stream that LOCKSTEP_STREAM names, or ends the program with status 2. */
void wire_open (void);

/* Closes the stream while the process lives on. */
void wire_close (void);

/* The next message, whose text stays until the next call; waits at most @seconds, or for ever when they are negative.
 * FALSE when the time is over. Ends the program with status 0 where the controller has gone, unless wire_outlive()
 * was called: then it stays, and sleeps. */
bool wire_read (Message *message,
                double   seconds);

/* From now on the end of the stream does not end the program. */
void wire_outlive (void);

/* Writes text as it is, ended by a new line. */
void wire_write (const char *format,
                 ...) __attribute__ ((format (printf, 1, 2)));

/* Writes bytes, and no new line. */
void wire_write_bytes (const char *bytes,
                       size_t      length);

/* Answers the call @id with the JSON text @result. */
void wire_answer (Slice       id,
                  const char *result,
                  size_t      length);

/* Answers the call @id with an error. */
void wire_fail (Slice       id,
                int         code,
                const char *message);

/* The member @name of an object, absent when there is none. */
Slice slice_member (Slice       object,
                    const char *name);

/* Takes the next element off @rest, which starts as an array; FALSE at its end. */
bool slice_next (Slice *rest,
                 Slice *element);

bool slice_is (Slice       slice,
               const char *text);

double slice_number (Slice  slice,
                     double otherwise);

/* A copy ended by NUL; free it. */
char *slice_copy (Slice slice);
