/* SPDX-License-Identifier: GPL-3.0-or-later */

/**
 * A solver for tests: fake-solver MODE [ARGUMENT]…
 *
 * It takes any name for a step, and names work, gather, step1, step2 and step3 as its methods. Where WHEN stands, it
 * is "step" (the default) or "initialize". Every fake ends by itself after ten minutes, whatever goes wrong.
 *
 * Honest ones
 *   echo                      a step returns all its params, as the text they came in
 *   input                     a step returns its input, as the text it came in (null where there is none)
 *   returns JSON              a step returns this text, whatever it is
 *   sleep SECONDS             a step takes so long (0.2), with progress; obeys status, cancel and terminate meanwhile
 *   sleep-by-part SECONDS     the same, part + 1 times as long: a barrier has something to wait for
 *   sum                       work returns {"part","parts","value": part + 1}; any other step sums the values of its
 *                             input: {"sum","count","failures" (nulls),"iteration","gap": 10^-iteration,
 *                             "previous": sum in the previous result, or null}
 *   obeys                     work does what its params say, see fake-obey.c; any other step as sum
 *   tally FILE [SECONDS [BYTES]]  as sum, but work takes SECONDS (0), ends with an error where the number of the task stands
 *                             in FILE, and returns {"value"}: of a task its number + 1, of a part part + 1 and half the sum
 *                             of its input, so that a loop goes on from what it came to; results have BYTES (0) more
 *   environment NAME…         a step returns {"pid","directory", and each NAME with its value or null}
 *   flood LINES               a step prints so many numbered lines (1,000,000), and returns their number
 *   slow-initialize SECONDS   initialize takes so long (1), with progress
 *   reports                   a step sends progress with values, and a log line of each level
 *
 * Ones that fail as they should
 *   step-error MESSAGE        a step ends with this error
 *   initialize-error MESSAGE  initialize ends with this error
 *   fail-on-part N [once]     work on part N ends with an error; with "once" only at attempt 1. Else as sum
 *   crash-on-part N [once]    the same by SIGSEGV
 *   fail-if-set NAME          a step ends with an error where this variable is set, and returns its process id after 0.05 s
 *                             where it is not
 *
 * Ones that misbehave
 *   exits-at-once [STATUS]    prints lines to standard output and standard error and exits (7)
 *   exits-in-step [STATUS]    the same in the middle of a step
 *   dies SIGNAL [WHEN]        segv, abort or kill, in the middle: after a line on standard error and progress
 *   never-answers [WHEN]      reads everything, answers nothing to WHEN (and all after it)
 *   closes-stream [WHEN]      closes its stream and lives on
 *   garbage [WHEN]            writes a line that is not JSON, and no answer
 *   long-line [WHEN]          answers with a line of 100 MiB
 *   nested [WHEN]             answers with 100,000 brackets
 *   nan [WHEN]                answers {"value":NaN}
 *   huge-number [WHEN]        answers {"value":1e400}
 *   lone-surrogate [WHEN]     answers {"text":"\ud800"}
 *   stray-id [WHEN]           answers a call that was never made, and then its own
 *   ignores-sigterm           returns from steps as echo, but does nothing about terminate, SIGTERM or the stream's end
 *   ignores-sigterm-in-step   the same, and its steps never end
 *   double-fork               leaves a daemon, in a session of its own, that ignores SIGTERM; prints "daemon PID".
 *                             Else as echo
 *   double-fork-deaf          the same, and is itself as ignores-sigterm-in-step
 *   hangs                     a step burns CPU for ever, answering status, without ever a sign of life
 */

#include "fake-solver.h"

#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define LONGEST_LIFE 600

static char      **arguments;
static int         n_arguments;
static const Mode *mode;
static Call       *waiting; /* calls read while another was busy, in their order */
static size_t      n_waiting;

const char *
fake_argument (int         index,
               const char *otherwise)
{
  return index < n_arguments ? arguments[index] : otherwise;
}

Slice
fake_slice (const Call *call)
{
  return (Slice){ call->params, strlen (call->params) };
}

static Slice
call_id (const Call *call)
{
  return (Slice){ call->id, strlen (call->id) };
}

