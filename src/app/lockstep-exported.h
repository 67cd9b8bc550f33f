/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* Says in @toasts that the file @path was written, and @warning (may be NULL) about it, with a button that opens its folder. The
 * action exported.show-folder belongs to @toasts from then on. */
void lockstep_exported_tell (AdwToastOverlay *toasts,
                             const char      *path,
                             const char      *warning);

G_END_DECLS
