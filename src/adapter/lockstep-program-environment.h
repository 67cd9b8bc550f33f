/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lockstep-program.h"

G_BEGIN_DECLS

/**
 * The environment of a program: that of this process, what makes it print line by line, and what the plan puts over it.
 *
 * A C library buffers whole blocks of what goes to a file, so that progress would be seen late. Where coreutils' libstdbuf.so
 * is there, it is preloaded, as stdbuf(1) does it; a plan that says otherwise of LD_PRELOAD has its way.
 */

/* NULL with an error of a placeholder. */
char **lockstep_program_environment_new (const LockstepProgram      *program,
                                         const LockstepPlaceholders *placeholders,
                                         GError                    **error);

G_END_DECLS
