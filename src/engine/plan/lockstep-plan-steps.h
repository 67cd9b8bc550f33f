/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lockstep-plan-object.h"

G_BEGIN_DECLS

/* What the steps of a plan share. */
typedef struct
{
  GBytes                   *document;  /* the plan on one line, that everything is a slice of */
  const char               *directory; /* the plan's folder, absolute */
  const LockstepPlanObject *defaults;  /* the plan, where a policy stands that a step does not have */
  GPtrArray                *all;       /* every step read, at any depth, in the order of the text; not owned */
  const char               *tables;    /* the folder with copies of the tables, see LockstepPlanOptions; or NULL */
  gboolean                  unchecked; /* a table that is missing is no error */
  gboolean                  program;   /* steps run the plan's program, and need no method */
} LockstepPlanContext;

/* Reads the list of steps @json, that stands at @path. Returns an array of LockstepStep that owns them, or
 * NULL. */
GPtrArray *lockstep_plan_read_steps (const LockstepPlanContext *context,
                                     LockstepJson               json,
                                     const char                *path,
                                     GError                   **error);

G_END_DECLS
