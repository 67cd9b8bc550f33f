/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-series.h"

#include <string.h>

#define MIN_LIMIT 16

struct _LockstepSeries
{
  GArray       *points; /* of LockstepPoint: the settled ones, and behind them those of the group that is being filled */
  guint         n_settled;
  guint         limit;     /* of settled points */
  guint         group;     /* so many numbers are represented by two */
  guint         n_grouped; /* numbers in the group that is being filled */
  LockstepPoint smallest;  /* of that group */
  LockstepPoint largest;
  LockstepPoint newest;
  guint64       count;
};

LockstepSeries *
lockstep_series_new (guint limit)
{
  LockstepSeries *self = g_new0 (LockstepSeries, 1);

  self->points = g_array_new (FALSE, FALSE, sizeof (LockstepPoint));
  self->limit = MAX (limit, MIN_LIMIT);
  self->group = 1;

  return self;
}

void
lockstep_series_free (LockstepSeries *self)
{
  if (self == NULL)
    return;

  g_array_unref (self->points);
  g_free (self);
}

static guint
put_pair (LockstepPoint       *points,
          guint                n_points,
          const LockstepPoint *smallest,
          const LockstepPoint *largest)
{
  const gboolean up = smallest->time <= largest->time;

  points[n_points] = up ? *smallest : *largest;
  points[n_points + 1] = up ? *largest : *smallest;

  return n_points + 2;
}

/* Two of every four settled points stay: the smallest and the largest. */
static void
halve (LockstepSeries *self)
{
  LockstepPoint *points = (LockstepPoint *) self->points->data;
  guint          n_left = 0;

  for (guint i = 0; i + 4 <= self->n_settled; i += 4)
    {
      LockstepPoint smallest = points[i], largest = points[i];

      for (guint k = i + 1; k < i + 4; k++)
        {
          if (points[k].value < smallest.value)
            smallest = points[k];
          if (points[k].value > largest.value)
            largest = points[k];
        }
      n_left = put_pair (points, n_left, &smallest, &largest);
    }
  for (guint i = self->n_settled - self->n_settled % 4; i < self->n_settled; i++)
    points[n_left++] = points[i];

  self->n_settled = n_left;
  self->group = self->group == 1 ? 4 : self->group * 2;
}

void
lockstep_series_add (LockstepSeries *self,
                     gint64          time,
                     double          value)
{
  LockstepPoint tail[3];
  guint         n_tail;

  if (self->count > 0 && time <= self->newest.time && value == self->newest.value)
    return;

  self->newest = (LockstepPoint){ self->count > 0 ? MAX (time, self->newest.time) : time, value };
  self->count++;
  if (self->n_grouped == 0 || value < self->smallest.value)
    self->smallest = self->newest;
  if (self->n_grouped == 0 || value > self->largest.value)
    self->largest = self->newest;
  self->n_grouped++;

  if (self->group == 1)
    {
      tail[0] = self->newest;
      n_tail = 1;
    }
  else
    {
      n_tail = put_pair (tail, 0, &self->smallest, &self->largest);
      if (tail[1].time != self->newest.time || tail[1].value != self->newest.value)
        tail[n_tail++] = self->newest;
    }

  g_array_set_size (self->points, self->n_settled);
  g_array_append_vals (self->points, tail, n_tail);
  if (self->n_grouped < self->group)
    return;

  /* The newest of a full group is no longer shown for itself. */
  self->n_settled += MIN (n_tail, 2);
  self->n_grouped = 0;
  if (self->n_settled >= self->limit)
    {
      halve (self);
      g_array_set_size (self->points, self->n_settled);
      g_array_append_val (self->points, self->newest);
    }
}

const LockstepPoint *
lockstep_series_get_points (const LockstepSeries *self,
                            guint                *n_points)
{
  *n_points = self->points->len;

  return (const LockstepPoint *) self->points->data;
}

guint64
lockstep_series_get_count (const LockstepSeries *self)
{
  return self->count;
}

int
lockstep_series_find (const LockstepSeries *self,
                      gint64                time)
{
  const LockstepPoint *points = (const LockstepPoint *) self->points->data;
  guint                low = 0, high = self->points->len;

  while (low < high)
    {
      const guint middle = low + (high - low) / 2;

      if (points[middle].time <= time)
        low = middle + 1;
      else
        high = middle;
    }

  return (int) low - 1;
}

gboolean
lockstep_series_get_at (const LockstepSeries *self,
                        gint64                time,
                        double               *value)
{
  const int found = lockstep_series_find (self, time);

  if (found < 0)
    return FALSE;

  *value = g_array_index (self->points, LockstepPoint, found).value;
  return TRUE;
}

/* The element of @values that would be at @n / 2 if they were sorted (Hoare's selection). */
static double
select_median (double *values,
               guint   n_values)
{
  const guint middle = n_values / 2;
  guint       low = 0, high = n_values - 1;

  while (low < high)
    {
      const double pivot = values[middle];
      guint        i = low, k = high;

      for (;;)
        {
          while (values[i] < pivot)
            i++;
          while (values[k] > pivot)
            k--;
          if (i <= k)
            {
              const double value = values[i];

              values[i++] = values[k];
              values[k] = value;
              if (k == 0)
                break;
              k--;
            }
          if (i > k)
            break;
        }
      if (k < middle)
        low = i;
      if (middle < i)
        high = k;
    }

  return values[middle];
}

void
lockstep_series_get_bands (LockstepSeries *const *series,
                           guint                  n_series,
                           gint64                 from,
                           gint64                 to,
                           LockstepBand          *bands,
                           guint                  n_bands)
{
  g_autofree guint  *next = g_new0 (guint, n_series + 1);
  g_autofree double *values = g_new (double, n_series + 1);

  for (guint b = 0; b < n_bands; b++)
    {
      LockstepBand *band = &bands[b];

      *band = (LockstepBand){ .time = from + (gint64) ((double) (to - from) * b / MAX (n_bands - 1, 1)) };
      for (guint s = 0; s < n_series; s++)
        {
          const LockstepPoint *points;
          guint                n_points, first = next[s];
          double               low, high;

          if (series[s] == NULL)
            continue;

          points = lockstep_series_get_points (series[s], &n_points);
          if (b == 0)
            first = (guint) MAX (lockstep_series_find (series[s], band->time), 0);
          while (next[s] < n_points && points[next[s]].time <= band->time)
            next[s]++;
          if (next[s] == 0)
            continue;

          low = high = values[band->n_series] = points[next[s] - 1].value;
          for (guint i = first; i < next[s]; i++)
            {
              low = MIN (low, points[i].value);
              high = MAX (high, points[i].value);
            }
          band->low = band->n_series == 0 ? low : MIN (band->low, low);
          band->high = band->n_series == 0 ? high : MAX (band->high, high);
          band->n_series++;
        }
      if (band->n_series > 0)
        band->middle = select_median (values, band->n_series);
    }
}
