/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lockstep-trace.h"

G_BEGIN_DECLS

/**
 * Where a timeline has what: the arithmetic of its picture. Draws nothing.
 */
typedef struct
{
  double width; /* of the whole picture */
  double height;
  double left;        /* where times begin */
  double top;         /* where rows begin */
  double rows_height; /* that there is for rows */
  double row_height;
  guint  n_rows;
  double scroll; /* of the rows */
  gint64 from;   /* the time at the left end */
  double scale;  /* pixels for a µs */
} LockstepTimelineLayout;

/* The smallest and largest height of a row. */
#define LOCKSTEP_TIMELINE_MIN_ROW 14.0
#define LOCKSTEP_TIMELINE_MAX_ROW 30.0

/* The most pixels for a µs. */
#define LOCKSTEP_TIMELINE_MAX_SCALE 1.0

/* Right of the times. */
#define LOCKSTEP_TIMELINE_RIGHT 12.0

double lockstep_timeline_layout_get_times_width (const LockstepTimelineLayout *self);

double lockstep_timeline_layout_to_x (const LockstepTimelineLayout *self,
                                      gint64                        time);
gint64 lockstep_timeline_layout_to_time (const LockstepTimelineLayout *self,
                                         double                        x);

/* The upper edge of a row. */
double lockstep_timeline_layout_get_row_y (const LockstepTimelineLayout *self,
                                           guint                         row);

/* The row at @y; -1 for none. */
int lockstep_timeline_layout_find_row (const LockstepTimelineLayout *self,
                                       double                        y);

/* The first row that can be seen, and the one behind the last. */
void lockstep_timeline_layout_get_rows (const LockstepTimelineLayout *self,
                                        guint                        *first,
                                        guint                        *end);

/* The height of a row, where @available is there for @n_rows. */
double lockstep_timeline_layout_choose_row_height (double available,
                                                   guint  n_rows);

/* The span of @row at @x, or within a few pixels of it; -1 for none. @now is how long the run has been at work. */
int lockstep_timeline_layout_find_span (const LockstepTimelineLayout *self,
                                        const LockstepTraceRow       *row,
                                        double                        x,
                                        gint64                        now);

/* A stretch of a row that looks the same: pixels from @start to @end, right of LockstepTimelineLayout.left. */
typedef struct
{
  int     start;
  int     end;
  guint16 step;  /* most of it */
  guint8  share; /* of it that is work, in quarters, 1…4 */
  guint8  outcome;
} LockstepTimelineCell;

/* Appends to @cells what @row looks like, @pixels of them to one of ours: spans narrower than a pixel become one, those out of
 * sight are left out. However many spans there are, there are no more cells than pixels. */
void lockstep_timeline_layout_add_cells (const LockstepTimelineLayout *self,
                                         const LockstepTraceRow       *row,
                                         gint64                        now,
                                         double                        pixels,
                                         GArray                       *cells);

G_END_DECLS
