/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lockstep-plan-object.h"
#include "lockstep-program.h"

G_BEGIN_DECLS

/* Reads the program member @json; NULL with an error. Files that it names are not looked at. */
LockstepProgram *lockstep_plan_read_program (LockstepJson json,
                                             GError     **error);

/* Whether what @program names is there for the tasks of @steps (of LockstepStep): placeholders that nothing fills,
 * formats that do not fit, files that are missing. Looks at the first tasks of each step, and with those at its
 * templates; the others are like them, or fail one by one. @params is the plan's. */
gboolean lockstep_plan_check_program (const LockstepProgram *program,
                                      GPtrArray             *steps,
                                      GBytes                *params,
                                      const char            *directory,
                                      GError               **error);

G_END_DECLS
