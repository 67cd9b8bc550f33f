/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * The process of one solver as its host holds it: a stream to talk to it, and a hand on its life.
 * Abstract; a host makes its own kind.
 */

/* How a solver ended, from its guard. */
typedef enum
{
  LOCKSTEP_EXIT_CODE,        /* it exited; number is the code */
  LOCKSTEP_EXIT_SIGNAL,      /* a signal killed it; number is the signal */
  LOCKSTEP_EXIT_NOT_STARTED, /* it could not be started; number is errno */
  LOCKSTEP_EXIT_UNKNOWN,     /* its guard went without a report; number is 0 */
} LockstepExitKind;

/* What could not be had, for LOCKSTEP_EXIT_NOT_STARTED. */
typedef enum
{
  LOCKSTEP_START_PROGRAM,   /* the program itself */
  LOCKSTEP_START_DIRECTORY, /* its working folder */
  LOCKSTEP_START_OUTPUT,    /* the file for its output */
  LOCKSTEP_START_FORK,      /* a process */
} LockstepStartFailure;

typedef struct
{
  LockstepExitKind kind;
  int              number;
  double           seconds;     /* wall time since the start */
  double           cpu_seconds; /* user and system, with all descendants that were waited for */
  guint64          peak_memory; /* bytes, the largest process */
  guint            killed;      /* processes that had to be killed with SIGKILL */

  LockstepStartFailure failure; /* of a program that was not started */
} LockstepReport;

/* "exited with code 3", "was killed by SIGSEGV (segmentation fault)", "could not be started: No such file or directory". */
char *lockstep_report_dup_text (const LockstepReport *report);

#define LOCKSTEP_TYPE_PROCESS (lockstep_process_get_type ())
G_DECLARE_DERIVABLE_TYPE (LockstepProcess, lockstep_process, LOCKSTEP, PROCESS, GObject)

/* Signals, emitted in the main context that the process was launched in:
 *
 * started (gint64 pid): the program itself runs, with this process id on its host. Not emitted where it could not be
 *   started.
 * ended (const LockstepReport *report): nothing of it is left. Emitted once, always.
 */
struct _LockstepProcessClass
{
  GObjectClass parent_class;

  void (*stop) (LockstepProcess *self,
                double           grace);
  void (*pause) (LockstepProcess *self,
                 gboolean         paused);
};

/* The solver's end of the protocol. */
GIOStream *lockstep_process_get_stream (LockstepProcess *self);

/* On its host; 0 until it has started. */
gint64 lockstep_process_get_pid (LockstepProcess *self);

/* The process id of its guard: the root of the tree to be measured. 0 when it has none here. */
gint64 lockstep_process_get_guard_pid (LockstepProcess *self);

/* SIGTERM to the whole tree, SIGKILL after @grace seconds (0: at once). May be called again with less. */
void lockstep_process_stop (LockstepProcess *self,
                            double           grace);

/* Stops (SIGSTOP) or continues the whole tree. */
void lockstep_process_pause (LockstepProcess *self,
                             gboolean         paused);

gboolean lockstep_process_has_ended (LockstepProcess *self);

/* For subclasses. */
void lockstep_process_set_stream (LockstepProcess *self, GIOStream *stream);
void lockstep_process_set_started (LockstepProcess *self, gint64 pid, gint64 guard_pid);
void lockstep_process_set_ended (LockstepProcess *self, const LockstepReport *report);

G_END_DECLS
