/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-duration.h"

static const struct
{
  double      low;
  double      high;
  const char *text;
} lefts[] = {
  { 0, 0.2, "less than 1 s left" },
  { 2.2, 3.6, "2–4 s left" },
  { 3, 3, "about 3 s left" },
  { 12, 29, "10–30 s left" },
  { 12, 100, "less than 2 min left" },
  { 125, 175, "2–3 min left" },
  { 1900, 2600, "30–45 min left" },
  { 3700, 8000, "60–140 min left" },
  { 3 * 3600 + 60, 4 * 3600 - 60, "about 3–4 h left" },
  { 21 * 3600, 29 * 3600, "about 20–30 h left" },
  { 5 * 86400, 5 * 86400, "about 5 d left" },
  { 5.5 * 86400, 7.2 * 86400, "about 5–8 d left" },
  { 1e9, 1e300, "about 11574–99999 d left" },
};

static void
test_left (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (lefts); i++)
    {
      g_autofree char *text = lockstep_duration_dup_left (lefts[i].low, lefts[i].high);

      g_assert_cmpstr (text, ==, lefts[i].text);
    }
}

static const struct
{
  double      seconds;
  const char *text;
} texts[] = {
  { -1, "0.0 s" },
  { 0.44, "0.4 s" },
  { 41.4, "41 s" },
  { 125, "2 min 5 s" },
  { 299.7, "5 min" },
  { 1000, "17 min" },
  { 7210, "2 h" },
  { 172900, "2 d" },
  { 13200, "3 h 40 min" },
  { 191000, "2 d 5 h" },
};

static void
test_text (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autofree char *text = lockstep_duration_dup_text (texts[i].seconds);

      g_assert_cmpstr (text, ==, texts[i].text);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/duration/text", test_text);
  g_test_add_func ("/duration/left", test_left);

  return g_test_run ();
}
