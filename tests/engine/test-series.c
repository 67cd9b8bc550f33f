/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-series.h"

static void
test_exact (void)
{
  g_autoptr (LockstepSeries) series = lockstep_series_new (100);
  const LockstepPoint       *points;
  guint                      n_points;
  double                     value;

  g_assert_cmpint (lockstep_series_find (series, 0), ==, -1);
  g_assert_false (lockstep_series_get_at (series, 0, &value));
  for (int i = 0; i < 50; i++)
    lockstep_series_add (series, 10 * i, i * i);

  points = lockstep_series_get_points (series, &n_points);
  g_assert_cmpuint (n_points, ==, 50);
  for (int i = 0; i < 50; i++)
    {
      g_assert_cmpint (points[i].time, ==, 10 * i);
      g_assert_cmpfloat (points[i].value, ==, i * i);
    }
  g_assert_cmpint (lockstep_series_find (series, -1), ==, -1);
  g_assert_cmpint (lockstep_series_find (series, 100), ==, 10);
  g_assert_cmpint (lockstep_series_find (series, 109), ==, 10);
  g_assert_true (lockstep_series_get_at (series, 1000, &value));
  g_assert_cmpfloat (value, ==, 49 * 49);
}

/* However many there are, no peak is lost, and the newest one is there. */
static void
test_bounded (void)
{
  g_autoptr (LockstepSeries) series = lockstep_series_new (64);
  const guint                n = 100003;

  for (guint i = 0; i < n; i++)
    {
      const double         number = i == 31337 ? 1e6 : i == 77777 ? -1e6
                                                                  : i % 100;
      const LockstepPoint *points;
      guint                n_points;

      lockstep_series_add (series, i, number);
      points = lockstep_series_get_points (series, &n_points);
      g_assert_cmpuint (n_points, <=, 70);
      g_assert_cmpint (points[n_points - 1].time, ==, i);
      g_assert_cmpfloat (points[n_points - 1].value, ==, number);
    }

  {
    guint                n_points, n_highest = 0, n_lowest = 0;
    const LockstepPoint *points = lockstep_series_get_points (series, &n_points);

    for (guint i = 0; i < n_points; i++)
      {
        n_highest += points[i].time == 31337 && points[i].value == 1e6;
        n_lowest += points[i].time == 77777 && points[i].value == -1e6;
        g_assert_true (i == 0 || points[i].time >= points[i - 1].time);
      }
    g_assert_cmpuint (n_highest, ==, 1);
    g_assert_cmpuint (n_lowest, ==, 1);
    g_assert_cmpuint (n_points, >, 20);
  }
  g_assert_cmpuint (lockstep_series_get_count (series), ==, n);
}

static void
test_backwards (void)
{
  g_autoptr (LockstepSeries) series = lockstep_series_new (64);
  const LockstepPoint       *points;
  guint                      n_points;

  lockstep_series_add (series, 10, 1);
  lockstep_series_add (series, 5, 2);
  points = lockstep_series_get_points (series, &n_points);
  g_assert_cmpint (points[1].time, ==, 10);
}

static void
test_bands (void)
{
  LockstepSeries *series[5];
  LockstepBand    bands[11];

  /* The fifth one is not there; the fourth begins late; the first has a peak between two of the times. */
  for (guint s = 0; s < 4; s++)
    {
      series[s] = lockstep_series_new (1000);
      for (int i = s == 3 ? 50 : 0; i <= 100; i++)
        lockstep_series_add (series[s], i, s == 0 && i == 33 ? 99 : (double) s);
    }
  series[4] = NULL;
  lockstep_series_get_bands (series, G_N_ELEMENTS (series), 0, 100, bands, G_N_ELEMENTS (bands));

  for (guint b = 0; b < G_N_ELEMENTS (bands); b++)
    {
      const gboolean late = b >= 5;

      g_assert_cmpint (bands[b].time, ==, 10 * b);
      g_assert_cmpuint (bands[b].n_series, ==, late ? 4 : 3);
      g_assert_cmpfloat (bands[b].low, ==, 0);
      g_assert_cmpfloat (bands[b].high, ==, b == 4 ? 99 : late ? 3
                                                               : 2);
      g_assert_cmpfloat (bands[b].middle, ==, late ? 2 : 1);
    }
  lockstep_series_get_bands (series, G_N_ELEMENTS (series), -20, -10, bands, 2);
  g_assert_cmpuint (bands[0].n_series, ==, 0);

  for (guint s = 0; s < 4; s++)
    lockstep_series_free (series[s]);
}

/* The median of numbers in any order. */
static void
test_median (void)
{
  LockstepSeries *series[101];
  LockstepBand    band;

  for (guint s = 0; s < G_N_ELEMENTS (series); s++)
    {
      series[s] = lockstep_series_new (16);
      lockstep_series_add (series[s], 0, (s * 37) % G_N_ELEMENTS (series));
    }
  for (guint n = 1; n <= G_N_ELEMENTS (series); n++)
    {
      guint n_below = 0;

      lockstep_series_get_bands (series, n, 0, 0, &band, 1);
      for (guint s = 0; s < n; s++)
        n_below += (s * 37) % G_N_ELEMENTS (series) < band.middle;
      g_assert_cmpuint (n_below, ==, n / 2);
    }

  for (guint s = 0; s < G_N_ELEMENTS (series); s++)
    lockstep_series_free (series[s]);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/series/exact", test_exact);
  g_test_add_func ("/series/bounded", test_bounded);
  g_test_add_func ("/series/backwards", test_backwards);
  g_test_add_func ("/series/bands", test_bands);
  g_test_add_func ("/series/median", test_median);

  return g_test_run ();
}
