/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * Numbers that were reported one after another, in bounded memory: where there are more than fit, each stretch of them is
 * represented by its smallest and its largest, so that no peak is lost.
 */
typedef struct _LockstepSeries LockstepSeries;

typedef struct
{
  gint64 time; /* µs; of what, its owner says */
  double value;
} LockstepPoint;

/* Keeps about @limit points, at least 16. */
LockstepSeries *lockstep_series_new (guint limit);

void lockstep_series_free (LockstepSeries *self);

/* @time is not before that of the point before; where it is, it counts as the same. The same value at the same time again is no
 * point more. */
void lockstep_series_add (LockstepSeries *self,
                          gint64          time,
                          double          value);

/* By time; the newest one is the last. Valid until the next is added. */
const LockstepPoint *lockstep_series_get_points (const LockstepSeries *self,
                                                 guint                *n_points);

/* How many were added. */
guint64 lockstep_series_get_count (const LockstepSeries *self);

/* The index of the last point at @time or before; -1 for none. */
int lockstep_series_find (const LockstepSeries *self,
                          gint64                time);

/* The value at @time: that of the last point until then. FALSE where there is none. */
gboolean lockstep_series_get_at (const LockstepSeries *self,
                                 gint64                time,
                                 double               *value);

/* What many series come to around one time. */
typedef struct
{
  gint64 time;
  double low;    /* the smallest and the largest of all, since the time before */
  double middle; /* the median of what each stood at */
  double high;
  guint  n_series; /* that had a value by then; the numbers mean nothing where it is 0 */
} LockstepBand;

/* Fills @bands, @n_bands times from @from to @to at equal distances. Elements of @series may be NULL. */
void lockstep_series_get_bands (LockstepSeries *const *series,
                                guint                  n_series,
                                gint64                 from,
                                gint64                 to,
                                LockstepBand          *bands,
                                guint                  n_bands);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LockstepSeries, lockstep_series_free)

G_END_DECLS
