/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "fake-solver.h"

#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

/* Whether the mode's fault, whose WHEN is argument @index, is due in this call. */
static bool
is_due (const Call *call,
        int         index)
{
  bool initialize = strcmp (call->method, "initialize") == 0;

  return initialize == (strcmp (fake_argument (index, "step"), "initialize") == 0);
}

static void
input (const Call *call)
{
  Slice slice = slice_member (fake_slice (call), "input");
  char *text = slice_copy (slice);

  fake_return (call, slice.text ? text : "null");
  free (text);
}

static void
returns (const Call *call)
{
  fake_return (call, fake_argument (0, "null"));
}

static void
sleep_for (const Call *call,
           double      seconds)
{
  enum
  {
    N_SLICES = 10
  };

  for (int i = 1; i <= N_SLICES; i++)
    {
      if (!fake_serve (call, seconds / N_SLICES))
        {
          fake_fail (call, "cancelled");
          return;
        }
      fake_progress (call, i / (double) N_SLICES, "sleeping");
    }
  fake_behave (call);
}

static void
sleeps (const Call *call)
{
  sleep_for (call, atof (fake_argument (0, "0.2")));
}

static void
sleeps_by_part (const Call *call)
{
  sleep_for (call, atof (fake_argument (0, "0.2")) * (fake_number (call, "part", 0) + 1));
}

static void
slow_initialize (const Call *call)
{
  sleep_for (call, atof (fake_argument (0, "1")));
}

/* Returns the object @text with a member more, as long as @padding says (bytes). */
static void
return_padded (const Call *call,
               const char *text,
               size_t      padding)
{
  char  *padded = NULL;
  size_t length;
  FILE  *out;

  if (padding == 0)
    {
      fake_return (call, text);
      return;
    }

  out = open_memstream (&padded, &length);
  fprintf (out, "%.*s,\"padding\":\"", (int) strlen (text) - 1, text);
  for (size_t i = 0; i < padding; i++)
    fputc ('x', out);
  fputs ("\"}", out);
  fclose (out);
  fake_return (call, padded);
  free (padded);
}

static void
gather_padded (const Call *call,
               size_t      padding)
{
  Slice  rest = slice_member (fake_slice (call), "input");
  Slice  previous = slice_member (slice_member (fake_slice (call), "previous"), "sum");
  Slice  element;
  double sum = 0;
  int    count = 0;
  int    failures = 0;
  double iteration = fake_number (call, "iteration", 1);
  char   text[256];

  while (slice_next (&rest, &element))
    {
      if (slice_is (element, "null"))
        failures++;
      else
        count++;
      sum += slice_number (slice_member (element, "value"), 0);
    }
  snprintf (text, sizeof text,
            "{\"sum\":%.17g,\"count\":%d,\"failures\":%d,\"iteration\":%.0f,\"gap\":1e-%.0f,\"previous\":%.*s}",
            sum, count, failures, iteration, iteration,
            previous.text ? (int) previous.length : 4, previous.text ? previous.text : "null");
  return_padded (call, text, padding);
}

static void
gather (const Call *call)
{
  gather_padded (call, 0);
}

static void
sum (const Call *call)
{
  char text[128];

  if (strcmp (call->method, "work") != 0)
    {
      gather (call);
      return;
    }
  snprintf (text, sizeof text, "{\"part\":%.0f,\"parts\":%.0f,\"value\":%.0f}",
            fake_number (call, "part", 0), fake_number (call, "parts", 1), fake_number (call, "part", 0) + 1);
  fake_return (call, text);
}

/* Whether @number stands in the file @path, where there is one. */
static bool
is_listed (const char *path,
           double      number)
{
  FILE  *file = fopen (path, "r");
  double listed;
  bool   found = false;

  while (file && !found && fscanf (file, "%lf", &listed) == 1)
    found = listed == number;
  if (file)
    fclose (file);

  return found;
}

static void
tally (const Call *call)
{
  Slice  total = slice_member (slice_member (fake_slice (call), "input"), "sum");
  double task = fake_number (call, "task", 0);
  double part = fake_number (call, "part", -1);
  size_t padding = strtoul (fake_argument (2, "0"), NULL, 10);
  char   text[128];

  if (strcmp (call->method, "work") != 0)
    {
      gather_padded (call, padding);
      return;
    }
  fake_serve (call, atof (fake_argument (1, "0")));
  if (is_listed (fake_argument (0, ""), task))
    {
      fake_fail (call, "this task is on the list");
      return;
    }
  snprintf (text, sizeof text, "{\"value\":%.17g}", part >= 0 ? part + 1 + 0.5 * slice_number (total, 0) : task + 1);
  return_padded (call, text, padding);
}

