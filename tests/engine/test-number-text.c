/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-number-text.h"

#include <locale.h>

static void
test_short (void)
{
  static const struct
  {
    double      number;
    const char *text;
  } numbers[] = {
    { 0.00032, "0.00032" },
    { 0.000099, "9.9e-5" },
    { 12, "12" },
    { 3104493, "3.1e6" },
    { -2.5, "-2.5" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    {
      g_autofree char *text = lockstep_number_dup_short (numbers[i].number);

      g_assert_cmpstr (text, ==, numbers[i].text);
    }
}

/* As printf has it, so that a sentence does not mix two signs. */
static void
test_comma (void)
{
  static const char *const locales[] = { "de_DE.UTF-8", "de_DE.utf8", "fr_FR.UTF-8" };

  for (guint i = 0; i < G_N_ELEMENTS (locales); i++)
    {
      g_autofree char *plain = NULL;
      g_autofree char *power = NULL;
      g_autofree char *written = NULL;
      g_autofree char *whole = NULL;

      if (setlocale (LC_ALL, locales[i]) == NULL)
        continue;

      plain = lockstep_number_dup_short (0.577);
      power = lockstep_number_dup_short (0.000099);
      written = lockstep_number_dup_local ("1.50e-4");
      whole = lockstep_number_dup_local ("1e-4");
      setlocale (LC_ALL, "C");
      g_assert_cmpstr (plain, ==, "0,577");
      g_assert_cmpstr (power, ==, "9,9e-5");
      g_assert_cmpstr (written, ==, "1,50e-4");
      g_assert_cmpstr (whole, ==, "1e-4");
      return;
    }

  g_test_skip ("No locale with a decimal comma is installed");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/number-text/short", test_short);
  g_test_add_func ("/number-text/comma", test_comma);

  return g_test_run ();
}
