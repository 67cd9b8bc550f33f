/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lockstep-json.h"
#include "lockstep-post-mortem.h"

G_BEGIN_DECLS

/* A fact for a person, translated. */
typedef struct
{
  char *label; /* "Ended" */
  char *text;  /* may have more lines than one */
  char *whole; /* what text was cut from; NULL where nothing is missing */
} LockstepFact;

/* Takes over @text and @whole (which may be NULL). */
LockstepFact *lockstep_fact_new (const char *label,
                                 char       *text,
                                 char       *whole);

/* @json, which was scanned, as lockstep_value_dup_text() has it. NULL where there is nothing in it. */
LockstepFact *lockstep_fact_new_value (const char  *label,
                                       LockstepJson json);

void lockstep_fact_free (LockstepFact *self);

/* What a post-mortem says, in the order in which one asks (of LockstepFact): what was to do, how it failed, how the solver ended, what
 * started it. Without the lines that it printed. With @raw for the author of a solver, who wants the call as it was sent; else its
 * params are told. */
GPtrArray *lockstep_post_mortem_list_facts (const LockstepPostMortem *self,
                                            gboolean                  raw);

G_END_DECLS
