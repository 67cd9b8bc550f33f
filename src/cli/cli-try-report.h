/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lockstep-terminal.h"
#include "lockstep-trial.h"

G_BEGIN_DECLS

/* What is about to be done: the task, its params and the command. */
void cli_try_report_begin (LockstepTerminal *terminal,
                           LockstepTrial    *trial,
                           gint64            task);

/* What became of it: how it ended, what was matched where, and what was not. */
void cli_try_report_end (LockstepTerminal          *terminal,
                         const LockstepTrialReport *report);

/* The same as one JSON object: @directory is where it can be looked at, NULL where it was removed, and @written the plan that
 * proposals were written to, NULL for none. */
void cli_try_report_json (LockstepTrial             *trial,
                          const LockstepTrialReport *report,
                          gint64                     task,
                          const char                *directory,
                          const char                *written);

/* What a probe is called, for people: "progress", "result delay". */
char *cli_try_dup_title (const LockstepProbe *probe);

G_END_DECLS
