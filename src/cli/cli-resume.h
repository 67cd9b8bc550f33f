/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "cli-options.h"
#include "cli-report.h"
#include "lockstep-controller.h"

G_BEGIN_DECLS

/* What `lockstep-cli run` is told of a run to go on with. */
typedef struct
{
  char    *run; /* as it was typed; NULL for a new run */
  gboolean failed;
  char    *tasks;
} CliResume;

/* A controller that goes on with the run, of those in @runs_directory (NULL: where runs are kept), with the plan and
 * the settings of @options where there are any. NULL with an error; where that is LOCKSTEP_RESUME_ERROR_NOTHING,
 * @finished is set to the run. */
LockstepController *cli_resume_new_controller (const CliResume *self,
                                               CliOptions      *options,
                                               const char      *runs_directory,
                                               LockstepRun    **finished,
                                               GError         **error);

/* The command that goes on with the ended @run: with its failed tasks where it finished with some; NULL where there is
 * nothing to go on with. */
char *cli_resume_dup_command (LockstepRun *run);

void cli_resume_clear (CliResume *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (CliResume, cli_resume_clear)

G_END_DECLS
