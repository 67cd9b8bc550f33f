/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "cli-commands.h"
#include "lockstep-run.h"

G_BEGIN_DECLS

/**
 * What there is to say of a run when it is over, for scripts and for people.
 */
typedef struct _CliReport CliReport;

/* Listens to @run from now on, so that its failures are known at the end. */
CliReport *cli_report_new (LockstepRun *run);

void cli_report_free (CliReport *self);

/* Takes in what the journal of the run tells, which is about to be resumed. */
void cli_report_read_past (CliReport *self);

/* What the ended run makes the program exit with. */
CliExit cli_report_get_exit (CliReport *self);

/* Whether a task that failed for good can be done again: only those of the last step of tasks can, what came before is
 * gone. */
gboolean cli_report_can_retry (CliReport *self);

/* The one object of --json, ended by a newline: the @summary of the ended run, with its failures one by one. */
char *cli_report_dup_json (CliReport *self,
                           GBytes    *summary);

/* The same object for a run that did not come to be, because of @error. */
char *cli_report_dup_error_json (const GError *error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CliReport, cli_report_free)

G_END_DECLS
