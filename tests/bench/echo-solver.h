/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* The least C that answers calls: whatever a line asks for, its id comes back with the result null. */

#define ECHO_LINE_MAX 4096

typedef struct
{
  int    descriptor;
  size_t filled;
  char   line[ECHO_LINE_MAX];
} EchoStream;

/* Reads once, and answers the lines that are complete. False at the end of the stream. */
bool echo_answer (EchoStream *stream);

/* Answers until the stream ends. */
void echo_serve (int descriptor);

/* Starts a process that does, which goes when this one does; *@descriptor is the end to talk to. */
pid_t echo_start (int *descriptor);
