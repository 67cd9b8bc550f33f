/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * The arithmetic of a chart's axis: where a value stands between its two ends, and which ticks it has. Draws nothing.
 */
typedef enum
{
  LOCKSTEP_SCALE_LINEAR,
  LOCKSTEP_SCALE_LOG,
  LOCKSTEP_SCALE_TIME, /* s since something began */
  LOCKSTEP_SCALE_BYTES,
} LockstepScale;

typedef struct
{
  LockstepScale scale;
  double        low; /* below high; above 0 for LOG */
  double        high;
} LockstepAxis;

typedef struct
{
  double value;
  char  *label; /* NULL for a minor tick */
} LockstepTick;

/* An axis for values from @low to @high, which may be the same, or in no order for none at all. Its ends are ticks, but for
 * TIME. With @most ticks or so. */
LockstepAxis lockstep_axis_fit (LockstepScale scale,
                                double        low,
                                double        high,
                                guint         most);

/* 0 at its low end, 1 at its high one; below and above outside. */
double lockstep_axis_to_share (const LockstepAxis *self,
                               double              value);
double lockstep_axis_from_share (const LockstepAxis *self,
                                 double              share);

/* The ticks between its ends, at most @most with a label (and never fewer than it takes to read it), of LockstepTick. */
GArray *lockstep_axis_get_ticks (const LockstepAxis *self,
                                 guint               most);

/* @value as it is read off, with about @digits digits: "0.125", "3.2e-4", "1,250"; "–" where there is none. */
char *lockstep_axis_dup_value (double value,
                               guint  digits);

/* @seconds since something began, to be read off to a part of @resolution (s): "12.25 s", "3:07 min", "1:20:07 h". */
char *lockstep_axis_dup_time (double seconds,
                              double resolution);

G_END_DECLS
