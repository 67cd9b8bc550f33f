/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-palette.h"

#include <math.h>

/* What a person sees who lacks one kind of cones (Machado, Oliveira and Fernandes, "A Physiologically-based Model for Simulation
 * of Color Vision Deficiency", 2009, severity 1), in linear RGB. */
static const double visions[][9] = {
  { 1, 0, 0, 0, 1, 0, 0, 0, 1 },
  { 0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998 },
  { 0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.011820, 0.042940, 0.968881 },
  { 1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367, 0.303900 },
};

static double
to_linear (double channel)
{
  return channel <= 0.04045 ? channel / 12.92 : pow ((channel + 0.055) / 1.055, 2.4);
}

static void
see (const GdkRGBA *color,
     const double  *vision,
     double        *rgb)
{
  const double linear[] = { to_linear (color->red), to_linear (color->green), to_linear (color->blue) };

  for (guint i = 0; i < 3; i++)
    rgb[i] = CLAMP (vision[3 * i] * linear[0] + vision[3 * i + 1] * linear[1] + vision[3 * i + 2] * linear[2], 0, 1);
}

static double
get_luminance (const double *rgb)
{
  return 0.2126 * rgb[0] + 0.7152 * rgb[1] + 0.0722 * rgb[2];
}

static double
to_lab_part (double share)
{
  return share > 0.008856 ? cbrt (share) : 7.787 * share + 16.0 / 116;
}

/* CIELAB, D65. */
static void
to_lab (const double *rgb,
        double       *lab)
{
  const double x = to_lab_part ((0.4124 * rgb[0] + 0.3576 * rgb[1] + 0.1805 * rgb[2]) / 0.95047);
  const double y = to_lab_part (get_luminance (rgb));
  const double z = to_lab_part ((0.0193 * rgb[0] + 0.1192 * rgb[1] + 0.9505 * rgb[2]) / 1.08883);

  lab[0] = 116 * y - 16;
  lab[1] = 500 * (x - y);
  lab[2] = 200 * (y - z);
}

static double
get_difference (const GdkRGBA *a,
                const GdkRGBA *b,
                const double  *vision)
{
  double rgb[3], first[3], second[3];

  see (a, vision, rgb);
  to_lab (rgb, first);
  see (b, vision, rgb);
  to_lab (rgb, second);

  return sqrt (pow (first[0] - second[0], 2) + pow (first[1] - second[1], 2) + pow (first[2] - second[2], 2));
}

/* A difference of 2 can just be seen side by side; these are told apart at a glance. */
static void
test_apart (gconstpointer data)
{
  const LockstepPalette *palette = lockstep_palette_get (GPOINTER_TO_INT (data));

  for (guint v = 0; v < G_N_ELEMENTS (visions); v++)
    for (guint a = 0; a < LOCKSTEP_PALETTE_N_DATA; a++)
      for (guint b = 0; b < a; b++)
        {
          const double difference = get_difference (&palette->data[a], &palette->data[b], visions[v]);

          g_test_message ("vision %u, colours %u and %u: %.1f", v, b, a, difference);
          g_assert_cmpfloat (difference, >=, a < 4 ? 14 : 10);
        }
}

/* WCAG 2.1, 1.4.11: 3 to 1 for what has to be seen of graphics; the yellowish and pinkish of the palette have an area. */
static void
test_contrast (gconstpointer data)
{
  const LockstepPalette *palette = lockstep_palette_get (GPOINTER_TO_INT (data));
  double                 rgb[3], background;

  see (&palette->background, visions[0], rgb);
  background = get_luminance (rgb);
  for (guint i = 0; i <= LOCKSTEP_PALETTE_N_DATA; i++)
    {
      const GdkRGBA *color = i < LOCKSTEP_PALETTE_N_DATA ? &palette->data[i] : &palette->failure;
      double         luminance, contrast;

      see (color, visions[0], rgb);
      luminance = get_luminance (rgb);
      contrast = (MAX (luminance, background) + 0.05) / (MIN (luminance, background) + 0.05);
      g_test_message ("colour %u: %.2f", i, contrast);
      g_assert_cmpfloat (contrast, >=, 2);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_data_func ("/palette/apart/light", GINT_TO_POINTER (FALSE), test_apart);
  g_test_add_data_func ("/palette/apart/dark", GINT_TO_POINTER (TRUE), test_apart);
  g_test_add_data_func ("/palette/contrast/light", GINT_TO_POINTER (FALSE), test_contrast);
  g_test_add_data_func ("/palette/contrast/dark", GINT_TO_POINTER (TRUE), test_contrast);

  return g_test_run ();
}
