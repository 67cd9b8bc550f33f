/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lockstep-finding.h"
#include "lockstep-terminal.h"

G_BEGIN_DECLS

/* Appends @label, and spaces up to @width columns. */
void cli_append_label (LockstepTerminal *terminal,
                       GString          *line,
                       const char       *label,
                       guint             width);

/* Appends @text as one line, whatever it holds. */
void cli_append_text (GString    *line,
                      const char *text);

/* Prints a finding, and its advice below; texts begin after a topic of @width columns. */
void cli_finding_print (LockstepTerminal *terminal,
                        LockstepFinding  *finding,
                        guint             width);

G_END_DECLS
