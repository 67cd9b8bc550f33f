/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "cli-commands.h"
#include "lockstep-run-service.h"

G_BEGIN_DECLS

/**
 * `lockstep-cli run --detach`, and the controller in the background that it starts: the same command, in a session of
 * its own, that prints into a file of the run's folder and tells whether the run has started.
 */

/* Starts the controller with @arguments, which are those of `run`, and waits until the run has started or cannot. */
int cli_background_launch (char   **arguments,
                           gboolean json,
                           gboolean quiet);

/* What follows is the controller's. Leaves the terminal. */
void cli_background_begin (void);

/* Whether @arguments are those that the controller in the background is started with, whatever else they are. */
gboolean cli_background_is_meant (char **arguments);

/* The run does not come to be; @why is a sentence. */
void cli_background_fail (const char *why);

/* Sees to it that what is printed goes into the folder of @run, and that who waits is told. */
typedef struct _CliBackground CliBackground;

CliBackground *cli_background_new (LockstepRun        *run,
                                   LockstepRunService *service);

void cli_background_free (CliBackground *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CliBackground, cli_background_free)

G_END_DECLS
