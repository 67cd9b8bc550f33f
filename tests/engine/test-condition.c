/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-condition.h"
#include "lockstep-plan.h"

static GBytes *
bytes (const char *text)
{
  return g_bytes_new_static (text, strlen (text));
}

static void
assert_holds (const char *text,
              const char *result,
              double      expected_value,
              gboolean    expected)
{
  g_autoptr (GError)            error = NULL;
  g_autoptr (LockstepCondition) condition = lockstep_condition_new (text, &error);
  g_autoptr (GBytes)            json = bytes (result);
  double                        value = 0.0;
  gboolean                      reached = !expected;

  g_assert_no_error (error);
  g_assert_true (lockstep_condition_test (condition, json, &value, &reached, &error));
  g_assert_no_error (error);
  g_assert_cmpfloat (value, ==, expected_value);
  g_assert_cmpint (reached, ==, expected);
}

/* The error's message has every one of the NULL-terminated strings after @result in it. */
static void
assert_fails (const char *text,
              const char *result,
              ...) G_GNUC_NULL_TERMINATED;

static void
assert_fails (const char *text,
              const char *result,
              ...)
{
  g_autoptr (GError)            error = NULL;
  g_autoptr (LockstepCondition) condition = lockstep_condition_new (text, &error);
  g_autoptr (GBytes)            json = result != NULL ? bytes (result) : NULL;
  const char                   *part;
  double                        value;
  gboolean                      reached;
  va_list                       parts;

  g_assert_no_error (error);
  g_assert_false (lockstep_condition_test (condition, json, &value, &reached, &error));
  g_assert_error (error, LOCKSTEP_PLAN_ERROR, LOCKSTEP_PLAN_ERROR_MEMBER);
  g_test_message ("%s", error->message);

  va_start (parts, result);
  while ((part = va_arg (parts, const char *)) != NULL)
    g_assert_nonnull (strstr (error->message, part));
  va_end (parts);
}

static void
test_parts (void)
{
  g_autoptr (GError)            error = NULL;
  g_autoptr (LockstepCondition) condition = lockstep_condition_new ("  network.gap<=1e-6 ", &error);

  g_assert_no_error (error);
  g_assert_cmpstr (lockstep_condition_get_text (condition), ==, "  network.gap<=1e-6 ");
  g_assert_cmpstr (lockstep_condition_get_name (condition), ==, "network.gap");
  g_assert_cmpstr (lockstep_condition_get_operator (condition), ==, "<=");
  g_assert_cmpfloat (lockstep_condition_get_target (condition), ==, 1e-6);
  g_assert_cmpstr (lockstep_condition_get_target_text (condition), ==, "1e-6");
}

static void
test_operators (void)
{
  assert_holds ("gap < 1", "{\"gap\": 0.5}", 0.5, TRUE);
  assert_holds ("gap < 1", "{\"gap\": 1}", 1.0, FALSE);
  assert_holds ("gap <= 1", "{\"gap\": 1.0}", 1.0, TRUE);
  assert_holds ("gap <= 1", "{\"gap\": 1.5}", 1.5, FALSE);
  assert_holds ("gap > -2.5", "{\"gap\": -2}", -2.0, TRUE);
  assert_holds ("gap > -2.5", "{\"gap\": -2.5}", -2.5, FALSE);
  assert_holds ("gap >= -2.5", "{\"gap\": -2.5}", -2.5, TRUE);
  assert_holds ("gap >= -2.5", "{\"gap\": -3}", -3.0, FALSE);
  assert_holds ("gap == 0", "{\"gap\": 0}", 0.0, TRUE);
  assert_holds ("gap == 0", "{\"gap\": 5e-324}", 5e-324, FALSE);
  assert_holds ("gap != 0", "{\"gap\": 5e-324}", 5e-324, TRUE);
  assert_holds ("gap != 0", "{\"gap\": 0}", 0.0, FALSE);
  assert_holds ("gap<1e-6", "{\"gap\": 9.99e-7}", 9.99e-7, TRUE);
}

static void
test_paths (void)
{
  assert_holds ("network.los.delay < 3", "{\"network\": {\"los\": {\"delay\": 2}}}", 2.0, TRUE);
  assert_holds ("runs.1.gap < 3", "{\"runs\": [{\"gap\": 5}, {\"gap\": 1}]}", 1.0, TRUE);
  assert_holds ("0 < 3", "[7, 1]", 7.0, FALSE);
  assert_holds ("mean delay < 3", "{\"mean delay\": 2}", 2.0, TRUE);
}

static void
test_missing (void)
{
  assert_fails ("gap < 1", "{\"objective\": 1, \"flows\": [1, 2]}", "“gap < 1”", "number “gap”", "objective, flows",
                NULL);
  assert_fails ("gap < 1", "{}", "has no members", NULL);
  assert_fails ("network.gap < 1", "{\"network\": {\"los\": 1, \"vkt\": 2}}", "“network” has los, vkt", NULL);
  assert_fails ("runs.2.gap < 1", "{\"runs\": [{}, {}]}", "“runs” is a list of 2 elements", NULL);
  assert_fails ("runs.gap < 1", "{\"runs\": [{}]}", "“runs” is a list of 1 element", NULL);
  assert_fails ("gap < 1", "3.5", "the last result is the number 3.5", NULL);
  assert_fails ("gap < 1", "null", "the last result is null", NULL);
  assert_fails ("gap < 1", NULL, "the last result is null", NULL);
}

static void
test_not_a_number (void)
{
  assert_fails ("gap < 1", "{\"gap\": \"0.5\"}", "“gap” is the string \"0.5\"", NULL);
  assert_fails ("gap < 1", "{\"gap\": null}", "“gap” is null", NULL);
  assert_fails ("gap < 1", "{\"gap\": [0.5]}", "“gap” is a list of 1 element", NULL);
  assert_fails ("gap < 1", "{\"gap\": {\"value\": 1}}", "“gap” has value", NULL);
}

static void
test_many_members (void)
{
  g_autoptr (GString) result = g_string_new ("{\"first\": 1");

  for (guint i = 0; i < 1000; i++)
    g_string_append_printf (result, ", \"member%u\": 1", i);
  g_string_append_c (result, '}');

  assert_fails ("gap < 1", result->str, "first, member0, ", "member18, …", NULL);
}

static void
test_refused (void)
{
  static const char *const texts[] = {
    "", "gap", "< 1", "gap <", "gap < small", "gap = 1", "gap =< 1", "gap <> 1", "gap < 1 2", "gap < 0x10",
    "gap < .5", "gap < inf", "gap < 1e400", "gap < \"1\"", "gap ! 1"
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GError) error = NULL;

      g_test_message ("%s", texts[i]);
      g_assert_null (lockstep_condition_new (texts[i], &error));
      g_assert_error (error, LOCKSTEP_PLAN_ERROR, LOCKSTEP_PLAN_ERROR_MEMBER);
      g_assert_nonnull (strstr (error->message, "gap < 1e-6"));
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/condition/parts", test_parts);
  g_test_add_func ("/condition/operators", test_operators);
  g_test_add_func ("/condition/paths", test_paths);
  g_test_add_func ("/condition/missing", test_missing);
  g_test_add_func ("/condition/not-a-number", test_not_a_number);
  g_test_add_func ("/condition/many-members", test_many_members);
  g_test_add_func ("/condition/refused", test_refused);

  return g_test_run ();
}
