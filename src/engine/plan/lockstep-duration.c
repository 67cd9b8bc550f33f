/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-duration.h"

#include <glib/gi18n-lib.h>
#include <math.h>

char *
lockstep_duration_dup_text (double seconds)
{
  const gint64 whole = (gint64) (seconds + 0.5);
  const gint64 minutes = (whole + 30) / 60;

  if (seconds < 10)
    return g_strdup_printf (_ ("%.1f s"), MAX (seconds, 0));
  if (whole < 100)
    return g_strdup_printf (_ ("%d s"), (int) whole);
  if (whole < 600 && whole % 60 == 0)
    return g_strdup_printf (_ ("%d min"), (int) (whole / 60));
  if (whole < 600)
    return g_strdup_printf (_ ("%d min %d s"), (int) (whole / 60), (int) (whole % 60));
  if (minutes < 60)
    return g_strdup_printf (_ ("%d min"), (int) minutes);
  if (minutes < 48 * 60 && minutes % 60 == 0)
    return g_strdup_printf (_ ("%d h"), (int) (minutes / 60));
  if (minutes < 48 * 60)
    return g_strdup_printf (_ ("%d h %d min"), (int) (minutes / 60), (int) (minutes % 60));

  if (minutes % 1440 < 60)
    return g_strdup_printf (_ ("%d d"), (int) (minutes / 1440));

  return g_strdup_printf (_ ("%d d %d h"), (int) (minutes / 1440), (int) (minutes % 1440 / 60));
}

typedef enum
{
  SECONDS,
  MINUTES,
  HOURS,
  DAYS,
} Unit;

/* How what is left is said while the longer end of the range is below @below. */
typedef struct
{
  double below; /* s */
  Unit   unit;
  double length; /* of the unit, s */
  int    step;   /* in units, to which both ends are rounded */
} Wording;

static const Wording wordings[] = {
  { 10, SECONDS, 1, 1 },
  { 90, SECONDS, 1, 5 },
  { 20 * 60, MINUTES, 60, 1 },
  { 60 * 60, MINUTES, 60, 5 },
  { 150 * 60, MINUTES, 60, 10 },
  { 20 * 3600, HOURS, 3600, 1 },
  { 72 * 3600, HOURS, 3600, 5 },
  { G_MAXDOUBLE, DAYS, 86400, 1 },
};

static char *
dup_less (Unit unit,
          int  most)
{
  switch (unit)
    {
    case SECONDS:
      return g_strdup_printf (_ ("less than %d s left"), most);
    case MINUTES:
      return g_strdup_printf (_ ("less than %d min left"), most);
    case HOURS:
      return g_strdup_printf (_ ("less than %d h left"), most);
    case DAYS:
    default:
      return g_strdup_printf (_ ("less than %d d left"), most);
    }
}

static char *
dup_about (Unit unit,
           int  both)
{
  switch (unit)
    {
    case SECONDS:
      return g_strdup_printf (_ ("about %d s left"), both);
    case MINUTES:
      return g_strdup_printf (_ ("about %d min left"), both);
    case HOURS:
      return g_strdup_printf (_ ("about %d h left"), both);
    case DAYS:
    default:
      return g_strdup_printf (_ ("about %d d left"), both);
    }
}

static char *
dup_range (Unit unit,
           int  least,
           int  most)
{
  switch (unit)
    {
    case SECONDS:
      return g_strdup_printf (_ ("%d–%d s left"), least, most);
    case MINUTES:
      return g_strdup_printf (_ ("%d–%d min left"), least, most);
    case HOURS:
      return g_strdup_printf (_ ("about %d–%d h left"), least, most);
    case DAYS:
    default:
      return g_strdup_printf (_ ("about %d–%d d left"), least, most);
    }
}

char *
lockstep_duration_dup_left (double low,
                            double high)
{
  const Wording *wording = wordings;
  double         least, most;

  while (high >= wording->below)
    wording++;
  least = floor (low / wording->length / wording->step) * wording->step;
  most = MAX (ceil (high / wording->length / wording->step), 1) * wording->step;
  /* An int has too few days for what a solver may make of its fractions. */
  most = MIN (most, 99999);

  if (least <= 0)
    return dup_less (wording->unit, (int) most);
  if (least >= most)
    return dup_about (wording->unit, (int) most);

  return dup_range (wording->unit, (int) least, (int) most);
}
