/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lockstep-terminal.h"
#include "lockstep-trial.h"

G_BEGIN_DECLS

/* Shows @proposals, each with its example. */
void cli_try_proposals_print (LockstepTerminal *terminal,
                              GPtrArray        *proposals);

/* Writes those of @proposals with the names in @only (NULL for all) into the plan @file, whose text stays as it is but for
 * them. Returns how many; -1 with an error, and the file is as it was. */
int cli_try_proposals_write (GPtrArray  *proposals,
                             const char *only,
                             GFile      *file,
                             GError    **error);

/* Writes the file @name, which lies beside the plan @file, into its files. */
gboolean cli_try_proposals_write_file (const char *name,
                                       GFile      *file,
                                       GError    **error);

G_END_DECLS
