/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "guard.h"
#include "control.h"
#include "descendants.h"
#include "session.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <math.h>
#include <poll.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

typedef enum
{
  PHASE_RUNNING,
  PHASE_TERMINATING, /* all were sent SIGTERM; SIGKILL follows at the deadline */
  PHASE_KILLING,     /* SIGKILL, again and again, until nothing is left */
} Phase;

/* Between two rounds of killing, in seconds: short, since most processes go at once; long, after so many rounds that
 * found nothing new, when one cannot go because it waits for a disk. */
#define FIRST_PAUSE   0.002
#define LONGEST_PAUSE 0.020
#define QUICK_ROUNDS  100
#define PATIENT_PAUSE 0.5

/* How long the program has to end those it started by itself, in seconds; up to five times as much, by the guard's
 * process id. Most have none, or end them, and then there is no need to look through all processes of the machine,
 * which hurts when a thousand guards do it at once. */
#define HEAD_START 0.020

typedef struct
{
  Control  control;
  Child    child;
  int      signals;
  double   grace;
  double   started_at; /* seconds, monotonic, like all times here */
  Phase    phase;
  double   deadline; /* TERMINATING: when SIGKILL is due */
  double   next_round;
  double   pause;      /* KILLING: between rounds */
  unsigned n_rounds;   /* KILLING: since something new was found */
  bool     main_ended; /* the program itself; what it left may still run */
  int      status;
  double   rest_at; /* TERMINATING: when all others are sent SIGTERM; infinite when that is done */
  /* Those that came later are spared: they may be what the program tidies up with. */
  unsigned long long rest_born_by;
  ProcessSet         told;   /* were sent SIGTERM */
  ProcessSet         killed; /* were sent SIGKILL */
  int                nice;
  double             nice_at; /* when to set the session's weight again; infinite when that is done */
} Guard;

static double
now (void)
{
  struct timespec time;

  clock_gettime (CLOCK_MONOTONIC, &time);
  return time.tv_sec + time.tv_nsec / 1e9;
}

/* SIGTERM to all, SIGKILL after @seconds or when it was due already, whichever comes first. */
static void
stop (Guard *guard,
      double seconds)
{
  double time = now ();

  if (guard->phase == PHASE_KILLING)
    return;

  if (guard->phase == PHASE_RUNNING)
    {
      guard->phase = PHASE_TERMINATING;
      guard->deadline = INFINITY;
      guard->rest_at = time;
      guard->rest_born_by = descendants_get_time ();

      if (!guard->main_ended && seconds > 0)
        {
          descendants_terminate_child (guard->child.pid, &guard->told);
          guard->rest_at += fmin (HEAD_START * (1 + getpid () % 64 / 16.0), seconds / 2);
        }
    }

  guard->deadline = fmin (guard->deadline, time + seconds);
}

static void
handle_command (const Command *command,
                void          *data)
{
  Guard *guard = data;

  if (command->kind == COMMAND_STOP)
    stop (guard, command->seconds);
  else if (guard->phase != PHASE_RUNNING)
    return;
  else if (command->kind == COMMAND_PAUSE)
    descendants_pause ();
  else
    descendants_continue ();
}

static void
finish_start (Guard *guard)
{
  if (child_finish_start (&guard->child))
    control_write_started (&guard->control, guard->child.pid);
}

static void
set_nice (Guard *guard)
{
  /* Guards that start together collide; their process ids keep them from colliding again. */
  if (session_set_nice (guard->nice) == EAGAIN)
    guard->nice_at = now () + 0.1 + (getpid () % 97) / 100.0;
  else
    guard->nice_at = INFINITY;
}

/* The program has ended, and may have left others. Those that were told to stop before keep their time. */
static void
end_main (Guard *guard,
          int    status)
{
  guard->main_ended = true;
  guard->status = status;

  if (guard->phase == PHASE_RUNNING)
    stop (guard, guard->grace);

  guard->rest_at = now ();
  guard->rest_born_by = ULLONG_MAX;
}

/* False when there is no child left, and with that no descendant: the orphans are children too. */
static bool
reap (Guard *guard)
{
  pid_t pid;
  int   status;

  while ((pid = waitpid (-1, &status, WNOHANG)) > 0)
    if (pid == guard->child.pid)
      end_main (guard, status);

  return pid == 0;
}

