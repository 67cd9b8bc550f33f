/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "lockstep-session.h"

G_BEGIN_DECLS

/**
 * One plan, its runs, and what is happening now. Closed while it makes a run it lets that go on, in the background, where it is
 * hidden until it is presented again; when the run has ended there, it is gone.
 *
 * Actions: win.open, win.reload, win.start, win.start-in-background, win.resume, win.retry, win.pause (and continue),
 * win.stop-iterating, win.terminate, win.kill, win.show-details, win.show-failure, win.export::WHAT (see
 * lockstep_export_what_to_name()), win.open-folder, win.search-runs, win.show-sidebar, win.show-log, win.show-page::NAME.
 */
#define LOCKSTEP_TYPE_WINDOW (lockstep_window_get_type ())
G_DECLARE_FINAL_TYPE (LockstepWindow, lockstep_window, LOCKSTEP, WINDOW, AdwApplicationWindow)

LockstepWindow *lockstep_window_new (GtkApplication *application);

LockstepSession *lockstep_window_get_session (LockstepWindow *self);

/* Shows the plan @file, in a window of its own where a run is live in this one, presents that, and starts the plan if
 * @start. */
void lockstep_window_open (LockstepWindow *self,
                           GFile          *file,
                           gboolean        start);

/* Closes @self; where it makes a run, that is ended first, if a person agrees. */
void lockstep_window_quit (LockstepWindow *self);

gboolean lockstep_window_is_in_background (LockstepWindow *self);

G_END_DECLS
