/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-axis.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#define MINUTE 60.0
#define HOUR   3600.0
#define DAY    86400.0

/* A step that is too fine for a double to count in. */
#define MOST_STEPS 1e6

/* The number next to @rough that people count in: 1, 2 or 5 times a power of ten, not below it. */
static double
get_nice_step (double rough)
{
  const double power = pow (10, floor (log10 (rough)));

  for (guint i = 0; i < 3; i++)
    {
      static const double steps[] = { 1, 2, 5 };

      if (steps[i] * power >= rough * (1 - 1e-9))
        return steps[i] * power;
    }

  return 10 * power;
}

/* The same for seconds. */
static double
get_time_step (double rough)
{
  static const double steps[] = { 1, 2, 5, 10, 15, 30, MINUTE, 2 * MINUTE, 5 * MINUTE, 10 * MINUTE, 15 * MINUTE, 30 * MINUTE,
                                  HOUR, 2 * HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR, DAY };

  if (rough <= 0.5)
    return get_nice_step (rough);
  for (guint i = 0; i < G_N_ELEMENTS (steps); i++)
    if (steps[i] >= rough)
      return steps[i];

  return DAY * get_nice_step (rough / DAY);
}

static double
get_step (const LockstepAxis *self,
          guint               most)
{
  const double rough = (self->high - self->low) / MAX (most, 1);

  return self->scale == LOCKSTEP_SCALE_TIME ? get_time_step (rough) : get_nice_step (rough);
}

/* Ends of a range in which there is nothing, or only one number. */
static void
widen (LockstepScale scale,
       double       *low,
       double       *high)
{
  if (!isfinite (*low) || !isfinite (*high) || *low > *high)
    *low = *high = scale == LOCKSTEP_SCALE_LOG ? 1 : 0;
  if (scale == LOCKSTEP_SCALE_LOG && *high <= 0)
    *low = *high = 1;
  if (scale == LOCKSTEP_SCALE_LOG && *low <= 0)
    *low = *high * 1e-3;
  if (*high - *low > fabs (*high) * 1e-12)
    return;

  if (scale == LOCKSTEP_SCALE_TIME || scale == LOCKSTEP_SCALE_BYTES)
    {
      *high = *low + 1;
    }
  else if (*low == 0)
    {
      *high = 1;
    }
  else if (scale != LOCKSTEP_SCALE_LOG)
    {
      const double half = fabs (*low) / 2;

      *low -= half;
      *high += half;
    }
}

LockstepAxis
lockstep_axis_fit (LockstepScale scale,
                   double        low,
                   double        high,
                   guint         most)
{
  LockstepAxis self = { scale, low, high };

  widen (scale, &self.low, &self.high);
  if (scale == LOCKSTEP_SCALE_LOG)
    {
      self.low = pow (10, floor (log10 (self.low) + 1e-9));
      self.high = pow (10, ceil (log10 (self.high) - 1e-9));
      if (self.high <= self.low)
        self.high = 10 * self.low;
    }
  else if (scale != LOCKSTEP_SCALE_TIME)
    {
      const double step = get_step (&self, most);

      self.low = step * floor (self.low / step + 1e-9);
      self.high = step * ceil (self.high / step - 1e-9);
    }

  return self;
}

double
lockstep_axis_to_share (const LockstepAxis *self,
                        double              value)
{
  if (self->scale == LOCKSTEP_SCALE_LOG)
    return value > 0 ? log (value / self->low) / log (self->high / self->low) : -1;

  return (value - self->low) / (self->high - self->low);
}

double
lockstep_axis_from_share (const LockstepAxis *self,
                          double              share)
{
  if (self->scale == LOCKSTEP_SCALE_LOG)
    return self->low * pow (self->high / self->low, share);

  return self->low + share * (self->high - self->low);
}

static int
count_decimals (double step)
{
  int decimals = 0;

  while (decimals < 15 && fabs (step - round (step)) > 1e-6 * step)
    {
      step *= 10;
      decimals++;
    }

  return decimals;
}

/* "10⁻⁴" */
static void
append_power (GString *out,
              int      exponent)
{
  static const char *const digits[] = { "⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹" };
  char                     text[16];

  g_snprintf (text, sizeof text, "%d", exponent);
  g_string_append (out, "10");
  for (const char *c = text; *c != '\0'; c++)
    g_string_append (out, *c == '-' ? "⁻" : digits[*c - '0']);
}

/* @value as one of those that are @step apart; @largest is the largest of them. */
static char *
dup_label (double value,
           double step,
           double largest)
{
  GString *out;
  int      exponent;

  if (fabs (value) < step * 1e-6)
    return g_strdup ("0");
  if (largest < 1e6 && step >= 0.99e-4)
    return g_strdup_printf ("%'.*f", count_decimals (step), value);

  exponent = (int) floor (log10 (largest) + 1e-9);
  out = g_string_new (NULL);
  g_string_printf (out, "%.*f·", count_decimals (step * pow (10, -exponent)), value * pow (10, -exponent));
  append_power (out, exponent);
  return g_string_free (out, FALSE);
}

