/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * What a person calls a run, and remarks on it: labels.json in the run's folder. It stands beside the journal, so that a
 * run can be labelled while it is live, and after it has ended.
 */
typedef struct
{
  char *name; /* NULL where it has none: then it is called as its plan */
  char *note; /* NULL where it has none */
} LockstepRunLabels;

/* Reads those of the run folder @directory; where there are none both are NULL. FALSE when the file is of no use. */
gboolean lockstep_run_labels_read (LockstepRunLabels *self,
                                   const char        *directory,
                                   GError           **error);

void lockstep_run_labels_clear (LockstepRunLabels *self);

/* Gives the run folder @directory another name, another note, or both: NULL leaves it as it is, the empty string takes it
 * away. The file is written whole or not at all, on a thread. Who watches the folder of all runs (LockstepHistory) is told. */
void     lockstep_run_labels_write_async (const char         *directory,
                                          const char         *name,
                                          const char         *note,
                                          GAsyncReadyCallback callback,
                                          gpointer            user_data);
gboolean lockstep_run_labels_write_finish (GAsyncResult *result,
                                           GError      **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (LockstepRunLabels, lockstep_run_labels_clear)

G_END_DECLS
