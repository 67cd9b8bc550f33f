/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lockstep-post-mortem.h"

G_BEGIN_DECLS

/* A fact for a person, translated. */
typedef struct
{
  char *label; /* "Ended" */
  char *text;  /* may have more lines than one */
} LockstepFact;

void lockstep_fact_free (LockstepFact *self);

/* What a post-mortem says, in the order in which one asks (of LockstepFact): what was to do, how it failed, how the solver ended, what
 * started it. Without the lines that it printed. */
GPtrArray *lockstep_post_mortem_list_facts (const LockstepPostMortem *self);

G_END_DECLS
