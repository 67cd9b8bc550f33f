/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lockstep-log-view.h"

G_BEGIN_DECLS

/* The log view is written in two files: lockstep-log-view.c feeds and scrolls it, lockstep-log-view-actions.c searches, copies and
 * clears. */

struct _LockstepLogView
{
  GtkWidget          parent_instance;
  GtkScrolledWindow *scrolled_window;
  GtkTextView       *text_view;
  GtkWidget         *empty_label; /* instead of text */
  GtkDropDown       *solver_drop_down;
  GtkDropDown       *level_drop_down;
  GtkSearchBar      *search_bar;
  GtkEditable       *search_entry;
  GtkLabel          *search_label;
  LockstepLogBuffer *buffer;
  LockstepRun       *run; /* NULL without one */
  LockstepMoment    *moment;
  GtkTextTag        *moment_tag; /* owned by the buffer's table */
  GtkTextMark       *end;        /* of the buffer; owned by it */
  guint              tick;       /* 0 while nothing waits for a frame */
  guint              flush;      /* 0 while nothing waits behind one */
  double             value;      /* of the adjustment when it was last looked at */
  double             bottom;     /* largest value it could have then */
  gboolean           following;
  gboolean           to_moment; /* its line is to come into sight */
};

/* The solver whose lines are shown; negative for others. */
int lockstep_log_view_get_solver (LockstepLogView *self);

/* What is searched for, and the actions “log.…”. */
void lockstep_log_view_class_add_actions (GtkWidgetClass *widget_class);

G_END_DECLS
