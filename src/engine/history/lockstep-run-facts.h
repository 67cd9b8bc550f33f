/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lockstep-run.h"

G_BEGIN_DECLS

/**
 * What a list tells of a run, read from its folder in some microseconds: from summary.json where it has ended, else from
 * the head and the end of its journal. Plain data; what is not known is negative or NULL.
 */
typedef struct
{
  char            *id;        /* the name of its folder */
  char            *directory; /* its folder */
  char            *plan;      /* what its plan is called */
  char            *name;      /* what it is called: the name that a person gave it, or else its plan's */
  char            *note;      /* the note that a person gave it, or else its plan's; NULL where there is none */
  LockstepRunState state;     /* one of the last four; STEPPING for a live one; IDLE where it cannot be told (see problem) */
  gint64           started;   /* UTC in µs */
  double           seconds;   /* at work, for one that was not ended: from its start to its last event; of a live one, -1 */
  gint64           n_done;    /* of the tasks of its last step of tasks, or else of its last step; only of one that has ended */
  gint64           n_tasks;
  gboolean         listed; /* those are a list of tasks, for which people wait, and not the parts of a step */
  gint64           n_failures;
  gboolean         reached; /* every until */
  char            *until;   /* of its last loop: "gap < 1e-6"; NULL where it has none */
  double           value;   /* what that compares, the last time; NAN for none */
  char            *problem; /* what of it could not be read, a sentence for a person; NULL when all is well */
} LockstepRunFacts;

/* Of the folder @id in @parent. NULL where that is not the folder of a run: there is no plan.lockstep in it. */
LockstepRunFacts *lockstep_run_facts_read (const char *parent,
                                           const char *id);

void lockstep_run_facts_free (LockstepRunFacts *self);

/* "live", "finished", "interrupted", …, "unknown": for files and scripts, not for people. */
const char *lockstep_run_facts_get_state_name (const LockstepRunFacts *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LockstepRunFacts, lockstep_run_facts_free)

G_END_DECLS
