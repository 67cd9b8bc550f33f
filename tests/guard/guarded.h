/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "processes.h"

/**
 * A lockstep-guard started for a test. Every process under it carries a tag in its environment.
 */

typedef struct
{
  GPid   pid;     /* of the guard */
  int    control; /* our end; -1 when closed */
  int    stream;  /* the other end of the solver's descriptor 3 */
  char  *tag;     /* owned; "LOCKSTEP_TEST_TAG=…" */
  gint64 solver;  /* from the "started" line; 0 before guarded_wait_started(), or when there was none */
  char  *report;  /* owned; the last line */
} Guarded;

/* Starts the guard with @arguments (options, "--", command, and NULL at the end). */
Guarded *guarded_start (const char *argument, ...) G_GNUC_NULL_TERMINATED;

/* The same with stubborn-daemon, see there, in @mode. */
Guarded *guarded_start_stubborn (const char *grace,
                                 const char *mode);

/* Waits for the guard's end, then checks that nothing that carries the tag is left. */
void guarded_free (Guarded *guarded);

void guarded_send (Guarded    *guarded,
                   const char *command);

/* Ends the control socket, as the end of the controller does. */
void guarded_close_control (Guarded *guarded);

/* Reads the next line from @fd; NULL at its end. */
char *read_line (int fd);

/* Fails unless the next line of the guard is that the program has started. */
void guarded_wait_started (Guarded *guarded);

/* Fails unless the program says "ready" on its stream. */
void guarded_wait_ready (Guarded *guarded);

/* Waits for the report and returns its member @name, a number; it must be there. */
double guarded_get (Guarded    *guarded,
                    const char *name);

/* Waits for the report; whether it has the member @name. */
gboolean guarded_has (Guarded    *guarded,
                      const char *name);
