/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lockstep-plan.h"

G_BEGIN_DECLS

/* The plan is written in two files: lockstep-plan.c has its text and what is asked of it, lockstep-plan-members.c reads what
 * stands in it. */

struct _LockstepPlan
{
  GObject parent_instance;

  GBytes             *text;   /* settings applied */
  GBytes             *values; /* the same on one line, as a message is: what params are slices of */
  GFile              *file;   /* NULL when it was read from text */
  char               *directory;
  char               *name;
  char               *note;    /* NULL where there is none */
  LockstepSolverSpec *solver;  /* of a program: the adapter */
  LockstepProgram    *program; /* NULL where the solver speaks the protocol */
  GBytes             *program_text;
  GPtrArray          *hosts; /* of LockstepHostSpec */
  GBytes             *params;
  double              initialize_timeout; /* seconds; 0 for none */
  int                 nice;
  GPtrArray          *steps; /* the outermost */
  GPtrArray          *all;   /* by index, at any depth; owned by those above */
};

/* Reads the members of @json, which is the plan's values, into @self. */
gboolean lockstep_plan_read_members (LockstepPlan              *self,
                                     LockstepJson               json,
                                     const LockstepPlanOptions *options,
                                     GError                   **error);

G_END_DECLS