static void
kill_round (Guard *guard)
{
  guard->phase = PHASE_KILLING;

  if (descendants_kill (&guard->killed))
    {
      guard->pause = FIRST_PAUSE;
      guard->n_rounds = 0;
    }
  else
    {
      guard->n_rounds++;
      guard->pause = guard->n_rounds < QUICK_ROUNDS ? fmin (2 * guard->pause, LONGEST_PAUSE) : PATIENT_PAUSE;
    }

  guard->next_round = now () + guard->pause;
}

/* Does what is due, and returns the time at which something will be. */
static double
act (Guard *guard)
{
  double due = INFINITY;
  double time = now ();

  if (guard->nice_at <= time)
    set_nice (guard);

  if (guard->phase == PHASE_TERMINATING && guard->rest_at <= time && guard->deadline > time)
    {
      guard->rest_at = INFINITY;
      descendants_terminate (guard->rest_born_by, &guard->told);
    }

  if (guard->phase == PHASE_TERMINATING && guard->deadline <= time)
    kill_round (guard);
  else if (guard->phase == PHASE_KILLING && guard->next_round <= time)
    kill_round (guard);

  if (guard->phase == PHASE_TERMINATING)
    due = fmin (guard->rest_at, guard->deadline);
  else if (guard->phase == PHASE_KILLING)
    due = guard->next_round;

  return fmin (due, guard->nice_at);
}

/* For poll(2): rounded up, so that it does not spin through the last millisecond. */
static int
milliseconds_until (double due)
{
  double milliseconds = ceil ((due - now ()) * 1000);

  if (isinf (due))
    return -1;

  return fmin (fmax (milliseconds, 0), INT_MAX);
}

/* Takes the signals that came; true when one asked the guard to stop. */
static bool
read_signals (Guard *guard)
{
  struct signalfd_siginfo info;
  bool                    asked_to_stop = false;

  while (read (guard->signals, &info, sizeof info) == sizeof info)
    asked_to_stop |= info.ssi_signo != SIGCHLD;

  return asked_to_stop;
}

static void
wait_for_events (Guard *guard,
                 double due)
{
  struct pollfd polls[] = {
    { .fd = guard->control.fd, .events = POLLIN },
    { .fd = guard->signals, .events = POLLIN },
    { .fd = guard->child.start_pipe, .events = POLLIN },
  };

  if (poll (polls, sizeof polls / sizeof *polls, milliseconds_until (due)) <= 0)
    return;

  if (polls[2].revents != 0)
    finish_start (guard);

  if (polls[1].revents != 0 && read_signals (guard))
    stop (guard, guard->grace);

  if (polls[0].revents != 0 && !control_read (&guard->control, handle_command, guard))
    {
      close (guard->control.fd);
      guard->control.fd = -1;
      stop (guard, guard->grace);
    }
}

static void
write_report (Guard *guard)
{
  struct rusage usage;
  Report        report = {
           .failure = guard->child.failure,
           .status = guard->status,
           .seconds = now () - guard->started_at,
           .killed = guard->killed.n_items,
  };

  if (getrusage (RUSAGE_CHILDREN, &usage) == 0)
    {
      report.cpu = usage.ru_utime.tv_sec + usage.ru_stime.tv_sec +
                   (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
      report.peak = usage.ru_maxrss * 1024LL;
    }

  control_write_report (&guard->control, &report);
}

/* The guard says what it has to say through its control socket. It must hold nobody's terminal or pipe open. */
static void
let_go_of_standard_streams (void)
{
  int null = open ("/dev/null", O_RDWR | O_CLOEXEC);

  if (null < 0)
    return;

  for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
    dup2 (null, fd);
  close (null);
}

void
guard_run (const ChildPlan *plan,
           int              control,
           int              stream,
           int              signals,
           double           grace)
{
  Guard guard = {
    .control = { .fd = control },
    .signals = signals,
    .grace = grace,
    .started_at = now (),
    .nice = plan->nice,
    .nice_at = INFINITY,
    .rest_at = INFINITY,
    .pause = FIRST_PAUSE,
  };

  if (plan->has_nice)
    set_nice (&guard);

  child_start (&guard.child, plan);

  close (stream);
  let_go_of_standard_streams ();

  while (reap (&guard))
    wait_for_events (&guard, act (&guard));

  if (guard.child.start_pipe >= 0)
    finish_start (&guard);

  write_report (&guard);

  process_set_clear (&guard.told);
  process_set_clear (&guard.killed);
}
