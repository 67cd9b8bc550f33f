/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

#include "lockstep-condition.h"
#include "lockstep-task-list.h"

G_BEGIN_DECLS

/**
 * One step of a plan, or a loop over steps. Plain data, written by the plan's reader only.
 */
typedef enum
{
  LOCKSTEP_STEP_ALL,   /* every solver, a part each */
  LOCKSTEP_STEP_ONE,   /* one solver */
  LOCKSTEP_STEP_TASKS, /* a list shared out over free solvers */
  LOCKSTEP_STEP_LOOP,
} LockstepStepKind;

typedef enum
{
  LOCKSTEP_LATE_WAIT,
  LOCKSTEP_LATE_DUPLICATE,
  LOCKSTEP_LATE_RESTART,
} LockstepLate;

/* What to do when a task does not go well; a step's own, or the plan's default. */
typedef struct
{
  guint        retries;
  double       timeout; /* seconds; 0 for none */
  double       stall;   /* seconds without a sign of life; 0 for none */
  LockstepLate late;
  gboolean     stop_on_failure;
  double       give_up_share; /* of the tasks, 0…1; negative when not given */
  gint64       give_up_count; /* tasks; negative when not given */
} LockstepPolicy;

typedef struct _LockstepStep LockstepStep;

struct _LockstepStep
{
  LockstepStepKind kind;
  LockstepStep    *parent; /* the loop it stands in; NULL at the top */
  guint            index;  /* in the order of the text, loops counted too, from 0 */
  char            *path;   /* "steps[0].steps[1]" */
  char            *title;  /* for people: the plan's title, or the method */

  /* all, one, tasks */
  char          *method;
  GBytes        *params; /* the step's own, JSON text of an object; NULL when it has none */
  LockstepPolicy policy;

  /* tasks */
  LockstepTaskList *tasks;
  GBytes           *table; /* the file of their csv, as it was read; NULL where there is none */

  /* loop */
  guint              repeat;         /* at most */
  LockstepCondition *until;          /* NULL when the loop just counts */
  gboolean           fail_otherwise; /* repeat used up without until is a failure */
  GPtrArray         *steps;          /* of LockstepStep */
};

void lockstep_step_free (LockstepStep *step);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LockstepStep, lockstep_step_free)

G_END_DECLS
