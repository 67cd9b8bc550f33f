/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lockstep-plan.h"

G_BEGIN_DECLS

/**
 * What a run was made from besides the plan's text: the solver's program and the files that the plan names, each with
 * its SHA-256. It stands in `inputs.json` of the run's folder.
 */

/* One member of the plan that names a file. */
typedef struct
{
  char   *member;   /* "params.network", "solver.command[0]", "steps[1].tasks.csv" */
  char   *path;     /* absolute */
  guint64 size;     /* bytes */
  gint64  modified; /* UTC in µs */
  char   *sha256;   /* in hexadecimal; NULL where it was not read to its end */
  char   *was;      /* the SHA-256 that it had when the run began, where it is not known to have that still; or NULL */
  char   *error;    /* why it could not be read; NULL where it could, or was not tried */
} LockstepInput;

void lockstep_input_free (LockstepInput *self);

/* The files that @plan names: the program, the arguments of its command, strings in params that are the path of a file
 * (from the solvers' folder, or the plan's), and the tables of tasks. Of LockstepInput, without sizes and sums. Looks at
 * the disk. */
GPtrArray *lockstep_inputs_find (LockstepPlan *plan);

/* Reads what @plan names, on a thread of its own, and writes inputs.json into the run folder @directory. With
 * @cancellable what was read so far is written. */
void lockstep_inputs_record_async (LockstepPlan       *plan,
                                   const char         *directory,
                                   GCancellable       *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer            user_data);

/* Returns what has changed since an earlier session of the run, sentences for a person (of char *); NULL with an error
 * when inputs.json cannot be written. */
GPtrArray *lockstep_inputs_record_finish (GAsyncResult *result,
                                          GError      **error);

/* The inputs of the run in @directory, of LockstepInput. NULL with an error: G_IO_ERROR_NOT_FOUND for a run that ended
 * before they were read. */
GPtrArray *lockstep_inputs_load (const char *directory,
                                 GError    **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LockstepInput, lockstep_input_free)

G_END_DECLS
