/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <math.h>

#include "lockstep-scatter-cloud.h"

/* x, y: 0 and 3 stand above each other, 2 has no place. */
static const double xs[] = { 1, 0, NAN, 1, 5, 3 };
static const double ys[] = { 2, 7, 1, 4, 0, INFINITY };

static int
go (LockstepScatterCloud *cloud,
    int                   point,
    GtkDirectionType      direction)
{
  return lockstep_scatter_cloud_find_next (cloud, point, direction);
}

/* Every point is reached along either axis, and nothing else is. */
static void
test_keys (void)
{
  LockstepScatterCloud cloud = { 0 };

  lockstep_scatter_cloud_set_points (&cloud, xs, ys, G_N_ELEMENTS (xs));
  g_assert_cmpuint (cloud.n_placed, ==, 4);
  g_assert_cmpint (go (&cloud, -1, GTK_DIR_RIGHT), ==, 1);
  g_assert_cmpint (go (&cloud, 1, GTK_DIR_RIGHT), ==, 0);
  g_assert_cmpint (go (&cloud, 0, GTK_DIR_RIGHT), ==, 3);
  g_assert_cmpint (go (&cloud, 3, GTK_DIR_RIGHT), ==, 4);
  g_assert_cmpint (go (&cloud, 4, GTK_DIR_RIGHT), ==, -1);
  g_assert_cmpint (go (&cloud, 4, GTK_DIR_LEFT), ==, 3);
  g_assert_cmpint (go (&cloud, -1, GTK_DIR_LEFT), ==, 4);

  g_assert_cmpint (go (&cloud, -1, GTK_DIR_UP), ==, 4);
  g_assert_cmpint (go (&cloud, 4, GTK_DIR_UP), ==, 0);
  g_assert_cmpint (go (&cloud, 3, GTK_DIR_UP), ==, 1);
  g_assert_cmpint (go (&cloud, 1, GTK_DIR_UP), ==, -1);
  g_assert_cmpint (go (&cloud, 1, GTK_DIR_DOWN), ==, 3);

  cloud.shown = g_new0 (guint8, G_N_ELEMENTS (xs));
  g_assert_cmpint (go (&cloud, -1, GTK_DIR_RIGHT), ==, -1);
  cloud.shown[2] = cloud.shown[3] = 1;
  g_assert_cmpint (go (&cloud, -1, GTK_DIR_RIGHT), ==, 3);
  g_assert_cmpint (go (&cloud, 1, GTK_DIR_RIGHT), ==, 3);
  g_assert_cmpint (go (&cloud, 3, GTK_DIR_RIGHT), ==, -1);
  lockstep_scatter_cloud_clear (&cloud);
}

/* Points that are all the same, or none at all, have places, or none. */
static void
test_bounds (void)
{
  LockstepScatterCloud cloud = { 0 };

  lockstep_scatter_cloud_set_points (&cloud, xs, ys, G_N_ELEMENTS (xs));
  g_assert_cmpfloat (cloud.lows[0], ==, 0);
  g_assert_cmpfloat (cloud.highs[0], ==, 5);
  g_assert_cmpfloat (cloud.lows[1], ==, 0);
  g_assert_cmpfloat (cloud.highs[1], ==, 7);

  /* Numbers without a partner are not on the scale. */
  lockstep_scatter_cloud_set_points (&cloud, xs + 2, ys + 2, 1);
  g_assert_cmpuint (cloud.n_placed, ==, 0);
  g_assert_cmpint (go (&cloud, -1, GTK_DIR_RIGHT), ==, -1);
  g_assert_cmpint (lockstep_scatter_cloud_find_nearest (&cloud, 0, 0, 100), ==, -1);
  lockstep_scatter_cloud_set_points (&cloud, NULL, NULL, 0);
  g_assert_cmpint (go (&cloud, -1, GTK_DIR_LEFT), ==, -1);
  lockstep_scatter_cloud_clear (&cloud);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/scatter/keys", test_keys);
  g_test_add_func ("/scatter/bounds", test_bounds);

  return g_test_run ();
}
