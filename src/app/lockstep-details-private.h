/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lockstep-chronicle.h"
#include "lockstep-clock.h"
#include "lockstep-details.h"
#include "lockstep-post-mortem-text.h"

G_BEGIN_DECLS

/* The details are written in two files: lockstep-details.c shows them, lockstep-details-actions.c does what their buttons say. */

struct _LockstepDetails
{
  GtkWidget           parent_instance;
  GtkLabel           *title_label;
  GtkSpinner         *spinner;
  GtkStack           *stack;
  GtkGrid            *grid;
  GtkLabel           *output_label;
  GtkButton          *retry_button;
  GtkWidget          *now_button;
  LockstepSession    *session;
  GSignalGroup       *session_signals;
  LockstepRunSolver  *solver; /* what is shown: it, or task, or neither */
  LockstepTaskRow    *task;
  LockstepRunSolver  *then; /* solver as it was at the moment; NULL for now, and for none */
  GSignalGroup       *solver_signals;
  GSignalGroup       *task_signals;
  GSignalGroup       *moment_signals;
  GSignalGroup       *chronicle_signals;
  LockstepClock      *clock;  /* runs while the solver that is shown lives */
  LockstepPostMortem *mortem; /* NULL where there is none, and until it was read */
  gint64              read;   /* what mortem is of: the task and its attempt, or a time; -1 for nothing */
  guint               serial; /* of the reading that is wanted */
  gboolean            loading;
  GPtrArray          *facts;  /* of LockstepFact: what is shown; NULL for nothing */
  GPtrArray          *labels; /* of GtkLabel: two for each fact, which the grid owns */
  GPtrArray          *copies; /* of GtkWidget: a button beside each fact, for what was cut from it; the same */
  GSimpleActionGroup *actions;
};

/* The task that is shown, or that the solver is or was at; -1 for none. */
gint64 lockstep_details_get_task (LockstepDetails *self);

/* Whether a solver is at it now. */
gboolean lockstep_details_is_at_work (LockstepDetails *self);

/* The solver that is shown, or had the task; -1 for none. */
int lockstep_details_get_solver (LockstepDetails *self);

/* Whether what is shown was so at a moment, and may be otherwise now. */
gboolean lockstep_details_is_past (LockstepDetails *self);

/* Emits the signal said. */
void lockstep_details_say (LockstepDetails *self,
                           const char      *text);

void lockstep_details_add_actions (LockstepDetails *self);
void lockstep_details_update_actions (LockstepDetails *self);

G_END_DECLS
