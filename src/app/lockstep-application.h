/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define LOCKSTEP_APPLICATION_ID "org.lockstep.Lockstep"

/**
 * The program: `lockstep [PLAN…] [--start]`.
 *
 * Actions: app.open, app.about, app.quit, app.show-run::DIRECTORY (a bytestring). It goes on without a window as long as a run
 * does.
 */
#define LOCKSTEP_TYPE_APPLICATION (lockstep_application_get_type ())
G_DECLARE_FINAL_TYPE (LockstepApplication, lockstep_application, LOCKSTEP, APPLICATION, AdwApplication)

LockstepApplication *lockstep_application_new (void);

G_END_DECLS
