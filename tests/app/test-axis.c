/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-axis.h"

#include <math.h>

/* The labels of the ticks of such an axis, with spaces between. */
static char *
dup_labels (LockstepScale scale,
            double        low,
            double        high,
            guint         most)
{
  const LockstepAxis axis = { scale, low, high };
  g_autoptr (GArray) ticks = lockstep_axis_get_ticks (&axis, most);
  GString           *labels = g_string_new (NULL);
  double             last = -G_MAXDOUBLE;

  for (guint i = 0; i < ticks->len; i++)
    {
      const LockstepTick *tick = &g_array_index (ticks, LockstepTick, i);

      g_assert_cmpfloat (tick->value, >, last);
      g_assert_cmpfloat (tick->value, >=, low - 1e-9 * (high - low));
      g_assert_cmpfloat (tick->value, <=, high + 1e-9 * (high - low));
      last = tick->value;
      if (tick->label != NULL)
        g_string_append_printf (labels, "%s%s", labels->len > 0 ? " | " : "", tick->label);
    }

  return g_string_free (labels, FALSE);
}

static void
assert_labels (LockstepScale scale,
               double        low,
               double        high,
               guint         most,
               const char   *expected)
{
  g_autofree char *labels = dup_labels (scale, low, high, most);

  g_assert_cmpstr (labels, ==, expected);
}

static void
test_linear (void)
{
  assert_labels (LOCKSTEP_SCALE_LINEAR, 0, 10, 5, "0 | 2 | 4 | 6 | 8 | 10");
  assert_labels (LOCKSTEP_SCALE_LINEAR, 0, 1, 5, "0 | 0.2 | 0.4 | 0.6 | 0.8 | 1.0");
  assert_labels (LOCKSTEP_SCALE_LINEAR, -1, 1, 4, "-1.0 | -0.5 | 0 | 0.5 | 1.0");
  assert_labels (LOCKSTEP_SCALE_LINEAR, 0.001, 0.0025, 4, "0.0010 | 0.0015 | 0.0020 | 0.0025");
  assert_labels (LOCKSTEP_SCALE_LINEAR, 0, 2.5e7, 3, "0 | 1·10⁷ | 2·10⁷");
  assert_labels (LOCKSTEP_SCALE_LINEAR, 0, 3e-7, 3, "0 | 1·10⁻⁷ | 2·10⁻⁷ | 3·10⁻⁷");
  assert_labels (LOCKSTEP_SCALE_BYTES, 0, 2e9, 2, "0 | 1\302\240GB | 2\302\240GB");
  assert_labels (LOCKSTEP_SCALE_BYTES, 0, 1.5e9, 3, "0 | 500\302\240MB | 1.0\302\240GB | 1.5\302\240GB");
  assert_labels (LOCKSTEP_SCALE_BYTES, 0, 4e7, 2, "0 | 20\302\240MB | 40\302\240MB");
}

static void
test_log (void)
{
  const LockstepAxis axis = { LOCKSTEP_SCALE_LOG, 1e-4, 1 };
  g_autoptr (GArray) ticks = lockstep_axis_get_ticks (&axis, 5);

  assert_labels (LOCKSTEP_SCALE_LOG, 1e-4, 1, 5, "10⁻⁴ | 10⁻³ | 10⁻² | 10⁻¹ | 10⁰");
  assert_labels (LOCKSTEP_SCALE_LOG, 1e-12, 1, 4, "10⁻¹² | 10⁻⁹ | 10⁻⁶ | 10⁻³ | 10⁰");
  assert_labels (LOCKSTEP_SCALE_LOG, 1, 1e15, 4, "10⁰ | 10⁴ | 10⁸ | 10¹²");
  /* Nine to a decade, where each has its label. */
  g_assert_cmpuint (ticks->len, ==, 4 * 9 + 1);

  g_assert_cmpfloat_with_epsilon (lockstep_axis_to_share (&axis, 1e-4), 0, 1e-12);
  g_assert_cmpfloat_with_epsilon (lockstep_axis_to_share (&axis, 1e-2), 0.5, 1e-12);
  g_assert_cmpfloat_with_epsilon (lockstep_axis_from_share (&axis, 0.75), 0.1, 1e-12);
  g_assert_cmpfloat (lockstep_axis_to_share (&axis, 0), <, 0);
}

static void
test_time (void)
{
  assert_labels (LOCKSTEP_SCALE_TIME, 0, 10, 5, "0 s | 2 s | 4 s | 6 s | 8 s | 10 s");
  assert_labels (LOCKSTEP_SCALE_TIME, 0, 1, 4, "0.0 s | 0.5 s | 1.0 s");
  assert_labels (LOCKSTEP_SCALE_TIME, 0, 300, 5, "0 min | 1 min | 2 min | 3 min | 4 min | 5 min");
  assert_labels (LOCKSTEP_SCALE_TIME, 240, 300, 4, "4:00 min | 4:15 min | 4:30 min | 4:45 min | 5:00 min");
  assert_labels (LOCKSTEP_SCALE_TIME, 300, 301, 3, "5:00.0 min | 5:00.5 min | 5:01.0 min");
  assert_labels (LOCKSTEP_SCALE_TIME, 0, 8 * 3600, 4, "0 h | 2 h | 4 h | 6 h | 8 h");
  assert_labels (LOCKSTEP_SCALE_TIME, 7200, 3 * 3600, 2, "2:00 h | 2:30 h | 3:00 h");
  assert_labels (LOCKSTEP_SCALE_TIME, 0, 3 * 86400, 3, "0 d | 1 d | 2 d | 3 d");
}

