/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lockstep-chronicle.h"
#include "lockstep-picture.h"

G_BEGIN_DECLS

/**
 * A value that solvers report, over time: a line for each, or, where they are many, the median and the band from the smallest to
 * the largest; and the target that a loop goes on for.
 *
 * Properties: log (boolean: the scale is logarithmic; until it is set, where that shows more).
 */
#define LOCKSTEP_TYPE_CHART (lockstep_chart_get_type ())
G_DECLARE_FINAL_TYPE (LockstepChart, lockstep_chart, LOCKSTEP, CHART, LockstepPicture)

/* Of the value @name of @chronicle. */
LockstepChart *lockstep_chart_new (LockstepChronicle *chronicle,
                                   const char        *name);

/* There may be more. */
void lockstep_chart_update (LockstepChart *self);

const char *lockstep_chart_get_name (LockstepChart *self);

gboolean lockstep_chart_get_log (LockstepChart *self);
void     lockstep_chart_set_log (LockstepChart *self,
                                 gboolean       log);

/* Whether there is a number above 0, so that a logarithmic scale can be had. */
gboolean lockstep_chart_can_log (LockstepChart *self);

/* The newest number, as "3.2e-4"; with its target, as "3.2e-4 → 1e-4". Empty where there are several lines. */
char *lockstep_chart_dup_newest (LockstepChart *self);

/* What it shows, in a sentence. */
char *lockstep_chart_dup_description (LockstepChart *self);

/* Where it shows fewer numbers than were reported: "Kept once a second; live there were 1,200 reports more"; else NULL. */
char *lockstep_chart_dup_note (LockstepChart *self);

/* Its points as CSV: seconds at work, solver (empty for a step on one), value. */
GBytes *lockstep_chart_to_csv (LockstepChart *self);

G_END_DECLS
