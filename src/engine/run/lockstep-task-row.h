/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lockstep-columns.h"
#include "lockstep-run.h"

G_BEGIN_DECLS

/* What a column of a table of tasks tells. */
typedef enum
{
  LOCKSTEP_TASK_COLUMN_TASK,
  LOCKSTEP_TASK_COLUMN_PARAM,
  LOCKSTEP_TASK_COLUMN_RESULT,
  LOCKSTEP_TASK_COLUMN_DURATION, /* of the last attempt (s) */
  LOCKSTEP_TASK_COLUMN_ATTEMPTS,
  LOCKSTEP_TASK_COLUMN_STATE,
} LockstepTaskColumnKind;

typedef struct
{
  LockstepTaskColumnKind kind;
  guint                  number; /* of params and results, from 0 */
} LockstepTaskColumn;

typedef enum
{
  LOCKSTEP_TASK_WAITING, /* not begun, or to be tried again */
  LOCKSTEP_TASK_RUNNING,
  LOCKSTEP_TASK_STOPPED, /* it had begun when the run ended */
  LOCKSTEP_TASK_DONE,
  LOCKSTEP_TASK_FAILED,
  LOCKSTEP_N_TASK_STATES
} LockstepTaskState;

/* "done", "failed", …: for people, translated. */
const char *lockstep_task_state_to_text (LockstepTaskState state);

/**
 * A task in a LockstepTaskTable, made when it is asked for.
 *
 * Signal changed: its values are not what they were.
 */
#define LOCKSTEP_TYPE_TASK_ROW (lockstep_task_row_get_type ())
G_DECLARE_FINAL_TYPE (LockstepTaskRow, lockstep_task_row, LOCKSTEP, TASK_ROW, GObject)

/* From 0, in the order of the plan; and its number in the run. */
guint  lockstep_task_row_get_index (LockstepTaskRow *self);
gint64 lockstep_task_row_get_task (LockstepTaskRow *self);

LockstepTaskState lockstep_task_row_get_state (LockstepTaskRow *self);
int               lockstep_task_row_get_attempts (LockstepTaskRow *self);

/* That had it last; -1 for none. */
int lockstep_task_row_get_solver (LockstepTaskRow *self);

/* Seconds that its last attempt took; negative where that has not ended. */
double lockstep_task_row_get_seconds (LockstepTaskRow *self);

/* Why it failed, as its solver or the run said; NULL where it did not. */
const char *lockstep_task_row_get_reason (LockstepTaskRow *self);

/* What it was given, and what it brought, as JSON; NULL for none. */
GBytes *lockstep_task_row_dup_params (LockstepTaskRow *self);
GBytes *lockstep_task_row_dup_result (LockstepTaskRow *self);

/* What its cell in @column says, for a person; numbers shortened to seven digits. Empty where there is nothing. */
char *lockstep_task_row_dup_text (LockstepTaskRow          *self,
                                  const LockstepTaskColumn *column);

G_END_DECLS
