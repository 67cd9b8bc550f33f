/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lockstep-finding.h"
#include "lockstep-terminal.h"

G_BEGIN_DECLS

/* The columns for the longest of @labels, translated, and a gap; @least where they are short. NULL ends them. */
guint cli_get_label_width (const char *const *labels,
                           guint              least);

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
