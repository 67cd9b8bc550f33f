/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-spread.h"

#include <math.h>
#include <string.h>

/* Eight intervals for each power of two, in µs, up to three years. */
#define SUB_BITS 3
#define N_BINS   (47 << SUB_BITS)

/* The weight of the newest in the recent mean, at least. */
#define NEWEST_WEIGHT (1.0 / 16)

/* A trend is looked for in so many durations, and believed when it is so many times its standard error. */
#define TREND_COUNT  20
#define TREND_ERRORS 3.0

/* Standard deviations from the middle of a range to its ends, for nine in ten. */
#define ENDS 1.64

/* What few numbers say of their spread is not to be relied on: they are taken to vary by this much of their mean, at least, as
 * if one more such number were known. */
#define DOUBT 0.2

/* Shares at the ends of a range, and how far a duration may be from the mean of its interval. */
#define LOW_SHARE     0.05
#define HIGH_SHARE    0.95
#define WITHIN_FACTOR (17.0 / 16)

/* Of what takes longer than ever, by x, half is done within x more: one in five within x / 4, four in five within 4 x. What
 * is not over by much may still take this share of the longest. */
#define LONGER_FACTOR 4.0
#define LONGER_SHARE  0.1

typedef struct
{
  guint64 count;
  double  sum;
} Bin;

struct _LockstepSpread
{
  Bin     bins[N_BINS];
  guint   first; /* the bins in use; none while first > last */
  guint   last;
  guint64 count;
  double  sum;
  double  squares;
  double  weighted; /* sum of each times its number, from 0 */
  double  recent;
  double  longest;
};

LockstepRange
lockstep_range_of_sum (double n,
                       double n_known,
                       double mean,
                       double deviation)
{
  const double variance = deviation * deviation + DOUBT * DOUBT * mean * mean / n_known;
  const double half = ENDS * sqrt (variance * (n + n * n / n_known));

  return (LockstepRange){ .low = MAX (n * mean - half, 0), .middle = n * mean, .high = n * mean + half };
}

LockstepSpread *
lockstep_spread_new (void)
{
  LockstepSpread *self = g_new0 (LockstepSpread, 1);

  self->first = N_BINS;

  return self;
}

void
lockstep_spread_free (LockstepSpread *self)
{
  g_free (self);
}

void
lockstep_spread_clear (LockstepSpread *self)
{
  if (self->count == 0)
    return;

  memset (self->bins + self->first, 0, (self->last - self->first + 1) * sizeof (Bin));
  self->first = N_BINS;
  self->last = 0;
  self->count = 0;
  self->sum = self->squares = self->weighted = self->recent = self->longest = 0;
}

static guint
get_bin (double seconds)
{
  const guint64 us = (guint64) (seconds * G_USEC_PER_SEC);
  guint         octave;

  if (us < (1 << SUB_BITS))
    return (guint) us;

  octave = 63 - (guint) __builtin_clzll (us);
  return MIN (((octave - SUB_BITS + 1) << SUB_BITS) + ((us >> (octave - SUB_BITS)) & ((1 << SUB_BITS) - 1)), N_BINS - 1);
}

void
lockstep_spread_add (LockstepSpread *self,
                     double          seconds)
{
  guint bin;

  seconds = MAX (seconds, 0);
  bin = get_bin (seconds);
  self->bins[bin].count++;
  self->bins[bin].sum += seconds;
  self->first = MIN (self->first, bin);
  self->last = MAX (self->last, bin);
  self->weighted += seconds * self->count;
  self->count++;
  self->sum += seconds;
  self->squares += seconds * seconds;
  self->recent += (seconds - self->recent) * MAX (1.0 / self->count, NEWEST_WEIGHT);
  self->longest = MAX (self->longest, seconds);
}

guint64
lockstep_spread_get_count (LockstepSpread *self)
{
  return self->count;
}

double
lockstep_spread_get_sum (LockstepSpread *self)
{
  return self->sum;
}

double
lockstep_spread_get_mean (LockstepSpread *self)
{
  return self->count > 0 ? self->sum / self->count : 0;
}

double
lockstep_spread_get_recent_mean (LockstepSpread *self)
{
  return self->recent;
}

double
lockstep_spread_get_deviation (LockstepSpread *self)
{
  const double mean = lockstep_spread_get_mean (self);

  if (self->count < 2)
    return 0;

  return sqrt (MAX (self->squares - self->count * mean * mean, 0) / (self->count - 1));
}

static double
get_bin_mean (LockstepSpread *self,
              guint           bin)
{
  return self->bins[bin].sum / self->bins[bin].count;
}

/* The quantile among the bins from @from on, that hold @count. */
static double
get_quantile_from (LockstepSpread *self,
                   guint           from,
                   guint64         count,
                   double          share)
{
  guint64 wanted = (guint64) ceil (share * count);

  wanted = CLAMP (wanted, 1, count);
  for (guint i = from; i <= self->last; i++)
    {
      if (self->bins[i].count >= wanted)
        return get_bin_mean (self, i);
      wanted -= self->bins[i].count;
    }

  return self->longest;
}

double
lockstep_spread_get_quantile (LockstepSpread *self,
                              double          share)
{
  return self->count > 0 ? get_quantile_from (self, self->first, self->count, share) : 0;
}

double
lockstep_spread_get_coming_mean (LockstepSpread *self,
                                 double          n)
{
  const double count = (double) self->count, mean = lockstep_spread_get_mean (self);
  const double numbers = count * (count * count - 1) / 12; /* sum of squares of the numbers from their mean */
  double       slope, rest;

  if (self->count < TREND_COUNT)
    return mean;

  slope = (self->weighted - (count - 1) / 2 * self->sum) / numbers;
  rest = MAX (self->squares - count * mean * mean - slope * slope * numbers, 0) / (count - 2);
  if (fabs (slope) <= TREND_ERRORS * sqrt (rest / numbers))
    return mean;

  return MAX (mean + slope * (count + n) / 2, get_quantile_from (self, self->first, self->count, LOW_SHARE));
}

LockstepRange
lockstep_spread_get_rest (LockstepSpread *self,
                          double          elapsed)
{
  const double over = MAX (elapsed - self->longest, 0), longer = over + LONGER_SHARE * self->longest;
  guint        from = MAX (self->first, get_bin (elapsed));
  guint64      count = 0;
  double       sum = 0;

  while (from <= self->last && (self->bins[from].count == 0 || get_bin_mean (self, from) <= elapsed))
    from++;
  for (guint i = from; i <= self->last && i < N_BINS; i++)
    {
      count += self->bins[i].count;
      sum += self->bins[i].sum;
    }
  if (count == 0)
    return (LockstepRange){ .low = over / LONGER_FACTOR, .middle = longer, .high = longer * LONGER_FACTOR };

  return (LockstepRange){
    .low = MAX (get_quantile_from (self, from, count, LOW_SHARE) / WITHIN_FACTOR - elapsed, 0),
    .middle = sum / count - elapsed,
    .high = get_quantile_from (self, from, count, HIGH_SHARE) * WITHIN_FACTOR - elapsed,
  };
}
