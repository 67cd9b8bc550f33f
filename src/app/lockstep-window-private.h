/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lockstep-charts-page.h"
#include "lockstep-details.h"
#include "lockstep-log-feed.h"
#include "lockstep-log-view.h"
#include "lockstep-notice.h"
#include "lockstep-plan-page.h"
#include "lockstep-results-page.h"
#include "lockstep-sidebar.h"
#include "lockstep-solvers-page.h"
#include "lockstep-status-strip.h"
#include "lockstep-stop-dialog.h"
#include "lockstep-timeline-page.h"
#include "lockstep-window.h"

G_BEGIN_DECLS

/* The window is written in four files: lockstep-window.c has what is shown, lockstep-window-controls.c what can be done
 * now, and what the buttons and the title say of it, lockstep-window-actions.c does it, and lockstep-window-background.c is
 * about a window that was closed while its run goes on. */

struct _LockstepWindow
{
  AdwApplicationWindow parent_instance;

  AdwWindowTitle       *window_title;
  AdwSplitButton       *start_button;
  AdwButtonContent     *start_content;
  GtkButton            *pause_button;
  GtkWidget            *terminate_button;
  AdwToastOverlay      *toast_overlay;
  AdwFlap              *flap;
  LockstepSidebar      *sidebar;
  LockstepStatusStrip  *status_strip;
  LockstepNotice       *notice;
  GtkStack             *body;
  AdwStatusPage        *unreadable_page;
  GtkPaned             *paned;
  GtkWidget            *view_switcher;
  AdwViewStack         *view_stack;
  AdwViewStackPage     *solvers_stack_page;
  LockstepPlanPage     *plan_page;
  LockstepSolversPage  *solvers_page;
  LockstepResultsPage  *results_page;
  LockstepChartsPage   *charts_page;
  LockstepTimelinePage *timeline_page;
  GtkWidget            *bottom;
  LockstepLogView      *log_view;
  LockstepDetails      *details;

  LockstepSession      *session;
  LockstepLogFeed      *feed; /* of the session's run; NULL without one */
  GSignalGroup         *run_signals;
  GSignalGroup         *solvers_signals;
  LockstepStopDialog   *stop_dialog;   /* weak; NULL while none is shown */
  GtkFileChooserNative *chooser;       /* NULL while none is shown */
  gboolean              closing;       /* closes when the run has ended */
  gboolean              in_background; /* was closed before, and is hidden until then, or until it is presented */
};

/* Adds what a person can do to @self. */
void lockstep_window_add_actions (LockstepWindow *self);

/* Asks how the run is to be stopped; then @self is closed if @closing. */
void lockstep_window_present_stop_dialog (LockstepWindow *self,
                                          gboolean        closing);

/* Hides @self, which makes a run, lets it go on, and says so. */
void lockstep_window_leave_to_run (LockstepWindow *self);

/* @self is shown again. */
void lockstep_window_come_back (LockstepWindow *self);

/* Closes @self where nothing but its run held it, and that has ended; and says so where it is hidden. */
void lockstep_window_close_after_run (LockstepWindow *self);

/* What can be done now is what the session and the run allow. */
void lockstep_window_update_controls (LockstepWindow *self);

/* Views tell where a run stands by its summary: it may be in a loop now. */
void lockstep_window_update_loop (LockstepWindow *self);

void lockstep_window_update_title (LockstepWindow *self);

/* Says @text in passing. */
void lockstep_window_say (LockstepWindow *self,
                          const char     *text);

G_END_DECLS
