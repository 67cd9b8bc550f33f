/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "fake-wire.h"

/**
 * What the modes of the fake solver are made of.
 */

/* A call that stays when others are read. */
typedef struct
{
  char *id;
  char *method;
  char *params;
} Call;

typedef struct
{
  const char *name;
  void (*start) (void);                  /* before anything is read; may be NULL */
  void (*initialize) (const Call *call); /* NULL answers at once */
  void (*step) (const Call *call);       /* any method that is not reserved; NULL returns the params */
  bool deaf;                             /* terminate and SIGTERM, and the end of the stream, do nothing */
} Mode;

/* Ended by one without a name. */
extern const Mode modes[];

/* The step of the mode "obeys". */
void fake_obey (const Call *call);

/* Leaves a daemon, in a session of its own, that ignores SIGTERM; prints "daemon PID". */
void fake_leave_daemon (void);

/* Ends the process by @number whatever a sanitizer or a shell has made of its handler, and without a core. */
void fake_die (int number);

/* The argument after the mode, counted from 0, or @otherwise. */
const char *fake_argument (int         index,
                           const char *otherwise);

/* Serves the stream for @seconds (for ever when negative) as a solver that is busy with @call: answers status and
 * terminate, keeps further calls. FALSE when @call was cancelled. */
bool fake_serve (const Call *call,
                 double      seconds);

/* Answers as an honest solver: name and methods to initialize, its params to a step. */
void fake_behave (const Call *call);

/* Answers @call with the JSON text. */
void fake_return (const Call *call,
                  const char *result);

void fake_fail (const Call *call,
                const char *message);

void fake_progress (const Call *call,
                    double      fraction,
                    const char *message);

/* The number at @name of the call's own members (part, attempt …), not of params in it. */
double fake_number (const Call *call,
                    const char *name,
                    double      otherwise);

/* All params of the call. */
Slice fake_slice (const Call *call);
