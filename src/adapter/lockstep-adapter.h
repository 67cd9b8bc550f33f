/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lockstep-program.h"

G_BEGIN_DECLS

/**
 * What the adapter was told in initialize: the program to run for each task, and where.
 */
typedef struct
{
  char            *message; /* all of it, which the rest lies in */
  LockstepProgram *program; /* NULL until then */
  char            *folder;  /* of the plan */
  char            *run;     /* of the run; a temporary one where nothing is to be kept */
  gboolean         is_temporary;
  guint            solver;
  LockstepJson     params; /* of the plan */
} LockstepAdapter;

/* Takes in the params of initialize, as JSON text. */
gboolean lockstep_adapter_initialize (LockstepAdapter *self,
                                      const char      *message,
                                      GError         **error);

/* The placeholders of the call with the params @call, as JSON text, which they point into. */
gboolean lockstep_adapter_read_call (const LockstepAdapter *self,
                                     const char            *call,
                                     LockstepPlaceholders  *placeholders,
                                     GError               **error);

/* An attempt has failed with @error (may be NULL): where the disk of the run is full it becomes G_IO_ERROR_NO_SPACE, so that
 * the attempt is not held against the task. */
void lockstep_adapter_blame_disk (const LockstepAdapter *self,
                                  GError               **error);

void lockstep_adapter_clear (LockstepAdapter *self);

G_END_DECLS