static void
environment (const Call *call)
{
  char  *text = NULL;
  size_t length;
  FILE  *out = open_memstream (&text, &length);
  char  *directory = getcwd (NULL, 0);

  fprintf (out, "{\"pid\":%d,\"directory\":\"%s\"", (int) getpid (), directory);
  for (int i = 0; fake_argument (i, NULL); i++)
    {
      const char *value = getenv (fake_argument (i, NULL));

      if (value)
        fprintf (out, ",\"%s\":\"%s\"", fake_argument (i, NULL), value);
      else
        fprintf (out, ",\"%s\":null", fake_argument (i, NULL));
    }
  fputs ("}", out);
  fclose (out);
  fake_return (call, text);
  free (directory);
  free (text);
}

static void
flood (const Call *call)
{
  long n_lines = atol (fake_argument (0, "1000000"));
  char text[32];

  for (long i = 1; i <= n_lines; i++)
    printf ("line %ld of a flood of %ld\n", i, n_lines);
  fflush (stdout);
  snprintf (text, sizeof text, "%ld", n_lines);
  fake_return (call, text);
}

static void
reports (const Call *call)
{
  static const char *const levels[] = { "debug", "info", "warning", "error" };

  for (int i = 0; i < 4; i++)
    wire_write ("{\"jsonrpc\":\"2.0\",\"method\":\"log\",\"params\":{\"level\":\"%s\",\"text\":\"a line of %s\"}}",
                levels[i], levels[i]);
  wire_write ("{\"jsonrpc\":\"2.0\",\"method\":\"progress\",\"params\":"
              "{\"task\":%.0f,\"fraction\":0.5,\"message\":\"half way\","
              "\"values\":{\"residual\":0.001,\"length\":42}}}",
              fake_number (call, "task", 0));
  fake_behave (call);
}

static void
step_error (const Call *call)
{
  fake_fail (call, fake_argument (0, "the model did not converge"));
}

static void
fail_if_set (const Call *call)
{
  char text[128];

  if (getenv (fake_argument (0, "")))
    {
      snprintf (text, sizeof text, "%s is set", fake_argument (0, ""));
      fake_fail (call, text);
      return;
    }
  fake_serve (call, 0.05);
  snprintf (text, sizeof text, "%d", (int) getpid ());
  fake_return (call, text);
}

static bool
is_bad_part (const Call *call)
{
  return strcmp (call->method, "work") == 0 &&
         fake_number (call, "part", 0) == atof (fake_argument (0, "0")) &&
         (!fake_argument (1, NULL) || fake_number (call, "attempt", 1) == 1);
}

static void
fail_on_part (const Call *call)
{
  if (is_bad_part (call))
    fake_fail (call, "this part cannot be computed");
  else
    sum (call);
}

void
fake_die (int number)
{
  setrlimit (RLIMIT_CORE, &(struct rlimit){ 0, 0 });
  signal (number, SIG_DFL);
  raise (number);
}

static void
crash_on_part (const Call *call)
{
  if (is_bad_part (call))
    {
      fprintf (stderr, "fake-solver: about to crash\n");
      fake_die (SIGSEGV);
    }
  sum (call);
}

static void
print_last_words (void)
{
  printf ("reading the network\n");
  fflush (stdout);
  fprintf (stderr, "fake-solver: cannot open city.net: No such file or directory\n");
}

static void
exit_at_once (void)
{
  print_last_words ();
  exit (atoi (fake_argument (0, "7")));
}

static void
exit_in_step (const Call *call)
{
  fake_progress (call, 0.5, "half way");
  exit_at_once ();
}

static void
dies (const Call *call)
{
  const char *name = fake_argument (0, "segv");

  if (!is_due (call, 1))
    {
      fake_behave (call);
      return;
    }
  fprintf (stderr, "fake-solver: about to die\n");
  fake_progress (call, 0.5, "half way");
  fake_die (strcmp (name, "abort") == 0 ? SIGABRT : strcmp (name, "kill") == 0 ? SIGKILL
                                                                               : SIGSEGV);
}

static void
never_answers (const Call *call)
{
  Message message;

  if (!is_due (call, 0))
    {
      fake_behave (call);
      return;
    }
  while (wire_read (&message, -1))
    continue;
}

static void
closes_stream (const Call *call)
{
  if (!is_due (call, 0))
    {
      fake_behave (call);
      return;
    }
  wire_close ();
  for (;;)
    pause ();
}

static void
garbage (const Call *call)
{
  if (is_due (call, 0))
    wire_write ("Reading network … 24 zones {");
  else
    fake_behave (call);
}