static char *
dup_time_label (double seconds,
                double step,
                double largest)
{
  const int whole = (int) floor (seconds + 1e-6);

  if (largest < 2 * MINUTE)
    return g_strdup_printf (_ ("%.*f s"), count_decimals (step), seconds);
  if (step < 1)
    return g_strdup_printf (_ ("%d:%0*.*f min"), whole / 60, 3 + count_decimals (step), count_decimals (step), fmod (seconds, 60));
  if (largest < 2 * HOUR && step >= MINUTE)
    return g_strdup_printf (_ ("%d min"), whole / 60);
  if (largest < 2 * HOUR)
    return g_strdup_printf (_ ("%d:%02d min"), whole / 60, whole % 60);
  if (step < MINUTE)
    return g_strdup_printf (_ ("%d:%02d:%02d h"), whole / 3600, whole / 60 % 60, whole % 60);
  if (step < HOUR)
    return g_strdup_printf (_ ("%d:%02d h"), whole / 3600, whole / 60 % 60);
  if (largest < 2 * DAY)
    return g_strdup_printf (_ ("%d h"), whole / 3600);
  if (step < DAY && whole % 86400 != 0)
    return g_strdup_printf (_ ("%d d %d h"), whole / 86400, whole / 3600 % 24);

  return g_strdup_printf (_ ("%d d"), whole / 86400);
}

/* "500 MB", and "1.0 GB" beside "1.5 GB" */
static char *
dup_bytes_label (double value,
                 double step)
{
  const double     size = pow (1000, MAX (floor (log10 (value) / 3 + 1e-9), 0));
  g_autofree char *unit = g_format_size_full ((guint64) value, G_FORMAT_SIZE_ONLY_UNIT);

  return g_strdup_printf ("%.*f\302\240%s", count_decimals (step / size), value / size, unit);
}

static void
add_tick (GArray *ticks,
          double  value,
          char   *label)
{
  const LockstepTick tick = { value, label };

  g_array_append_val (ticks, tick);
}

static void
add_log_ticks (const LockstepAxis *self,
               guint               most,
               GArray             *ticks)
{
  const int   first = (int) ceil (log10 (self->low) - 1e-9), last = (int) floor (log10 (self->high) + 1e-9);
  const guint stride = MAX ((guint) (last - first) / MAX (most, 1) + ((guint) (last - first) % MAX (most, 1) != 0), 1);

  for (int exponent = first - 1; exponent <= last; exponent++)
    {
      const gboolean is_labelled = (guint) ABS (exponent - first) % stride == 0;

      for (guint digit = 1; digit < (stride == 1 ? 10 : 2); digit++)
        {
          const double value = digit * pow (10, exponent);
          GString     *label;

          if (value < self->low * (1 - 1e-9) || value > self->high * (1 + 1e-9))
            continue;
          if (digit > 1 || !is_labelled)
            {
              add_tick (ticks, value, NULL);
              continue;
            }
          label = g_string_new (NULL);
          append_power (label, exponent);
          add_tick (ticks, value, g_string_free (label, FALSE));
        }
    }
}

static void
clear_tick (gpointer data)
{
  g_free (((LockstepTick *) data)->label);
}

GArray *
lockstep_axis_get_ticks (const LockstepAxis *self,
                         guint               most)
{
  GArray      *ticks = g_array_new (FALSE, FALSE, sizeof (LockstepTick));
  const double largest = MAX (fabs (self->low), fabs (self->high));
  double       step;

  g_array_set_clear_func (ticks, clear_tick);
  if (self->scale == LOCKSTEP_SCALE_LOG)
    {
      add_log_ticks (self, most, ticks);
      return ticks;
    }

  step = get_step (self, most);
  if (largest / step > MOST_STEPS * 1e6)
    return ticks;
  for (double n = ceil (self->low / step - 1e-9); n * step <= self->high + step * 1e-9; n++)
    {
      const double value = fabs (n) < 0.5 ? 0 : n * step;

      if (self->scale == LOCKSTEP_SCALE_TIME)
        add_tick (ticks, value, dup_time_label (value, step, largest));
      else if (self->scale == LOCKSTEP_SCALE_BYTES)
        add_tick (ticks, value, value > 0 ? dup_bytes_label (value, step) : g_strdup ("0"));
      else
        add_tick (ticks, value, dup_label (value, step, largest));
    }

  return ticks;
}

char *
lockstep_axis_dup_value (double value,
                         guint  digits)
{
  const double size = fabs (value);
  char         text[64];
  char        *exponent;
  int          length;

  if (isnan (value))
    return g_strdup ("–");
  if (isinf (value))
    return g_strdup (value < 0 ? "−∞" : "∞");
  if (size == 0)
    return g_strdup ("0");
  if (size >= 1e-3 && size < 1e7)
    {
      const int    whole = (int) floor (log10 (size)) + 1;
      const int    decimals = MAX ((int) digits - MAX (whole, 1), 0);
      const double rounded = round (value * pow (10, decimals)) / pow (10, decimals);

      return g_strdup_printf ("%'.*f", count_decimals (fabs (rounded)) < decimals ? count_decimals (fabs (rounded)) : decimals, value);
    }

  g_snprintf (text, sizeof text, "%.*e", MAX ((int) digits - 1, 0), value);
  exponent = strchr (text, 'e');
  length = (int) (exponent - text);
  if (strpbrk (text, ".,") != NULL)
    while (text[length - 1] == '0')
      length--;
  if (!g_ascii_isdigit (text[length - 1]))
    length--;

  return g_strdup_printf ("%.*se%d", length, text, atoi (exponent + 1));
}

char *
lockstep_axis_dup_time (double seconds,
                        double resolution)
{
  const int decimals = resolution >= 1 ? 0 : CLAMP ((int) ceil (-log10 (resolution)), 1, 6);

  if (seconds < MINUTE)
    return g_strdup_printf (_ ("%.*f s"), decimals, seconds);
  if (seconds < HOUR)
    return g_strdup_printf (_ ("%d:%0*.*f min"), (int) (seconds / 60), decimals > 0 ? 3 + decimals : 2, decimals, floor (fmod (seconds, 60) * pow (10, decimals)) / pow (10, decimals));

  return g_strdup_printf (_ ("%d:%02d:%02d h"), (int) (seconds / HOUR), (int) fmod (seconds / 60, 60), (int) fmod (seconds, 60));
}
