/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lockstep-printed.h"
#include "lockstep-proposal.h"

G_BEGIN_DECLS

/* Proposals are made in four files: -lines.c finds them in what was printed, with patterns from -pattern.c, -files.c in files that
 * were written, and lockstep-proposal.c knows what is taken. */

/* The search. */
typedef struct
{
  const LockstepProgram      *program;
  const LockstepPlaceholders *placeholders;
  GPtrArray                  *shapes;    /* of LockstepPrintedShape */
  GPtrArray                  *proposals; /* of LockstepProposal, unsorted */
} LockstepProposalSearch;

/* At most so many values, and results of one file. */
#define LOCKSTEP_PROPOSAL_MAX 8

/* A name made of the last words of @label: lower case letters, digits and `_`; NULL where there is no letter in it. */
char *lockstep_proposal_dup_name (const char *label,
                                  gssize      length);

/* Adds one, and returns it. Takes over @name, which is changed where it is taken, @json and @found. */
LockstepProposal *lockstep_proposal_search_add (LockstepProposalSearch *self,
                                                LockstepProbeKind       kind,
                                                char                   *name,
                                                char                   *json,
                                                char                   *found);

/* The parameter that is @number, or the next above it by less than @step; NULL where there is none. */
char *lockstep_proposal_search_dup_param (LockstepProposalSearch *self,
                                          double                  number,
                                          double                  step);

/* Whether the parameter @name is @number. */
gboolean lockstep_proposal_search_is_param (LockstepProposalSearch *self,
                                            const char             *name,
                                            double                  number);

gboolean lockstep_proposal_has_letter (const char *text);

/* The text behind the number, up to a comma or the next one. */
char *lockstep_proposal_dup_behind (const LockstepPrintedShape *shape,
                                    guint                       index);

/* What the number is called: by the text in front of it, or behind it, or the heading of its column. */
char *lockstep_proposal_dup_number_name (const LockstepPrintedShape *shape,
                                         guint                       index);

/* Whether the number tells how long the program itself took or will take: "done in 3.2 s", "elapsed 12". */
gboolean lockstep_proposal_is_stopwatch (const LockstepPrintedShape *shape,
                                         guint                       index);

/* The pattern that reads the number @index of the lines of @shape; NULL where there is none. */
char *lockstep_proposal_search_dup_pattern (LockstepProposalSearch     *self,
                                            const LockstepPrintedShape *shape,
                                            guint                       index);

void lockstep_proposal_search_lines (LockstepProposalSearch *self);

void lockstep_proposal_search_files (LockstepProposalSearch *self,
                                     const char             *working_folder,
                                     gint64                  since);

G_END_DECLS
