/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lockstep-clock.h"
#include "lockstep-timeline-scene.h"
#include "lockstep-timeline.h"

G_BEGIN_DECLS

/* The timeline is written in three files: lockstep-timeline.c shows, lockstep-timeline-cursor.c has the moment, and
 * lockstep-timeline-input.c takes what hands do. */

struct _LockstepTimeline
{
  LockstepPicture       parent_instance;
  LockstepChronicle    *chronicle; /* NULL for none */
  LockstepMoment       *moment;    /* NULL for none */
  LockstepClock        *clock;     /* runs while the run does, and this is seen */
  LockstepTimelineScene scene;     /* its trace is NULL without a chronicle */
  GtkAdjustment        *hadjustment;
  GtkAdjustment        *vadjustment;
  gboolean              fitting;
  gboolean              adjusting; /* it is not a hand that moves the adjustments */
  char                 *text;
};

/* µs that can be seen. */
double lockstep_timeline_get_seen (LockstepTimeline *self);

/* The moment is another, or there is more to say of it. */
void lockstep_timeline_update_cursor (LockstepTimeline *self);

/* Adds the pointer and touch to @self, and the keys to its class. */
void lockstep_timeline_take_input (LockstepTimeline *self);
void lockstep_timeline_class_take_keys (GtkWidgetClass *widget_class);

/* Where the pointer is; negative for nowhere. */
void lockstep_timeline_set_hover (LockstepTimeline *self,
                                  double            x,
                                  double            y);

/* Scrolls so that @from is at the left end, and the rows by @scroll. */
void lockstep_timeline_scroll_to (LockstepTimeline *self,
                                  gint64            from,
                                  double            scroll);

/* The cursor goes @pixels to the right, or with @barriers to the next barrier there. */
void lockstep_timeline_move (LockstepTimeline *self,
                             double            pixels,
                             gboolean          barriers);

/* The solver that is told about is @rows further down. */
void lockstep_timeline_move_row (LockstepTimeline *self,
                                 int               rows);

G_END_DECLS
