/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "fake-solver.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

/**
 * A step that does what its params say, so that a list of tasks can hold a case of each kind:
 *
 *   "value": NUMBER     returned, with task, attempt and the process id
 *   "eat": NUMBER       holds so many megabytes while it lasts
 *   "seconds": NUMBER   takes so long, with progress; obeys cancel meanwhile
 *   "after": PATH       takes until there is such a file, with progress; obeys cancel meanwhile
 *   "burn": NUMBER      computes until it has used so many seconds of CPU time
 *   "daemon": true      leaves a daemon as the mode double-fork does
 *   "fail": MESSAGE     ends with this error
 *   "crash": true       ends the solver by SIGSEGV, after a line on standard error
 *   "hang": true        never ends, ignores cancel and SIGTERM, and burns CPU
 *   "until": NUMBER     waits ("after"), fails, crashes and hangs only up to this attempt
 *   "while": PATH       the same only while there is such a file
 */

static void
hang (void)
{
  signal (SIGTERM, SIG_IGN);
  for (volatile unsigned long spin = 0;; spin++)
    ;
}

/* Uses CPU time, without a look at the stream. */
static void
burn (double seconds)
{
  const clock_t end = clock () + (clock_t) (seconds * CLOCKS_PER_SEC);

  while (clock () < end)
    for (volatile int spin = 0; spin < 10000; spin++)
      ;
}

/* Memory that is really there; whoever runs short of it is killed here. */
static void *
eat (size_t size)
{
  void *memory = mmap (NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

  if (memory == MAP_FAILED)
    abort ();
  memset (memory, 1, size);

  return memory;
}

/* Takes its time; false when it was cancelled. */
static bool
spend (const Call *call,
       double      seconds)
{
  const int n_slices = seconds > 0.5 ? 10 : 1;

  for (int i = 1; i <= n_slices; i++)
    {
      if (!fake_serve (call, seconds / n_slices))
        return false;
      if (n_slices > 1)
        fake_progress (call, i / (double) n_slices, "at work");
    }

  return true;
}

/* Whether there is the file whose path is this string. */
static bool
is_there (Slice path)
{
  char      *copy = slice_copy ((Slice){ path.text + 1, path.length - 2 });
  const bool there = access (copy, F_OK) == 0;

  free (copy);
  return there;
}

/* Waits for the file; false when it was cancelled. */
static bool
await (const Call *call,
       Slice       path)
{
  for (int i = 0; !is_there (path); i++)
    {
      if (!fake_serve (call, 0.02))
        return false;
      /* The same again would be no sign of life. */
      if (i % 5 == 4)
        fake_progress (call, 1 - 1.0 / (i + 2), "waiting");
    }

  return true;
}

/* Whether what the task does wrong is due in this attempt, and now. */
static bool
is_due (const Call *call,
        Slice       params)
{
  Slice path = slice_member (params, "while");

  return fake_number (call, "attempt", 1) <= slice_number (slice_member (params, "until"), 1e9) &&
         (!path.text || is_there (path));
}

void
fake_obey (const Call *call)
{
  Slice        params = slice_member (fake_slice (call), "params");
  Slice        message = slice_member (params, "fail");
  Slice        value = slice_member (params, "value");
  const double seconds = slice_number (slice_member (params, "seconds"), 0);
  const size_t size = (size_t) (slice_number (slice_member (params, "eat"), 0) * 1e6);
  const bool   misbehaves = is_due (call, params);
  void        *eaten = size > 0 ? eat (size) : NULL;
  const Slice  after = slice_member (params, "after");
  const bool   cancelled = (seconds > 0 && !spend (call, seconds)) || (misbehaves && after.text && !await (call, after));
  char         text[256];

  if (eaten)
    munmap (eaten, size);
  if (cancelled)
    {
      fake_fail (call, "cancelled");
      return;
    }
  burn (slice_number (slice_member (params, "burn"), 0));
  if (slice_is (slice_member (params, "daemon"), "true"))
    fake_leave_daemon ();
  if (misbehaves && slice_is (slice_member (params, "crash"), "true"))
    {
      fprintf (stderr, "case %.0f: negative depth at link 8812\n", fake_number (call, "task", 0));
      fake_die (SIGSEGV);
    }
  if (misbehaves && slice_is (slice_member (params, "hang"), "true"))
    hang ();
  if (misbehaves && message.text)
    {
      char *copy = slice_copy ((Slice){ message.text + 1, message.length - 2 });

      fake_fail (call, copy);
      free (copy);
      return;
    }

  snprintf (text, sizeof text, "{\"value\":%.*s,\"task\":%.0f,\"attempt\":%.0f,\"pid\":%d}",
            value.text ? (int) value.length : 4, value.text ? value.text : "null",
            fake_number (call, "task", 0), fake_number (call, "attempt", 0), (int) getpid ());
  fake_return (call, text);
}
