/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What a person calls the signal @number that a process was killed by: "SIGSEGV (segmentation fault)", "SIGKILL", and
 * "signal 35" for what has no name. Translated. */
char *lockstep_signal_dup_text (int number);

G_END_DECLS
