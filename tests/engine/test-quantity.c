/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-plan.h"
#include "lockstep-quantity.h"

static LockstepJson
scan (const char *text)
{
  LockstepJson       json;
  g_autoptr (GError) error = NULL;

  lockstep_json_scan (text, strlen (text), &json, &error);
  g_assert_no_error (error);
  return json;
}

static void
assert_duration (const char *text,
                 double      expected)
{
  g_autoptr (GError) error = NULL;
  double             seconds = -1.0;

  g_assert_true (lockstep_quantity_read_duration (scan (text), &seconds, &error));
  g_assert_no_error (error);
  g_assert_cmpfloat (seconds, ==, expected);
}

static void
assert_size (const char *text,
             guint64     expected)
{
  g_autoptr (GError) error = NULL;
  guint64            bytes = 0;

  g_assert_true (lockstep_quantity_read_size (scan (text), &bytes, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (bytes, ==, expected);
}

static void
test_durations (void)
{
  assert_duration ("0", 0.0);
  assert_duration ("90", 90.0);
  assert_duration ("0.25", 0.25);
  assert_duration ("\"90 s\"", 90.0);
  assert_duration ("\"8 min\"", 480.0);
  assert_duration ("\"8min\"", 480.0);
  assert_duration ("\"1.5 h\"", 5400.0);
  assert_duration ("\"24 h\"", 86400.0);
  assert_duration ("\"2 d\"", 172800.0);
  assert_duration ("1e9", 1e9);
}

static void
test_durations_refused (void)
{
  static const char *const texts[] = {
    "-1", "\"\"", "\"8\"", "\"min\"", "\"8 minutes ago\"", "\"-8 min\"", "\"0x10 s\"", "\"inf s\"", "\"1e3 s\"",
    "\"1.2.3 s\"", "\"1. s\"", "\".5 s\"", "\"8 min\\u0000\"", "true", "null", "[8]", "{}", "2e9", "\"20000 d\""
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GError) error = NULL;
      double             seconds = 7.0;

      g_test_message ("%s", texts[i]);
      g_assert_false (lockstep_quantity_read_duration (scan (texts[i]), &seconds, &error));
      g_assert_error (error, LOCKSTEP_PLAN_ERROR, LOCKSTEP_PLAN_ERROR_MEMBER);
      g_assert_true (g_str_has_prefix (error->message, "expected "));
      g_assert_cmpfloat (seconds, ==, 7.0);
    }
}

static void
test_sizes (void)
{
  assert_size ("1", 1);
  assert_size ("9007199254740992", 9007199254740992);
  assert_size ("\"1 B\"", 1);
  assert_size ("\"512 MB\"", 512000000);
  assert_size ("\"3 GB\"", 3000000000);
  assert_size ("\"3 gb\"", 3000000000);
  assert_size ("\"3GiB\"", 3221225472);
  assert_size ("\"1.5 kB\"", 1500);
  assert_size ("\"2 KiB\"", 2048);
  assert_size ("\"1 MiB\"", 1048576);
  assert_size ("\"1 TB\"", 1000000000000);
  assert_size ("\"1 TiB\"", 1099511627776);
}

static void
test_sizes_refused (void)
{
  static const char *const texts[] = {
    "0", "-1", "0.2", "1e300", "\"3\"", "\"3 G\"", "\"3 XB\"", "\"lots\"", "\"0 MB\"", "\"99999999999 TB\"", "false"
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GError) error = NULL;
      guint64            bytes;

      g_test_message ("%s", texts[i]);
      g_assert_false (lockstep_quantity_read_size (scan (texts[i]), &bytes, &error));
      g_assert_error (error, LOCKSTEP_PLAN_ERROR, LOCKSTEP_PLAN_ERROR_MEMBER);
      g_assert_nonnull (strstr (error->message, "3 GiB"));
    }
}

static void
test_shares (void)
{
  double             share;
  gint64             count;
  g_autoptr (GError) error = NULL;

  g_assert_true (lockstep_quantity_read_share (scan ("\"20 %\""), &share, &count, &error));
  g_assert_cmpfloat (share, ==, 0.2);
  g_assert_cmpint (count, ==, -1);

  g_assert_true (lockstep_quantity_read_share (scan ("\"12.5%\""), &share, &count, &error));
  g_assert_cmpfloat (share, ==, 0.125);

  g_assert_true (lockstep_quantity_read_share (scan ("\"100 %\""), &share, &count, &error));
  g_assert_cmpfloat (share, ==, 1.0);

  g_assert_true (lockstep_quantity_read_share (scan ("40"), &share, &count, &error));
  g_assert_cmpint (count, ==, 40);
  g_assert_cmpfloat (share, ==, -1.0);

  g_assert_no_error (error);
}

static void
test_shares_refused (void)
{
  static const char *const texts[] = { "-1", "0.2", "\"20\"", "\"101 %\"", "\"-3 %\"", "\"% 20\"", "null", "[1]" };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GError) error = NULL;
      double             share;
      gint64             count;

      g_test_message ("%s", texts[i]);
      g_assert_false (lockstep_quantity_read_share (scan (texts[i]), &share, &count, &error));
      g_assert_error (error, LOCKSTEP_PLAN_ERROR, LOCKSTEP_PLAN_ERROR_MEMBER);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/quantity/durations", test_durations);
  g_test_add_func ("/quantity/durations-refused", test_durations_refused);
  g_test_add_func ("/quantity/sizes", test_sizes);
  g_test_add_func ("/quantity/sizes-refused", test_sizes_refused);
  g_test_add_func ("/quantity/shares", test_shares);
  g_test_add_func ("/quantity/shares-refused", test_shares_refused);

  return g_test_run ();
}
