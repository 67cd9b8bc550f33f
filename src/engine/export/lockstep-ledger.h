/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lockstep-event.h"
#include "lockstep-plan.h"

G_BEGIN_DECLS

/**
 * What became of every task of a run, from its events: 48 bytes for each, and not the results, but where in the journal
 * they stand. What is void since the run was resumed is not in it.
 */
typedef struct _LockstepLedger LockstepLedger;

typedef enum
{
  LOCKSTEP_LEDGER_WAITING, /* not begun, or to be tried again */
  LOCKSTEP_LEDGER_RUNNING,
  LOCKSTEP_LEDGER_STOPPED, /* it had begun when the run ended, or its controller died */
  LOCKSTEP_LEDGER_DONE,
  LOCKSTEP_LEDGER_FAILED,
} LockstepLedgerState;

/* A task. Times are those of its last attempt, UTC in µs, 0 for none. */
typedef struct
{
  goffset line;   /* of the event that ended it, or its last attempt, in the journal */
  guint32 length; /* of that line; 0 for none */
  gint32  solver; /* -1 for none */
  gint64  start;
  gint64  end;
  guint16 host; /* see lockstep_ledger_get_host() */
  guint16 attempts;
  guint8  state; /* LockstepLedgerState */
} LockstepLedgerTask;

/* A step that was begun, once for each time it was. */
typedef struct
{
  LockstepStep *step;
  gint64        first;        /* number of its first task in the run */
  guint         n_tasks;      /* as the journal says */
  guint         n_iterations; /* of the loops around it */
  guint         iterations;   /* see lockstep_ledger_get_iterations() */
} LockstepLedgerStep;

/* @plan is that of the run. */
LockstepLedger *lockstep_ledger_new (LockstepPlan *plan);

void lockstep_ledger_free (LockstepLedger *self);

/* The next event, which stands in the journal's line at @line, of @length bytes. */
void lockstep_ledger_take (LockstepLedger      *self,
                           const LockstepEvent *event,
                           goffset              line,
                           gsize                length);

/* There are no more. What was at work has stopped, unless the run is @live. */
void lockstep_ledger_end (LockstepLedger *self,
                          gboolean        live);

/* "done", "failed", …: for files, not for people. */
const char *lockstep_ledger_state_to_name (LockstepLedgerState state);

guint                     lockstep_ledger_get_n_steps (LockstepLedger *self);
const LockstepLedgerStep *lockstep_ledger_get_step (LockstepLedger *self,
                                                    guint           index);

/* The iterations that a step was begun in, outermost loop first, from 1. */
const guint *lockstep_ledger_get_iterations (LockstepLedger           *self,
                                             const LockstepLedgerStep *step);

/* A task, by its number in the run. */
const LockstepLedgerTask *lockstep_ledger_get_task (LockstepLedger *self,
                                                    gint64          task);

guint64 lockstep_ledger_get_n_tasks (LockstepLedger *self);

/* The name of the host; NULL where it is not known. */
const char *lockstep_ledger_get_host (LockstepLedger *self,
                                      guint           host);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LockstepLedger, lockstep_ledger_free)

G_END_DECLS