void
fake_return (const Call *call,
             const char *result)
{
  wire_answer (call_id (call), result, strlen (result));
}

void
fake_fail (const Call *call,
           const char *message)
{
  wire_fail (call_id (call), -32000, message);
}

double
fake_number (const Call *call,
             const char *name,
             double      otherwise)
{
  return slice_number (slice_member (fake_slice (call), name), otherwise);
}

void
fake_progress (const Call *call,
               double      fraction,
               const char *message)
{
  wire_write ("{\"jsonrpc\":\"2.0\",\"method\":\"progress\",\"params\":"
              "{\"task\":%.0f,\"fraction\":%g,\"message\":\"%s\"}}",
              fake_number (call, "task", 0), fraction, message);
}

/* What is answered at once, busy or not; FALSE for a call. */
static bool
answer (const Message *message,
        bool           busy)
{
  if (slice_is (message->method, "status"))
    {
      const char *status = busy ? "{\"state\":\"busy\",\"fraction\":null,\"message\":null}"
                                : "{\"state\":\"ready\",\"fraction\":null,\"message\":null}";

      wire_answer (message->id, status, strlen (status));
      return true;
    }
  if (slice_is (message->method, "terminate"))
    {
      if (mode->deaf)
        return true;
      wire_answer (message->id, "{}", 2);
      exit (0);
    }

  return message->id.length == 0;
}

static Call
copied (const Message *message)
{
  return (Call){ slice_copy (message->id), slice_copy (message->method), slice_copy (message->params) };
}

static double
now (void)
{
  struct timespec time;

  clock_gettime (CLOCK_MONOTONIC, &time);
  return time.tv_sec + time.tv_nsec * 1e-9;
}

bool
fake_serve (const Call *call,
            double      seconds)
{
  double until = now () + seconds;

  for (;;)
    {
      double  left = seconds < 0 ? -1 : fmax (until - now (), 0);
      Message message;

      if (!wire_read (&message, left))
        return true;
      if (slice_is (message.method, "cancel") &&
          slice_number (slice_member (message.params, "task"), -1) == fake_number (call, "task", -2))
        return false;
      if (answer (&message, true))
        continue;
      waiting = realloc (waiting, (n_waiting + 1) * sizeof *waiting);
      if (!waiting)
        abort ();
      waiting[n_waiting++] = copied (&message);
    }
}

void
fake_behave (const Call *call)
{
  if (strcmp (call->method, "initialize") == 0)
    fake_return (call, "{\"name\":\"fake-solver\","
                       "\"methods\":[\"work\",\"gather\",\"step1\",\"step2\",\"step3\"]}");
  else
    fake_return (call, call->params[0] ? call->params : "null");
}

static void
handle (const Call *call)
{
  void (*function) (const Call *) = strcmp (call->method, "initialize") == 0 ? mode->initialize : mode->step;

  if (function)
    function (call);
  else
    fake_behave (call);
}

static Call
next_call (void)
{
  Message message;

  if (n_waiting > 0)
    {
      Call first = waiting[0];

      memmove (waiting, waiting + 1, --n_waiting * sizeof *waiting);
      return first;
    }
  do
    wire_read (&message, -1);
  while (answer (&message, false));

  return copied (&message);
}

int
main (int    argc,
      char **argv)
{
  for (mode = modes; argc > 1 && mode->name; mode++)
    if (strcmp (mode->name, argv[1]) == 0)
      break;
  if (argc < 2 || !mode->name)
    {
      fprintf (stderr, "usage: fake-solver MODE [ARGUMENT]… (the modes are in tests/fakes/fake-solver.c)\n");
      return 2;
    }
  arguments = argv + 2;
  n_arguments = argc - 2;

  alarm (LONGEST_LIFE);
  wire_open ();
  if (mode->deaf)
    {
      signal (SIGTERM, SIG_IGN);
      wire_outlive ();
    }
  if (mode->start)
    mode->start ();

  for (;;)
    {
      Call call = next_call ();

      handle (&call);
      free (call.id);
      free (call.method);
      free (call.params);
    }
}
