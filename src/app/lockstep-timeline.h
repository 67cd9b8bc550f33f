/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lockstep-chronicle.h"
#include "lockstep-moment.h"
#include "lockstep-picture.h"
#include "lockstep-timeline-layout.h"

G_BEGIN_DECLS

/**
 * What every solver of a run did when, as a chart: a row for each, work in the colours of the steps, waiting hatched. It can
 * be scrolled (GtkScrollable) and zoomed, and has a cursor, which is the session's moment.
 *
 * Keys: left and right move the cursor (with Ctrl to the next barrier), up and down the solver that is told about, + and -
 * zoom, 0 shows all, Escape goes back to now.
 *
 * Properties: chronicle (LockstepChronicle), moment (LockstepMoment), fitting (boolean: it shows all of the run), text
 * (string: what there is to say of the moment; NULL while it is now).
 */
#define LOCKSTEP_TYPE_TIMELINE (lockstep_timeline_get_type ())
G_DECLARE_FINAL_TYPE (LockstepTimeline, lockstep_timeline, LOCKSTEP, TIMELINE, LockstepPicture)

void lockstep_timeline_set_chronicle (LockstepTimeline  *self,
                                      LockstepChronicle *chronicle);
void lockstep_timeline_set_moment (LockstepTimeline *self,
                                   LockstepMoment   *moment);

/* Makes what is shown @factor times as long, around @x (negative: the cursor where it is in sight, else the middle). */
void lockstep_timeline_zoom (LockstepTimeline *self,
                             double            factor,
                             double            x);

/* Shows all of the run, and goes on doing so while it grows. */
void lockstep_timeline_fit (LockstepTimeline *self);

gboolean lockstep_timeline_get_fitting (LockstepTimeline *self);

/* Moves the moment to what is at @x in the widget. */
void lockstep_timeline_point (LockstepTimeline *self,
                              double            x);

/* Back to now. FALSE where it was now. */
gboolean lockstep_timeline_let_go (LockstepTimeline *self);

const char *lockstep_timeline_get_text (LockstepTimeline *self);

/* Where it has what. */
const LockstepTimelineLayout *lockstep_timeline_get_layout (LockstepTimeline *self);

G_END_DECLS
