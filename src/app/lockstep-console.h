/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* The terminal that a person uses, as the start of the arguments that run a program in it: xdg-terminal-exec, $TERMINAL, or one of
 * those that desktops bring. NULL where there is none. Free with g_strfreev(). */
char **lockstep_console_find (void);

/* Runs @arguments (ended by NULL) in such a terminal, without a shell between. */
gboolean lockstep_console_run (const char *const *arguments,
                               GError           **error);

G_END_DECLS
