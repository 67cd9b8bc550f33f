/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A number that is not known exactly: nine times in ten it should lie from low to high. */
typedef struct
{
  double low;
  double middle;
  double high;
} LockstepRange;

/* The range of the sum of @n more numbers, when @n_known of them had this mean and standard deviation. */
LockstepRange lockstep_range_of_sum (double n,
                                     double n_known,
                                     double mean,
                                     double deviation);

/**
 * How durations (s) spread: takes them in one by one in a few ns and in constant memory, by counting them in intervals
 * that are an eighth of a power of two wide.
 */
typedef struct _LockstepSpread LockstepSpread;

LockstepSpread *lockstep_spread_new (void);

void lockstep_spread_free (LockstepSpread *self);

void lockstep_spread_clear (LockstepSpread *self);

void lockstep_spread_add (LockstepSpread *self,
                          double          seconds);

guint64 lockstep_spread_get_count (LockstepSpread *self);

double lockstep_spread_get_sum (LockstepSpread *self);

/* Of all, and of about the last 30, where the newest weigh most. 0 where there is none. */
double lockstep_spread_get_mean (LockstepSpread *self);
double lockstep_spread_get_recent_mean (LockstepSpread *self);

/* The mean of the next @n, if they go on getting longer or shorter as they did; the mean of all where they did not, as
 * far as can be told. */
double lockstep_spread_get_coming_mean (LockstepSpread *self,
                                        double          n);

double lockstep_spread_get_deviation (LockstepSpread *self);

/* The duration that @share (0…1) of them do not exceed. */
double lockstep_spread_get_quantile (LockstepSpread *self,
                                     double          share);

/* How much longer something takes that has taken @elapsed (s) already: as those that took longer did. What takes longer than
 * all before may take as long again as it is over. */
LockstepRange lockstep_spread_get_rest (LockstepSpread *self,
                                        double          elapsed);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LockstepSpread, lockstep_spread_free)

G_END_DECLS
