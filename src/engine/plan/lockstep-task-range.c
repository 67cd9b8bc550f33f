/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-task-range.h"

#include <float.h>
#include <glib/gi18n-lib.h>
#include <math.h>

#include "lockstep-json-writer.h"

/* Decimal digits that every double keeps. */
#define SIGNIFICANT_DIGITS 15

static gboolean
read_end (const LockstepPlanObject *object,
          const char               *name,
          double                   *value,
          gboolean                 *whole,
          gint64                   *whole_value,
          GError                  **error)
{
  LockstepJson     json = lockstep_plan_object_get (object, name);
  g_autofree char *path = lockstep_plan_object_dup_path (object, name);

  if (!lockstep_plan_object_require (object, name, _ ("a number, one end of the range"), error))
    return FALSE;
  if (!lockstep_json_get_double (json, value))
    {
      lockstep_plan_set_type_error (error, path, _ ("a number"), json);
      return FALSE;
    }

  *whole = lockstep_json_get_int (json, whole_value);
  return TRUE;
}

gboolean
lockstep_task_range_read (LockstepTaskRange        *range,
                          const LockstepPlanObject *object,
                          GError                  **error)
{
  gboolean whole_from, whole_to;

  *range = (LockstepTaskRange){ 0 };

  if (!read_end (object, "from", &range->from, &whole_from, &range->whole_from, error) ||
      !read_end (object, "to", &range->to, &whole_to, &range->whole_to, error) ||
      !lockstep_plan_object_read_boolean (object, "log", &range->log, error))
    return FALSE;

  range->whole = whole_from && whole_to;

  if (range->log && (range->from <= 0.0 || range->to <= 0.0))
    {
      lockstep_plan_set_error (error, LOCKSTEP_PLAN_ERROR_MEMBER, object->path,
                               _ ("a logarithmic range needs “from” and “to” greater than 0"));
      return FALSE;
    }
  if (!range->log && !isfinite ((range->to - range->from) * (double) LOCKSTEP_TASK_LIST_MAX))
    {
      lockstep_plan_set_error (error, LOCKSTEP_PLAN_ERROR_MEMBER, object->path,
                               _ ("“from” and “to” are too far apart to be divided"));
      return FALSE;
    }

  return TRUE;
}

static double
read_formatted (const char *format,
                double      value)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE + DBL_MAX_10_EXP];

  g_ascii_formatd (text, sizeof text, format, value);
  value = g_ascii_strtod (text, NULL);

  /* No "-0". */
  return value == 0.0 ? 0.0 : value;
}

/* @value to 15 significant digits. */
static double
round_digits (double value)
{
  return read_formatted ("%.15g", value);
}

/* The number at @share between two that are positive, by ratio. */
static double
interpolate_ratio (double from,
                   double to,
                   double share)
{
  double ratio = to / from;

  /* The ratio loses the fewest digits, but of numbers far apart it is none. */
  if (isnormal (ratio))
    return from * pow (ratio, share);

  return pow (from, 1.0 - share) * pow (to, share);
}

/* The decimal next to @value that has no digit beyond the 15 of @scale, the larger end of the range, when it is no
 * further away than arithmetic on numbers of that size may have gone wrong; else @value. */
static double
round_nearby (double value,
              double scale)
{
  char   format[16];
  double rounded;
  int    decimals;

  if (scale == 0.0)
    return value;

  decimals = SIGNIFICANT_DIGITS - 1 - (int) floor (log10 (scale));
  if (decimals < 0 || decimals > DBL_MAX_10_EXP)
    return value;

  g_snprintf (format, sizeof format, "%%.%df", decimals);
  rounded = read_formatted (format, value);
  return fabs (rounded - value) <= 4.0 * DBL_EPSILON * scale ? rounded : value;
}

/* The number at @share of a logarithmic list, counted in powers of ten, so that decades come out as such. */
static double
get_decade_value (const LockstepTaskRange *range,
                  double                   share)
{
  double from = log10 (range->from);
  double exponent = from + (log10 (range->to) - from) * share;
  double value = pow (10.0, exponent);
  double rounded = read_formatted ("%.12g", value);

  /* What the exponent may have lost of its last digits is multiplied by its size. */
  return fabs (rounded - value) <= 8.0 * DBL_EPSILON * (1.0 + fabs (exponent)) * value ? rounded : round_digits (value);
}

/* Value @index of whole numbers that divide evenly; FALSE when they do not. */
static gboolean
get_whole (const LockstepTaskRange *range,
           guint64                  index,
           guint64                  count,
           gint64                  *value)
{
  gint64 width, step;

  if (!range->whole || range->log || __builtin_sub_overflow (range->whole_to, range->whole_from, &width) ||
      width % (gint64) (count - 1) != 0)
    return FALSE;

  step = width / (gint64) (count - 1);
  *value = range->whole_from + step * (gint64) index;
  return TRUE;
}

static void
append_whole (gint64   value,
              GString *out)
{
  g_string_append_printf (out, "%" G_GINT64_FORMAT, value);
}

void
lockstep_task_range_append (const LockstepTaskRange *range,
                            guint64                  index,
                            guint64                  count,
                            GString                 *out)
{
  gboolean last = index + 1 == count && index > 0;
  double   value;
  gint64   whole;

  if (index == 0 || last)
    {
      if (range->whole)
        append_whole (last ? range->whole_to : range->whole_from, out);
      else
        lockstep_json_append_double (out, last ? range->to : range->from);
      return;
    }
  if (get_whole (range, index, count, &whole))
    {
      append_whole (whole, out);
      return;
    }

  if (range->log)
    {
      value = get_decade_value (range, (double) index / (double) (count - 1));
    }
  else
    {
      value = range->from + (range->to - range->from) * (double) index / (double) (count - 1);
      value = round_nearby (value, MAX (fabs (range->from), fabs (range->to)));
    }
  lockstep_json_append_double (out, value);
}

void
lockstep_task_range_append_share (const LockstepTaskRange *range,
                                  double                   share,
                                  GString                 *out)
{
  double value;

  if (range->log)
    value = round_digits (interpolate_ratio (range->from, range->to, share));
  else
    value = range->from + (range->to - range->from) * share;

  lockstep_json_append_double (out, CLAMP (value, range->from, range->to));
}

void
lockstep_task_range_append_whole_share (const LockstepTaskRange *range,
                                        double                   share,
                                        GString                 *out)
{
  double value;

  /* Every number has the range up to the next one. */
  if (range->log)
    value = interpolate_ratio (range->from, range->to + 1.0, share);
  else
    value = range->from + (range->to + 1.0 - range->from) * share;

  value = floor (value);
  append_whole ((gint64) CLAMP (value, range->from, range->to), out);
}
