/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "fake-solver.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/**
 * A step that does what its params say, so that a list of tasks can hold a case of each kind:
 *
 *   "value": NUMBER     returned, with task, attempt and the process id
 *   "seconds": NUMBER   takes so long, with progress; obeys cancel meanwhile
 *   "fail": MESSAGE     ends with this error
 *   "crash": true       ends the solver by SIGSEGV, after a line on standard error
 *   "hang": true        never ends, ignores cancel and SIGTERM, and burns CPU
 *   "until": NUMBER     fails, crashes and hangs only up to this attempt
 */

static void
hang (void)
{
  signal (SIGTERM, SIG_IGN);
  for (volatile unsigned long spin = 0;; spin++)
    ;
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

void
fake_obey (const Call *call)
{
  Slice        params = slice_member (fake_slice (call), "params");
  Slice        message = slice_member (params, "fail");
  Slice        value = slice_member (params, "value");
  const double seconds = slice_number (slice_member (params, "seconds"), 0);
  const bool   misbehaves = fake_number (call, "attempt", 1) <= slice_number (slice_member (params, "until"), 1e9);
  char         text[256];

  if (seconds > 0 && !spend (call, seconds))
    {
      fake_fail (call, "cancelled");
      return;
    }
  if (misbehaves && slice_is (slice_member (params, "crash"), "true"))
    {
      fprintf (stderr, "case %.0f: negative depth at link 8812\n", fake_number (call, "task", 0));
      raise (SIGSEGV);
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
