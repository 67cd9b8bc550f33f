/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lockstep-program.h"

G_BEGIN_DECLS

/**
 * What is looked for of one pattern, column or member, and what was found.
 */
typedef enum
{
  LOCKSTEP_PROBE_PROGRESS,
  LOCKSTEP_PROBE_VALUE,
  LOCKSTEP_PROBE_RESULT,
  LOCKSTEP_PROBE_FAILURE, /* of fails-if */
} LockstepProbeKind;

typedef struct
{
  LockstepProbeKind            kind;
  const char                  *name;    /* of a value or result; not owned */
  const LockstepPattern       *pattern; /* NULL for a column or a member */
  LockstepRow                  row;
  const LockstepProgramResult *result; /* where it is one */

  guint64  n_matches; /* so many as were looked at: not all where the first counts, nor of many megabytes */
  char    *found;     /* what was read there; NULL where nothing was found */
  double   number;    /* the same, where it is a number */
  gboolean is_number;
  gboolean is_broken; /* NaN or the like, where the smallest or largest counts: nothing else does any more */
  goffset  offset;    /* of the line in the file or output */
  gboolean is_new;    /* since somebody set it to FALSE */
} LockstepProbe;

LockstepProbe *lockstep_probe_new (LockstepProbeKind      kind,
                                   const char            *name,
                                   const LockstepPattern *pattern,
                                   LockstepRow            row);

/* One for each thing that @program looks for, an array of LockstepProbe: progress, values, results, fails-if. */
GPtrArray *lockstep_probes_new (const LockstepProgram *program);

void lockstep_probe_free (LockstepProbe *self);

/* Whether what may follow in the file cannot matter any more. */
gboolean lockstep_probe_is_settled (const LockstepProbe *self);

/* @found was read in the line at @offset: keeps it if it is the one that counts. */
void lockstep_probe_take (LockstepProbe *self,
                          const char    *found,
                          gsize          length,
                          goffset        offset);

/* Appends what was found as JSON; FALSE where it was to be a number and is none. */
gboolean lockstep_probe_append_json (const LockstepProbe *self,
                                     GString             *json);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LockstepProbe, lockstep_probe_free)

G_END_DECLS
