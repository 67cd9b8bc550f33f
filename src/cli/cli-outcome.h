/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "cli-report.h"
#include "lockstep-terminal.h"

G_BEGIN_DECLS

/* Prints what a person wants to know of the ended @run on @terminal (NULL: nothing), with what it came to in
 * @summary where @with_result; and why it failed on standard error. Returns what the program exits with. */
CliExit cli_outcome_print (LockstepRun      *run,
                           CliReport        *report,
                           GBytes           *summary,
                           LockstepTerminal *terminal,
                           gboolean          with_result);

G_END_DECLS
