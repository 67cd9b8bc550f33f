/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "cli-commands.h"
#include "lockstep-live-runs.h"

G_BEGIN_DECLS

/* Commands about a run that another process makes, which --run names where more than one is at work. */

/* Reads the command line of a command that has --run, @entries (may be NULL) and as many arguments as @arguments
 * (may be NULL) has names. FALSE when it makes no sense, which was then said on standard error. Free @run and @given
 * (may be NULL), which is set to the arguments. */
gboolean cli_live_parse (const char         *summary,
                         const GOptionEntry *entries,
                         const char         *arguments,
                         int                 argc,
                         char              **argv,
                         char              **run,
                         char             ***given);

/* The live run that is called @run, or the only one where that is NULL. NULL with an error that says which there
 * are, or why the one does not answer. */
LockstepLiveRun *cli_live_find (const char *run,
                                GError    **error);

/* The live run that is called @run (as above); all of them, or none, where that is NULL, also those that do not
 * answer. */
GPtrArray *cli_live_list (const char *run,
                          GError    **error);

/* The folder of the run that is called @run; else of the only live one. The beginning of a name is first that of one at
 * work. */
char *cli_live_dup_directory (const char *run,
                              GError    **error);

/* Calls @method with @params (JSON, or NULL), and waits for the answer. */
GBytes *cli_live_call (LockstepPeer *peer,
                       const char   *method,
                       const char   *params,
                       GError      **error);

/* Prints @error as that of this program. */
int cli_live_fail (const GError *error);

/* Prints that @run does not answer. */
int cli_live_fail_silent (LockstepLiveRun *run);

G_END_DECLS
