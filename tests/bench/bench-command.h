/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <stdbool.h>
#include <stdint.h>

/* What a program is told to measure: bench.py writes a line "WORD NUMBER" to its standard input, and reads one line of
 * JSON for it. In between the program waits here and costs nothing, so that the next one is measured undisturbed. */
typedef struct
{
  char   word[32];
  double number; /* 0 where none was given */
} BenchCommand;

/* Tells that the program is set up. */
void bench_command_ready (void);

/* Waits for the next command; false when there will be none. */
bool bench_command_read (BenchCommand *self);

/* One line of JSON. */
void bench_command_answer (const char *format,
                           ...) __attribute__ ((format (printf, 1, 2)));

/* Seconds on a clock that only goes forward, and those that this process has computed. */
double bench_clock (void);
double bench_cpu_clock (void);

/* As many descriptors as the system lets a program have: at least @n, or the program ends with a sentence. */
void bench_raise_descriptors (uint64_t n);
