/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "child.h"

#include <stdbool.h>
#include <stddef.h>

/**
 * The guard's end of the socket to its controller: commands in, what happened out, a line each.
 */

typedef enum
{
  COMMAND_STOP,     /* "stop SECONDS" */
  COMMAND_PAUSE,    /* "pause" */
  COMMAND_CONTINUE, /* "continue" */
} CommandKind;

typedef struct
{
  CommandKind kind;
  double      seconds; /* of a stop */
} Command;

typedef struct
{
  int    fd; /* -1 once the controller is gone */
  char   line[128];
  size_t length;
  bool   too_long; /* of the line that is being read: it is dropped */
} Control;

typedef struct
{
  ChildFailure failure;
  int          status; /* as from waitpid(2) */
  double       seconds;
  double       cpu;  /* seconds, of all that was waited for */
  long long    peak; /* bytes, of the largest process */
  size_t       killed;
} Report;

/* Reads what is there. Calls @handle for each command; lines that are none are passed over. False when the
 * controller is gone. */
bool control_read (Control *control,
                   void (*handle) (const Command *command, void *data),
                   void *data);

void control_write_started (const Control *control,
                            pid_t          pid);

void control_write_report (const Control *control,
                           const Report  *report);

/* A number of seconds, from 0 on: false for anything else. */
bool control_parse_seconds (const char *text,
                            double     *seconds);
