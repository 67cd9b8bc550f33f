/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lockstep-probe.h"

G_BEGIN_DECLS

/**
 * A member that a plan with a program could have, found in what an attempt printed and wrote: which line tells how far it is,
 * which numbers could be watched, and what it came to.
 */
typedef struct
{
  LockstepProbeKind kind; /* progress, value or result */
  char             *name; /* of a value or result; "progress" */
  char             *json; /* what the member would be in the plan */

  /* An example. */
  char   *file; /* as it is called in the working folder; NULL for what was printed */
  guint64 line; /* from 1; 0 where there is none */
  char   *text; /* of the line */
  char   *found;
  char   *remark; /* what a person should think of before; or NULL */
} LockstepProposal;

/* What could be looked for in what a task left: its output @log, and the files in @working_folder that were written since
 * @since (s, UNIX time). What @program looks for already is left out. An array of LockstepProposal: progress, values,
 * results. */
GPtrArray *lockstep_proposals_new (const LockstepProgram      *program,
                                   const LockstepPlaceholders *placeholders,
                                   const char                 *log,
                                   const char                 *working_folder,
                                   gint64                      since);

/* Those of @proposals with the names in @only, a list with commas between; NULL with LOCKSTEP_PLAN_ERROR_MEMBER where one is
 * none. What is in it is not owned by it. */
GPtrArray *lockstep_proposals_choose (GPtrArray  *proposals,
                                      const char *only,
                                      GError    **error);

/* The text of the plan @text, which is JSON, with @proposals in its program. Nothing else of it is written anew. */
GBytes *lockstep_proposals_write (GPtrArray *proposals,
                                  GBytes    *text,
                                  GError   **error);

/* The text of the plan @text with the file @name, which lies beside it, linked into the folder of each task. */
GBytes *lockstep_proposals_write_file (const char *name,
                                       GBytes     *text,
                                       GError    **error);

void lockstep_proposal_free (LockstepProposal *self);

G_END_DECLS