static void
test_fit (void)
{
  LockstepAxis axis = lockstep_axis_fit (LOCKSTEP_SCALE_LINEAR, 3.2, 9.7, 5);

  g_assert_cmpfloat (axis.low, ==, 2);
  g_assert_cmpfloat (axis.high, ==, 10);

  axis = lockstep_axis_fit (LOCKSTEP_SCALE_LOG, 3e-4, 0.2, 5);
  g_assert_cmpfloat_with_epsilon (axis.low, 1e-4, 1e-16);
  g_assert_cmpfloat_with_epsilon (axis.high, 1, 1e-12);

  /* One number, none, and what a logarithm cannot take. */
  axis = lockstep_axis_fit (LOCKSTEP_SCALE_LINEAR, 5, 5, 5);
  g_assert_cmpfloat (axis.low, <, 5);
  g_assert_cmpfloat (axis.high, >, 5);
  axis = lockstep_axis_fit (LOCKSTEP_SCALE_LINEAR, -5, -5, 5);
  g_assert_cmpfloat (axis.low, <, -5);
  g_assert_cmpfloat (axis.high, >, -5);
  axis = lockstep_axis_fit (LOCKSTEP_SCALE_LINEAR, G_MAXDOUBLE, -G_MAXDOUBLE, 5);
  g_assert_cmpfloat (axis.low, <, axis.high);
  axis = lockstep_axis_fit (LOCKSTEP_SCALE_LOG, -1, 0, 5);
  g_assert_cmpfloat (axis.low, >, 0);
  g_assert_cmpfloat (axis.low, <, axis.high);
  axis = lockstep_axis_fit (LOCKSTEP_SCALE_TIME, 0, 0, 5);
  g_assert_cmpfloat (axis.low, <, axis.high);
}

/* Whatever is fitted has ticks, and not too many of them. */
static void
test_many (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (7);

  for (guint i = 0; i < 5000; i++)
    {
      const LockstepScale scale = (LockstepScale) g_rand_int_range (random, 0, 4);
      const double        low = g_rand_double (random) * pow (10, g_rand_int_range (random, -9, 12));
      const double        high = low + g_rand_double (random) * pow (10, g_rand_int_range (random, -9, 12));
      const LockstepAxis  axis = lockstep_axis_fit (scale, low, high, 6);
      g_autoptr (GArray)  ticks = lockstep_axis_get_ticks (&axis, 6);
      guint               n_labels = 0;

      g_assert_cmpfloat (axis.low, <, axis.high);
      for (guint k = 0; k < ticks->len; k++)
        n_labels += g_array_index (ticks, LockstepTick, k).label != NULL;
      g_assert_cmpuint (n_labels, <=, 10);
    }
}

static void
assert_value (double      value,
              const char *expected)
{
  g_autofree char *text = lockstep_axis_dup_value (value, 4);

  g_assert_cmpstr (text, ==, expected);
}

static void
test_values (void)
{
  assert_value (0, "0");
  assert_value (3.2e-4, "3.2e-4");
  assert_value (1e-6, "1e-6");
  assert_value (-3e200, "-3e200");
  assert_value (0.125, "0.125");
  assert_value (-2.5, "-2.5");
  assert_value (12.3456, "12.35");
  assert_value (1234567, "1234567");
  assert_value (6.02e23, "6.02e23");
  assert_value (NAN, "–");
  assert_value (-INFINITY, "−∞");
}

static void
assert_time (double      seconds,
             double      resolution,
             const char *expected)
{
  g_autofree char *text = lockstep_axis_dup_time (seconds, resolution);

  g_assert_cmpstr (text, ==, expected);
}

static void
test_times (void)
{
  assert_time (12.25, 0.01, "12.25 s");
  assert_time (12.25, 1, "12 s");
  assert_time (187, 1, "3:07 min");
  assert_time (187.96, 0.1, "3:07.9 min");
  assert_time (4807, 1, "1:20:07 h");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/axis/linear", test_linear);
  g_test_add_func ("/axis/log", test_log);
  g_test_add_func ("/axis/time", test_time);
  g_test_add_func ("/axis/fit", test_fit);
  g_test_add_func ("/axis/many", test_many);
  g_test_add_func ("/axis/values", test_values);
  g_test_add_func ("/axis/times", test_times);

  return g_test_run ();
}
