/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * A plan made from a command line, to be tried and edited: files among the arguments are linked into the folders of the tasks,
 * and numbers are parameters with the names of the options before them, or those that a script gives them, one of which varies.
 */
typedef struct
{
  char      *name;        /* of the plan: that of the script or program */
  GPtrArray *environment; /* char *: "NAME=VALUE" in front of the command, with placeholders */
  GPtrArray *words;       /* char *: the command, with placeholders */
  GPtrArray *files;       /* char *: where a file is found by the program, and then where it is from */
  GPtrArray *params;      /* char *: a name, and then its value as JSON */
  int        varied;      /* which of params is varied, an index of a name; -1 for none */
  char      *varied_to;   /* another value for it, as JSON */
  char      *threads;     /* NULL unless the command says how many */
  GPtrArray *remarks;     /* char *: what a person should know, sentences */
} LockstepPlanDraft;

/* Of the command line @words, as it would be typed in the folder @current (absolute), for a plan in @folder (absolute). NULL
 * with an error: there is no such program. */
LockstepPlanDraft *lockstep_plan_draft_new (const char *const *words,
                                            const char        *current,
                                            const char        *folder,
                                            GError           **error);

void lockstep_plan_draft_free (LockstepPlanDraft *self);

/* The text of the plan. */
char *lockstep_plan_draft_dup_text (const LockstepPlanDraft *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LockstepPlanDraft, lockstep_plan_draft_free)

G_END_DECLS
