/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* The folder of the run that a person calls @run: a folder, the name of a run in @parent (NULL: where runs are kept)
 * or the beginning of one that no other has, or "last" for the one that was started last. NULL with an error that says
 * which there are. */
char *lockstep_run_lookup (const char *parent,
                           const char *run,
                           GError    **error);

G_END_DECLS