static void
long_line (const Call *call)
{
  static char chunk[1 << 20];
  char        head[64];
  int         n;

  if (!is_due (call, 0))
    {
      fake_behave (call);
      return;
    }
  memset (chunk, 'x', sizeof chunk);
  n = snprintf (head, sizeof head, "{\"jsonrpc\":\"2.0\",\"id\":%s,\"result\":\"", call->id);
  wire_write_bytes (head, n);
  for (int i = 0; i < 100; i++)
    wire_write_bytes (chunk, sizeof chunk);
  wire_write ("\"}");
}

static void
nested (const Call *call)
{
  enum
  {
    DEPTH = 100000
  };
  char *text;

  if (!is_due (call, 0))
    {
      fake_behave (call);
      return;
    }
  text = calloc (1, 2 * DEPTH + 1);
  memset (text, '[', DEPTH);
  memset (text + DEPTH, ']', DEPTH);
  fake_return (call, text);
  free (text);
}

static void
answer_if_due (const Call *call,
               const char *result)
{
  if (is_due (call, 0))
    fake_return (call, result);
  else
    fake_behave (call);
}

static void
nan_result (const Call *call)
{
  answer_if_due (call, "{\"value\":NaN}");
}

static void
huge_number (const Call *call)
{
  answer_if_due (call, "{\"value\":1e400}");
}

static void
lone_surrogate (const Call *call)
{
  answer_if_due (call, "{\"text\":\"\\ud800\"}");
}

static void
stray_id (const Call *call)
{
  if (is_due (call, 0))
    wire_write ("{\"jsonrpc\":\"2.0\",\"id\":987654321,\"result\":\"nobody asked\"}");
  fake_behave (call);
}

static void
serve_for_ever (const Call *call)
{
  while (true)
    fake_serve (call, -1);
}

void
fake_leave_daemon (void)
{
  int   report[2];
  pid_t daemon;
  pid_t between;

  if (pipe (report) != 0)
    abort ();
  between = fork ();
  if (between == 0)
    {
      setsid ();
      daemon = fork ();
      if (daemon == 0)
        {
          signal (SIGTERM, SIG_IGN);
          signal (SIGHUP, SIG_IGN);
          daemon = getpid ();
          if (write (report[1], &daemon, sizeof daemon) != sizeof daemon)
            abort ();
          closefrom (0);
          alarm (600);
          for (;;)
            pause ();
        }
      _exit (0);
    }
  close (report[1]);
  if (read (report[0], &daemon, sizeof daemon) != sizeof daemon)
    abort ();
  close (report[0]);
  waitpid (between, NULL, 0);
  printf ("daemon %d\n", (int) daemon);
  fflush (stdout);
}

static void
hangs (const Call *call)
{
  volatile double x = 0;

  for (;;)
    {
      for (int i = 0; i < 100000; i++)
        x += sqrt (i);
      fake_serve (call, 0);
    }
}

const Mode modes[] = {
  { "echo", NULL, NULL, NULL },
  { "input", NULL, NULL, input },
  { "returns", NULL, NULL, returns },
  { "sleep", NULL, NULL, sleeps },
  { "sleep-by-part", NULL, NULL, sleeps_by_part },
  { "sum", NULL, NULL, sum },
  { "tally", NULL, NULL, tally },
  { "obeys", NULL, NULL, fake_obey },
  { "environment", NULL, NULL, environment },
  { "flood", NULL, NULL, flood },
  { "slow-initialize", NULL, slow_initialize, NULL },
  { "reports", NULL, NULL, reports },
  { "step-error", NULL, NULL, step_error },
  { "initialize-error", NULL, step_error, NULL },
  { "fail-if-set", NULL, NULL, fail_if_set },
  { "fail-on-part", NULL, NULL, fail_on_part },
  { "crash-on-part", NULL, NULL, crash_on_part },
  { "exits-at-once", exit_at_once, NULL, NULL },
  { "exits-in-step", NULL, NULL, exit_in_step },
  { "dies", NULL, dies, dies },
  { "never-answers", NULL, never_answers, never_answers },
  { "closes-stream", NULL, closes_stream, closes_stream },
  { "garbage", NULL, garbage, garbage },
  { "long-line", NULL, long_line, long_line },
  { "nested", NULL, nested, nested },
  { "nan", NULL, nan_result, nan_result },
  { "huge-number", NULL, huge_number, huge_number },
  { "lone-surrogate", NULL, lone_surrogate, lone_surrogate },
  { "stray-id", NULL, stray_id, stray_id },
  { "ignores-sigterm", NULL, NULL, NULL, true },
  { "ignores-sigterm-in-step", NULL, NULL, serve_for_ever, true },
  { "double-fork", fake_leave_daemon, NULL, NULL },
  { "double-fork-deaf", fake_leave_daemon, NULL, serve_for_ever, true },
  { "hangs", NULL, NULL, hangs },
  { NULL },
};
