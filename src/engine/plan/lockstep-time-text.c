/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-time-text.h"

#include <glib/gi18n-lib.h>

/* Days that are called by their names. */
#define NAMED_DAYS 6

static gboolean
is_same_day (GDateTime *a,
             GDateTime *b)
{
  return g_date_time_get_year (a) == g_date_time_get_year (b) &&
         g_date_time_get_day_of_year (a) == g_date_time_get_day_of_year (b);
}

static GDateTime *
new_local (gint64 time)
{
  return time > 0 ? g_date_time_new_from_unix_local (time / G_USEC_PER_SEC) : NULL;
}

gboolean
lockstep_time_is_today (gint64 time)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autoptr (GDateTime) then = new_local (time);

  return then != NULL && is_same_day (then, now);
}

char *
lockstep_time_dup_text (gint64 time)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autoptr (GDateTime) then = new_local (time);
  g_autoptr (GDateTime) first_named = NULL;

  if (then == NULL)
    return NULL;

  first_named = g_date_time_add_days (now, -NAMED_DAYS);
  if (is_same_day (then, now))
    /* TRANSLATORS: a time of today, see strftime */
    return g_date_time_format (then, _ ("%H:%M"));
  if (g_date_time_compare (then, first_named) > 0 && g_date_time_compare (then, now) < 0)
    /* TRANSLATORS: a time of this week, see strftime */
    return g_date_time_format (then, _ ("%a %H:%M"));
  if (g_date_time_get_year (then) == g_date_time_get_year (now))
    /* TRANSLATORS: a time of this year, see strftime */
    return g_date_time_format (then, _ ("%-d %b %H:%M"));

  /* TRANSLATORS: a day of another year, see strftime */
  return g_date_time_format (then, _ ("%-d %b %Y"));
}
