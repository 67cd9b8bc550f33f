/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-duration.h"

#include <glib/gi18n-lib.h>

char *
lockstep_duration_dup_text (double seconds)
{
  const gint64 whole = (gint64) (seconds + 0.5);
  const gint64 minutes = (whole + 30) / 60;

  if (seconds < 10)
    return g_strdup_printf (_ ("%.1f s"), MAX (seconds, 0));
  if (whole < 100)
    return g_strdup_printf (_ ("%d s"), (int) whole);
  if (whole < 600)
    return g_strdup_printf (_ ("%d min %d s"), (int) (whole / 60), (int) (whole % 60));
  if (minutes < 60)
    return g_strdup_printf (_ ("%d min"), (int) minutes);
  if (minutes < 48 * 60)
    return g_strdup_printf (_ ("%d h %d min"), (int) (minutes / 60), (int) (minutes % 60));

  return g_strdup_printf (_ ("%d d %d h"), (int) (minutes / 1440), (int) (minutes % 1440 / 60));
}
