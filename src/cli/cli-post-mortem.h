/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lockstep-post-mortem.h"
#include "lockstep-terminal.h"

G_BEGIN_DECLS

/* A post-mortem for a person. @typed is what its run is called on a command line. */
void cli_post_mortem_print (const LockstepPostMortem *self,
                            LockstepTerminal         *terminal,
                            const char               *typed);

/* The same as a JSON object. */
void cli_post_mortem_append_json (const LockstepPostMortem *self,
                                  GString                  *out,
                                  const char               *typed);

/* What to type to do the task again; NULL where there was none. */
char *cli_post_mortem_dup_rerun (const LockstepPostMortem *self,
                                 const char               *typed);

G_END_DECLS
