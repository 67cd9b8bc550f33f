/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lockstep-probe.h"

G_BEGIN_DECLS

/**
 * Where one of the things that a plan looks for was seen in what an attempt left: the file and the line, for a person who
 * writes patterns.
 */
typedef struct
{
  LockstepProbe *probe;
  char          *file;    /* absolute: what the program printed, or a file that it wrote */
  guint64        line;    /* that counts, from 1; 0 where nothing was found */
  char          *text;    /* of the line, fit to be shown; NULL where nothing was found */
  char          *problem; /* why the file could not be looked at; NULL where it could */
} LockstepSighting;

/* Looks for all that @program looks for: in what it printed, the file @log, and in the files of its results, which are in
 * @working_folder. An array of LockstepSighting in the order of the plan: progress, values, results, fails-if. */
GPtrArray *lockstep_sightings_new (const LockstepProgram      *program,
                                   const LockstepPlaceholders *placeholders,
                                   const char                 *log,
                                   const char                 *working_folder);

void lockstep_sighting_free (LockstepSighting *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LockstepSighting, lockstep_sighting_free)

G_END_DECLS
