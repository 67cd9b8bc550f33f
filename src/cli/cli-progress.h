/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lockstep-run.h"
#include "lockstep-terminal.h"

G_BEGIN_DECLS

/**
 * Shows a run while it goes on. On a terminal that is a block redrawn at most 10 times a second, a line for
 * each solver, with log lines and failures above it; elsewhere a line for each fact.
 */
typedef struct _CliProgress CliProgress;

CliProgress *cli_progress_new (LockstepRun      *run,
                               LockstepTerminal *terminal);

/* Takes the block away; the lines stay. */
void cli_progress_free (CliProgress *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CliProgress, cli_progress_free)

G_END_DECLS
