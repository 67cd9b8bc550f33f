/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "lockstep-export.h"
#include "lockstep-run.h"

G_BEGIN_DECLS

/* Asks a person for a file, writes @what of @run into it, and tells in @toasts how far it is, and that it is done or why not.
 * The action toast.cancel-export belongs to @toasts from then on. */
void lockstep_run_export_present (GtkWindow         *parent,
                                  AdwToastOverlay   *toasts,
                                  LockstepRun       *run,
                                  LockstepExportWhat what);

/* The same into the file @path, which is replaced. */
void lockstep_run_export_write (GtkWindow           *parent,
                                AdwToastOverlay     *toasts,
                                LockstepRun         *run,
                                LockstepExportWhat   what,
                                LockstepExportFormat format,
                                const char          *path);

G_END_DECLS
