/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "bench-command.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

void
bench_command_ready (void)
{
  bench_command_answer ("{\"ready\":true}");
}

bool
bench_command_read (BenchCommand *self)
{
  char line[256];

  memset (self, 0, sizeof *self);
  if (fgets (line, sizeof line, stdin) == NULL)
    return false;

  return sscanf (line, "%31s %lf", self->word, &self->number) >= 1;
}

void
bench_command_answer (const char *format,
                      ...)
{
  va_list args;

  va_start (args, format);
  vprintf (format, args);
  va_end (args);
  putchar ('\n');
  fflush (stdout);
}

static double
read_clock (clockid_t clock)
{
  struct timespec time;

  clock_gettime (clock, &time);

  return (double) time.tv_sec + (double) time.tv_nsec * 1e-9;
}

double
bench_clock (void)
{
  return read_clock (CLOCK_MONOTONIC);
}

double
bench_cpu_clock (void)
{
  return read_clock (CLOCK_PROCESS_CPUTIME_ID);
}

void
bench_raise_descriptors (uint64_t n)
{
  struct rlimit limit;

  getrlimit (RLIMIT_NOFILE, &limit);
  if (limit.rlim_max < n)
    {
      /* Only root may. */
      const struct rlimit higher = { n, n };

      if (setrlimit (RLIMIT_NOFILE, &higher) == 0)
        return;
      fprintf (stderr, "%llu open files are needed, and this system allows %llu\n",
               (unsigned long long) n, (unsigned long long) limit.rlim_max);
      exit (1);
    }

  limit.rlim_cur = limit.rlim_max;
  setrlimit (RLIMIT_NOFILE, &limit);
}
